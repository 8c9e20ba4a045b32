// A sheet to draw a signature on. Without it the written name and the tick are the whole signature.
(() => {
  "use strict";
  const wide = 400, high = 120;
  for (const set of document.querySelectorAll("[data-sign]")) {
    const kept = set.querySelector("input[type=hidden]");
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    const again = document.createElement("button");
    const hint = document.createElement("p");
    svg.setAttribute("viewBox", `0 0 ${wide} ${high}`);
    svg.setAttribute("class", "signature");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", set.dataset.sign);
    svg.append(path);
    again.type = "button";
    again.className = "button second less";
    again.textContent = set.dataset.again;
    hint.className = "hint";
    hint.textContent = set.dataset.sign;
    kept.after(hint, svg, again);
    const show = () => path.setAttribute("d", kept.value);
    const clear = () => { kept.value = ""; show(); };
    let drawing = false;
    const point = (event) => {
      const box = svg.getBoundingClientRect();
      const at = (part, length, most) => Math.max(0, Math.min(most, Math.round((part / length) * most)));
      return `${at(event.clientX - box.left, box.width, wide)} ${at(event.clientY - box.top, box.height, high)}`;
    };
    svg.addEventListener("pointerdown", (event) => {
      drawing = true;
      svg.setPointerCapture(event.pointerId);
      kept.value = `${kept.value} M${point(event)}`.trim();
      event.preventDefault();
    });
    svg.addEventListener("pointermove", (event) => {
      if (!drawing || kept.value.length > 11900) return;
      kept.value += ` L${point(event)}`;
      show();
    });
    for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => { drawing = false; });
    again.addEventListener("click", clear);
    show();
  }
})();
