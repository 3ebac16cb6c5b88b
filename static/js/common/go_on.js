// Goes on with what was posted before the question who it is. Without scripts there is the button.
const form = document.querySelector("[data-go-on]");
if (form) HTMLFormElement.prototype.submit.call(form); // a field of it may be called "submit"
