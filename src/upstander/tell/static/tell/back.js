// The QR code of a receipt carries its code behind the "#", which no browser sends to a server. Put it into the form
// and take it out of the address and the history. Nothing is sent until somebody presses the button.
(() => {
  "use strict";
  const box = document.querySelector("form[data-words] textarea[name=words]");
  const code = decodeURIComponent(location.hash.slice(1));
  if (!box || !/^[0-9A-Za-z-]{16,19}$/.test(code)) return;
  box.value = code;
  history.replaceState(null, "", location.pathname + location.search);
  document.querySelector("form[data-words] .button.main").focus();
})();
