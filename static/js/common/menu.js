// The menu of a step, path or other block: opened by its "…" button ([data-menu]), a right click or the menu key on
// whatever carries data-kind and data-key (and data-branch, the outcome, for a path). Loaded when it is opened.
// A shortcut asks for one command of it: a single entry is pressed at once, several are offered.
import { say } from "./note.js";
import { named } from "./typeahead.js";

const menu = document.querySelector("[data-step-menu]");
const items = () => [...menu.querySelectorAll("[role=menuitem]")];
const OWNERS = "[data-card], [data-branch]";
const LONGEST = 20_000;
let owner = null;
export const ownerOfMenu = () => owner;
let corner = null;
// One after the other: the entries of the next take the place of those that are carried out.
let asked = Promise.resolve();

export const ask = (item, command = "", at = null) => {
  if (menu.dataset.address) asked = asked.then(() => answer(item, command, at));
};

const answer = async (item, command, at) => {
  owner = item;
  corner = at;
  menu.replaceChildren();
  const { kind, key, branch } = item.dataset;
  const values = { kind, key, ...(branch === undefined ? {} : { outcome: branch }) };
  await htmx.ajax("GET", menu.dataset.address, { target: menu, swap: "innerHTML", values, source: menu });
  if (!menu.childElementCount) return undefined; // saving.js says that it failed
  return command ? carryOut(command) : show();
};

const place = () => {
  const box = corner ?? owner.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const left = corner ? box.x : Math.min(box.right - width, box.left + 320);
  const below = (corner ? box.y : box.bottom) + 2;
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(below, innerHeight - height - 8))}px`;
};

const show = (first) => {
  if (!menu.matches(":popover-open")) menu.showPopover();
  place();
  (first ?? items()[0])?.focus();
};

// Resolved when what the entry asks of the server is done.
const press = (item) =>
  new Promise((resolve) => {
    item.addEventListener("htmx:afterRequest", resolve, { once: true });
    setTimeout(resolve, item.hasAttribute("hx-post") ? LONGEST : 0);
    item.click();
  });

const carryOut = (command) => {
  const named = items().filter((item) => item.dataset.command === command);
  const usable = named.filter((item) => !item.dataset.why);
  if (usable.length === 1) return press(usable[0]);
  if (usable.length) return show(usable[0]);
  say(named[0]?.dataset.why ?? menu.dataset.notHere);
  return undefined;
};

// another page of it, which one of its entries asked for
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target === menu && detail.requestConfig?.elt !== menu) show();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-menu]");
  if (button) ask(button.closest(OWNERS) ?? button);
});

// on the way down: the focus is back on the item before anything opens a dialog or puts it elsewhere
menu.addEventListener(
  "click",
  (event) => {
    const item = event.target.closest("[role=menuitem]");
    if (item?.dataset.why) say(item.dataset.why);
    else if (item && item.getAttribute("hx-target") !== "#step-menu") menu.hidePopover();
  },
  true,
);

document.addEventListener("contextmenu", (event) => {
  const item = event.target.closest(OWNERS);
  if (!item || !menu.dataset.address || event.target.closest("input, textarea")) return;
  event.preventDefault();
  const byMouse = event.button === 2;
  ask(item, "", byMouse ? { x: event.clientX, y: event.clientY } : null);
});

menu.addEventListener("keydown", (event) => {
  const all = items();
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
  const match = named(event, all, document.activeElement, (item) => item.textContent);
  if (event.key === "Tab") menu.hidePopover();
  if (to === undefined && match === null) return;
  event.preventDefault();
  (match ?? all[to % all.length])?.focus();
});

// the popover gives the focus back by itself only to what had it when it was opened
menu.addEventListener("toggle", (event) => {
  if (event.newState !== "closed") return;
  const lost = document.activeElement === document.body || menu.contains(document.activeElement);
  if (lost && owner?.isConnected) owner.focus();
});
