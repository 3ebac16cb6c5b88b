// Fields that mean something only with a checkbox (data-only-with="its name") are shown while it is ticked.
document.addEventListener("change", ({ target }) => {
  if (target.type !== "checkbox") return;
  for (const line of target.form?.querySelectorAll("[data-only-with]") ?? []) {
    if (line.dataset.onlyWith === target.name) line.hidden = !target.checked;
  }
});
