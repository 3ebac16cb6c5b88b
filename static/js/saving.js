// Says in words whether the draft is saved, and asks before unsent changes are left behind.
const note = () => document.querySelector("[data-saving]");
const spoken = document.querySelector("[data-spoken]");
let unsent = false;
let pending = 0;

const fail = () => {
  unsent = true;
  note().textContent = note().dataset.offlineText;
  note().dataset.failed = "";
  spoken.textContent = note().textContent;
};

document.addEventListener("input", (event) => {
  if (event.target.closest("[data-block-form], [data-warn-unsaved]")) unsent = true;
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig.verb !== "post") return;
  pending += 1;
  note().textContent = note().dataset.savingText;
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig.verb !== "post") return;
  pending -= 1;
  const { status } = event.detail.xhr;
  if (status === 422 || status === 409) note().textContent = note().dataset.refusedText;
  else if (event.detail.successful) unsent = false;
  else fail();
});
document.addEventListener("htmx:afterSettle", () => {
  if (pending === 0 && !unsent) spoken.textContent = note().textContent;
});
addEventListener("beforeunload", (event) => {
  if (unsent || pending) event.preventDefault();
});
