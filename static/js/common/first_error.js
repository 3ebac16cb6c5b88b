// What was not taken gets the focus, so that its error is read out and at hand; else the note that says so.
const wrong =
  document.querySelector("main [aria-invalid='true']:not([type=hidden])") ??
  document.querySelector("main [data-first-note]");
if (wrong) wrong.focus();
