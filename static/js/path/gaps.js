// The + on each connector, in which a step is added. The server says of a connector where its + stands, counted from
// where it begins; all else about a + is known from the shapes around it, and would be a fifth of the page.
import { at, path, world } from "./canvas.js";

const SVG = "http://www.w3.org/2000/svg";
const PLUS = "M-10 0a10 10 0 1 0 20 0a10 10 0 1 0-20 0M-4 0h8M0-4v8";
const named = (key, outcome) => `${key}\n${outcome}`;

const words = (layer) => {
  const steps = new Map(),
    labels = new Map();
  for (const { dataset } of world().querySelectorAll('[data-card][data-kind="activity"]'))
    steps.set(dataset.key, dataset.sentence);
  for (const { dataset } of world().querySelectorAll("[data-label]"))
    labels.set(named(dataset.key, dataset.branch), dataset.text);
  const { start, behind, onPath } = layer.dataset;
  return ({ source, outcome }) => {
    if (!source) return start;
    const label = labels.get(named(source, outcome));
    return (label ? onPath.replace("%(path)s", () => label) : behind).replace("%(step)s", () => steps.get(source));
  };
};

const made = (id) => {
  const gap = document.createElementNS(SVG, "path");
  const given = { id, class: "gap-mark", role: "button", tabindex: "-1", "data-gap": "", d: PLUS };
  for (const [name, value] of Object.entries(given)) gap.setAttribute(name, value);
  return gap;
};

// Those that are there stay, so that the cursor stays in them and the eye can follow them.
export const drawGaps = () => {
  const layer = world().querySelector("[data-layer=gaps]");
  if (!("canAdd" in path().dataset)) return;
  const known = new Map([...layer.children].map((gap) => [gap.id, gap])),
    said = words(layer);
  for (const way of world().querySelectorAll("[data-layer=ways] > [data-plus]")) {
    const id = `gap-${way.id}`,
      gap = known.get(id) ?? layer.appendChild(made(id)),
      begin = at(way),
      [x, y] = way.dataset.plus.split(" ").map(Number);
    known.delete(id);
    gap.setAttribute("transform", `translate(${begin.x + x} ${begin.y + y})`);
    gap.setAttribute("aria-label", said(way.dataset));
    gap.setAttribute("data-after", way.dataset.source);
    gap.setAttribute("data-outcome", way.dataset.outcome);
  }
  for (const gap of known.values()) gap.remove();
};

if (path()) drawGaps();
