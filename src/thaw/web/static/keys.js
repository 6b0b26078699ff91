// Keys for every screen. What they do is also a link, a field or a button: without this file nothing is lost.
"use strict";
(() => {
  const rows = () => [...document.querySelectorAll("main table.list tbody tr, main .hits > li, main .alike > li")];
  const typing = (at) => at.closest("input, textarea, select, [contenteditable]") !== null;
  let chosen = -1;

  function choose(step) {
    const all = rows();
    if (all.length === 0) return;
    chosen = Math.min(Math.max(chosen + step, 0), all.length - 1);
    all.forEach((row, i) => row.classList.toggle("chosen", i === chosen));
    const link = all[chosen].querySelector("a");
    if (link) link.focus({ preventScroll: true });
    all[chosen].scrollIntoView({ block: "nearest" });
  }

  function follow(rel) {
    const link = document.querySelector(`main a[rel="${rel}"]`);
    if (link) link.click();
  }

  // Words that a search found on the page that is open; in a list of hits the marks of its snippets are passed over.
  function step(by) {
    const marks = [...document.querySelectorAll(".text .hit, #preview mark")];
    const at = marks.findIndex((mark) => mark.classList.contains("now"));
    const to = at < 0 && by < 0 ? -1 : at + by;
    const further = document.getElementById(by > 0 ? "hit-next" : "hit-previous");
    if (marks.length === 0 || to < 0 || to >= marks.length) {
      if (further) further.click();
      else if (marks.length === 0) follow(by > 0 ? "next" : "prev");
      return;
    }
    marks.forEach((mark) => mark.classList.remove("now"));
    marks[to].classList.add("now");
    marks[to].scrollIntoView({ block: "center" });
  }

  function note() {
    const words = document.getElementById("note-text");
    if (!words) return;
    const panel = words.closest("details");
    if (panel) panel.open = true;
    words.focus();
    words.scrollIntoView({ block: "center" });
  }

  function copyCitation() {
    if (window.thawCopy) { window.thawCopy(); return; }
    const cite = document.querySelector(".cite");
    if (!cite || !navigator.clipboard) return;
    navigator.clipboard.writeText(cite.textContent.trim()).then(() => {
      const told = document.getElementById("told");
      told.textContent = "Citation copied.";
      setTimeout(() => { told.textContent = ""; }, 2500);
    });
  }

  const does = {
    "/": () => document.querySelector("#q, #quick-q").focus(),
    j: () => choose(1),
    k: () => choose(-1),
    "[": () => step(-1),
    "]": () => step(1),
    n: note,
    c: copyCitation,
    "?": () => document.getElementById("keys").showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const act = does[event.key];
    if (!act || event.defaultPrevented) return;
    event.preventDefault();
    act();
  });
  document.querySelectorAll("[data-opens]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => document.getElementById(button.dataset.opens).showModal());
  });
})();
