// What was typed and is not saved yet, kept for this tab, so that neither a reload nor a broken line loses it.
const start = `unsent:${location.pathname}:`;
const nameOf = ({ kind, key }) => `${start}${kind}:${key}`;
const fallback = new Map(); // a private window may refuse to store anything

const write = (name, text) => {
  fallback.set(name, text);
  try { sessionStorage.setItem(name, text); } catch { /* kept in memory */ }
};
const names = () => {
  const found = new Set(fallback.keys());
  try { for (let at = 0; at < sessionStorage.length; at += 1) found.add(sessionStorage.key(at)); } catch { /* memory only */ }
  return [...found].filter((name) => name.startsWith(start));
};
const read = (name) => {
  let text = fallback.get(name);
  try { text ??= sessionStorage.getItem(name); } catch { /* memory only */ }
  try { return JSON.parse(text ?? "null"); } catch { return null; }
};

// A change: { kind, key, base: revision that the form stood on, page, values: [[name, value], …], refused }
export const keep = (change) => write(nameOf(change), JSON.stringify(change));
export const kept = (place) => read(nameOf(place));
export const forget = (place) => {
  fallback.delete(nameOf(place));
  try { sessionStorage.removeItem(nameOf(place)); } catch { /* memory only */ }
};
export const allKept = () => names().map(read).filter(Boolean);

const tab = () => {
  let name = null;
  try { name = sessionStorage.getItem("page"); } catch { /* a new name for each page */ }
  name ??= crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  try { sessionStorage.setItem("page", name); } catch { /* as above */ }
  return name;
};
export const page = tab();
