// What a hand does on boards: move the nodes of a chart, slide through the years of a map, play a film strip, read a
// file into a form. Without this file every screen still shows and does everything else.
"use strict";
(() => {
  const NS = "http://www.w3.org/2000/svg";

  function chart(svg) {
    const field = document.getElementById("pins");
    const pins = field && field.value ? JSON.parse(field.value) : {};
    const moved = new Set();
    const box = svg.viewBox.baseVal, margin = 46;
    const place = new Map();
    svg.querySelectorAll("g[data-node]").forEach((knot) => {
      const at = knot.transform.baseVal.consolidate();
      place.set(knot.dataset.node, { knot, x: at.matrix.e, y: at.matrix.f });
    });
    const ends = [...svg.querySelectorAll("g[data-one]")];

    function move(key, x, y) {
      const node = place.get(key);
      node.x = Math.min(Math.max(x, margin), box.width - margin);
      node.y = Math.min(Math.max(y, margin), box.height - margin);
      node.knot.setAttribute("transform", `translate(${node.x.toFixed(1)} ${node.y.toFixed(1)})`);
      node.knot.classList.add("moved");
      for (const group of ends) {
        const which = group.dataset.one === key ? "1" : group.dataset.other === key ? "2" : null;
        if (!which) continue;
        for (const line of group.querySelectorAll("line")) {
          line.setAttribute("x" + which, node.x);
          line.setAttribute("y" + which, node.y);
        }
      }
      pins[key] = [(node.x - margin) / (box.width - 2 * margin), (node.y - margin) / (box.height - 2 * margin)];
      moved.add(key);
      if (field) field.value = JSON.stringify(pins);
      const told = document.getElementById("pinned");
      if (told) told.textContent = `${moved.size} moved by hand`;
    }

    let held = null, travelled = 0;
    function point(event) {
      const spot = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      return [spot.x, spot.y];
    }
    svg.addEventListener("pointerdown", (event) => {
      const knot = event.target.closest("g[data-node]");
      if (!knot || event.button !== 0) return;
      held = knot.dataset.node;
      travelled = 0;
      event.preventDefault();
    });
    window.addEventListener("pointermove", (event) => {
      if (held === null) return;
      travelled += Math.abs(event.movementX) + Math.abs(event.movementY);
      if (travelled < 4) return;
      svg.classList.add("dragging");
      move(held, ...point(event));
    });
    window.addEventListener("pointerup", () => { held = null; svg.classList.remove("dragging"); });
    svg.addEventListener("click", (event) => { if (travelled >= 4) { event.preventDefault(); travelled = 0; } }, true);
    svg.addEventListener("dragstart", (event) => event.preventDefault());
    svg.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-12, 0], ArrowRight: [12, 0], ArrowUp: [0, -12], ArrowDown: [0, 12] }[event.key];
      const knot = event.target.closest("a")?.querySelector("g[data-node]");
      if (!step || !knot) return;
      const node = place.get(knot.dataset.node);
      event.preventDefault();
      move(knot.dataset.node, node.x + step[0], node.y + step[1]);
    });
  }

  // The name of the node that is pointed at or has the focus, above all others: a picture draws what comes last on top.
  function says(svg) {
    const sign = document.createElementNS(NS, "g"), plate = document.createElementNS(NS, "rect");
    const name = document.createElementNS(NS, "text");
    sign.setAttribute("class", "says");
    sign.setAttribute("visibility", "hidden");
    sign.append(plate, name);
    svg.append(sign);
    svg.classList.add("with-says");
    function show(event) {
      const knot = event.target.closest("a")?.querySelector("g[data-node]") || event.target.closest("g[data-node]");
      sign.setAttribute("visibility", knot ? "visible" : "hidden");
      if (!knot) return;
      const at = knot.transform.baseVal.consolidate().matrix, wide = svg.viewBox.baseVal.width;
      name.textContent = knot.querySelector("title").textContent;
      const room = name.getComputedTextLength() / 2 + 6, x = Math.min(Math.max(at.e, room), wide - room);
      name.setAttribute("x", x);
      name.setAttribute("y", at.f - 16);
      for (const [key, value] of Object.entries({ x: x - room, y: at.f - 29, width: 2 * room, height: 18, rx: 3 })) plate.setAttribute(key, value);
    }
    svg.addEventListener("pointerover", show);
    svg.addEventListener("focusin", show);
    svg.addEventListener("focusout", () => sign.setAttribute("visibility", "hidden"));
    svg.addEventListener("pointerleave", () => sign.setAttribute("visibility", "hidden"));
  }

  function years(form) {
    const counts = JSON.parse(form.dataset.years), steps = JSON.parse(form.dataset.steps);
    const areas = [...document.querySelectorAll(".figure-map path[data-fips]")];
    const begin = form.elements["from"], end = form.elements["to"];
    const said = form.querySelector("output");
    form.querySelectorAll("input[type=range]").forEach((input) => { input.hidden = false; });
    function show() {
      let [first, last] = [Number(begin.value), Number(end.value)];
      if (first > last) [first, last] = [last, first];
      let all = 0;
      for (const area of areas) {
        let count = 0;
        for (const [year, n] of Object.entries(counts[area.dataset.fips] || {})) {
          if (year >= first && year <= last) count += n;
        }
        all += count;
        const shade = steps.filter((low) => count >= low).length;
        area.setAttribute("class", `area shade-${shade}`);
        const title = area.querySelector("title");
        if (title) title.textContent = title.textContent.replace(/: [\d,]+ cases?$/, `: ${count.toLocaleString("en-US")} ${count === 1 ? "case" : "cases"}`);
      }
      said.textContent = `${first} to ${last}: ${all.toLocaleString("en-US")} dated cases in areas`;
    }
    begin.addEventListener("input", show);
    end.addEventListener("input", show);
  }

  function film(button) {
    const frames = [...document.querySelectorAll(".figure-film .frame")];
    let timer = null;
    button.hidden = frames.length < 2;
    button.addEventListener("click", () => {
      clearInterval(timer);
      let at = -1;
      timer = setInterval(() => {
        frames.forEach((frame) => frame.classList.remove("frame-now"));
        at += 1;
        if (at >= frames.length) { clearInterval(timer); return; }
        frames[at].classList.add("frame-now");
        frames[at].scrollIntoView({ block: "nearest" });
      }, 600);
    });
  }

  function reads(input) {
    input.hidden = false;
    input.closest("label").hidden = false;
    input.addEventListener("change", () => {
      const file = input.files[0];
      if (!file || file.size > 900000) return;
      file.text().then((text) => {
        document.getElementById(input.dataset.into).value = text;
        document.getElementById(input.dataset.name).value = file.name;
      });
    });
  }

  document.querySelectorAll(".figure-chart").forEach((svg) => { chart(svg); says(svg); });
  document.querySelectorAll("form[data-years]").forEach(years);
  document.querySelectorAll("button[data-plays]").forEach(film);
  document.querySelectorAll("input[data-into]").forEach(reads);
  document.querySelectorAll("[data-again]").forEach((one) => setTimeout(() => location.reload(), Number(one.dataset.again)));
})();
