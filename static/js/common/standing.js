// What was decided stands open above the journey until somebody folds it: it stays folded then in this browser
// (before_paint.js). Another decision stands open again, whether the page is loaded or brought up to date. What is
// typed as an answer to it is kept for this tab until the review is asked for.
import { answers } from "../panel/outbox.js";

const notice = () => document.getElementById("standing");
let shown = notice().dataset.standing;

notice().addEventListener("toggle", () => {
  if (!shown || shown !== notice().dataset.standing) return;
  try {
    notice().open ? localStorage.removeItem(`standing:${shown}`) : localStorage.setItem(`standing:${shown}`, "folded");
  } catch {
    /* a private window keeps nothing */
  }
});

const reply = () => document.getElementById("reply");
const answered = () => ({ kind: "answer", key: notice().dataset.standing });

document.addEventListener("input", ({ target }) => {
  if (target !== reply()) return;
  const text = target.value;
  text ? answers.put({ ...answered(), text }) : answers.remove(answered());
});

// Once it was sent nothing is there to be answered any more.
const bringBack = () => {
  const { key } = answered();
  for (const one of answers.all()) if (!reply() || one.key !== key) answers.remove(one);
  if (reply()) reply().value ||= answers.find(answered())?.text ?? "";
};
bringBack();

document.addEventListener("morph:after", ({ target }) => {
  const { standing } = notice().dataset;
  if (target !== notice() || standing === shown) return;
  shown = standing;
  notice().open = true;
  bringBack();
});
