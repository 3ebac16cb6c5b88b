// The whole journey, small, while not all of it is seen: two shapes for all cards, one for what is seen. Drawn anew
// only when the picture changes.
import { at, box, cardSize, ground, path, show, view, world } from "./canvas.js";

const WIDE = 184,
  HIGH = 104,
  MARGIN = 32; // the last as around the picture
const map = () => path()?.querySelector("[data-map]");
let scale = 1,
  wanted = 0;

const outline = (cards) => {
  const [width, height] = cardSize();
  return cards
    .map(at)
    .map(({ x, y }) => `M${x} ${y}h${width}v${height}h-${width}z`)
    .join("");
};

const draw = () => {
  if (!map()) return;
  const cards = [...world().querySelectorAll("[data-card]")];
  const [left, top, width, height] = box();
  scale = Math.min(WIDE / width, HIGH / height);
  const high = Math.max(24, Math.min(HIGH, height * scale));
  for (const [name, value] of Object.entries({
    viewBox: `${left} ${top} ${width} ${height}`,
    width: WIDE,
    height: high,
  })) {
    map().setAttribute(name, value);
  }
  map().querySelector("[data-map-cards]").setAttribute("d", outline(cards));
  map()
    .querySelector("[data-map-problems]")
    .setAttribute("d", outline(cards.filter((card) => card.dataset.problem === "blocking")));
  look();
};

const isWhole = (seen) => {
  const [left, top, width, height] = box();
  const across = seen.x <= left + MARGIN && seen.x + seen.width >= left + width - MARGIN;
  return across && seen.y <= top + MARGIN && seen.y + seen.height >= top + height - MARGIN;
};

// It lies in a corner where it covers none of the cards that are looked at: the open one, the focused one, a hit.
const CORNERS = ["bottom right", "top right", "top left"];
const LOOKED_AT = "[data-card]:is([aria-current], [data-hit], :focus)";
const ROOM = 16; // between it and the edges

const covers = (corner, frame, card) => {
  const [width, height] = [map().width.baseVal.value + ROOM, map().height.baseVal.value + ROOM];
  const [wide, high] = cardSize();
  const { x, y } = at(card);
  const [left, top] = [view.x + x * view.k, view.y + y * view.k];
  const across = corner.endsWith("right") ? left + wide * view.k > frame.width - width : left < width;
  return across && (corner.startsWith("top") ? top < height : top + high * view.k > frame.height - height);
};

const placeIn = (frame) => {
  const cards = [...world().querySelectorAll(LOOKED_AT)];
  const free = CORNERS.find((corner) => !cards.some((card) => covers(corner, frame, card)));
  map().dataset.corner = free ?? "";
  return Boolean(free);
};

export const look = () => {
  if (!map()) return;
  const frame = ground().getBoundingClientRect();
  const seen = { x: -view.x / view.k, y: -view.y / view.k, width: frame.width / view.k, height: frame.height / view.k };
  for (const [name, value] of Object.entries(seen)) map().querySelector("[data-map-view]").setAttribute(name, value);
  map().toggleAttribute("hidden", isWhole(seen) || !placeIn(frame));
};

// the middle of what is seen goes where the pointer is
const goTo = (event) => {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(map().getScreenCTM().inverse());
  const frame = ground().getBoundingClientRect();
  show(frame.width / 2 - point.x * view.k, frame.height / 2 - point.y * view.k);
};

document.addEventListener("pointerdown", (event) => {
  if (!event.target.closest?.("[data-map]") || event.button !== 0) return;
  event.preventDefault();
  map().setPointerCapture(event.pointerId);
  goTo(event);
});
document.addEventListener("pointermove", (event) => {
  if (event.buttons && map()?.hasPointerCapture(event.pointerId)) goTo(event);
});
document.addEventListener("path:viewed", look);
for (const name of ["focusin", "htmx:afterSettle"]) document.addEventListener(name, look);
document.addEventListener("path:drawn", () => {
  cancelAnimationFrame(wanted);
  wanted = requestAnimationFrame(draw);
});
draw();
