// What was not taken gets the focus, so that its error is read out and at hand.
const wrong = document.querySelector("main [aria-invalid='true']");
if (wrong) wrong.focus();
