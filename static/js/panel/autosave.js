// When the open form is saved: after a short pause in typing and on leaving a field, one request at a time, the newest
// values last. What is not saved yet waits in the outbox and is sent again until the server has taken or refused it.
import {
  bringBack,
  carryFocus,
  carryOver,
  changed,
  changeOf,
  fillRequest,
  isNewerThanSent,
  isTried,
  isUnsent as isUnsentIn,
  isWorthSending,
  stateOf,
  takeAnswer,
  takeRedrawn,
  wrongNames,
} from "./form_state.js";
import { changes, deliver, isForLater, page } from "./outbox.js";
import { reason, say } from "../common/saving.js";

const PAUSE = 600;
const LONGEST_WAIT = 30_000;
const FIRST_WAIT = 1000;
let open = null; // the state of the form in the panel
let visits = 0;
let timer = 0;
let wait = FIRST_WAIT;
let focused = ""; // id of the input that had the cursor before the answer was put in

const panel = () => document.querySelector("[data-panel]");
const side = () => document.querySelector("[data-side]");
const answer = () => document.querySelector("#form-answer");
const placeOf = () => ({ kind: panel().dataset.kind, key: panel().dataset.key });
const basedOn = () => document.querySelector("#based-on").value;
const isTyped = () => Boolean(open && changed(open).size);

const later = (delay) => {
  clearTimeout(timer);
  timer = setTimeout(send, delay);
};

// The outbox holds what the server does not; whether there is anything.
const post = (refused = false) => {
  const change = changeOf(open, basedOn());
  if (change) changes.put({ ...change, page, refused });
  else changes.remove(open.place);
  return Boolean(change);
};

const typed = (delay) => {
  if (open.isAskedAbout) return; // it is about to go: a browser says "change" of what had the cursor
  if (post()) {
    if (!isTried(open)) say("saving");
    later(delay);
  } else if (!open.inFlight) {
    clearTimeout(timer);
    say("saved");
  }
};

const send = () => {
  if (!open || open.inFlight || !document.contains(open.form)) return;
  if (!isWorthSending(open)) return;
  if (!navigator.onLine) return say("offline");
  say("saving");
  open.inFlight = true;
  htmx.trigger(open.form, "autosave");
};

export const isUnsent = () => Boolean(open && isUnsentIn(open));
export const sendNow = () => {
  if (open && !open.inFlight) typed(0);
};

// `seconds` after which the server wants to be asked again, if it said so
const tryAgain = (seconds) => {
  later(Math.max(wait, seconds * 1000 || 0));
  wait = Math.min(wait * 2, LONGEST_WAIT);
};

const answered = () => {
  const { isNewer, hadExtra, isWrong } = takeAnswer(open, answer());
  wait = FIRST_WAIT;
  post(isWrong);
  if (isNewer) return typed(PAUSE);
  say(isWrong ? "refused" : "saved");
  if (hadExtra && !isWrong) reload();
};

const reload = () => {
  const { kind, key } = open.place;
  const query = new URLSearchParams({ kind, key, based_on: "0", view: document.querySelector("#view").value });
  htmx.ajax("GET", `${side().dataset.panelUrl}?${query}`, { target: "#panel", swap: "outerHTML" });
};

// Changes of other blocks, which their forms could not send any more
const isElsewhere = ({ kind, key }) => kind !== panel().dataset.kind || key !== panel().dataset.key;
const elsewhere = () => changes.all().filter(isElsewhere);
const deliverOthers = () => {
  for (const change of elsewhere().filter(({ refused }) => !refused))
    deliver(change, side().dataset.saveUrl).then((outcome) => {
      if (outcome === "later") setTimeout(deliverOthers, LONGEST_WAIT);
      if (outcome === "taken" && open && !open.inFlight) reload();
    });
};
const hasCard = ({ kind, key }) =>
  [...document.querySelectorAll("[data-card]")].some(({ dataset }) => dataset.kind === kind && dataset.key === key);

