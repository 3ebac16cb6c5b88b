// What all drags have in common: they begin after a few pixels, Escape ends them, the edges of the canvas scroll.
// take(event) gives a session {begin, move, drop, end}, or nothing when the pointer is on nothing of its kind.
import { HOLD, box, ground, noClick, panBy, path, space, view } from "./canvas.js";

const FAR = 5,
  EDGE = 48,
  SPEED = 14;
const takers = [];
let held = null;

export const draggable = (take) => takers.push(take);
export const isDragging = () => Boolean(held?.begun);

const release = () => {
  cancelAnimationFrame(held?.frame);
  held?.session.end?.();
  held = null;
  path()?.removeAttribute("data-dragging");
};

// At an edge behind which there is more to see.
const atEdge = (place, [from, to], [first, last]) => {
  if (place < from + EDGE && first < from) return Math.min(1, (from + EDGE - place) / EDGE);
  return place > to - EDGE && last > to ? -Math.min(1, (place - to + EDGE) / EDGE) : 0;
};

const scroll = () => {
  if (!held?.begun) return;
  const frame = ground().getBoundingClientRect(),
    [left, top, width, height] = box();
  const start = { x: frame.left + view.x + left * view.k, y: frame.top + view.y + top * view.k };
  const dx = atEdge(held.x, [frame.left, frame.right], [start.x, start.x + width * view.k]);
  const dy = atEdge(held.y, [frame.top, frame.bottom], [start.y, start.y + height * view.k]);
  if (held.entered && (dx || dy)) {
    panBy(dx * SPEED, dy * SPEED);
    held.session.move(held);
  }
  held.frame = requestAnimationFrame(scroll);
};

const begin = () => {
  held.begun = true;
  path().dataset.dragging = held.session.kind;
  getSelection()?.removeAllRanges();
  held.session.begin?.(held);
  held.frame = requestAnimationFrame(scroll);
};

document.addEventListener("pointerdown", (event) => {
  if (!path() || space.held || !event.isPrimary || event.button !== 0 || held) return;
  for (const take of takers) {
    const session = take(event);
    if (!session) continue;
    held = {
      session,
      id: event.pointerId,
      since: event.timeStamp,
      x: event.clientX,
      y: event.clientY,
      from: { x: event.clientX, y: event.clientY },
    };
    return;
  }
});

document.addEventListener("pointermove", (event) => {
  if (!held || event.pointerId !== held.id) return;
  Object.assign(held, { x: event.clientX, y: event.clientY });
  if (!held.begun && Math.hypot(held.x - held.from.x, held.y - held.from.y) < FAR) return;
  const pans = event.pointerType === "touch" && held.session.kind === "card" && event.timeStamp - held.since < HOLD;
  if (!held.begun && pans) return void (held = null);
  if (!held.begun) begin();
  const frame = ground().getBoundingClientRect();
  // From the palette one comes over the edge.
  held.entered ||= held.x > frame.left + EDGE && held.x < frame.right - EDGE;
  held.session.move(held);
});

document.addEventListener("pointerup", (event) => {
  if (!held || event.pointerId !== held.id) return;
  if (held.begun) {
    noClick();
    held.session.drop(held);
  }
  release();
});
document.addEventListener("pointercancel", release);
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || !held?.begun) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    addEventListener("pointerup", noClick, { once: true });
    release();
  },
  true,
);
document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.("#path, [data-palette]")) event.preventDefault();
});
