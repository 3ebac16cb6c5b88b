// Where a path leads: its end, a handle behind the +, is dragged onto a later step; or "Lead to…" is chosen in a menu
// and the step clicked. Only steps that it may lead to light.
import { at, cardSize, isGround, path, toWorld, view, world } from "./canvas.js";
import { draggable, isDragging } from "./dragging.js";
import { ours } from "../common/guard.js";

const BEHIND = 21,
  NEAR = 12; // from the +, and around the handle, in the picture's pixels
const over = () => world().querySelector("[data-over]");
const notice = () => path().querySelector("[data-path-notice]");
const cards = () => [...world().querySelectorAll('[data-card][data-kind="activity"]')];
let picking = null;

const drawn = (name, attributes) => {
  const shape = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
  return shape;
};

const handle = drawn("circle", { r: 6, class: "handle" });
const thread = drawn("path", { class: "thread" });

const gapAt = ({ x, y }) =>
  [...world().querySelectorAll("[data-layer=gaps] > [data-gap]")].find((gap) => {
    const spot = at(gap);
    return gap.dataset.after && Math.hypot(spot.x + BEHIND - x, spot.y - y) < NEAR;
  });

const askTargets = async (key) => {
  const answer = await fetch(`${path().dataset.targetsAddress}?${new URLSearchParams({ key })}`);
  const keys = answer.ok ? new Set((await answer.json()).targets) : new Set();
  return cards().filter((card) => keys.has(card.dataset.key));
};

const lead = (key, outcome, target) =>
  window.htmx.ajax("POST", path().dataset.leadAddress, {
    headers: ours(),
    source: path(),
    target: "#panel",
    swap: "outerHTML",
    values: { kind: "activity", key, outcome, target },
  });

const clean = () => {
  thread.remove();
  for (const card of cards()) for (const name of ["data-legal", "data-highlighted"]) card.removeAttribute(name);
};

const takeEnd = (event) => {
  if (!path().dataset.leadAddress || !event.target.closest?.("[data-ground]")) return null;
  const gap = gapAt(toWorld(event.clientX, event.clientY));
  if (!gap || (!event.target.matches(".handle") && event.pointerType !== "touch")) return null;
  const { after: key, outcome } = gap.dataset,
    start = at(gap);
  let legal = [],
    near = null,
    ended = false;
  return {
    kind: "end",
    async begin(held) {
      over().append(thread);
      const targets = await askTargets(key);
      if (ended) return;
      legal = targets;
      for (const card of legal) card.toggleAttribute("data-legal", true);
      this.move(held);
    },
    move(held) {
      const here = toWorld(held.x, held.y),
        x = start.x + BEHIND;
      thread.setAttribute("d", `M${x} ${start.y}C${x + 60} ${start.y} ${here.x - 60} ${here.y} ${here.x} ${here.y}`);
      const [width, height] = cardSize();
      near = legal.find((card) => {
        const spot = at(card);
        return here.x > spot.x - 24 && here.x < spot.x + width && here.y > spot.y && here.y < spot.y + height;
      });
      for (const card of legal) card.toggleAttribute("data-highlighted", card === near);
    },
    drop: () => near && lead(key, outcome, near.dataset.key),
    end() {
      ended = true;
      clean();
    },
  };
};

const stop = () => {
  picking = null;
  clean();
  path().removeAttribute("data-picking");
  notice().hidden = true;
};

export const pick = async (key, outcome) => {
  const legal = await askTargets(key);
  picking = { key, outcome, legal };
  for (const card of legal) card.toggleAttribute("data-legal", true);
  path().dataset.picking = "";
  Object.assign(notice(), { hidden: false, textContent: legal.length ? path().dataset.pick : path().dataset.nowhere });
};

// Chosen with the mouse, the step is clicked on the canvas; with keys, the menu lists the steps.
document.addEventListener(
  "click",
  (event) => {
    const item = event.target.closest?.("[data-step-menu] [data-command=lead]");
    if (!item || !path() || event.detail === 0) return;
    const values = JSON.parse(item.getAttribute("hx-vals") ?? "{}");
    if (values.outcome === undefined) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    document.querySelector("[data-step-menu]").hidePopover();
    pick(values.key, values.outcome);
  },
  true,
);

document.addEventListener(
  "click",
  (event) => {
    if (!picking || !event.target.closest?.("#path")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const card = event.target.closest("[data-card]"),
      { key, outcome, legal } = picking;
    if (card && !legal.includes(card)) return;
    stop();
    if (card) lead(key, outcome, card.dataset.key);
  },
  true,
);

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Escape" && picking) stop();
  },
  true,
);

document.addEventListener("pointermove", (event) => {
  if (!path()?.dataset.leadAddress || isDragging() || event.pointerType === "touch") return;
  const gap = isGround(event) && view.k > 0.35 ? gapAt(toWorld(event.clientX, event.clientY)) : null;
  if (!gap) return handle.remove();
  const spot = at(gap);
  handle.setAttribute("transform", `translate(${spot.x + BEHIND} ${spot.y})`);
  over().append(handle);
});

draggable(takeEnd);
