// What was decided stands open above the journey until somebody folds it: it stays folded then in this browser
// (before_paint.js). Another decision stands open again, whether the page is loaded or brought up to date.
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

document.addEventListener("morph:after", ({ target }) => {
  const { standing } = notice().dataset;
  if (target !== notice() || standing === shown) return;
  shown = standing;
  notice().open = true;
});
