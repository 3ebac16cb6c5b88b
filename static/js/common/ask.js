// A question before something is lost: the server's answer fills the dialog, a button of it carries on or leaves it.
const dialog = document.querySelector("[data-ask]");

document.addEventListener("htmx:afterSettle", (event) => {
  if (dialog && event.detail.target === dialog && !dialog.open) dialog.showModal();
});
document.addEventListener("htmx:configRequest", (event) => {
  if (dialog?.contains(event.detail.elt)) dialog.close();
});
document.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest("[data-close-ask]")) dialog?.close();
});
