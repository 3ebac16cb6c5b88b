// The document as text to edit: line numbers, and problems with the lines that they are on.

const area = () => document.querySelector("[data-json-edit]");
const gutter = () => document.querySelector("[data-json-gutter]");
const shown = () => [...document.querySelectorAll("#document-problems [data-problem-at]")];
const height = () => parseFloat(getComputedStyle(area()).lineHeight);
let marks = new Map(); // line -> severity
let lines = 0; // of the text, when the problems were placed
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

const lineOf = (problem) => Number(problem.dataset.line) - 1;
const count = () => area().value.split("\n").length;

const place = () => {
  if (!area()) return;
  lines = count();
  marks = new Map();
  for (const problem of shown()) {
    const line = lineOf(problem);
    problem.querySelector("[data-line-number]").textContent = line + 1;
    if (marks.get(line) !== "blocking") marks.set(line, problem.dataset.severity);
  }
  draw();
};

// Until the next check comes, problems below the cursor move with the lines that are put in or taken out above them.
const shift = () => {
  const more = count() - lines;
  const cursor = area().value.slice(0, area().selectionStart).split("\n").length - 1;
  if (more)
    for (const problem of shown())
      if (lineOf(problem) > cursor - Math.max(more, 0)) problem.dataset.line = lineOf(problem) + 1 + more;
  place();
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
  area().addEventListener("input", shift);
  place();
  area().focus();
  area().setSelectionRange(0, 0);
  const line = Number(area().dataset.line) - 1; // of the open block
  if (line) goTo(line);
};

document.addEventListener("click", (event) => {
  const problem = event.target.closest("[data-problem-at]");
  if (problem) goTo(lineOf(problem), Number(problem.dataset.column || 1));
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
