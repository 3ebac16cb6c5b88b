// The field with the cursor lights its place in the block's JSON.
const light = () => {
  const place = document.activeElement?.closest("[data-place]")?.dataset.place;
  let first = null;
  for (const line of document.querySelectorAll("[data-line]")) {
    const at = line.dataset.line;
    const on = Boolean(place) && (at === place || at.startsWith(`${place}.`) || at.startsWith(`${place}[`));
    line.toggleAttribute("data-lit", on);
    if (on) first ??= line;
  }
  const box = first?.parentElement;
  if (box) box.scrollTop = first.offsetTop - box.offsetTop - box.clientHeight / 3;
};

document.addEventListener("focusin", light);
document.addEventListener("focusout", () => setTimeout(light));
document.addEventListener("htmx:afterSettle", light);
