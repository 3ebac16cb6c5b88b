// Cut, copy, paste, duplicate and remove: the marked steps, else the one with the focus, else the open one. Copied
// steps are text on the clipboard, so they can be pasted into any journey; where the browser gives no access to the
// clipboard, they are kept for this site's other pages.
import { selectedKeys, selectKeys } from "./multi_select.js";
import { asSent, ours } from "./guard.js";
import { say, texts } from "./note.js";

const KEPT = "journey-steps";
const composer = document.querySelector("[data-steps-url]");

const stepOf = (item) => item?.closest?.("[data-card][data-kind=activity]")?.dataset.key;
const open = () => {
  const { kind, key } = document.querySelector("[data-panel]").dataset;
  return kind === "activity" ? key : undefined;
};
const chosen = (item) => {
  if (selectedKeys().length) return selectedKeys();
  return [stepOf(item) ?? open()].filter((key) => key !== undefined);
};

const post = (name, values) =>
  htmx.ajax("POST", `${composer.dataset.stepsUrl}${name}/`, {
    headers: ours(),
    source: composer,
    target: "#panel",
    swap: "outerHTML",
    values,
  });

const store = (text) => {
  try {
    if (text) localStorage.setItem(KEPT, text);
    else localStorage.removeItem(KEPT);
  } catch {
    /* private window: the clipboard alone */
  }
};
const keep = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    store("");
  } catch {
    store(text);
  }
};

const copy = async (keys, said) => {
  if (!keys.length) return say(texts().noneText);
  const body = new FormData();
  for (const key of keys) body.append("keys", key);
  body.append("based_on", document.querySelector("#based-on").value);
  const address = `${composer.dataset.stepsUrl}copy/`;
  try {
    const answer = await fetch(address, { method: "POST", body, headers: asSent(address) });
    if (answer.status === 429) return say(await answer.text());
    if (!answer.ok && answer.status !== 422) throw new Error(answer.status);
    const text = await answer.text(); // kept as it is: numbers would not survive being read here
    const copied = JSON.parse(text);
    if (copied.error) return say(copied.error);
    await keep(text);
    say(said.replace("{n}", copied.steps.length));
    return true;
  } catch {
    say(texts().failedText);
  }
};

const cut = async (keys) => {
  if (await copy(keys, texts().cutText)) post("remove", { keys, heal: "1" });
};

const remove = (keys) => (keys.length ? post("remove", { keys }) : say(texts().noneText));
const duplicate = (keys) => (keys.length ? post("duplicate", { keys }) : say(texts().noneText));

// A + itself, or a row of the List that stands for an end.
const gapOf = (item) => {
  const gap = item?.closest?.("[data-gap]");
  if (gap || stepOf(item) !== undefined) return gap;
  return item?.closest?.("[role=treeitem]")?.querySelector("[data-gap]");
};

// Where an entry pastes: into the gap that it names, else behind its step.
const placeOf = (step, after, outcome) => (after === undefined ? { kind: "activity", key: step } : { after, outcome });

const keptText = () => {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; /* private window */
  }
};

const insert = (text, place) => (text ? post("paste", { text, ...place }) : say(texts().emptyText));

// Into the gap with the focus, else behind the step with the focus, the last marked one or the open one.
const paste = (item, clipboard) => {
  const gap = gapOf(item);
  const step = stepOf(item) ?? selectedKeys().at(-1);
  const behind = step === undefined ? {} : { kind: "activity", key: step };
  insert(keptText() || clipboard, gap ? { after: gap.dataset.after, outcome: gap.dataset.outcome } : behind);
};

// By an entry of a menu: unlike the keys, this asks for the browser's permission.
const pasteAt = async (place) => {
  try {
    insert(keptText() || (await navigator.clipboard.readText()), place);
  } catch {
    say(texts().deniedText);
  }
};

const DEEDS = {
  copy: (item) => copy(chosen(item), texts().copiedText),
  cut: (item) => cut(chosen(item)),
  duplicate: (item) => duplicate(chosen(item)),
};

const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]");
const isBusy = (target) => isTyping(target) || document.querySelector("dialog:modal") || !getSelection().isCollapsed;

if (composer) {
  document.addEventListener("shortcut", (event) => {
    const { name } = event.detail;
    const deed = name === "remove" && selectedKeys().length > 1 ? () => remove(selectedKeys()) : DEEDS[name];
    if (!deed || event.defaultPrevented) return;
    event.preventDefault();
    deed(event.target);
  });

  // The browser's own events need no permission. What is selected as text is copied as text.
  for (const name of ["copy", "cut"]) {
    document.addEventListener(name, (event) => {
      if (isBusy(event.target) || !chosen(document.activeElement).length) return;
      event.preventDefault();
      DEEDS[name](document.activeElement);
    });
  }
  document.addEventListener("paste", (event) => {
    if (isTyping(event.target) || document.querySelector("dialog:modal")) return;
    event.preventDefault();
    paste(document.activeElement, event.clipboardData.getData("text/plain"));
  });

  // Before the keys of a single step.
  document.addEventListener(
    "keydown",
    (event) => {
      const { target } = event;
      if (isTyping(target) || target.closest("[data-step-menu]") || document.querySelector("dialog:modal")) return;
      const isDuplicate = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "d";
      const isRemoval = event.key === "Delete" && selectedKeys().length > 1;
      if (!isDuplicate && !isRemoval) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (isDuplicate) DEEDS.duplicate(target);
      else remove(selectedKeys());
    },
    true,
  );

  document.addEventListener("click", (event) => {
    const item = event.target.closest("[data-clipboard]");
    if (!item) return;
    const { step, clipboard, after, outcome } = item.dataset;
    if (clipboard === "paste") return pasteAt(placeOf(step, after, outcome));
    const keys = selectedKeys().includes(step) ? selectedKeys() : [step];
    if (clipboard === "cut") cut(keys);
    else copy(keys, texts().copiedText);
  });

  document.addEventListener("steps:placed", (event) =>
    selectKeys(event.detail.keys.length > 1 ? event.detail.keys : []),
  );
}
