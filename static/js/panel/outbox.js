// What was typed and is not saved yet, kept for this tab, so that neither a reload nor a broken line loses it. It is
// its writer's alone: whoever signs in after them in this tab neither sees nor sends it.
import { asSent } from "../common/guard.js";

const person = document.head.querySelector('meta[name="own-mark"]')?.content ?? "";
const fallback = new Map(); // a private window may refuse to store anything

const write = (name, text) => {
  fallback.set(name, text);
  try {
    sessionStorage.setItem(name, text);
  } catch {
    /* kept in memory */
  }
};
const names = (start) => {
  const all = new Set(fallback.keys());
  try {
    for (let at = 0; at < sessionStorage.length; at += 1) all.add(sessionStorage.key(at));
  } catch {
    /* memory only */
  }
  return [...all].filter((name) => name.startsWith(start));
};
const read = (name) => {
  let text = fallback.get(name);
  try {
    text ??= sessionStorage.getItem(name);
  } catch {
    /* memory only */
  }
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
};

const erase = (name) => {
  fallback.delete(name);
  try {
    sessionStorage.removeItem(name);
  } catch {
    /* memory only */
  }
};

// One item for each block, by its kind and key.
const box = (what) => {
  const start = `${what}:${person}:${location.pathname}:`;
  const nameOf = ({ kind, key }) => `${start}${kind}:${key}`;
  return {
    put: (item) => write(nameOf(item), JSON.stringify(item)),
    find: (place) => read(nameOf(place)),
    remove: (place) => erase(nameOf(place)),
    all: () => names(start).map(read).filter(Boolean),
  };
};

// A form's: { kind, key, base: revision that the form stood on, page, values: [[name, value], …], refused }
export const changes = box("unsent");
// The JSON of a block without a form, which only its user sends: { kind, key, base, text }
export const texts = box("text");

// The answer to a reviewer: { kind: "answer", key: the decision that it answers, text }
export const answers = box("answer");

const nameOfTab = () => {
  let name = null;
  try {
    name = sessionStorage.getItem("page");
  } catch {
    /* a new name for each page */
  }
  name ??= crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  try {
    sessionStorage.setItem("page", name);
  } catch {
    /* as above */
  }
  return name;
};
export const page = nameOfTab();

const post = (change, address) => {
  const { kind, key, base: based_on, page } = change;
  const place = kind === "journey" ? { kind } : { kind, key }; // a journey's form has a field called key
  const body = new URLSearchParams([...change.values, ...Object.entries({ ...place, based_on, page })]);
  const headers = { "HX-Request": "true", ...asSent(address) };
  return fetch(address, { method: "POST", headers, body }).catch(() => null);
};

// Whether the server may take it another time; 0 when no answer came.
export const isForLater = (status) => [0, 401, 408, 429].includes(status) || status >= 500;

// Sends a change whose form is not open any more. What the server refuses stays, and is told when its block is opened
// again. Gives "taken", "later" or "refused", and "" where it is under way already.
const underWay = new Set();
export const deliver = async (change, address) => {
  const name = `${change.kind}:${change.key}`;
  if (underWay.has(name) || !navigator.onLine) return "";
  underWay.add(name);
  const answer = await post(change, address);
  underWay.delete(name);
  if (answer?.ok) {
    changes.remove(change);
    return "taken";
  }
  if (isForLater(answer?.status ?? 0)) return "later";
  changes.put({ ...change, refused: true });
  return "refused";
};
