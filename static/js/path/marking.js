// Several steps are marked with Shift or Ctrl and a click, or with a frame: Shift and drag, or the tool "Select".
import { selectedKeys, selectKeys, toggleKey } from "../common/multi_select.js";
import { at, cardSize, isGround, path, space, toWorld, world } from "./canvas.js";
import { draggable } from "./dragging.js";

const steps = () => [...world().querySelectorAll('[data-card][data-kind="activity"]')];
const tool = () => path()?.querySelector("[data-tool=select]");
const frame = document.createElementNS("http://www.w3.org/2000/svg", "rect");
frame.setAttribute("class", "frame");

draggable((event) => {
  const framing = event.shiftKey || tool()?.getAttribute("aria-pressed") === "true";
  if (!framing || !isGround(event)) return null;
  const from = toWorld(event.clientX, event.clientY),
    before = event.shiftKey ? selectedKeys() : [];
  return {
    kind: "frame",
    begin: () => world().querySelector("[data-over]").append(frame),
    move(held) {
      const to = toWorld(held.x, held.y);
      const [left, top, right, bottom] = [
        Math.min(from.x, to.x),
        Math.min(from.y, to.y),
        Math.max(from.x, to.x),
        Math.max(from.y, to.y),
      ];
      for (const [name, value] of Object.entries({ x: left, y: top, width: right - left, height: bottom - top }))
        frame.setAttribute(name, value);
      const [width, height] = cardSize();
      const inside = steps().filter((card) => {
        const { x, y } = at(card);
        return x < right && x + width > left && y < bottom && y + height > top;
      });
      selectKeys([...new Set([...before, ...inside.map((card) => card.dataset.key)])]);
    },
    drop() {
      /* what is marked stays marked */
    },
    end: () => frame.remove(),
  };
});

// Before the click opens the card.
document.addEventListener(
  "click",
  (event) => {
    if (!path()) return;
    const card = event.target.closest?.("#path [data-card]");
    if (card && (event.shiftKey || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (card.dataset.kind === "activity") toggleKey(card.dataset.key);
    } else if (event.target.matches?.("[data-ground], [data-world]") && selectedKeys().length) selectKeys([]);
    const pressed = event.target.closest?.("[data-tool=select]");
    if (pressed) {
      const on = pressed.getAttribute("aria-pressed") !== "true";
      pressed.setAttribute("aria-pressed", String(on));
      path().toggleAttribute("data-selecting", on);
    }
  },
  true,
);

let pressed = null; // the card on which Space went down
document.addEventListener("keydown", (event) => {
  if (!event.target.closest?.("#path")) return;
  if (event.key === "Escape" && selectedKeys().length) selectKeys([]);
  if (event.key === " " && !event.repeat) pressed = event.target.closest('[data-card][data-kind="activity"]');
});
// When Space is let go: until then it may be held to move the canvas.
document.addEventListener("keyup", (event) => {
  if (event.key !== " ") return;
  if (pressed && pressed === event.target.closest?.("[data-card]") && !space.used) toggleKey(pressed.dataset.key);
  pressed = null;
});

document.addEventListener("shortcut", (event) => {
  if (event.detail.name !== "mark-all" || !event.target.closest?.("#path")) return;
  event.preventDefault();
  selectKeys(steps().map((card) => card.dataset.key));
});
