// Two people changed the same: the button says what will be saved, and the note beside the name what is kept.
import { fill } from "../common/hidden.js";
import { reason, say } from "../common/saving.js";

const LONGEST = 48;
const panel = () => document.querySelector("[data-conflict]");
const chosen = () => [...panel().querySelectorAll(".choice :checked")];

const button = () => {
  const one = panel().querySelector("[data-settle]");
  if (!one) return;
  const values = chosen()
    .map(({ dataset }) => dataset.said)
    .join(", ");
  const mine = chosen().filter(({ value }) => value === "mine").length;
  const text =
    values.length <= LONGEST
      ? one.dataset.saveText.replace("{values}", () => values)
      : one.dataset.manyText.replace("{mine}", mine).replace("{theirs}", chosen().length - mine);
  fill(one, text);
};

let isAsking = false;
const adopt = () => {
  const one = panel();
  if (!one && isAsking) {
    isAsking = false;
    if (!document.querySelector("[data-block-form]")) say("saved"); // else autosave.js says what became of it
  }
  if (!one || "adopted" in one.dataset) return;
  one.dataset.adopted = "";
  isAsking = true;
  button();
  const count = one.querySelectorAll(".choice").length;
  if (count) say(count > 1 ? "choosingMany" : "choosingOne", count);
  else say("choosing");
  if (!document.activeElement || document.activeElement === document.body)
    one.querySelector("[data-conflict-said]").focus({ preventScroll: true });
};

document.addEventListener("change", ({ target }) => {
  if (target.closest("[data-conflict] .choice")) button();
});
document.addEventListener("htmx:afterSettle", adopt);
// whoever may not change the journey any more is told so, and can copy what they typed
document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig, xhr } }) => {
  const isRefused = [403, 404, 412, 413].includes(xhr.status);
  if (isRefused && requestConfig?.elt.closest("[data-conflict]")) say(reason(xhr.status));
});
