// An answer tells what differs: shapes to draw anew, shapes that only moved, shapes that are gone. Nodes are kept, so
// that the eye can follow them; what the user looks at stays where it is.
import { at, open, path, reveal, show, still, view, world } from "./canvas.js";
import { drawGaps } from "./gaps.js";
import { morph } from "../common/morph.js";

const MOST = 250; // shapes that glide at once; where more are in sight, they are too small to follow
const MOTION = { duration: 150, easing: "ease-out" };
const panel = () => document.getElementById("panel")?.dataset;
const ours = (id) => world().querySelector(`#${CSS.escape(id)}`);
export const cardOf = (kind, key) =>
  [...world().querySelectorAll("[data-card]")].find((card) => card.dataset.kind === kind && card.dataset.key === key);

const enter = (layer, fresh, index) => {
  const box = world().querySelector(`[data-layer="${layer}"]`);
  box.insertBefore(fresh, box.children[index] ?? null);
};

const glide = (shape, from, to) => {
  if (still.matches || !shape.isConnected) return;
  const spot = (point) => ({ transform: `translate(${point.x}px, ${point.y}px)` });
  shape.animate([spot(from), spot(to)], MOTION);
};

const inSight = ({ width, height }, { x, y }) => {
  const [left, top] = [view.x + x * view.k, view.y + y * view.k];
  return left > -300 && top > -300 && left < width + 300 && top < height + 300;
};

const shapes = () => world().querySelectorAll("[data-layer] > [id]");

const move = (moved, byId) => {
  for (const [way, ids] of Object.entries(moved)) {
    const [dx, dy] = way.split(" ").map(Number);
    for (const id of ids.split(" ")) {
      const shape = byId.get(id),
        { x, y } = at(shape);
      shape.setAttribute("transform", `translate(${x + dx} ${y + dy})`);
    }
  }
};

const date = (days) => {
  for (const [day, ids] of Object.entries(days)) {
    for (const id of ids.split(" ")) {
      const shape = ours(id),
        shown = shape.querySelector(".day"),
        label = shape.getAttribute("aria-label"),
        old = shown.textContent.trim();
      const at = label.lastIndexOf(`, ${old}`) + 2;
      shape.setAttribute("aria-label", label.slice(0, at) + day + label.slice(at + old.length));
      shown.textContent = day;
    }
  }
};

const drawAnew = (changes, byId) => {
  for (const layer of changes.querySelectorAll("[data-layer]")) {
    for (const fresh of [...layer.children]) {
      const known = byId.get(fresh.id);
      if (known) morph(known, fresh);
      else {
        enter(layer.dataset.layer, fresh, Number.MAX_SAFE_INTEGER);
        if (!still.matches) fresh.animate([{ opacity: 0 }, { opacity: 1 }], MOTION);
      }
    }
  }
};

// Positions are read before and after, once each, and only what is in sight moves visibly.
const apply = (changes) => {
  const moved = JSON.parse(changes.dataset.moved);
  const anchor = world().querySelector("[data-card][aria-current]"),
    frame = path().getBoundingClientRect();
  const before = new Map([...shapes()].map((shape) => [shape, at(shape)]));
  const byId = new Map([...before.keys()].map((shape) => [shape.id, shape]));
  for (const id of changes.dataset.gone.split(" ")) byId.get(id)?.remove();
  move(moved, byId);
  date(JSON.parse(changes.dataset.days));
  drawAnew(changes, byId);
  drawGaps();
  path().dataset.box = changes.dataset.box;
  // It stands where the + was.
  const added = [...world().querySelectorAll("[data-card]")].some((card) => !before.has(card));
  const now = anchor?.isConnected && !added ? at(anchor) : null;
  const shift =
    now && inSight(frame, before.get(anchor))
      ? { x: now.x - before.get(anchor).x, y: now.y - before.get(anchor).y }
      : { x: 0, y: 0 };
  if (shift.x || shift.y) show(view.x - shift.x * view.k, view.y - shift.y * view.k);
  const gliding = [];
  for (const [shape, old] of before) {
    if (!shape.isConnected) continue;
    const to = at(shape),
      from = { x: old.x + shift.x, y: old.y + shift.y };
    if ((from.x !== to.x || from.y !== to.y) && (inSight(frame, to) || inSight(frame, from)))
      gliding.push([shape, from, to]);
  }
  if (gliding.length <= MOST) for (const one of gliding) glide(...one);
  changes.removeAttribute("data-changes");
  changes.replaceChildren();
  document.dispatchEvent(new CustomEvent("path:drawn"));
};

document.addEventListener("htmx:oobAfterSwap", ({ target }) => {
  if (target.id === "path") {
    drawGaps();
    open();
  }
  if (target.id === "path") document.dispatchEvent(new CustomEvent("path:drawn"));
  if (target.id === "path-changes" && target.hasAttribute("data-changes") && path()) apply(target);
});

let shown = document.getElementById("panel");
const revealOpen = () => {
  const card = panel() && cardOf(panel().kind, panel().key);
  if (card) reveal(card);
};

// not after a save, which leaves the panel as it is
document.addEventListener("htmx:afterSettle", () => {
  const now = document.getElementById("panel");
  if (!path() || now === shown) return;
  shown = now;
  revealOpen();
});
if (path()) revealOpen();
