// The card whose settings the panel shows is marked; the cursor goes where the work is; arrow keys walk through the cards.
const cards = () => [...document.querySelectorAll("[data-card]")];
const panel = () => document.querySelector("[data-panel]");
const isSelected = (card) => card.dataset.kind === panel().dataset.kind && card.dataset.key === panel().dataset.key;
let byKeyboard = false;

const mark = () => {
  for (const card of cards()) card.toggleAttribute("aria-current", false);
  const card = cards().find(isSelected);
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
};

const goTo = (name) => {
  const named = document.getElementsByName(name)[0];
  const field = named?.closest("[data-conditions]")?.querySelector(".cond-root :is(.cond input[type=text], button)") ?? named;
  if (!field) return;
  field.closest("details")?.setAttribute("open", "");
  field.focus();
  field.scrollIntoView({ block: "center" });
};

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-card], [data-palette-item], [data-gap]")) byKeyboard = event.detail === 0;
});

// After settling, not after the swap: only then does htmx hear the new buttons.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "panel" || !event.detail.requestConfig) return;
  const card = mark();
  remember();
  card?.scrollIntoView({ block: "nearest" });
  const asked = event.detail.requestConfig.elt;
  if (panel().dataset.goto) goTo(panel().dataset.goto);
  else if (asked.matches("[data-palette-item]") || (byKeyboard && asked.matches("[data-card]"))) {
    panel().querySelector(".block-form :is(input, select, textarea):not([type=hidden]), .block-text textarea")?.focus();
  } else if (asked.matches("[data-key=remove]")) {
    (card ?? cards()[0])?.focus();
  }
});

document.addEventListener("htmx:oobAfterSwap", mark);
mark();

document.addEventListener("keydown", (event) => {
  const card = event.target.closest("[data-card]");
  if (event.key === "Escape" && event.target.closest("[data-panel]")) cards().find(isSelected)?.focus();
  if (!card) return;
  const press = (name) => {
    event.preventDefault();
    if (isSelected(card)) panel().querySelector(`[data-key=${name}]`)?.click();
  };
  if (event.altKey && event.key === "ArrowUp") return press("earlier");
  if (event.altKey && event.key === "ArrowDown") return press("later");
  if (event.key === "Delete") return press("remove");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  cards()[cards().indexOf(card) + step]?.focus();
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (typing || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
  event.preventDefault();
  document.querySelector(`[data-key=${event.shiftKey ? "redo" : "undo"}]`)?.click();
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target) || event.target.closest(".menu-body button")) menu.removeAttribute("open");
  }
});
