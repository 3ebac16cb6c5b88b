// Search on the Path: the card of a hit is marked and shown.
import { onServer, searches } from "../common/finding.js";
import { ground, path, reveal } from "./canvas.js";
import { cardOf } from "./update.js";

const found = () => path().querySelector("[data-found]");

searches({
  here: path,
  find: onServer,
  mark([kind, key]) {
    const card = cardOf(kind, key);
    card?.setAttribute("data-found", "");
    if (card) reveal(card);
  },
  clear: () => found()?.removeAttribute("data-found"),
  leave: () => (found() ?? ground()).focus({ preventScroll: true }),
});
