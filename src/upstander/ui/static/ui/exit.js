// Leave now: the button, or Esc three times within three seconds. Empties the page and its forms first,
// and puts the harmless site in this page's place in the history. Without script the button is a link.
(() => {
  "use strict";
  const link = document.querySelector("a[data-exit]");
  if (!link) return;
  const leave = () => {
    for (const form of document.forms) {
      for (const box of form.elements) {
        if (box.type === "checkbox" || box.type === "radio") box.checked = false;
        else if (box.type !== "hidden" && "value" in box) box.value = "";
      }
    }
    try { sessionStorage.clear(); } catch { /* storage may be switched off */ }
    document.title = " ";
    document.body.replaceChildren();
    location.replace(link.href);
  };
  link.addEventListener("click", (event) => { event.preventDefault(); leave(); });
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") { presses = []; return; }
    if (event.repeat) return;
    presses = [...presses.filter((at) => event.timeStamp - at < 3000), event.timeStamp];
    if (presses.length >= 3) leave();
  });
})();
