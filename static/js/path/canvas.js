// What part of the picture is seen: zoom, pan, fit. Only the one element that holds the world is transformed, by CSS:
// the browser then moves what is painted already. A transform inside the SVG would lay all its texts out anew.
import { singleKeys } from "../common/shortcuts.js";

export const path = () => document.getElementById("path");
export const ground = () => path()?.querySelector("[data-ground]");
export const world = () => path()?.querySelector("[data-world]");
export const still = matchMedia("(prefers-reduced-motion: reduce)");
export const view = { x: 0, y: 0, k: 1 };

const LEAST = 0.03,
  MOST = 2,
  READABLE = 0.7,
  FAR = 0.5;
const place = () => `path-view-${path().dataset.path}`;
let asked = 0,
  resting = 0;

const draw = () => {
  asked = 0;
  if (!path()) return;
  world().style.transform = `translate(${view.x.toFixed(1)}px, ${view.y.toFixed(1)}px) scale(${view.k.toFixed(4)})`;
  path().toggleAttribute("data-far", view.k < FAR);
  path().toggleAttribute("data-placed", true); // only now it is seen
  const shown = path().querySelector("[data-zoom-shown]");
  const said = `${Math.round(view.k * 100)} %`;
  if (shown.textContent !== said) shown.textContent = said;
  document.dispatchEvent(new CustomEvent("path:viewed"));
};

// While it moves, what is painted is kept as it is; at rest it is painted sharply for its size.
const rest = () => {
  if (!path()) return;
  world().style.willChange = "auto";
  keep();
};

const keep = () => {
  try {
    localStorage.setItem(place(), JSON.stringify(view));
  } catch {
    /* private window: not kept */
  }
};

export const show = (x, y, k = view.k) => {
  Object.assign(view, { x, y, k: Math.min(MOST, Math.max(LEAST, k)) });
  asked ||= requestAnimationFrame(draw);
  world().style.willChange = "transform";
  clearTimeout(resting);
  resting = setTimeout(rest, 200);
};

addEventListener("pagehide", () => path() && keep());

export const panBy = (dx, dy) => show(view.x + dx, view.y + dy);

// The point under the pointer stays where it is.
export const zoomTo = (k, clientX, clientY) => {
  const frame = ground().getBoundingClientRect();
  const atX = (clientX ?? frame.left + frame.width / 2) - frame.left;
  const atY = (clientY ?? frame.top + frame.height / 2) - frame.top;
  const next = Math.min(MOST, Math.max(LEAST, k));
  show(atX - ((atX - view.x) * next) / view.k, atY - ((atY - view.y) * next) / view.k, next);
};

export const toWorld = (clientX, clientY) => {
  const frame = ground().getBoundingClientRect();
  return { x: (clientX - frame.left - view.x) / view.k, y: (clientY - frame.top - view.y) / view.k };
};

export const at = (shape) => {
  const [x, y] = shape.getAttribute("transform").slice(10, -1).split(" ").map(Number);
  return { x, y };
};

export const box = () => path().dataset.box.split(" ").map(Number);
export const cardSize = () => path().dataset.cardSize.split(" ").map(Number);

export const fit = (least = LEAST) => {
  const [left, top, width, height] = box();
  const { width: wide, height: high } = ground().getBoundingClientRect();
  const k = Math.max(LEAST, Math.min(1, wide / width, high / height));
  if (k >= least) show((wide - width * k) / 2 - left * k, (high - height * k) / 2 - top * k, k);
  return k >= least;
};

const begin = () => {
  const high = ground().getBoundingClientRect().height;
  const [left, top] = box();
  if (!fit(READABLE)) show(-left * 0.8, Math.max(-top * 0.8, high / 3), 0.8);
};

const PLUS = 44; // the room of the + on either side of a card

// Scrolls just as far as is needed to see a card with what can be added beside it, away from the edges.
export const reveal = (card) => {
  const { x, y } = at(card);
  const frame = ground().getBoundingClientRect();
  const [width, height] = cardSize();
  const room = 24;
  const shift = (start, length, whole) => {
    if (start < room) return room - start;
    return start + length > whole - room ? Math.max(whole - room - start - length, room - start) : 0;
  };
  const dx = shift(view.x + (x - PLUS) * view.k, (width + 2 * PLUS) * view.k, frame.width);
  const dy = shift(view.y + y * view.k, height * view.k, frame.height);
  if (dx || dy) panBy(dx, dy);
};

const zooms = {
  in: () => zoomTo(view.k * 1.25),
  out: () => zoomTo(view.k / 1.25),
  full: () => zoomTo(1),
  fit: () => fit(),
};

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-zoom]");
  if (button) zooms[button.dataset.zoom]();
});

