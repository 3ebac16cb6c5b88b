import { isWithin } from "../common/address.js";

// The field with the cursor lights its place in the block's JSON.
const highlight = () => {
  const place = document.activeElement?.closest("[data-place]")?.dataset.place;
  let first = null;
  for (const line of document.querySelectorAll("#block-json-text [data-line]")) {
    const on = Boolean(place) && isWithin(line.dataset.line, place);
    line.toggleAttribute("data-highlighted", on);
    if (on) first ??= line;
  }
  const box = first?.parentElement;
  if (box) box.scrollTop = first.offsetTop - box.offsetTop - box.clientHeight / 3;
};

document.addEventListener("focusin", highlight);
document.addEventListener("focusout", () => setTimeout(highlight));
document.addEventListener("htmx:afterSettle", highlight);
