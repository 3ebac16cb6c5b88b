// The journey's name is changed in place: a click, Enter or F2 on it. Enter or leaving the field saves, Escape takes it
// back.
import { ours } from "./guard.js";

const field = () => document.querySelector("[data-journey-name]");
const heading = () => field().previousElementSibling;
let before = null; // the name that the field began with; null while nobody edits it

const open = () => {
  const one = field();
  one.value = one.defaultValue;
  before = one.value;
  [heading().hidden, one.hidden] = [true, false];
  one.focus();
  one.select();
};

const close = (save) => {
  const one = field(),
    was = before;
  if (was === null) return;
  before = null; // hiding the field leaves it, too
  const hadFocus = one === document.activeElement;
  [heading().hidden, one.hidden] = [false, true];
  if (hadFocus) heading().firstElementChild.focus();
  if (!save || one.value === was) return;
  const values = { name: one.value };
  htmx.ajax("POST", one.dataset.journeyName, {
    headers: ours(),
    source: document.querySelector("#composer"),
    target: "#panel",
    swap: "outerHTML",
    values,
  });
};

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-rename-journey]")) open();
});
document.addEventListener("focusout", ({ target }) => {
  if (target === field()) close(true);
});
document.addEventListener("keydown", (event) => {
  const { key, target, isComposing } = event;
  const does =
    target === field() && !isComposing ? { Enter: () => close(true), Escape: () => close(false) }[key] : null;
  const opens = key === "F2" && target.closest?.("[data-rename-journey]") ? open : null;
  if (!does && !opens) return;
  event.preventDefault();
  (does ?? opens)();
});
