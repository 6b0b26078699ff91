// Dropping files: one after the other, so that progress is seen and one that fails stops none. The form does the same at once.
"use strict";
(() => {
  const form = document.getElementById("drop");
  const zone = document.getElementById("drop-zone");
  if (!form || !zone) return;
  const said = document.getElementById("drop-progress");
  const bar = document.getElementById("drop-bar");

  const before = sessionStorage.getItem("tray-said");
  if (before) {
    said.textContent = before;
    said.hidden = false;
    sessionStorage.removeItem("tray-said");
  }

  async function inside(entry, path, found) {
    if (entry.isFile) {
      const file = await new Promise((yes, no) => entry.file(yes, no));
      found.push([file, path + entry.name]);
    } else if (entry.isDirectory) {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((yes, no) => reader.readEntries(yes, no));
        if (some.length === 0) break;
        for (const one of some) await inside(one, `${path}${entry.name}/`, found);
      }
    }
  }

  const fields = () => ["case", "title", "box", "box_pages"].map((name) => [name, form.elements[name].value]);

  async function send(files) {
    if (files.length === 0) return;
    const told = fields();
    form.querySelectorAll("button, input").forEach((one) => { one.disabled = true; });
    said.hidden = bar.hidden = false;
    bar.max = files.length;
    const failed = [];
    let where = null;
    for (const [i, [file, name]] of files.entries()) {
      said.textContent = `Sending ${i + 1} of ${files.length}: ${name}`;
      bar.value = i;
      const data = new FormData();
      for (const [key, value] of told) {
        // The first file makes the new case; the others go to it.
        if (key === "title" && value && where) data.append("case", where);
        else if (value) data.append(key, value);
      }
      data.append("files", file, name);
      try {
        const answer = await fetch("/tray/add", { method: "POST", body: data });
        if (!answer.ok) failed.push(name);
        where = new URL(answer.url).searchParams.get("case") || where;
      } catch {
        failed.push(name);
      }
    }
    bar.value = files.length;
    const rest = failed.length > 5 ? ` and ${failed.length - 5} more` : "";
    said.textContent = failed.length
      ? `${failed.length} of ${files.length} could not be taken in: ${failed.slice(0, 5).join(", ")}${rest}.`
      : `${files.length} taken in.`;
    // Said on the next page too, since this one goes.
    sessionStorage.setItem("tray-said", said.textContent);
    window.location.assign(where ? `/tray?case=${encodeURIComponent(where)}` : "/tray");
  }

  form.addEventListener("submit", (event) => {
    const files = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
    if (files.length === 0) return;
    event.preventDefault();
    send(files.map((file) => [file, file.webkitRelativePath || file.name]));
  });
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", async (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
    const found = [];
    if (entries.length > 0) for (const entry of entries) await inside(entry, "", found);
    else for (const file of event.dataTransfer.files) found.push([file, file.name]);
    send(found);
  });
  // A file dropped beside the zone must not replace the page.
  window.addEventListener("dragover", (event) => event.preventDefault());
  window.addEventListener("drop", (event) => event.preventDefault());
})();
