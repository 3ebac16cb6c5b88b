// The List as ARIA trees: one tab stop each, arrow keys (over their edges, too), folding, type-ahead, marking, and a
// focus that is never lost: where an item goes away, its neighbour has it.
import { selectKeys, toggleKey } from "../common/multi_select.js";
import { bring, turn } from "./pages.js";
import { isTypingAhead, named, stopTypingAhead } from "../common/typeahead.js";

const folded = new Set(); // ids
let anchor = null; // where marking with Shift began

const all = () => [...document.querySelectorAll("#outline [role=treeitem]")];
const shown = () => all().filter((item) => !item.hidden);
const level = (item) => Number(item.getAttribute("aria-level"));
const treeOf = (item) => item.closest("[role=tree]");
const below = (item) => {
  const rows = [];
  let next = item.nextElementSibling;
  while (next && level(next) > level(item)) {
    rows.push(next);
    next = next.nextElementSibling;
  }
  return rows;
};
const parentOf = (item) => {
  let before = item.previousElementSibling;
  while (before && level(before) >= level(item)) before = before.previousElementSibling;
  return before;
};

const rove = (item) => {
  for (const other of treeOf(item).querySelectorAll("[tabindex='0']")) other.tabIndex = -1;
  item.tabIndex = 0;
};
const stops = () => {
  for (const tree of document.querySelectorAll("#outline [role=tree]")) {
    const item =
      tree.querySelector("[role=treeitem][tabindex='0']:not([hidden])") ??
      tree.querySelector("[aria-current]:not([hidden])");
    rove(item ?? tree.querySelector("[role=treeitem]"));
  }
};
const go = (item) => item?.focus();

const fold = () => {
  let until = 0; // rows deeper than this are hidden
  for (const item of all()) {
    if (until && level(item) <= until) until = 0;
    item.hidden = until > 0;
    if (!item.hasAttribute("aria-expanded")) continue;
    item.setAttribute("aria-expanded", String(!folded.has(item.id)));
    if (!until && folded.has(item.id)) until = level(item);
  }
};
const setFolded = (item, on) => {
  if (on) folded.add(item.id);
  else folded.delete(item.id);
  fold();
};
export const reveal = (item) => {
  for (let above = parentOf(item); above; above = parentOf(above)) folded.delete(above.id);
  fold();
};

const stepsOf = (items) =>
  items
    .filter((item) => item.dataset.kind === "activity" && item.hasAttribute("data-card"))
    .map((item) => item.dataset.key);
const markTo = (item) => {
  const items = shown();
  const [from, to] = [items.indexOf(anchor ?? item), items.indexOf(item)].sort((one, other) => one - other);
  selectKeys(stepsOf(items.slice(from, to + 1)));
};

const step = (item, offset, marking) => {
  const items = shown();
  const next = items[items.indexOf(item) + offset];
  const leaves = item.closest("#tree-steps") && !next?.closest("#tree-steps");
  if (leaves && turn(offset > 0 ? "later" : "earlier")) return; // a long list goes on on another page
  if (!next) return;
  if (marking) anchor ??= item;
  else anchor = null;
  go(next);
  if (marking) markTo(next);
};

const right = (item) => {
  if (item.getAttribute("aria-expanded") === "false") return setFolded(item, false);
  const first = below(item)[0];
  if (first) go(first);
};
const left = (item) => {
  if (item.getAttribute("aria-expanded") === "true" && below(item).length) return setFolded(item, true);
  go(parentOf(item));
};

const goTo = async (key) => {
  const target = await bring(key);
  if (target) reveal(target);
  go(target);
};
const open = (item) => {
  if (item.dataset.target) goTo(item.dataset.target);
  else if (item.hasAttribute("data-card")) item.click();
  else if (item.classList.contains("row-branch")) command(item, "rename");
  else item.querySelector("[data-gap]")?.click();
};

const command = (item, name) =>
  item.dispatchEvent(new CustomEvent("shortcut", { bubbles: true, cancelable: true, detail: { name } }));

const KEYS = {
  ArrowDown: (item, event) => step(item, 1, event.shiftKey),
  ArrowUp: (item, event) => step(item, -1, event.shiftKey),
  ArrowRight: right,
  ArrowLeft: left,
  Home: (item) => (item.closest("#tree-steps") && turn("start")) || go(shown()[0]),
  End: (item) => (item.closest("#tree-steps") && turn("end")) || go(shown().at(-1)),
  Enter: open,
  " ": (item) => {
    anchor = item;
    if (item.dataset.kind === "activity" && item.hasAttribute("data-card")) toggleKey(item.dataset.key);
  },
  Escape: () => {
    stopTypingAhead();
    selectKeys([]);
  },
  "*": (item) => {
    for (const one of treeOf(item).querySelectorAll("[aria-expanded]")) folded.delete(one.id);
    fold();
  },
};

// after shortcuts.js, which hears it on the way down and takes what is a command
document.addEventListener("keydown", (event) => {
  const item = event.target.closest("#outline [role=treeitem]");
  if (!item || event.defaultPrevented || event.target !== item || event.altKey || event.ctrlKey || event.metaKey)
    return;
  const act = event.key === " " && isTypingAhead() ? null : KEYS[event.key];
  const match = act ? null : named(event, shown(), item, (one) => one.getAttribute("aria-label"));
  if (!act && match === null) return;
  event.preventDefault();
  if (act) act(item, event);
  else go(match);
});

// what stands at the end of a path adds right there
document.addEventListener("shortcut", (event) => {
  const item = event.target.closest?.("#outline [role=treeitem]");
  const { name } = event.detail;
  if (!item || event.defaultPrevented) return;
  const gap =
    item.hasAttribute("data-card") || item.classList.contains("row-branch") ? null : item.querySelector("[data-gap]");
  if (name === "mark-all") selectKeys(stepsOf(shown()));
  else if ((name === "before" || name === "after") && gap) gap.click();
  else return;
  event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  const item = event.target.closest("#outline [role=treeitem]");
  if (item) rove(item);
});
document.addEventListener("click", (event) => {
  const item = event.target.closest("#outline [role=treeitem]");
  if (!item || event.target.closest("button")) return;
  if (event.detail) item.focus({ preventScroll: true });
  if (event.shiftKey && event.detail) {
    anchor ??= document.querySelector("#outline [aria-current]");
    markTo(item);
  } else if (event.detail) anchor = item;
});

// the item with the focus, and whom it would fall to: the next ones of its level or above, then those before it
let heirs = [];
document.addEventListener("morph:before", (event) => {
  if (!event.target.closest("#outline")) return;
  const had = document.activeElement?.closest("#outline [role=treeitem]");
  const items = all();
  const at = items.indexOf(had);
  heirs =
    at < 0
      ? []
      : [had, ...items.slice(at + 1).filter((item) => item.hasAttribute("data-card")), ...items.slice(0, at).reverse()];
});
document.addEventListener("morph:after", (event) => {
  if (!event.target.closest("#outline")) return;
  fold();
  stops();
  const heir = heirs.find((item) => item.isConnected && !item.hidden);
  heirs = [];
  if (heir && document.activeElement === document.body) heir.focus({ preventScroll: true });
});

stops();
