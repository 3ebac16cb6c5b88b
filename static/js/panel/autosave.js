// Saves the open form as it is typed: after a short pause and on leaving a field, one request at a time, the newest
// values last. What is not saved yet is kept (outbox.js) and sent again until the server has taken or refused it.
import { carry, differing, entriesOf, fillIn, isCondition, servedIn, textOf, valuesOf } from "./form_values.js";
import { allKept, forget, keep, kept, page } from "./outbox.js";
import { asSent } from "../common/guard.js";
import { reason, say } from "../common/saving.js";

const PAUSE = 600;
const LONGEST_WAIT = 30_000;
let open = null; // the form in the panel; see `adopt`
let visits = 0;
let timer = 0;
let wait = 1000;

const panel = () => document.querySelector("[data-panel]");
const side = () => document.querySelector("[data-side]");
const placeOf = () => ({ kind: panel().dataset.kind, key: panel().dataset.key });
const basedOn = () => document.querySelector("#based-on").value;
const unsent = () => (open ? differing(open.form, valuesOf(open.form), open.stored) : new Map());
const isChoosing = () => Boolean(open?.form.querySelector("[data-picks][data-looking]"));

const later = (delay) => {
  clearTimeout(timer);
  timer = setTimeout(send, delay);
};

const remember = (refused = false) => {
  const values = new Map([...open.extra, ...unsent()]);
  if (values.size) keep({ ...open.place, base: open.base ?? basedOn(), page, values: entriesOf(values), refused });
  else forget(open.place);
  return values.size > 0;
};

const typed = (delay) => {
  if (remember()) {
    if (textOf(valuesOf(open.form)) !== open.tried) say("saving");
    later(delay);
  } else if (!open.inFlight) {
    clearTimeout(timer);
    say("saved");
  }
};

const send = () => {
  if (!open || open.inFlight || !document.contains(open.form)) return;
  if (isChoosing()) return later(PAUSE);
  if (!open.extra.size && (!unsent().size || textOf(valuesOf(open.form)) === open.tried)) return;
  if (!navigator.onLine) return say("offline");
  say("saving");
  open.inFlight = true;
  htmx.trigger(open.form, "autosave");
};

export const isUnsent = () => Boolean(open && (open.inFlight || unsent().size || open.extra.size));
export const sendNow = () => {
  if (open && !open.inFlight) typed(0);
};

// `told`: seconds after which the server wants to be asked again, if it said so
const tryAgain = (told) => {
  later(Math.max(wait, told * 1000 || 0));
  wait = Math.min(wait * 2, LONGEST_WAIT);
};

const wrongNames = () =>
  new Set([...document.querySelectorAll("#form-answer [data-error-for]")].map((one) => one.dataset.errorFor));

// Inputs that moved with others; not those in which something was typed meanwhile.
const follow = () => {
  for (const { dataset, textContent } of document.querySelectorAll("#form-answer [data-now-for]")) {
    const name = dataset.nowFor;
    const control = [...open.form.elements].find((one) => one.name === name && one.type !== "hidden");
    if (
      !control ||
      control === document.activeElement ||
      differing(open.form, valuesOf(open.form), open.stored).has(name)
    )
      continue;
    fillIn(open.form, new Map([[name, [textContent]]]));
    const followed = valuesOf(open.form).get(name);
    open.stored.set(name, followed);
    open.sent.set(name, followed); // else it would look like something typed since
  }
};

// Inputs that the server drew again inside the form: what stands in them was not typed.
const takeAnew = (part) => {
  for (const [name, list] of servedIn(open.form)) {
    if (!part.querySelector(`[name="${CSS.escape(name)}"]`)) continue;
    open.stored.set(name, list);
    open.sent.set(name, list);
  }
};