const replaced = (before) => {
  carryOver(before, open, wrongNames(answer()), basedOn());
  if (panel().dataset.goto) return; // somebody asked for a field, which open_block.js leads to
  carryFocus(before, open, focused);
};

const opened = () => {
  answer()?.replaceChildren();
  const change = open && changes.find(open.place);
  if (change) bringBack(open, change);
  else if (open) say("saved"); // what was said is about a form that is no longer there
};

// Whoever may not change the journey any more still has what they typed, and can copy it.
const showKept = (form) => {
  const change = changes.find(placeOf());
  const note = document.querySelector("[data-kept]");
  note.hidden = !change || !form?.querySelector("fieldset:disabled");
  if (note.hidden) return;
  const labelOf = (name) => [...form.elements].find((one) => one.name === name && one.labels?.length)?.labels[0];
  const lines = change.values.map(([name, value]) => `${labelOf(name)?.textContent.trim() ?? name}: ${value}`);
  note.querySelector("[data-kept-words]").textContent = lines.join("\n");
  note.querySelector("[data-copy]").dataset.copy = lines.join("\n");
};

// Takes over the form that is in the panel now, where something can be typed into it.
const adopt = () => {
  const there = document.querySelector("[data-block-form]");
  showKept(there);
  const form = there?.querySelector("fieldset:disabled") ? null : there;
  if (form === (open?.form ?? null)) return;
  const before = open;
  clearTimeout(timer);
  open = form && stateOf(form, placeOf());
  if (open && before?.place.kind === open.place.kind && before.place.key === open.place.key) replaced(before);
  else opened();
  if (open && post()) later(0);
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
  fillRequest(open, parameters);
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
  if (part && open.form.contains(part)) takeRedrawn(open, part);
  if (part?.id !== "form-answer") return;
  open.inFlight = false;
  answered();
});
// two people changed the block, and this one goes on typing: both versions are shown with the newest of this one
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isOwn(event) || event.detail.xhr.status !== 409) return;
  open.inFlight = false;
  const change = changes.find(open.place);
  if (change) changes.put({ ...change, refused: true });
  open.isAskedAbout = !isNewerThanSent(open);
  event.detail.shouldSwap = open.isAskedAbout;
  if (!open.isAskedAbout) later(0);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!isOwn(event) || !open.inFlight) return;
  open.inFlight = false;
  const { xhr } = event.detail;
  say(reason(xhr.status));
  if (isForLater(xhr.status)) tryAgain(Number(xhr.getResponseHeader("Retry-After")));
});
// Whoever chose between two versions has decided about what is kept, but for what could not be stored.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (![200, 422].includes(xhr.status) || !requestConfig.elt.closest("[data-settles]")) return;
  const change = changes.find(placeOf());
  changes.remove(placeOf());
  if (!change || xhr.status === 200) return;
  const fresh = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const wrong = wrongNames(fresh.querySelector("#form-answer"));
  const values = change.values.filter(([name]) => wrong.has("") || wrong.has(name));
  const base = fresh.querySelector("#based-on")?.value ?? basedOn();
  if (values.length) changes.put({ ...change, base, values, refused: true });
});
document.addEventListener("htmx:afterSettle", adopt);
document.addEventListener("htmx:oobAfterSwap", adopt);

addEventListener("online", () => {
  wait = FIRST_WAIT;
  send();
  deliverOthers();
});
addEventListener("offline", () => {
  if (isTyped()) say("offline");
});
addEventListener("focus", () => {
  if (isTyped()) later(0);
});
addEventListener("beforeunload", (event) => {
  const isKept = document.querySelector("[data-settles]") && changes.find(placeOf());
  if (isTyped() || open?.extra.size || isKept || elsewhere().some(hasCard)) event.preventDefault();
});

addEventListener("DOMContentLoaded", adopt); // htmx hears nothing before
