// The form that is open in the panel: what of it the server has stored, what is under way, what was typed since. It
// knows neither lines nor clocks: autosave.js decides when it is sent, outbox.js keeps what is not sent yet.
import {
  carry,
  differing,
  entriesOf,
  fillIn,
  isCondition,
  isSearched,
  servedIn,
  textOf,
  valuesOf,
} from "./form_values.js";

// `stored`: what the server has; `sent`: what it was last asked to take, and `tried` the same as text once it has
// answered. `base` and `extra` are of a change that was brought back: the revision that it was typed on, and values for
// which the form has no input.
export const stateOf = (form, place) => ({
  form,
  place,
  stored: servedIn(form),
  sent: new Map(),
  tried: "",
  base: null,
  extra: new Map(),
  inFlight: false,
});

export const changed = (state) => differing(state.form, valuesOf(state.form), state.stored);
export const isTried = (state) => textOf(valuesOf(state.form)) === state.tried;
export const isNewerThanSent = (state) => textOf(valuesOf(state.form)) !== textOf(state.sent);
export const isUnsent = (state) => state.inFlight || changed(state).size > 0 || state.extra.size > 0;
export const isWorthSending = (state) => state.extra.size > 0 || (changed(state).size > 0 && !isTried(state));

// What would be lost with the page; null when the server has all of it.
export const changeOf = (state, basedOn) => {
  const values = new Map([...state.extra, ...changed(state)]);
  return values.size ? { ...state.place, base: state.base ?? basedOn, values: entriesOf(values) } : null;
};

// Leaves of a request's parameters what was changed: other inputs may show what is older than the draft.
export const fillRequest = (state, parameters) => {
  state.sent = valuesOf(state.form);
  const news = differing(state.form, state.sent, state.stored);
  for (const name of state.sent.keys()) {
    if (!news.has(name)) delete parameters[name];
    else if (isSearched(state.form, name)) parameters[name] = news.get(name);
  }
  if (state.base === null) return;
  for (const [name, list] of state.extra) parameters[name] = list;
  parameters.base = state.base; // the revision that it was changed in, whatever the page shows by now
};

// Names of what the server did not take; "" stands for all of it.
export const wrongNames = (answer) =>
  new Set([...(answer?.querySelectorAll("[data-error-for]") ?? [])].map((line) => line.dataset.errorFor));

// Inputs that moved with others; not those in which something was typed meanwhile.
const follow = (state, answer) => {
  for (const { dataset, textContent } of answer.querySelectorAll("[data-now-for]")) {
    const name = dataset.nowFor;
    const control = [...state.form.elements].find((one) => one.name === name && one.type !== "hidden");
    if (!control || control === document.activeElement || changed(state).has(name)) continue;
    fillIn(state.form, new Map([[name, [textContent]]]));
    const value = valuesOf(state.form).get(name);
    state.stored.set(name, value);
    state.sent.set(name, value); // else it would look like something typed since
  }
};

// The server has seen what was sent, and stored all but what it says is wrong.
export const takeAnswer = (state, answer) => {
  const wrong = wrongNames(answer);
  for (const name of new Set([...state.sent.keys(), ...state.stored.keys()])) {
    if (wrong.has("") || wrong.has(name) || (wrong.size && isCondition(state.form, name))) continue;
    if (state.sent.has(name)) state.stored.set(name, state.sent.get(name));
    else state.stored.delete(name);
  }
  const isNewer = isNewerThanSent(state);
  const hadExtra = state.extra.size > 0;
  follow(state, answer);
  state.tried = textOf(isNewer ? state.sent : valuesOf(state.form));
  Object.assign(state, { base: null, extra: new Map() });
  return { isNewer, hadExtra, isWrong: wrong.size > 0 };
};

// Inputs that the server drew again inside the form: what stands in them was not typed.
export const takeRedrawn = (state, part) => {
  for (const [name, list] of servedIn(state.form)) {
    if (!part.querySelector(`[name="${CSS.escape(name)}"]`)) continue;
    state.stored.set(name, list);
    state.sent.set(name, list);
  }
};

// What was newer in the form that was replaced goes into the one that replaced it, and so do its open folds.
export const carryOver = (before, state, wrong, basedOn) => {
  const known = new Map([...before.stored, ...before.sent]);
  for (const name of wrong) known.delete(name);
  const folds = [...before.form.querySelectorAll("details")];
  [...state.form.querySelectorAll("details")].forEach((fold, at) => {
    fold.open ||= Boolean(folds[at]?.open);
  });
  const newer = differing(before.form, valuesOf(before.form), known);
  const extra = carry(before.form, state.form, newer, known);
  if (extra.size) Object.assign(state, { base: basedOn, extra });
};

export const carryFocus = (before, state, id) => {
  const [was, now] = [before, state].map(({ form }) => [...form.elements].find((one) => one.id && one.id === id));
  now?.focus({ preventScroll: true });
  if (was && now?.setSelectionRange && was.selectionStart !== null)
    now.setSelectionRange(was.selectionStart, was.selectionEnd);
};

// A change out of the outbox, into its form; what was typed since goes before it.
export const bringBack = (state, change) => {
  const newer = changed(state);
  const values = new Map();
  for (const [name, value] of change.values)
    if (!newer.has(name)) values.set(name, [...(values.get(name) ?? []), value]);
  state.base = change.base;
  state.extra = fillIn(state.form, values);
};
