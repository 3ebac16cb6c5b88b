// The document as text to edit: line numbers, and problems with the lines that they are on.
import { blockOf, nodeAt, scan } from "./text.js";

const area = () => document.querySelector("[data-json-edit]");
const gutter = () => document.querySelector("[data-json-gutter]");
const shown = () => [...document.querySelectorAll("#document-problems [data-problem-at]")];
const height = () => parseFloat(getComputedStyle(area()).lineHeight);
let marks = new Map(); // line -> severity
let applied = null; // the text that Apply sent last

const draw = () => {
  if (!area()) return;
  const tall = height();
  const first = Math.max(0, Math.floor(area().scrollTop / tall));
  const count = Math.min(area().value.split("\n").length - first, Math.ceil(area().clientHeight / tall) + 1);
  const numbers = Array.from({ length: count }, (_, at) => {
    const number = document.createElement("div");
    number.textContent = first + at + 1;
    if (marks.has(first + at)) number.dataset.severity = marks.get(first + at);
    return number;
  });
  gutter().replaceChildren(...numbers);
  gutter().style.transform = `translateY(${first * tall - area().scrollTop}px)`;
};

const lineOf = (problem, root) => {
  const { line, kind, key, field, path } = problem.dataset;
  if (line) return Number(line) - 1;
  if (path) return nodeAt(root, path).line;
  const block = blockOf(root, kind, key);
  return block ? nodeAt(block, field).line : 0;
};

// Problems get their lines from the text as it stands, so they stay right while it is edited.
const place = () => {
  if (!area()) return;
  const root = shown().length ? scan(area().value) : null;
  marks = new Map();
  for (const problem of shown()) {
    const line = lineOf(problem, root);
    problem.dataset.at = line;
    problem.querySelector("[data-line-number]").textContent = line + 1;
    if (marks.get(line) !== "blocking") marks.set(line, problem.dataset.severity);
  }
  draw();
};

const goTo = (line, column = 1) => {
  const text = area().value;
  let start = 0;
  for (let number = 0; number < line; number += 1) start = text.indexOf("\n", start) + 1;
  const end = text.indexOf("\n", start);
  area().focus();
  area().setSelectionRange(start + column - 1, end < 0 ? text.length : end);
  area().scrollTop = Math.max(0, line * height() - area().clientHeight / 3);
  draw();
};

const start = () => {
  if (!area() || "started" in area().dataset) return place();
  area().dataset.started = "";
  area().addEventListener("scroll", draw, { passive: true });
  area().addEventListener("input", draw);
  const { kind, key } = document.querySelector("[data-panel]").dataset;
  const block = kind === "journey" ? null : blockOf(scan(area().value), kind, key);
  place();
  area().focus();
  area().setSelectionRange(0, 0);
  if (block) goTo(block.line);
};

document.addEventListener("click", (event) => {
  const problem = event.target.closest("[data-problem-at]");
  if (problem) goTo(Number(problem.dataset.at), Number(problem.dataset.column || 1));
});
// Why Apply was refused stands where problems stand: a check of the very same text, begun before or just after, must
// not take it away.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!area()) return;
  if (event.target.id === "document-edit") {
    applied = area().value;
    htmx.trigger(area(), "htmx:abort");
  } else if (event.target === area()) {
    if (area().value === applied) event.preventDefault();
    else applied = null;
  }
});
document.addEventListener("htmx:afterSettle", start);
addEventListener("resize", draw);
