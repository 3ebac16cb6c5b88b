// The drawer of problems: filters, folding and height, which are remembered; Accept asks for its reason in place; and
// what the reader is looking at stays where it is when the drawer is brought up to date (morph.js).
const drawer = () => document.querySelector("[data-problems]");
const list = () => document.getElementById("problems-list");
const panel = () => document.querySelector("[data-panel]").dataset;
const rows = () => [...drawer().querySelectorAll("[data-severity]")];
const LEAST = 10,
  MOST = 70; // % of the window's height

const remembered = (name) => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
};
const remember = (name, value) => {
  try {
    localStorage.setItem(name, value);
  } catch {
    /* lasts for this page */
  }
};

let filter = "";
let onlyOpen = false;
let height = Number(remembered("problems-height"));
let folded = remembered("problems-folded") === "yes";

const show = () => {
  const severities = [...drawer().querySelectorAll("[data-filter]")];
  if (!severities.some((button) => button.dataset.filter === filter)) filter = "";
  for (const button of severities) button.setAttribute("aria-pressed", String(button.dataset.filter === filter));
  drawer().querySelector("[data-only-open]")?.setAttribute("aria-pressed", String(onlyOpen));
  for (const row of rows()) row.hidden = filter !== "" && row.dataset.severity !== filter;
  for (const group of drawer().querySelectorAll("[data-problem-group]")) {
    const { kind, key } = group.dataset;
    const elsewhere = onlyOpen && (kind !== panel().kind || key !== (kind === "journey" ? "" : panel().key));
    group.hidden = elsewhere || !group.querySelector("[data-severity]:not([hidden])");
  }
  const none = document.getElementById("problems-none");
  none.hidden = !rows().length || Boolean(drawer().querySelector("[data-problem-group]:not([hidden])"));
  drawer().toggleAttribute("data-folded", folded);
  drawer().querySelector("[data-key=problems]").setAttribute("aria-expanded", String(!folded));
  const grip = drawer().querySelector("[data-grip]");
  if (height) drawer().style.height = `${height}vh`;
  grip.setAttribute("aria-valuenow", String(Math.round(height || 26)));
};

const setHeight = (percent) => {
  height = Math.max(LEAST, Math.min(MOST, percent));
  remember("problems-height", height);
  show();
};

const askReason = (button) => {
  const row = button.closest("[data-severity]");
  const known = row.querySelector(".accept-form");
  button.setAttribute("aria-expanded", String(!known));
  if (known) return known.remove();
  const form = document.getElementById("accept-form").content.firstElementChild.cloneNode(true);
  form.id = `${row.id}-accept`;
  form.setAttribute("hx-vals", button.dataset.accept);
  row.append(form);
  htmx.process(form);
  form.querySelector("input").focus();
};

const next = (offset) => {
  const shown = rows().filter((row) => !row.hidden && !row.closest("[data-problem-group]").hidden);
  if (!shown.length) return;
  const at = shown.findIndex((row) => row.hasAttribute("data-here"));
  const row = shown[at < 0 ? (offset > 0 ? 0 : shown.length - 1) : (at + offset + shown.length) % shown.length];
  row.scrollIntoView({ block: "nearest" });
  row.querySelector("[data-go], a")?.click();
};

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-problems] button");
  if (!button) return;
  const { dataset } = button;
  if ("filter" in dataset) filter = dataset.filter;
  else if ("onlyOpen" in dataset) onlyOpen = !onlyOpen;
  else if (dataset.key === "problems") {
    folded = !folded;
    remember("problems-folded", folded ? "yes" : "no");
  } else if ("accept" in dataset) return askReason(button);
  else if ("go" in dataset) {
    for (const row of rows()) row.toggleAttribute("data-here", row.contains(button));
    return;
  } else return;
  show();
});

document.addEventListener("shortcut", (event) => {
  const offset = { "next-problem": 1, "last-problem": -1 }[event.detail.name];
  if (!offset) return;
  event.preventDefault();
  next(offset);
});

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip) return;
  event.preventDefault();
  grip.setPointerCapture(event.pointerId);
  const bottom = drawer().getBoundingClientRect().bottom;
  const drag = (move) => setHeight(((bottom - move.clientY) / innerHeight) * 100);
  grip.addEventListener("pointermove", drag);
  grip.addEventListener("lostpointercapture", () => grip.removeEventListener("pointermove", drag), { once: true });
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches("[data-grip]")) return;
  const now = height || 26;
  const to = { ArrowUp: now + 4, ArrowDown: now - 4, Home: LEAST, End: MOST }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  setHeight(to);
});

document.addEventListener("htmx:configRequest", (event) => {
  const { problemsFrom } = drawer().dataset;
  if (problemsFrom) event.detail.parameters.problems_from ??= problemsFrom;
});

// The row that the reader looks at: the one with the focus, else the uppermost that is seen; the drawer stays put
// around it.
let anchor = null;
document.addEventListener("morph:before", (event) => {
  if (!event.target.matches("[data-problems]")) return;
  const top = list().getBoundingClientRect().top;
  const row =
    document.activeElement.closest?.("[data-problems] [data-severity]") ??
    rows().find((one) => one.offsetParent && one.getBoundingClientRect().bottom > top);
  anchor = row && {
    row,
    at: row.getBoundingClientRect().top,
    beside: rows()[rows().indexOf(row) + 1],
    inside: row.contains(document.activeElement),
  };
  // an open form for a reason is the reader's, and stays with its problem
  for (const form of drawer().querySelectorAll("form.accept-form")) {
    const successor = event.detail.fresh.querySelector(`[id="${form.parentElement.id}"]`);
    successor?.append(form.cloneNode(true));
  }
});
document.addEventListener("morph:after", (event) => {
  if (!event.target.matches("[data-problems]")) return;
  show();
  const row = [anchor?.row, anchor?.beside].find((one) => one?.isConnected && !one.hidden);
  if (row) list().scrollTop += row.getBoundingClientRect().top - anchor.at;
  if (anchor?.inside && document.activeElement === document.body)
    (row?.querySelector("button") ?? list()).focus({ preventScroll: true });
  anchor = null;
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "panel" && onlyOpen) show();
});

show();
