// Comforts for forms; every form works without them. Text boxes grow with what is written, a limit is
// counted down near its end, a second press does not send twice, and a half-written form
// (data-guard) asks before it is left.
(() => {
  "use strict";
  const grow = (box) => {
    box.rows = Math.min(30, Math.max(box.dataset.rows, box.value.split("\n").length + Math.floor(box.value.length / 60)));
  };
  for (const box of document.querySelectorAll("textarea")) {
    box.dataset.rows = box.rows;
    box.addEventListener("input", () => grow(box));
    grow(box);
    const most = Number(box.dataset.max);
    if (!most) continue;
    const left = document.createElement("p");
    left.className = "hint";
    left.setAttribute("role", "status");
    box.after(left);
    const count = () => {
      const rest = most - box.value.length;
      left.textContent = rest < most / 10 ? `${box.value.length} / ${most}` : "";
    };
    box.addEventListener("input", count);
    count();
  }
  for (const form of document.querySelectorAll("form[method=post]")) {
    let changed = false, sent = false;
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", (event) => {
      if (sent) { event.preventDefault(); return; }
      sent = true;
    });
    addEventListener("pageshow", () => { sent = false; });
    if (form.hasAttribute("data-guard")) {
      addEventListener("beforeunload", (event) => { if (changed && !sent) event.preventDefault(); });
    }
  }
  const summary = document.querySelector(".errors");
  if (summary) summary.focus();
})();