// The server has seen `sent`; all of it is stored but what it says is wrong.
const taken = () => {
  const wrong = wrongNames();
  const refusedWhole = wrong.has("");
  for (const name of new Set([...open.sent.keys(), ...open.stored.keys()])) {
    if (refusedWhole || wrong.has(name) || (wrong.size && isCondition(open.form, name))) continue;
    if (open.sent.has(name)) open.stored.set(name, open.sent.get(name));
    else open.stored.delete(name);
  }
  const isNewer = textOf(valuesOf(open.form)) !== textOf(open.sent);
  follow();
  open.tried = textOf(isNewer ? open.sent : valuesOf(open.form));
  const wasExtra = open.extra.size > 0;
  Object.assign(open, { base: null, extra: new Map() });
  wait = 1000;
  remember(wrong.size > 0);
  if (isNewer) return typed(PAUSE);
  say(wrong.size ? "refused" : "saved");
  if (wasExtra && !wrong.size) reload();
};

const reload = () => {
  const { kind, key } = open.place;
  const query = new URLSearchParams({ kind, key, based_on: "0", view: document.querySelector("#view").value });
  htmx.ajax("GET", `${side().dataset.panelUrl}?${query}`, { target: "#panel", swap: "outerHTML" });
};

// Another block's change that its form could not send any more.
const delivering = new Set();
const deliver = async (change) => {
  const name = `${change.kind}:${change.key}`;
  if (delivering.has(name) || !navigator.onLine) return;
  delivering.add(name);
  const { kind, key, base: based_on, page } = change;
  const place = kind === "journey" ? { kind } : { kind, key }; // a journey's form has a field called key
  const body = new URLSearchParams([...change.values, ...Object.entries({ ...place, based_on, page })]);
  const headers = { "HX-Request": "true", ...asSent(side().dataset.saveUrl) };
  const answer = await fetch(side().dataset.saveUrl, { method: "POST", headers, body }).catch(() => null);
  delivering.delete(name);
  if (answer?.ok) {
    forget(change);
    if (open && !open.inFlight) reload();
  } else if (!answer || [401, 408, 429].includes(answer.status) || answer.status >= 500)
    setTimeout(deliverOthers, LONGEST_WAIT);
  else keep({ ...change, refused: true }); // told when its block is opened again
};

const isElsewhere = ({ kind, key }) => kind !== panel().dataset.kind || key !== panel().dataset.key;
const elsewhere = () => allKept().filter(isElsewhere);
const deliverOthers = () =>
  elsewhere()
    .filter((change) => !change.refused)
    .forEach(deliver);
const hasCard = ({ kind, key }) =>
  [...document.querySelectorAll("[data-card]")].some(({ dataset }) => dataset.kind === kind && dataset.key === key);

// What was newer in the form that was replaced goes into the one that replaced it, with cursor and open folds.
let focused = "";
const carryOver = (before) => {
  const known = new Map([...before.stored, ...before.sent]);
  for (const name of wrongNames()) known.delete(name);
  const folds = [...before.form.querySelectorAll("details")];
  [...open.form.querySelectorAll("details")].forEach((fold, at) => {
    fold.open ||= Boolean(folds[at]?.open);
  });
  const left = carry(before.form, open.form, differing(before.form, valuesOf(before.form), known), known);
  if (left.size) Object.assign(open, { base: basedOn(), extra: left });
  if (panel().dataset.goto) return; // somebody asked for a field, which open_block.js leads to
  const [was, now] = [before, open].map(({ form }) => [...form.elements].find((one) => one.id && one.id === focused));
  now?.focus({ preventScroll: true });
  if (was && now?.setSelectionRange && was.selectionStart !== null)
    now.setSelectionRange(was.selectionStart, was.selectionEnd);
};

const bringBack = (change) => {
  const newer = unsent();
  const values = new Map();
  for (const [name, value] of change.values)
    if (!newer.has(name)) values.set(name, [...(values.get(name) ?? []), value]);
  open.base = change.base;
  open.extra = fillIn(open.form, values);
};

