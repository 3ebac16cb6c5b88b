// The tabs of the panel: arrow keys walk, the choice is remembered, and what asks for a field opens its tab.
const NAME = "panel-tab";
const chosen = () => {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    return null;
  }
};
const tabs = () => [...document.querySelectorAll("[data-tabs] [role=tab]")];

const choose = (tab) => {
  for (const one of tabs()) {
    const on = one === tab;
    one.setAttribute("aria-selected", String(on));
    one.tabIndex = on ? 0 : -1;
    document.getElementById(one.getAttribute("aria-controls")).hidden = !on;
  }
};

const remember = (tab) => {
  choose(tab);
  try {
    sessionStorage.setItem(NAME, tab.id);
  } catch {
    /* lasts for this page */
  }
};

// "Go to" and a new block lead to the form, which the server shows by itself
const restore = (event) => {
  const asked = event?.detail.requestConfig?.elt;
  if (asked?.closest("[data-palette-item], #problems") || document.querySelector("[data-panel][data-goto]")) return;
  const tab = tabs().find((one) => one.id === chosen());
  if (tab) choose(tab);
};

document.addEventListener("click", ({ target }) => {
  const tab = target.closest("[data-tabs] [role=tab]");
  if (tab) remember(tab);
});
document.addEventListener("keydown", (event) => {
  const tab = event.target.closest("[data-tabs] [role=tab]");
  if (!tab) return;
  const all = tabs();
  const to = { ArrowLeft: all.indexOf(tab) - 1, ArrowRight: all.indexOf(tab) + 1, Home: 0, End: all.length - 1 }[
    event.key
  ];
  if (to === undefined) return;
  event.preventDefault();
  const next = all[(to + all.length) % all.length];
  remember(next);
  next.focus();
});
document.addEventListener("htmx:afterSwap", restore);
document.addEventListener("htmx:oobAfterSwap", restore);
restore();
