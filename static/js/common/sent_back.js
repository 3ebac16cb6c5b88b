// What a reviewer said stands open above the journey until somebody folds it: it stays folded then in this browser.
const notice = () => document.querySelector("[data-left-open]");
const name = () => `sent-back:${notice().dataset.leftOpen}`;

const fold = () => {
  try {
    if (localStorage.getItem(name())) notice().open = false;
  } catch {
    /* a private window keeps nothing */
  }
};

document.addEventListener(
  "toggle",
  ({ target }) => {
    if (target !== notice()) return;
    try {
      target.open ? localStorage.removeItem(name()) : localStorage.setItem(name(), "folded");
    } catch {
      /* as above */
    }
  },
  true,
);
document.addEventListener("htmx:oobAfterSwap", ({ detail }) => {
  if (detail.target.id === "sent-back") fold();
});
fold();
