// Instead of waiting: find the number that the page asks for and put it into the form, so that Send works at once.
// Where the browser cannot do it, the reader waits as the page says.
(async () => {
  "use strict";
  const box = document.querySelector("input[data-challenge]");
  if (!box || !globalThis.crypto?.subtle) return;
  const asked = JSON.parse(box.dataset.challenge), coder = new TextEncoder();
  const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const hash = async (number) => hex(await crypto.subtle.digest("SHA-256", coder.encode(asked.salt + number)));
  for (let start = 0; start <= asked.maxnumber; start += 200) {
    const part = await Promise.all(Array.from({ length: 200 }, (_, at) => hash(start + at)));
    const at = part.indexOf(asked.challenge);
    if (at < 0) continue;
    const { algorithm, challenge, salt, signature } = asked;
    box.value = btoa(JSON.stringify({ algorithm, challenge, number: start + at, salt, signature }));
    for (const part of document.querySelectorAll("[data-proof-done]")) part.hidden = false;
    return;
  }
})();
