// The document as coloured lines. Only the lines that are seen are in the page, so that a megabyte stays quick.
// The open block is marked, the field with the cursor lights its place, and a click on a line opens its block.
import { searches } from "../common/finding.js";
import { fill } from "../common/hidden.js";
import { blockAt, blockOf, rangeOf, readAddresses } from "./addresses.js";

const TOKEN = /("(?:[^"\\]|\\.)*"?)(\s*:)?|-?\d[\d.eE+-]*|\b(?:true|false|null)\b/g;
const MARGIN = 20; // lines above and below
const view = () => document.querySelector("[data-json-view]");
let lines = [];
let block = null; // the open block: {kind, key, first, last}
let highlighted = null; // the lines of the field with the cursor
let hit = -1; // the line that the search has come to
let pressed = null; // the line under the pointer

const height = () => parseFloat(getComputedStyle(view()).lineHeight);

const coloured = (line) => {
  const parts = [];
  let at = 0;
  for (const match of line.matchAll(TOKEN)) {
    parts.push(line.slice(at, match.index));
    const part = document.createElement("span");
    part.className = match[2] ? "json-name" : match[1] ? "json-text" : "json-value";
    fill(part, match[1] ?? match[0]);
    parts.push(part, match[2] ?? "");
    at = match.index + match[0].length;
  }
  parts.push(line.slice(at));
  return parts;
};

const within = (range, number) => range && range.first <= number && number <= range.last;

const row = (number) => {
  const line = document.createElement("div");
  line.className = "json-line";
  line.dataset.number = number + 1;
  line.toggleAttribute("data-of-block", Boolean(within(block, number)));
  line.toggleAttribute("data-highlighted", Boolean(within(highlighted, number)));
  line.toggleAttribute("data-hit", number === hit);
  line.append(...coloured(lines[number]));
  return line;
};

let drawn = [0, 0]; // the first line in the page, and the one after the last
const seen = () => {
  const box = view();
  return [
    Math.floor(box.scrollTop / height()),
    Math.min(lines.length, Math.ceil((box.scrollTop + box.clientHeight) / height())),
  ];
};

const draw = () => {
  const box = view();
  if (!box) return;
  const tall = height();
  const [from, to] = seen();
  const [first, last] = [Math.max(0, from - MARGIN), Math.min(lines.length, to + MARGIN)];
  drawn = [first, last];
  const body = box.firstElementChild;
  body.style.paddingTop = `${first * tall}px`;
  body.style.paddingBottom = `${(lines.length - last) * tall}px`;
  body.replaceChildren(...Array.from({ length: Math.max(0, last - first) }, (_, at) => row(first + at)));
};

const scrolled = () => {
  const [from, to] = seen();
  if (from < drawn[0] || to > drawn[1]) draw();
};

const show = (range, always) => {
  const box = view();
  const top = range.first * height();
  const isSeen = top >= box.scrollTop && top + height() <= box.scrollTop + box.clientHeight;
  if (always || !isSeen) box.scrollTop = Math.max(0, top - box.clientHeight / 4);
};

const follow = () => {
  if (!view()) return;
  const { kind, key } = document.querySelector("[data-panel]").dataset;
  const was = block?.key;
  block = blockOf(kind, key);
  if (block && block.key !== was) show(block, true);
  if (block?.key !== was) draw();
  light();
};

const light = () => {
  if (!view()) return;
  const place = document.activeElement?.closest("[data-panel] [data-place]")?.dataset.place;
  const was = highlighted;
  highlighted = place ? rangeOf(block, place) : null;
  if (highlighted?.first === was?.first && highlighted?.last === was?.last) return; // lines that are being clicked stay
  if (highlighted) show(highlighted, false);
  draw();
};

const read = () => {
  if (!view()) return;
  const source = document.getElementById("document-source").value.replace(/\n$/, "");
  lines = source.split("\n");
  readAddresses();
  block = null;
  const at = view().scrollTop;
  const { kind, key } = document.querySelector("[data-panel]").dataset;
  block = blockOf(kind, key);
  draw();
  light();
  view().scrollTop = at;
};

export const start = () => {
  if (!view() || "started" in view().dataset) return;
  view().dataset.started = "";
  view().addEventListener("scroll", scrolled, { passive: true });
  read();
  if (block) show(block, true);
  draw();
};

// the block without the indentation that it has in the document
const blockText = () => {
  const own = lines.slice(block.first, block.last + 1);
  const indent = own[0].length - own[0].trimStart().length;
  return own
    .map((line) => line.slice(indent))
    .join("\n")
    .replace(/,$/, "");
};
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest("[data-copy-block]");
    if (button) button.dataset.copy = block ? blockText() : lines.join("\n");
  },
  true,
);

// no click: leaving a field lights its place no more, so the line is another element when the button is let go
document.addEventListener(
  "pointerdown",
  (event) => {
    const line = event.button === 0 && event.target.closest(".json-line");
    pressed = line ? Number(line.dataset.number) - 1 : null;
  },
  true,
);
document.addEventListener(
  "pointerup",
  (event) => {
    if (pressed === null || !event.target.closest("[data-json-view]") || !getSelection().isCollapsed) return;
    const pressedBlock = blockAt(pressed);
    if (!pressedBlock) return;
    const { kind, key } = pressedBlock;
    const { panelUrl } = document.querySelector("[data-side]").dataset;
    htmx.ajax("GET", panelUrl, { source: view(), target: "#panel", swap: "outerHTML", values: { kind, key } });
  },
  true,
);

searches({
  here: view,
  find: async (text) =>
    lines.flatMap((line, number) => (line.toLowerCase().includes(text.toLowerCase()) ? [number] : [])),
  mark(number) {
    hit = number;
    show({ first: number, last: number }, false);
    draw();
  },
  clear() {
    hit = -1;
    draw();
  },
  leave: () => view()?.focus({ preventScroll: true }),
});

document.addEventListener("focusin", light);
document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target?.id === "document-source") read();
});
document.addEventListener("htmx:afterSettle", () => {
  start();
  follow();
});
addEventListener("resize", draw);
start();
