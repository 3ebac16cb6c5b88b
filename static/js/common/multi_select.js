// Which steps are marked, besides the one block that is open: of this page only, nothing of it is saved.
// Marked elements carry data-marked and aria-selected.
let keys = new Set();
const steps = () => document.querySelectorAll("[data-card][data-kind=activity]");

const show = () => {
  for (const element of steps()) {
    const on = keys.has(element.dataset.key);
    element.toggleAttribute("data-marked", on);
    if (on) element.setAttribute("aria-selected", "true");
    else element.removeAttribute("aria-selected");
  }
};

export const marked = () => [...keys];

export const setMarked = (next) => {
  const wanted = new Set(next);
  if (wanted.size === keys.size && [...wanted].every((key) => keys.has(key))) return;
  keys = wanted;
  show();
};

export const toggle = (key) => setMarked(keys.has(key) ? marked().filter((one) => one !== key) : [...keys, key]);

document.addEventListener("click", ({ target }) => {
  const item = target.closest("[data-marks]");
  if (item) setMarked(JSON.parse(item.dataset.marks));
});

const refresh = () => {
  if (!keys.size || !steps().length) return;
  if (document.querySelector("[data-turn]")) return show(); // the others stand on other pages of the list
  const known = new Set([...steps()].map((element) => element.dataset.key));
  setMarked(marked().filter((key) => known.has(key)));
  show();
};
document.addEventListener("htmx:oobAfterSwap", refresh);
document.addEventListener("morph:after", refresh);
document.addEventListener("path:drawn", refresh);
