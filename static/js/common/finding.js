// Search inside the journey: the same box over Path, List and JSON; Enter steps through the hits.
// The view says how: {here(): its element, find(text): hits, mark(hit), clear(), leave(): gives the focus back}.
const box = document.querySelector("[data-find]");
const field = box.querySelector("[data-find-text]");
let view = null,
  hits = [],
  now = -1,
  later = 0;

export const searches = (own) => {
  view = own;
};

// The server knows where a text stands: [kind, key] of blocks, as one reads the journey.
export const onServer = async (text) => {
  const answer = await fetch(`${box.dataset.find}?${new URLSearchParams({ q: text })}`);
  return answer.ok ? (await answer.json()).hits : [];
};

const say = () => {
  const count = box.querySelector("[data-find-count]");
  const { countText, none } = count.dataset;
  count.textContent = !field.value.trim()
    ? ""
    : hits.length
      ? countText.replace("%1", now + 1).replace("%2", hits.length)
      : none;
};

const step = (by) => {
  view.clear();
  if (hits.length) {
    now = (now + by + hits.length) % hits.length;
    view.mark(hits[now]);
  }
  say();
};

const ask = async () => {
  const wanted = field.value.trim();
  const answered = wanted ? await view.find(wanted).catch(() => []) : [];
  if (field.value.trim() !== wanted) return;
  hits = answered;
  now = -1;
  step(1);
};

const close = () => {
  box.hidden = true;
  view.leave();
  view.clear();
};

const open = () => {
  box.hidden = false;
  field.focus();
  field.select();
};

field.addEventListener("input", () => {
  clearTimeout(later);
  later = setTimeout(ask, 120);
});
document.addEventListener("click", ({ target }) => {
  if (!view) return;
  if (target.closest?.("[data-find-open]")) open();
  if (target.closest?.("[data-find-close]")) close();
  const stepped = target.closest?.("[data-find-step]");
  if (stepped) step(Number(stepped.dataset.findStep));
});
document.addEventListener(
  "keydown",
  (event) => {
    if (!view || document.querySelector("dialog:modal")) return;
    const { key, target } = event;
    // a click on an empty space gives the focus to what is around it
    const inside =
      view.here() && (view.here().contains(target) || box.contains(target) || target.contains(view.here()));
    const asked = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && key.toLowerCase() === "f";
    if (inside && asked) {
      event.preventDefault();
      event.stopImmediatePropagation();
      open();
    } else if (box.contains(target)) {
      const does =
        key === "Escape" ? close : key === "Enter" && target === field && (() => step(event.shiftKey ? -1 : 1));
      if (!does) return;
      event.preventDefault();
      does();
    }
  },
  true,
);
