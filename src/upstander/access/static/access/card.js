// The QR code of a card carries its code behind the "#", which no browser sends to a server. Put it into the form, take it
// out of the address and the history, and ask only whether to come in. Nothing is sent until somebody presses the button.
(() => {
  "use strict";
  const form = document.querySelector("form[data-card]");
  const code = decodeURIComponent(location.hash.slice(1));
  if (!form || !/^[0-9A-Za-z-]{16,19}$/.test(code)) return;
  form.elements.words.value = code;
  history.replaceState(null, "", location.pathname + location.search);
  if (!form.elements.school.value) return;
  document.querySelectorAll("[data-typed]").forEach((part) => { part.hidden = true; });
  document.querySelectorAll("[data-scanned]").forEach((part) => { part.hidden = false; });
  form.querySelector(".button.main").focus();
})();
