// Cards in the Path: a click opens one, keys walk along the graph.
import { selectedKeys, selectKeys } from "../common/multi_select.js";
import { ask } from "../common/menu.js";
import { singleKeys } from "../common/shortcuts.js";
import { at, path, reveal, world } from "./canvas.js";
import { ours } from "../common/guard.js";

const cards = () => [...world().querySelectorAll("[data-card]")];
const ways = () => [...world().querySelectorAll("[data-way]")];
const steps = () => cards().filter((card) => card.dataset.kind === "activity");
const stepOf = (key) => steps().find((card) => card.dataset.key === key);

export const openCard = (card) => {
  const { kind, key } = card.dataset;
  const address = `${path().dataset.panelAddress}?${new URLSearchParams({ kind, key })}`;
  window.htmx.ajax("GET", address, { source: card, target: "#panel", swap: "outerHTML" });
};

// One card at a time is in the tab order: the one with the cursor, else the one that is open.
const rove = (card) => {
  for (const other of world().querySelectorAll('[data-card][tabindex="0"]')) other.setAttribute("tabindex", "-1");
  card?.setAttribute("tabindex", "0");
};

const settle = () => {
  if (!path()) return;
  const now =
    cards().find((card) => card === document.activeElement) ?? world().querySelector("[data-card][aria-current]");
  rove(now ?? cards()[0]);
};

export const goTo = (card) => {
  if (!card) return;
  rove(card);
  card.focus({ preventScroll: true });
  reveal(card);
};

const cameFrom = new Map(); // where one went back from a join, and which path one took from a split

const right = (card) => {
  const { kind, key } = card.dataset;
  const led = ways().filter((way) => way.dataset.source === (kind === "activity" ? key : "") && way.dataset.target);
  const targets = led.map((way) => stepOf(way.dataset.target)).filter(Boolean);
  return targets.find((target) => target === cameFrom.get(card)) ?? targets[0];
};

const left = (card) => {
  if (card.dataset.kind !== "activity") return undefined;
  const led = ways().filter((way) => way.dataset.target === card.dataset.key);
  const sources = led.map(
    (way) => stepOf(way.dataset.source) ?? cards().find(({ dataset }) => dataset.kind === "trigger"),
  );
  return sources.find((source) => source === cameFrom.get(card)) ?? sources[0];
};

const beside = (card, up) => {
  const here = at(card);
  const others = cards().filter((other) => (up ? at(other).y < here.y : at(other).y > here.y));
  const far = (other) => Math.abs(at(other).x - here.x) * 2 + Math.abs(at(other).y - here.y);
  return others.sort((one, other) => far(one) - far(other))[0];
};

const walks = {
  ArrowRight: right,
  ArrowLeft: left,
  ArrowUp: (card) => beside(card, true),
  ArrowDown: (card) => beside(card, false),
};

// With Shift the steps on the way are marked; going back on it takes the mark away again.
let trail = [];
const mark = (card, next) => {
  if (trail.at(-1) !== card) trail = [card];
  const back = trail.at(-2) === next;
  if (back) trail.pop();
  else trail.push(next);
  const keys = [card, next].filter(({ dataset }) => dataset.kind === "activity").map(({ dataset }) => dataset.key);
  selectKeys(back ? selectedKeys().filter((key) => key !== card.dataset.key) : [...selectedKeys(), ...keys]);
};

const walk = (card, key, marking) => {
  const next = walks[key](card);
  if (!next) return;
  if (key === "ArrowLeft" || key === "ArrowRight") cameFrom.set(next, card);
  if (marking) mark(card, next);
  else trail = [];
  goTo(next);
};

const fromLeft = () => cards().sort((one, other) => at(one).x - at(other).x || at(one).y - at(other).y);
const entry = () => cards().find((card) => card.dataset.kind === "trigger");
const ends = { Home: () => goTo(entry() ?? fromLeft()[0]), End: () => goTo(fromLeft().at(-1)) };

document.addEventListener("click", (event) => {
  const card = event.target.closest?.("#path [data-card]");
  if (!card || event.defaultPrevented) return;
  rove(card);
  openCard(card);
});

const shift = ({ dataset: { kind, key } }, to) => {
  const address = path().dataset.moveAddress;
  if (address)
    window.htmx.ajax("POST", address, {
      headers: ours(),
      source: path(),
      target: "#panel",
      swap: "outerHTML",
      values: { kind, key, to },
    });
};

// At once, so that one can type on; of a split, the menu asks which path.
const addBehind = (card) => {
  const { kind, key } = card.dataset;
  const gaps = [...world().querySelectorAll("[data-layer=gaps] > [data-gap]")];
  const behind = gaps.filter((gap) => gap.dataset.after === (kind === "activity" ? key : ""));
  if (behind.length === 1) behind[0].dispatchEvent(new MouseEvent("click", { bubbles: true }));
  else ask(card, "after");
};

// Before the list's own keys, which walk from card to card in the order of the page.
document.addEventListener(
  "keydown",
  (event) => {
    const shape = event.target.closest?.("#path [data-card], #path [role=button]");
    if (!shape || event.ctrlKey || event.metaKey) return;
    const card = shape.matches("[data-card]") ? shape : null;
    const press = () => shape.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    const to = event.altKey && { ArrowLeft: "earlier", ArrowRight: "later" }[event.key];
    const does =
      to && card?.dataset.kind === "activity"
        ? () => shift(card, to)
        : {
            Enter: press,
            ...(card ? singleKeys() && { "+": () => addBehind(card) } : { " ": press }),
            ...(card && !event.altKey
              ? Object.fromEntries(Object.keys(walks).map((key) => [key, () => walk(card, key, event.shiftKey)]))
              : {}),
            ...(card ? ends : {}),
          }[event.key];
    if (!does) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    does();
  },
  true,
);

// When the card with the cursor goes away, the nearest one gets it.
let last = null;
document.addEventListener("focusin", ({ target }) => {
  if (!target.matches?.("#path [data-card]")) return;
  rove(target);
  last = { card: target, ...at(target) };
});

const takeOver = () => {
  if (!last || last.card.isConnected || document.activeElement !== document.body) return;
  const far = (card) => Math.abs(at(card).x - last.x) + 4 * Math.abs(at(card).y - last.y);
  const next = cards().sort((one, other) => far(one) - far(other))[0];
  last = null;
  next?.focus({ preventScroll: true });
};

document.addEventListener("path:drawn", () => {
  settle();
  takeOver();
});
document.addEventListener("htmx:afterSettle", settle);
settle();
