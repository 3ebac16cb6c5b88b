// Undo and Redo by keys. In a field that is as it was opened they are the journey's. What was typed since the cursor
// came is the field's own, saved or not, as long as the browser has any of it to take back.
import { isUnsent, sendNow } from "../panel/autosave.js";
import { isFailing } from "./saving.js";

const TEXT =
  ":not([type]), [type=text], [type=search], [type=url], [type=tel], [type=email], [type=password], [type=number]";
const FIELD = `textarea, input:is(${TEXT})`; // others have no undo of their own
const opened = new WeakMap(); // field -> what stood in it when the cursor came
const typedIn = new WeakSet();
let waiting = []; // what was pressed before what was typed is saved

document.addEventListener("focusin", ({ target }) => {
  if (!target.matches(FIELD)) return;
  opened.set(target, target.value);
  typedIn.delete(target);
});
document.addEventListener("input", ({ target }) => typedIn.add(target));

const press = (name) => document.querySelector(`[data-key=${name}]`)?.click();

// What was typed goes first, as one change more.
export const turn = (name) => {
  if (!isUnsent() || isFailing() || !navigator.onLine) return press(name);
  waiting.push(name);
  return sendNow();
};
document.addEventListener("htmx:afterRequest", () => {
  if (!waiting.length || (isUnsent() && !isFailing())) return;
  const pressed = waiting;
  waiting = [];
  for (const name of pressed) press(name);
});

const unlessHeard = (field, name) => {
  const heard = new AbortController();
  field.addEventListener("input", () => heard.abort(), { once: true, signal: heard.signal });
  setTimeout(() => {
    if (heard.signal.aborted) return;
    heard.abort();
    turn(name);
  });
};

// What is not saved by itself counts as typed until it is sent.
const before = (field) => (field.closest("[data-block-form]") && opened.get(field)) ?? field.defaultValue;

// Whether the keys are left to the field. Where the browser then does nothing, they are the journey's all the same.
export const isLeftToField = (field, name) => {
  if (field.isContentEditable || field.matches("[data-json-edit]")) return true;
  if (!field.matches(FIELD)) return false;
  if (name === "undo" ? field.value === before(field) : !typedIn.has(field)) return false;
  unlessHeard(field, name);
  return true;
};
