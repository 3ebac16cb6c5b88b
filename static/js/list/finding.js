// Search in the List: the row of a hit is unfolded, marked and scrolled to.
import { onServer, searches } from "../common/finding.js";
import { bring } from "./pages.js";
import { reveal } from "./tree.js";

const list = () => document.getElementById("outline");
const hit = () => list().querySelector("[data-hit]");

searches({
  here: list,
  find: onServer,
  async mark([kind, key]) {
    const here = [...list().querySelectorAll("[data-card]")].find(
      ({ dataset }) => dataset.kind === kind && dataset.key === key,
    );
    const row = here ?? (kind === "activity" ? await bring(key) : null);
    if (!row) return;
    hit()?.removeAttribute("data-hit");
    reveal(row);
    row.setAttribute("data-hit", "");
    row.scrollIntoView({ block: "nearest" });
  },
  clear: () => hit()?.removeAttribute("data-hit"),
  leave: () => (hit() ?? list().querySelector("[role=treeitem][tabindex='0']"))?.focus({ preventScroll: true }),
});
