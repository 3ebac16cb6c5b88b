// A + names its gap and opens the chooser beside it; typing narrows the blocks down, Enter takes the first, arrow keys
// walk through them. What was used lately comes first.
import { ours } from "./guard.js";

const dialog = document.querySelector("[data-chooser]");
const MOST_RECENT = 4;
const activity = { activity: true },
  ending = { goal: true, exit: true };
const offers = { trigger: { trigger: true }, goal: ending, exit: ending };
let offered = activity;
let opener = null;
let place = { after: "", outcome: "" }; // of the + that was opened last

const items = (palette) => [...palette.querySelectorAll("[data-palette-item]")];
const seen = (palette) => items(palette).filter((item) => !item.hidden && !item.closest("[hidden]"));

const recent = () => {
  try {
    return JSON.parse(localStorage.getItem("recent-blocks")) ?? [];
  } catch {
    return [];
  }
};
const remember = (slug) => {
  const slugs = [slug, ...recent().filter((other) => other !== slug)].slice(0, 2 * MOST_RECENT);
  try {
    localStorage.setItem("recent-blocks", JSON.stringify(slugs));
  } catch {
    /* private window */
  }
};

const narrow = (palette) => {
  const wanted = palette.querySelector("[data-palette-search]").value.trim().toLowerCase();
  const inGap = dialog?.contains(palette);
  for (const item of items(palette)) {
    const fits = !inGap || offered[item.dataset.blockKind];
    item.hidden = !fits || !item.dataset.paletteItem.toLowerCase().includes(wanted);
  }
  for (const family of palette.querySelectorAll("[data-palette-family]")) {
    family.hidden = !family.querySelector("[data-palette-item]:not([hidden])");
  }
  const lately = palette.querySelector("[data-palette-recent]");
  if (lately) lately.hidden = Boolean(wanted) || !lately.querySelector("[data-palette-item]:not([hidden])");
  palette.querySelector("[data-palette-none]").hidden = seen(palette).length > 0;
};

// With the gap of this moment: the request may have to wait for another one while the next + is opened.
const add = (item) => {
  const { address } = dialog.dataset;
  const values = { slug: item.dataset.slug, ...place };
  htmx.ajax("POST", address, { headers: ours(), source: item, target: "#panel", swap: "outerHTML", values });
};

// Copies of the buttons below: a click on one is a click on the other.
const listRecent = () => {
  const box = dialog.querySelector("[data-palette-recent]");
  const all = items(dialog).filter((item) => !box.contains(item));
  const known = recent()
    .map((slug) => all.find((item) => item.dataset.slug === slug))
    .filter((item) => offered[item?.dataset.blockKind]);
  box.replaceChildren(
    box.firstElementChild,
    ...known.slice(0, MOST_RECENT).map((item) => {
      const copy = document.createElement("button");
      copy.append(...[...item.childNodes].map((node) => node.cloneNode(true)));
      Object.assign(copy, { type: "button", className: item.className });
      Object.assign(copy.dataset, {
        paletteItem: item.dataset.paletteItem,
        blockKind: item.dataset.blockKind,
        copyOf: item.dataset.slug,
      });
      return copy;
    }),
  );
};

// The chooser offers what the palette at the side does: a copy of it, whose buttons add into the gap.
const fill = () => {
  if (dialog.querySelector("[data-palette]")) return;
  const palette = document.querySelector(".palette [data-palette]").cloneNode(true);
  palette.querySelector(".palette-help").remove();
  for (const item of items(palette))
    for (const { name } of [...item.attributes])
      if (name.startsWith("hx-") || name === "data-own") item.removeAttribute(name);
  const search = palette.querySelector("[data-palette-search]");
  search.id = palette.querySelector("label").htmlFor = "find-gap";
  search.closest(".find").after(dialog.querySelector("[data-palette-recent]"));
  dialog.append(palette);
};

const stand = (frame) => {
  const room = 8;
  const { offsetWidth: width, offsetHeight: height } = dialog;
  const right = frame.right + room + width < innerWidth ? frame.right + room : frame.left - room - width;
  const left = Math.max(room, Math.min(right, innerWidth - width - room));
  const top = Math.max(room, Math.min(frame.top - 56, innerHeight - height - room));
  Object.assign(dialog.style, { left: `${left}px`, top: `${top}px` });
};

const open = (gap) => {
  fill();
  opener = gap;
  offered = offers[gap.dataset.adds] ?? activity;
  place = { after: gap.dataset.after ?? "", outcome: gap.dataset.outcome ?? "" };
  const title = dialog.querySelector("[data-chooser-title]");
  title.textContent = title.dataset[gap.dataset.adds] ?? title.dataset.step;
  const search = dialog.querySelector("[data-palette-search]");
  search.value = "";
  const paste = dialog.querySelector("[data-clipboard]");
  paste.hidden = offered !== activity;
  Object.assign(paste.dataset, place);
  listRecent();
  narrow(dialog);
  gap.setAttribute("data-open", "");
  const from = document.activeElement; // an entry of a menu that closed has no place of its own
  dialog.showModal();
  stand((gap.getClientRects().length ? gap : from).getBoundingClientRect());
  dialog.scrollTop = 0;
  search.focus();
};

document.addEventListener("click", (event) => {
  const gap = event.target.closest("[data-gap], [data-adds]");
  if (gap && dialog) return open(gap);
  const item = event.target.closest("[data-palette-item]");
  if (item?.dataset.copyOf) {
    dialog.querySelector(`[data-slug="${item.dataset.copyOf}"]`).click();
    return undefined;
  }
  if (item) remember(item.dataset.slug);
  if (item && dialog?.contains(item)) add(item);
  if (event.target.closest("[data-close], .chooser [data-palette-item]") || event.target === dialog) dialog?.close();
  return undefined;
});

dialog?.addEventListener("close", () => {
  opener?.removeAttribute("data-open");
  if (opener?.isConnected && document.activeElement === document.body) opener.focus({ preventScroll: true });
});

// What was looked for is found once it is added, by a click, Enter or a drag; until then it stays.
const forget = (palette) => {
  const search = palette?.querySelector("[data-palette-search]");
  if (!search?.value) return;
  search.value = "";
  narrow(palette);
};
document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig, successful } }) => {
  if (successful && requestConfig?.path === dialog?.dataset.address)
    forget(document.querySelector(".palette [data-palette]"));
});

document.addEventListener("input", (event) => {
  const palette = event.target.closest("[data-palette]");
  if (palette) narrow(palette);
});

document.addEventListener("keydown", (event) => {
  const palette = event.target.closest?.("[data-palette]");
  if (!palette) return;
  const searching = event.target.matches("[data-palette-search]");
  const offered = seen(palette);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape" && !dialog?.contains(palette)) {
    forget(palette);
    palette.querySelector("[data-palette-search]").focus();
  } else if (searching && event.key === "Enter") {
    event.preventDefault();
    offered[0]?.click();
  } else if (step) {
    event.preventDefault();
    const next = offered.indexOf(event.target) + step;
    (next < 0 ? palette.querySelector("[data-palette-search]") : offered[Math.min(next, offered.length - 1)])?.focus();
  } else if (
    !searching &&
    event.key.length === 1 &&
    event.key !== " " &&
    !event.ctrlKey &&
    !event.metaKey &&
    !event.altKey
  ) {
    palette.querySelector("[data-palette-search]").focus();
  }
});
