// Search inside the journey: the server knows where a text stands, Enter steps through the hits.
import { path, reveal } from "./canvas.js";
import { cardOf } from "./update.js";

const box = () => path()?.querySelector("[data-find]");
const field = () => box().querySelector("[data-find-text]");
let hits = [], now = -1, later = 0;

const clear = () => {
  for (const card of path().querySelectorAll("[data-found]")) card.removeAttribute("data-found");
};

const say = () => {
  const count = box().querySelector("[data-find-count]");
  const { told, none } = count.dataset;
  count.textContent = !field().value.trim() ? "" : hits.length ? told.replace("%1", now + 1).replace("%2", hits.length) : none;
};

const step = (by) => {
  clear();
  if (hits.length) {
    now = (now + by + hits.length) % hits.length;
    const card = cardOf(...hits[now]);
    card?.setAttribute("data-found", "");
    if (card) reveal(card);
  }
  say();
};

const ask = async () => {
  const wanted = field().value.trim();
  const answer = await fetch(`${path().dataset.searchAddress}?${new URLSearchParams({ q: wanted })}`);
  if (!box() || field().value.trim() !== wanted) return;
  hits = answer.ok ? (await answer.json()).hits : [];
  now = -1;
  step(1);
};

const close = () => {
  box().hidden = true;
  const card = path().querySelector("[data-found]");
  clear();
  (card ?? path().querySelector("[data-ground]")).focus({ preventScroll: true });
};

const open = () => {
  box().hidden = false;
  field().focus();
  field().select();
};

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-find-text]")) return;
  clearTimeout(later);
  later = setTimeout(ask, 120);
});
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-find-open]")) open();
  if (target.closest?.("[data-find-close]")) close();
  const stepped = target.closest?.("[data-find-step]");
  if (stepped) step(Number(stepped.dataset.findStep));
});
document.addEventListener("keydown", (event) => {
  if (!path()) return;
  const inside = event.target.closest?.("#path") || event.target === document.body;
  const asked = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f";
  if (inside && asked) {
    event.preventDefault();
    event.stopImmediatePropagation();
    open();
  } else if (event.target.matches?.("[data-find-text]")) {
    if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
    if (event.key === "Escape") close();
    if (["Enter", "Escape"].includes(event.key)) event.preventDefault();
  }
}, true);
