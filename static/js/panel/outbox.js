// What was typed and is not saved yet, kept for this tab, so that neither a reload nor a broken line loses it. It is
// its writer's alone: whoever signs in after them in this tab neither sees nor sends it.
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
  const found = new Set(fallback.keys());
  try {
    for (let at = 0; at < sessionStorage.length; at += 1) found.add(sessionStorage.key(at));
  } catch {
    /* memory only */
  }
  return [...found].filter((name) => name.startsWith(start));
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

// One change for each block, by its kind and key.
const storeOf = (what) => {
  const start = `${what}:${person}:${location.pathname}:`;
  const nameOf = ({ kind, key }) => `${start}${kind}:${key}`;
  return {
    keep: (change) => write(nameOf(change), JSON.stringify(change)),
    kept: (place) => read(nameOf(place)),
    forget: (place) => erase(nameOf(place)),
    allKept: () => names(start).map(read).filter(Boolean),
  };
};

// A form's: { kind, key, base: revision that the form stood on, page, values: [[name, value], …], refused }
export const { keep, kept, forget, allKept } = storeOf("unsent");
// The JSON of a block without a form, which only its user sends: { kind, key, base, text }
export const texts = storeOf("text");

const tab = () => {
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
export const page = tab();
