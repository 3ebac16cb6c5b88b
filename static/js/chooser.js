// A + names its gap and opens the chooser; typing narrows the blocks down, Enter takes the first.
const dialog = document.querySelector("[data-chooser]");

const narrow = (palette) => {
  const wanted = palette.querySelector("[data-palette-search]").value.trim().toLowerCase();
  for (const item of palette.querySelectorAll("[data-palette-item]")) {
    item.hidden = !item.dataset.paletteItem.toLowerCase().includes(wanted);
  }
  for (const family of palette.querySelectorAll("[data-palette-family]")) {
    family.hidden = !family.querySelector("[data-palette-item]:not([hidden])");
  }
  palette.querySelector("[data-palette-none]").hidden = Boolean(palette.querySelector("[data-palette-item]:not([hidden])"));
};

document.addEventListener("click", (event) => {
  const gap = event.target.closest("[data-gap]");
  if (gap && dialog) {
    dialog.querySelector("[name=after]").value = gap.dataset.after;
    dialog.querySelector("[name=outcome]").value = gap.dataset.outcome;
    const search = dialog.querySelector("[data-palette-search]");
    search.value = "";
    narrow(dialog);
    dialog.showModal();
    search.focus();
  }
  if (event.target.closest("[data-close], .chooser [data-palette-item]") || event.target === dialog) dialog?.close();
});

document.addEventListener("input", (event) => {
  const palette = event.target.closest("[data-palette]");
  if (palette) narrow(palette);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("[data-palette-search]")) return;
  event.preventDefault();
  event.target.closest("[data-palette]").querySelector("[data-palette-item]:not([hidden])")?.click();
});
