// The receipt's foot: copy the words, print, save as a picture. The buttons are shown only where this runs.
(() => {
  "use strict";
  for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
  const words = (place) => [...place.children].map((item) => item.textContent.trim());
  const draw = (receipt) => {
    const list = words(receipt.querySelector(".words"));
    const code = receipt.querySelector(".qr"), side = Number(code.dataset.qr);
    const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
    canvas.width = 800;
    canvas.height = 620 + 60 * Math.ceil(list.length / 2);
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = "#111";
    pen.font = `600 32px ${getComputedStyle(receipt).fontFamily}`;
    list.forEach((word, at) => pen.fillText(`${at + 1}  ${word}`, at % 2 ? 430 : 60, 80 + 60 * Math.floor(at / 2)));
    const scale = Math.floor(440 / side), top = canvas.height - 80 - scale * side;
    pen.setTransform(scale, 0, 0, scale, (800 - scale * side) / 2, top);
    pen.lineWidth = 1;
    pen.stroke(new Path2D(code.querySelector("path").getAttribute("d")));
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.font = `22px ${getComputedStyle(receipt).fontFamily}`;
    pen.textAlign = "center";
    pen.fillText(receipt.querySelector(".receipt-address b")?.textContent ?? "", 400, canvas.height - 30);
    return canvas;
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.hasAttribute("data-print")) window.print();
    if (button.dataset.copy) {
      const place = document.querySelector(button.dataset.copy);
      const text = place.matches("ol, ul") ? words(place).join(" ") : place.textContent.trim();
      try { await navigator.clipboard.writeText(text); } catch {
        getSelection().selectAllChildren(place);
        return;
      }
      const said = button.querySelector("[data-done]");
      if (said) said.textContent = said.dataset.done;
    }
    if (button.dataset.save) {
      draw(button.closest("[data-receipt]")).toBlob((blob) => {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(blob);
        link.download = button.dataset.save;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      });
    }
  });
})();
