// The reader's hand: mark words on the picture or in the text, zoom, turn. What it does also goes by forms and links.
"use strict";
(() => {
  const text = document.getElementById("text");
  const svg = document.getElementById("page");
  const picked = document.getElementById("picked");
  if (!text || !picked) return;
  const whole = text.querySelector(".line") ? text.textContent : "";
  const words = svg ? [...svg.querySelectorAll(".w")] : [];
  let now = null;

  // Places are counted in characters as the book counts them, not in halves of surrogate pairs.
  const letters = (units) => Array.from(whole.slice(0, units)).length;
  const units = (count) => Array.from(whole).slice(0, count).join("").length;

  function pick(start, end) {
    const quote = Array.from(whole).slice(start, end).join("");
    if (quote.trim() === "") return;
    now = { start, end, quote };
    words.forEach((word) => word.classList.toggle("picked", +word.dataset.s < end && +word.dataset.e > start));
    document.getElementById("picked-words").textContent = quote.length > 160 ? `${quote.slice(0, 157)}…` : quote;
    picked.hidden = false;
    for (const form of document.querySelectorAll("#form-stated, #form-named")) {
      form.elements.quote.value = quote.replace(/\s+/g, " ");
      form.elements.start.value = start;
      form.elements.end.value = end;
    }
    offer(quote.replace(/\s+/g, " "));
  }

  // What was marked is most often the value itself: it is put there, to be changed.
  let put = "";
  function offer(words) {
    const value = document.getElementById("s-value");
    if (!value || value.tagName !== "INPUT" || (value.value !== "" && value.value !== put)) return;
    put = value.value = words.length <= 200 ? words : "";
  }
  document.addEventListener("htmx:afterSwap", () => { put = ""; if (now) offer(now.quote.replace(/\s+/g, " ")); });

  function unpick() {
    now = null;
    picked.hidden = true;
    words.forEach((word) => word.classList.remove("picked"));
  }

  function selected() {
    const chosen = document.getSelection();
    if (!chosen || chosen.isCollapsed || chosen.rangeCount === 0) return;
    const range = chosen.getRangeAt(0);
    if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return;
    const before = document.createRange();
    before.selectNodeContents(text);
    before.setEnd(range.startContainer, range.startOffset);
    const from = before.toString().length;
    pick(letters(from), letters(from + range.toString().length));
  }
  text.addEventListener("mouseup", selected);
  text.addEventListener("keyup", selected);

  // A drag over the picture takes all words from the first to the last that it meets, in the order of the text.
  let from = null;
  const wordAt = (event) => {
    const hit = document.elementFromPoint(event.clientX, event.clientY);
    if (hit && hit.classList.contains("w")) return hit;
    let best = null;
    let least = 40;
    for (const word of words) {
      const box = word.getBoundingClientRect();
      const dx = Math.max(box.left - event.clientX, 0, event.clientX - box.right);
      const dy = Math.max(box.top - event.clientY, 0, event.clientY - box.bottom);
      if (dx + 2 * dy < least) [best, least] = [word, dx + 2 * dy];
    }
    return best;
  };
  const span = (one, other) => pick(
    Math.min(+one.dataset.s, +other.dataset.s), Math.max(+one.dataset.e, +other.dataset.e));
  if (svg) {
    svg.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      from = wordAt(event);
      if (!from) { unpick(); return; }
      event.preventDefault();
      svg.setPointerCapture(event.pointerId);
      span(from, from);
    });
    svg.addEventListener("pointermove", (event) => {
      const to = from && wordAt(event);
      if (to) span(from, to);
    });
    svg.addEventListener("pointerup", () => { from = null; });
    svg.addEventListener("pointercancel", () => { from = null; });
  }

  function make(what) {
    if (what === "cite" || what === "cite-page") { copy(what === "cite"); return; }
    const panel = document.getElementById(`panel-${what}`);
    panel.open = true;
    const first = what === "stated" ? "#s-field" : "#n-kind";
    panel.querySelector(first).focus();
    panel.scrollIntoView({ block: "nearest" });
  }
  document.querySelectorAll("[data-make]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => make(button.dataset.make));
  });

  function copy(passage) {
    const cite = document.querySelector(".cite").textContent.trim();
    const link = new URL(document.getElementById("here-link").href).pathname;
    const words = passage && now ? `“${now.quote.replace(/\s+/g, " ")}” (${cite}; ${link}?quote=${encodeURIComponent(now.quote.replace(/\s+/g, " ").slice(0, 200))})` : `${cite}; ${link}`;
    navigator.clipboard.writeText(words).then(() => {
      const told = document.getElementById("told");
      told.textContent = "Citation copied.";
      setTimeout(() => { told.textContent = ""; }, 2500);
    });
  }
  window.thawCopy = () => copy(now !== null);

  // Zoom and turn without a new look at the page.
  const picture = document.getElementById("picture");
  const shown = svg || (picture && picture.querySelector("img"));
  const links = [...document.querySelectorAll("[data-zoom]")];
  function zoom(to) {
    if (!shown || !links.some((link) => link.dataset.zoom === String(to))) return;
    shown.setAttribute("class", (shown.getAttribute("class") || "").replace(/zoom-\d+/, `zoom-${to}`));
    links.forEach((link) => link.toggleAttribute("aria-current", link.dataset.zoom === String(to)));
  }
  // How large somebody reads stays with them from page to page, as long as the tab is open.
  const keep = (to) => { zoom(to); sessionStorage.setItem("zoom", to); };
  links.forEach((link) => link.addEventListener("click", (event) => { event.preventDefault(); keep(link.dataset.zoom); }));
  if (!new URLSearchParams(location.search).has("zoom")) zoom(sessionStorage.getItem("zoom"));
  function turn() {
    if (!svg) return false;
    const by = (Number(svg.dataset.turn) + 90) % 360;
    const [w, h] = [Number(svg.dataset.width), Number(svg.dataset.height)];
    const moves = { 0: "", 90: `translate(${h} 0) rotate(90)`, 180: `translate(${w} ${h}) rotate(180)`, 270: `translate(0 ${w}) rotate(270)` };
    svg.dataset.turn = by;
    svg.setAttribute("viewBox", by % 180 ? `0 0 ${h} ${w}` : `0 0 ${w} ${h}`);
    svg.querySelector("g").setAttribute("transform", moves[by]);
    return true;
  }
  const turner = document.getElementById("turn");
  if (turner) turner.addEventListener("click", (event) => { if (turn()) event.preventDefault(); });

  const tick = (id, name, on) => {
    const box = document.getElementById(id);
    if (box && picture) box.addEventListener("change", () => picture.classList.toggle(name, box.checked === on));
  };
  tick("show-words", "show-words", true);
  tick("show-mentions", "hide-mentions", false);

  const step = (by) => {
    const at = links.findIndex((link) => link.hasAttribute("aria-current"));
    const next = links[Math.min(Math.max(at + by, 0), links.length - 1)];
    if (next) keep(next.dataset.zoom);
  };
  const does = {
    s: () => make("stated"), m: () => make("named"), r: turn, "+": () => step(1), "-": () => step(-1),
    t: () => { const panel = document.getElementById("panel-type"); panel.open = true; panel.querySelector("textarea").focus(); },
    j: () => follow("next"), k: () => follow("prev"), Escape: unpick,
  };
  function follow(rel) {
    const link = document.querySelector(`main a[rel="${rel}"]`);
    if (link) link.click();
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea, select")) return;
    const act = does[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // The cited passage into the middle, picture and text.
  const cited = document.getElementById("cited");
  if (cited && picture) {
    const box = cited.getBoundingClientRect();
    const frame = picture.getBoundingClientRect();
    picture.scrollTop += box.top - frame.top - frame.height / 3;
    picture.scrollLeft += box.left - frame.left - frame.width / 3;
  }
  const there = text.querySelector(".cited, .hit");
  if (there) text.scrollTop += there.getBoundingClientRect().top - text.getBoundingClientRect().top - text.clientHeight / 3;
})();