// Takes over the form that is in the panel now.
const adopt = () => {
  const form = document.querySelector("[data-block-form]");
  if (form === (open?.form ?? null)) return;
  const before = open;
  clearTimeout(timer);
  open = form && {
    form,
    place: placeOf(),
    stored: servedIn(form),
    tried: "",
    sent: new Map(),
    base: null,
    extra: new Map(),
    inFlight: false,
  };
  if (open && before?.place.kind === open.place.kind && before.place.key === open.place.key) carryOver(before);
  else {
    document.querySelector("#form-answer")?.replaceChildren();
    const change = open && kept(open.place);
    if (change) bringBack(change);
    else if (open) say("saved"); // what was said is about a form that is no longer there
  }
  if (open && remember()) later(0);
  deliverOthers();
};

const isOwn = (event) => open && event.detail.requestConfig?.elt === open.form;

document.addEventListener("focusin", ({ target }) => {
  if (open?.form.contains(target)) visits += 1;
});
document.addEventListener("input", ({ target }) => {
  if (open?.form.contains(target) && target.name) typed(PAUSE);
});
document.addEventListener("change", ({ target }) => {
  if (open && (open.form === target || (open.form.contains(target) && target.name))) typed(0);
});
document.addEventListener("submit", (event) => {
  if (event.target !== open?.form) return;
  event.preventDefault();
  typed(0);
});

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt !== open?.form) return;
  const { parameters } = event.detail;
  open.sent = valuesOf(open.form);
  // only what was changed: other inputs may show what is older than the draft
  const changed = differing(open.form, open.sent, open.stored);
  for (const name of open.sent.keys()) if (!changed.has(name)) delete parameters[name];
  if (open.base !== null) {
    for (const [name, list] of open.extra) parameters[name] = list;
    parameters.based_on = open.base; // against the revision that it was changed in
  }
  parameters.page = page;
  parameters.run = `${page}-${visits}`;
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (isOwn(event)) say("saving");
});
document.addEventListener("htmx:beforeSwap", () => {
  focused = open?.form.contains(document.activeElement) ? document.activeElement.id : "";
});
// what the form is told comes last, and before a form that replaces it
document.addEventListener("htmx:oobAfterSwap", ({ detail }) => {
  if (!open?.inFlight) return;
  const part = document.getElementById(detail.target.id);
  if (part && open.form.contains(part)) takeAnew(part);
  if (part?.id !== "form-answer") return;
  open.inFlight = false;
  taken();
});
// two people changed the block, and this one goes on typing: both versions are shown with the newest of this one
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isOwn(event) || event.detail.xhr.status !== 409) return;
  open.inFlight = false;
  say("refused");
  const change = kept(open.place);
  if (change) keep({ ...change, refused: true });
  event.detail.shouldSwap = textOf(valuesOf(open.form)) === textOf(open.sent);
  if (!event.detail.shouldSwap) later(0);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!isOwn(event) || !open.inFlight) return;
  open.inFlight = false;
  const { status } = event.detail.xhr;
  say(reason(status));
  if ([0, 401, 408, 429].includes(status) || status >= 500)
    tryAgain(Number(event.detail.xhr.getResponseHeader("Retry-After")));
});
// whoever decides between two versions has decided about what is kept
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.status === 200 && event.detail.requestConfig.elt.closest("[data-settles]")) forget(placeOf());
});
document.addEventListener("htmx:afterSettle", adopt);
document.addEventListener("htmx:oobAfterSwap", adopt);

addEventListener("online", () => {
  wait = 1000;
  send();
  deliverOthers();
});
addEventListener("offline", () => {
  if (open && unsent().size) say("offline");
});
addEventListener("focus", () => {
  if (open && unsent().size) later(0);
});
addEventListener("beforeunload", (event) => {
  if (unsent().size || open?.extra.size || elsewhere().some(hasCard)) event.preventDefault();
});

addEventListener("DOMContentLoaded", adopt); // htmx hears nothing before
