// Cards, the marked ones, and blocks of the palette are dragged onto a +. Those where they may land open; others do
// not.
import { selectedKeys } from "../common/multi_select.js";
import { at, path, toWorld, view, world } from "./canvas.js";
import { draggable } from "./dragging.js";
import { ours } from "../common/guard.js";

const NEAR = 96; // pixels on the screen
const ghost = () => path().querySelector("[data-ghost]");
const gaps = () => [...world().querySelectorAll("[data-layer=gaps] > [data-gap]")];
const named = (gap) => `${gap.dataset.after}\n${gap.dataset.outcome}`;

const highlight = (near, legal) => {
  for (const gap of legal) gap.toggleAttribute("data-highlighted", gap === near);
};

const nearest = (legal, { x, y }) => {
  const here = toWorld(x, y);
  let nearby = null,
    best = NEAR / view.k;
  for (const gap of legal) {
    const spot = at(gap);
    const far = Math.hypot(spot.x - here.x, spot.y - here.y);
    if (far < best) [nearby, best] = [gap, far];
  }
  return nearby;
};

const carry = (text, { x, y }) => {
  Object.assign(ghost(), { hidden: false, textContent: text });
  Object.assign(ghost().style, { left: `${x + 12}px`, top: `${y + 12}px` });
};

const post = (address, values) =>
  window.htmx.ajax("POST", address, { headers: ours(), source: path(), target: "#panel", swap: "outerHTML", values });

// `ask` gives the gaps where it may land; `land(gap)` sends it there.
const ontoGaps = ({ kind, text, ask, land, lift = [] }) => {
  let legal = [],
    near = null,
    ended = false;
  return {
    kind,
    async begin(held) {
      for (const card of lift) card.toggleAttribute("data-lifted", true);
      legal = await ask();
      if (ended) return;
      for (const gap of legal) gap.toggleAttribute("data-legal", true);
      this.move(held);
    },
    move(held) {
      carry(text, held);
      near = nearest(legal, held);
      highlight(near, legal);
    },
    drop() {
      if (near) land(near);
    },
    end() {
      ended = true;
      ghost().hidden = true;
      for (const gap of gaps()) for (const name of ["data-legal", "data-highlighted"]) gap.removeAttribute(name);
      for (const card of lift) card.removeAttribute("data-lifted");
    },
  };
};

const legalFor = async (keys) => {
  const query = new URLSearchParams(keys.map((key) => ["keys", key]));
  const answer = await fetch(`${path().dataset.gapsAddress}?${query}`);
  if (!answer.ok) return [];
  const names = new Set((await answer.json()).gaps.map((gap) => gap.join("\n")));
  return gaps().filter((gap) => names.has(named(gap)));
};

const takeCard = (event) => {
  const card = event.target.closest?.("#path[data-can-add] [data-card]");
  if (card?.dataset.kind !== "activity" || event.shiftKey || event.ctrlKey || event.metaKey) return null;
  const { key } = card.dataset;
  const keys = selectedKeys().includes(key) ? selectedKeys() : [key];
  const lift = [...world().querySelectorAll("[data-card]")].filter(
    ({ dataset }) => dataset.kind === "activity" && keys.includes(dataset.key),
  );
  const said = `${card.querySelector(".type").textContent.trim()}: ${card.dataset.sentence}`;
  return ontoGaps({
    kind: "card",
    text: keys.length > 1 ? path().dataset.several.replace("%s", keys.length) : said,
    lift,
    ask: () => legalFor(keys),
    land: (gap) => {
      const { after, outcome } = gap.dataset;
      if (keys.length > 1)
        return post(`${document.querySelector("[data-steps-url]").dataset.stepsUrl}move/`, { keys, after, outcome });
      return post(path().dataset.moveAddress, { kind: "activity", key, after, outcome });
    },
  });
};

// Entry sources, goals and exits have places of their own, so they may be dropped anywhere on the canvas.
const anywhere = (slug, text) => {
  let over = false;
  return {
    kind: "block",
    move(held) {
      carry(text, held);
      const frame = path().getBoundingClientRect();
      over = held.x > frame.left && held.x < frame.right && held.y > frame.top && held.y < frame.bottom;
      path().toggleAttribute("data-highlighted", over);
    },
    drop: () => over && post(path().dataset.addAddress, { slug }),
    end() {
      ghost().hidden = true;
      path().removeAttribute("data-highlighted");
    },
  };
};

const takeBlock = (event) => {
  const item = event.target.closest?.(".palette [data-palette-item]");
  if (!item || !path().dataset.addAddress) return null;
  const { slug, blockKind } = item.dataset,
    text = item.dataset.paletteItem;
  if (blockKind !== "activity") return anywhere(slug, text);
  const land = ({ dataset }) =>
    post(path().dataset.addAddress, { slug, after: dataset.after, outcome: dataset.outcome });
  return ontoGaps({ kind: "block", text, ask: gaps, land });
};

draggable(takeCard);
draggable(takeBlock);
