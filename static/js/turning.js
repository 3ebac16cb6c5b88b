// Undo and Redo: when the one with the focus has nothing left to do, the other one gets it.
let had = null;

document.addEventListener("morph:before", ({ target }) => {
  if (target.id === "status") had = document.activeElement?.closest("#undo, #redo");
});
document.addEventListener("morph:after", ({ target }) => {
  if (target.id === "status" && had?.disabled) document.querySelector(":is(#undo, #redo):enabled")?.focus();
});
