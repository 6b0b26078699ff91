// Keeps the receipts of what was done in this browser, and presents them to the workbench at every page.
// A receipt says that an entry stood at its place in the log, signed; whoever puts an older book back lacks it.
"use strict";
(() => {
  const MOST = 200;
  // The workbench says which book it shows; a copy of a book in another folder is another book.
  const book = new RegExp(`(?:^|; )thaw_book_${location.port}=([0-9a-f]+)`).exec(document.cookie);
  if (!book) return;
  const name = `thaw-receipts-${book[1]}`;
  const red = () => document.querySelector(".light-tampered") !== null;

  function held() {
    try {
      const found = JSON.parse(localStorage.getItem(name) || "[]");
      return Array.isArray(found) ? found : [];
    } catch {
      return [];
    }
  }

  function keep(told) {
    const gone = new Set(told.drop);
    const all = held().filter((receipt) => !gone.has(receipt.seq) || receipt.since >= told.since);
    const known = new Set(all.map((receipt) => `${receipt.seq} ${receipt.leaf_hash}`));
    const fresh = told.give.filter((receipt) => !known.has(`${receipt.seq} ${receipt.leaf_hash}`));
    localStorage.setItem(name, JSON.stringify([...all, ...fresh].slice(-MOST)));
  }

  async function present() {
    // All of them once in each tab, then the newest: the whole log stands under each signed note anyway.
    const all = held();
    const shown = sessionStorage.getItem(name) ? all.slice(-3) : all;
    const have = all.map((receipt) => receipt.seq);
    const body = new URLSearchParams({ held: JSON.stringify(shown), have: JSON.stringify(have) });
    const answer = await fetch("/receipts", { method: "POST", body });
    if (!answer.ok) {
      // The book does not hold what this browser keeps: the desk says which entry, and nothing else is shown.
      if (answer.status === 500) location.replace("/");
      return;
    }
    keep(await answer.json());
    sessionStorage.setItem(name, "presented");
    tell();
  }

  function tell() {
    const place = document.querySelector("[data-receipts]");
    const all = held();
    if (!place || all.length === 0) return;
    const newest = Math.max(...all.map((receipt) => receipt.seq));
    place.querySelector("span").textContent = `This browser keeps ${all.length} receipts, the newest for entry ${newest}.`;
    place.hidden = false;
  }

  function save() {
    const file = new Blob([JSON.stringify({ receipts: held() }, null, 1)], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = "thaw-receipts.json";
    link.click();
    URL.revokeObjectURL(link.href);
  }

  const button = document.querySelector("[data-receipts] button");
  if (button) button.addEventListener("click", save);
  tell();
  // A page that is left before the answer comes is no fault; the next one presents again.
  if (!red()) present().catch(() => {});
})();
