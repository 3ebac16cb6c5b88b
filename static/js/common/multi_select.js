// Which steps are marked, besides the one block that is open: of this page only, nothing of it is saved.
// Marked elements carry data-selected and aria-selected.
let keys = new Set();
const steps = () => document.querySelectorAll("[data-card][data-kind=activity]");

const show = () => {
  for (const element of steps()) {
    const on = keys.has(element.dataset.key);
    element.toggleAttribute("data-selected", on);
    if (on) element.setAttribute("aria-selected", "true");
    else element.removeAttribute("aria-selected");
  }
};

export const selectedKeys = () => [...keys];

export const selectKeys = (next) => {
  const wanted = new Set(next);
  if (wanted.size === keys.size && [...wanted].every((key) => keys.has(key))) return;
  keys = wanted;
  show();
};

export const toggleKey = (key) =>
  selectKeys(keys.has(key) ? selectedKeys().filter((one) => one !== key) : [...keys, key]);

document.addEventListener("click", ({ target }) => {
  const item = target.closest("[data-marks]");
  if (item) selectKeys(JSON.parse(item.dataset.marks));
});

const refresh = () => {
  if (!keys.size || !steps().length) return;
  if (document.querySelector("[data-turn]")) return show(); // the others stand on other pages of the list
  const known = new Set([...steps()].map((element) => element.dataset.key));
  selectKeys(selectedKeys().filter((key) => known.has(key)));
  show();
};
document.addEventListener("htmx:oobAfterSwap", refresh);
document.addEventListener("morph:after", refresh);
document.addEventListener("path:drawn", refresh);
