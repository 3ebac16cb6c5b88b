// Where the screen is narrow, the form stands below the steps: a block that is opened leads down to it, and the button
// at its top leads back to the block.
const panel = () => document.querySelector("[data-panel]");
const isStacked = () => getComputedStyle(document.querySelector("[data-composer]")).display === "block";
const place = () => `${panel().dataset.kind} ${panel().dataset.key}`;
let shown = place();

const card = () => {
  const { kind, key } = panel().dataset;
  return [...document.querySelectorAll("[data-card]")].find(
    ({ dataset }) => dataset.kind === kind && dataset.key === key,
  );
};

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const asked = detail.requestConfig?.elt;
  const isOpened = asked?.matches("[data-card]") || (place() !== shown && !asked?.closest("#status"));
  shown = place();
  if (!asked || !isOpened || panel().dataset.kind === "journey" || !isStacked()) return;
  if (panel().dataset.goto) return; // open_block.js leads to the field
  document.querySelector("[data-side]").scrollIntoView({ behavior: "instant" });
});

document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-to-steps]")) return;
  const one = card();
  (one?.closest("#path") ?? one ?? document.querySelector("#stage")).scrollIntoView({
    block: "center",
    behavior: "instant",
  });
  one?.focus({ preventScroll: true });
});
