// Search on the Path: the card of a hit is marked and shown.
import { onServer, searches } from "../common/finding.js";
import { ground, path, reveal } from "./canvas.js";
import { look } from "./minimap.js";
import { cardOf } from "./update.js";

const hit = () => path().querySelector("[data-hit]");

searches({
  here: path,
  find: onServer,
  mark([kind, key]) {
    const card = cardOf(kind, key);
    card?.setAttribute("data-hit", "");
    if (card) reveal(card);
    look();
  },
  clear: () => hit()?.removeAttribute("data-hit"),
  leave: () => (hit() ?? ground()).focus({ preventScroll: true }),
});