document.addEventListener(
  "wheel",
  (event) => {
    if (!event.target.closest?.("[data-ground]")) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 16 : 1;
    if (event.ctrlKey || event.metaKey) {
      zoomTo(view.k * Math.exp(-Math.max(-60, Math.min(60, event.deltaY * unit)) / 120), event.clientX, event.clientY);
    } else {
      const [dx, dy] = event.shiftKey && !event.deltaX ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
      panBy(-dx * unit, -dy * unit);
    }
  },
  { passive: false },
);

// The ground is dragged with the mouse, a pen or a finger; two fingers zoom. With Space held, anything is ground.
const fingers = new Map();
export const space = { held: false, used: false }; // used: the canvas was moved with it

const spread = () => {
  const [one, other] = [...fingers.values()];
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, far: Math.hypot(one.x - other.x, one.y - other.y) };
};

// A finger that lies on a card moves the canvas, too; held for a moment first, it takes the card.
export const HOLD = 350;

export const isGround = (event) => {
  const shape = event.target.closest?.("[data-card], [data-gap], [data-adds], [data-label], [data-end]");
  const moves =
    !shape || space.held || event.button === 1 || event.pointerType === "touch" || !("canAdd" in path().dataset);
  return Boolean(event.target.closest?.("[data-ground]")) && moves;
};

const isHandle = (event) => event.target.matches?.(".handle");

document.addEventListener("pointerdown", (event) => {
  const frames = (event.shiftKey || path()?.hasAttribute("data-selecting")) && !space.held && event.button === 0;
  const pans = isGround(event) && !frames && !isHandle(event) && (event.button === 0 || event.button === 1);
  if (!pans && !(fingers.size && event.pointerType === "touch" && event.target.closest?.("[data-ground]"))) return;
  if (event.button === 1 || space.held) event.preventDefault();
  fingers.set(event.pointerId, {
    x: event.clientX,
    y: event.clientY,
    from: { x: event.clientX, y: event.clientY },
    since: event.timeStamp,
  });
});

document.addEventListener("pointermove", (event) => {
  const finger = fingers.get(event.pointerId);
  if (!finger) return;
  const before = fingers.size > 1 ? spread() : null;
  const [dx, dy] = [event.clientX - finger.x, event.clientY - finger.y];
  const far = Math.hypot(event.clientX - finger.from.x, event.clientY - finger.from.y);
  if (!finger.moved && far < 4 && !before) return;
  if (path().hasAttribute("data-dragging")) return;
  const takes = !space.held && event.target.closest?.("[data-card]") && event.timeStamp - finger.since > HOLD;
  if (!finger.moved && takes && "canAdd" in path().dataset) return;
  space.used ||= space.held;
  if (!finger.moved && !before) ground().setPointerCapture(event.pointerId);
  Object.assign(finger, { x: event.clientX, y: event.clientY, moved: true });
  path().toggleAttribute("data-panning", true);
  if (!before) return panBy(dx, dy);
  const after = spread();
  zoomTo((view.k * after.far) / before.far, after.x, after.y);
  panBy(after.x - before.x, after.y - before.y);
});

// The click that follows a drag is none.
export const noClick = () => {
  const swallow = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }));
};

const lift = (event) => {
  if (event.type === "pointerup" && fingers.get(event.pointerId)?.moved) noClick();
  if (!fingers.delete(event.pointerId)) return;
  if (!fingers.size) path()?.removeAttribute("data-panning");
};
document.addEventListener("pointerup", lift);
document.addEventListener("pointercancel", lift);

addEventListener("blur", () => {
  space.held = false;
});

const typing = (target) => target.closest?.("input, textarea, select, dialog, [contenteditable]");
const pans = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const keys = { "+": "in", "=": "in", "-": "out", "−": "out", 0: "full", 1: "fit" };

document.addEventListener("keydown", (event) => {
  if (!path() || typing(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
  const inside = event.target.closest?.("#path") || event.target === document.body;
  if (event.key === " " && inside && !event.target.closest?.("button")) {
    if (!event.repeat) Object.assign(space, { held: true, used: false });
    event.preventDefault();
  }
  const onGround = event.target.matches?.("[data-ground]");
  if (onGround && pans[event.key]) {
    event.preventDefault();
    panBy(...pans[event.key].map((part) => part * 64));
  }
  const adds = event.key === "+" && event.target.closest?.("[data-card]"); // there it adds a step
  if (inside && !adds && singleKeys() && keys[event.key]) zooms[keys[event.key]]();
});
document.addEventListener("keyup", (event) => {
  if (event.key === " ") space.held = false;
});

export const open = () => {
  if (!path()) return;
  let stored = null;
  try {
    stored = JSON.parse(localStorage.getItem(place()));
  } catch {
    /* private window */
  }
  if (stored && [stored.x, stored.y, stored.k].every(Number.isFinite)) show(stored.x, stored.y, stored.k);
  else begin();
  draw();
};
open();
