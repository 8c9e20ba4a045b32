// One tap for each thing, also without a network. A tap waits in this browser until the server has it, exactly once: each has
// a key of its own. What waits holds a pupil's number and what was pressed, no name; it is gone once it is sent. Without this
// script every button sends the form.
(() => {
  "use strict";
  const form = document.querySelector("[data-hand-in]");
  if (!form || !globalThis.localStorage || !globalThis.crypto?.randomUUID) return;
  const place = `hand-in ${location.pathname}`, said = form.querySelector("[data-status]");
  const read = () => JSON.parse(localStorage.getItem(place) || "[]");
  const write = (taps) => taps.length ? localStorage.setItem(place, JSON.stringify(taps)) : localStorage.removeItem(place);
  const count = () => {
    const rows = [...form.querySelectorAll("[data-row]")], hands = [...form.querySelectorAll("[data-hand]")];
    const number = (state) => hands.filter((hand) => hand.dataset.state === state).length;
    const none = rows.filter((row) => !row.querySelector("[data-hand]:not([data-state=out])")).length;
    for (const [name, n] of [["in", number("in")], ["back", number("back")], ["none", none]]) {
      form.querySelector(`[data-count=${name}]`).textContent = n;
    }
  };
  const show = ({ tap }) => {
    const button = form.querySelector(`button[value="${CSS.escape(tap)}"]`), hand = button?.closest("[data-hand]");
    if (!hand) return;
    const deed = tap.split(":")[0], focused = document.activeElement === button;
    hand.dataset.state = deed;
    hand.querySelector("[data-word]").textContent = form.dataset[deed];
    hand.querySelector("[data-when]").textContent = "";
    for (const each of hand.querySelectorAll("button")) each.hidden = each.value.startsWith(`${deed}:`);
    if (focused) hand.querySelector("button:not([hidden])").focus();
  };
  const say = (problem) => {
    const left = read().length;
    said.textContent = problem || (left ? form.dataset.waits.replace("{n}", left) : form.dataset.saved);
  };
  const send = async (tap) => {
    const body = new FormData(form);
    body.set("tap", tap.tap);
    body.set("submit_key", tap.key);
    body.set("ago", Math.max(0, Math.round((Date.now() - tap.at) / 1000)));
    return fetch(location.pathname, { method: "POST", body, headers: { accept: "application/json" }, redirect: "manual" });
  };
  let sending = false, again = 0, anew = false;
  const flush = async () => {
    if (sending) return;
    sending = true;
    let problem = "";
    try {
      for (let taps = read(); taps.length; taps = read()) {
        const answer = await send(taps[0]);
        if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) { problem = form.dataset.signIn; break; }
        if (answer.status >= 500 || answer.status === 429) throw new Error("later");
        write(read().filter((each) => each.key !== taps[0].key));
        if (!answer.ok) { problem = form.dataset.refused; break; }
      }
    } catch {
      clearTimeout(again);
      again = setTimeout(flush, 15000);
    }
    sending = false;
    say(problem);
    if (anew && !problem && !read().length) location.reload();
  };
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const all = [...form.querySelectorAll("[data-state=in] button[value^=back]")].map((each) => each.value);
    const other = `in:${form.elements.pupil?.value}:${form.elements.what?.value}`;
    const pressed = { "all:": all, "other:": [other] }[button.value] || [button.value];
    const taps = pressed.map((tap) => ({ key: crypto.randomUUID(), at: Date.now(), tap }));
    write([...read(), ...taps]);
    taps.forEach(show);
    count();
    anew = anew || button.hasAttribute("data-reload");
    flush();
  }, true);
  addEventListener("online", flush);
  const waiting = read();
  if (waiting.length) {
    waiting.forEach(show);
    count();
    flush();
  }
})();
