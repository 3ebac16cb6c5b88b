// Elements are not replaced but brought up to date: children are matched by id, so the focus, what is unfolded and
// where the reader has scrolled to stay as they are. It is done to out-of-band fragments with data-morph and to shapes
// of the Path.
const SCRIPTS_OWN = new Set([
  "hx-swap-oob",
  "aria-expanded",
  "aria-selected",
  "aria-current",
  "aria-pressed",
  "aria-valuenow",
  "data-folded",
  "data-hit",
  "data-open",
  "data-selected",
  "hidden",
  "open",
  "style",
  "tabindex",
]);

const sync = (old, fresh) => {
  let changed = false;
  for (const { name, value } of fresh.attributes) {
    if (SCRIPTS_OWN.has(name) || old.getAttribute(name) === value) continue;
    old.setAttribute(name, value);
    changed = true;
  }
  for (const { name } of [...old.attributes]) {
    if (!SCRIPTS_OWN.has(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  return changed;
};

const fits = (old, fresh) => old?.nodeName === fresh.nodeName && (old.id ?? "") === (fresh.id ?? "");

export const morph = (old, fresh, touched = []) => {
  if (old.isEqualNode(fresh)) return touched;
  if (sync(old, fresh)) touched.push(old);
  const byId = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
  let at = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const known = wanted.id ? byId.get(wanted.id) : null;
    const reused = known?.nodeName === wanted.nodeName ? known : fits(at, wanted) ? at : null;
    if (!reused) {
      old.insertBefore(wanted, at);
      if (wanted.nodeType === Node.ELEMENT_NODE) touched.push(wanted);
    } else {
      if (reused === at) at = at.nextSibling;
      else old.insertBefore(reused, at);
      if (reused.nodeType !== Node.ELEMENT_NODE) reused.data = wanted.data;
      else morph(reused, wanted, touched);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
  return touched;
};

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  const fresh = fragment.firstElementChild;
  if (!target.hasAttribute("data-morph") || !fresh) return;
  event.detail.shouldSwap = false;
  const had = document.activeElement;
  target.dispatchEvent(new CustomEvent("morph:before", { bubbles: true, detail: { fresh } }));
  for (const element of morph(target, fresh)) htmx.process(element);
  if (had !== document.activeElement && had.isConnected) had.focus({ preventScroll: true });
  target.dispatchEvent(new CustomEvent("morph:after", { bubbles: true }));
});
