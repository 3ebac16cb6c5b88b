// Keyboard shortcuts, as the sheet under "?" lists them. Each is heard as a `shortcut` event on the item that has the
// focus, or on the body; what nobody takes presses the element with data-key, or asks the item's menu.
import { ask } from "./menu.js";
import { isLeftToField, turn } from "./turning.js";
import { isTypingAhead } from "./typeahead.js";

const sheet = document.querySelector("[data-shortcuts]");
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const BROWSERS_OWN = new Set(["copy", "cut", "paste"]); // it sends events for these, which clipboard.js takes
const bound = new Map();
for (const [keys, [name, where]] of Object.entries(JSON.parse(sheet.dataset.shortcuts)))
  if (!BROWSERS_OWN.has(name)) bound.set(keys, { name, where });

let isSingleOn = true;
export const singleKeys = () => isSingleOn;
try {
  isSingleOn = localStorage.getItem("single-keys") !== "off";
} catch {
  /* private window */
}
sheet.addEventListener("change", ({ target }) => {
  isSingleOn = target.checked; // the sheet has this box alone
  try {
    localStorage.setItem("single-keys", isSingleOn ? "on" : "off");
  } catch {
    /* for this page only */
  }
});

const showSheet = () => {
  sheet.querySelector("[data-single-keys]").checked = isSingleOn;
  if (!sheet.open) sheet.showModal();
};
// It is fetched once; where that fails, undone.js says why and tries again.
const openSheet = () => {
  if (sheet.childElementCount) return showSheet();
  const into = { source: sheet, target: sheet, swap: "innerHTML" };
  return htmx.ajax("GET", sheet.dataset.address, into).catch(() => null);
};
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target === sheet) showSheet();
});

const keysOf = (event) => {
  const digit = event.altKey && /^Digit(\d)$/.exec(event.code)?.[1];
  const held = [(isMac ? event.metaKey : event.ctrlKey) && "Mod", event.altKey && "Alt"].filter(Boolean);
  const sign = event.key.length === 1;
  if (event.shiftKey && (!sign || held.length || /[a-z]/i.test(event.key))) held.push("Shift");
  const key = digit || (sign ? (held.includes("Mod") ? event.key.toLowerCase() : event.key.toUpperCase()) : event.key);
  return [...held, key].join("+");
};

const isTyping = (target) =>
  target.isContentEditable ||
  target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button])");
const TURNS = ["undo", "redo"];

const COMMANDS = {
  undo: () => turn("undo"),
  redo: () => turn("redo"),
  shortcuts: openSheet,
  save: () => {
    const field = document.activeElement;
    field.blur(); // what is left is saved
    field.focus();
  },
  "find-block": () => document.querySelector(".palette [data-palette-search]")?.focus(),
};

export const run = (name, item = null) => {
  const event = new CustomEvent("shortcut", { bubbles: true, cancelable: true, detail: { name } });
  if (!(item ?? document.body).dispatchEvent(event)) return;
  if (COMMANDS[name]) COMMANDS[name]();
  else if (item) ask(item, name);
  else document.querySelector(`[data-key=${name}]`)?.click();
};

document.addEventListener(
  "keydown",
  (event) => {
    const keys = keysOf(event);
    const shortcut = bound.get(keys);
    const { target } = event;
    if (!shortcut || event.isComposing || document.querySelector("dialog:modal") || target.closest("[data-step-menu]"))
      return;
    if (keys.length === 1 && (isTyping(target) || !isSingleOn || isTypingAhead())) return;
    if (TURNS.includes(shortcut.name) && isLeftToField(target, shortcut.name)) return;
    const item = target.matches("[data-card], [data-branch]") ? target : null;
    if (shortcut.where === "step" && !item) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    run(shortcut.name, shortcut.where === "step" ? item : null);
  },
  true,
);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-key=shortcuts]")) openSheet();
  if (event.target.closest("[data-close-sheet]") || event.target === sheet) sheet.close();
});
