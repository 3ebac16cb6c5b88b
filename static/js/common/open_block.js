// The card whose settings the panel shows is marked, and the cursor goes where the work is. Enter in a name that was
// opened to be changed (F2) gives it back to the step or path.
import { ownerOfMenu } from "./menu.js";

const cards = () => [...document.querySelectorAll("[data-card]")];
const panel = () => document.querySelector("[data-panel]");
// The panel is asked once, not for each of hundreds of cards.
const selected = () => {
  const { kind, key } = panel().dataset;
  return cards().find(({ dataset }) => dataset.key === key && dataset.kind === kind);
};
const nameOf = ({ dataset: { kind, key } }) => `${kind} ${key}`;
let byKeyboard = false;
let shown = panel(); // a save leaves the open form as it is
let renamed = null; // { kind, key, field: the name that is being changed, owner: what has it }

const mark = () => {
  const card = selected();
  for (const other of document.querySelectorAll("[data-card][aria-current]"))
    if (other !== card) other.removeAttribute("aria-current");
  card?.setAttribute("aria-current", "true");
  return card;
};

const remember = () => {
  const address = new URL(location);
  const { kind, key } = panel().dataset;
  address.searchParams.delete("field");
  address.searchParams.set("kind", kind);
  address.searchParams.set("key", key);
  history.replaceState(history.state, "", address);
  for (const tab of document.querySelectorAll(".stage-tabs a")) {
    const other = new URL(tab.href);
    for (const [name, value] of Object.entries({ kind, key })) other.searchParams.set(name, value);
    tab.href = other;
  }
};

const goTo = (name) => {
  const named = document.getElementsByName(name)[0];
  const field =
    named?.closest("[data-conditions]")?.querySelector(".cond-root :is(.cond input[type=text], button)") ?? named;
  if (!field) return;
  field.closest("details")?.setAttribute("open", "");
  field.focus();
  field.scrollIntoView({ block: "center" });
};

const followRenaming = (asked) => {
  const { kind, key, goto: field } = panel().dataset;
  if (asked.matches("[data-command=rename]") && field) renamed = { kind, key, field, owner: ownerOfMenu() };
  else if (renamed && (renamed.kind !== kind || renamed.key !== key)) renamed = null;
};

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-card], [data-palette-item], [data-gap]")) byKeyboard = event.detail === 0;
});

// After settling, when htmx hears the new buttons, too.
document.addEventListener("htmx:afterSettle", (event) => {
  if (panel() === shown || !event.detail.requestConfig) return;
  if (nameOf(panel()) !== nameOf(shown)) panel().closest("[data-side]").scrollTop = 0;
  shown = panel();
  const card = mark();
  remember();
  card?.scrollIntoView({ block: "nearest" });
  const asked = event.detail.requestConfig.elt;
  followRenaming(asked);
  if (panel().dataset.goto) goTo(panel().dataset.goto);
  else if (asked.matches("[data-palette-item]") || (byKeyboard && asked.matches("[data-card]"))) {
    const field = ".block-form :is(input, select, textarea):not([type=hidden]), .block-text textarea";
    // a block that is gone leaves the journey's settings: nobody wants to type into those
    (panel().querySelector("[role=alert][tabindex]") ?? panel().querySelector(field))?.focus();
  } else if (asked.matches("[data-key=remove]")) {
    (card ?? cards()[0])?.focus();
  }
});

document.addEventListener("htmx:oobAfterSwap", mark);
document.addEventListener("morph:after", mark);
mark();
if (shown.dataset.goto) goTo(shown.dataset.goto);

const goBack = () => {
  const owner = renamed?.owner;
  renamed = null;
  (owner?.isConnected ? owner : selected())?.focus({ preventScroll: true });
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.isComposing || !target.closest("[data-panel]")) return;
  const isName = renamed && target.matches("input") && target.name === renamed.field;
  if (key === "Enter" && isName) event.preventDefault(); // leaving the field saves it
  if (key === "Escape" || (key === "Enter" && isName)) goBack();
});
