// How the composer stood last in this browser is put there while the page is read, before it is painted: what is
// folded, how high the drawer of problems is, which tab of the panel is open, and across a reload where it was scrolled
// to. So this script is no module, and stands in the head. Afterwards it is left to problems.js, standing.js, tabs.js
// and scroll.js.
(() => {
  const kept = (store, name) => {
    try {
      return window[store].getItem(name);
    } catch {
      return null; // private window
    }
  };
  const one = (query) => document.querySelector(query);

  const drawer = () => {
    const height = Number(kept("localStorage", "problems-height"));
    if (height) one("#problems").style.height = `${height}vh`;
    one("#problems").toggleAttribute("data-folded", kept("localStorage", "problems-folded") === "yes");
  };
  const notice = () => {
    const { standing } = one("#standing").dataset;
    if (standing && kept("localStorage", `standing:${standing}`)) one("#standing").open = false;
  };
  const tab = () => {
    if (one("[data-panel][data-goto]") || !one("#checks")) return;
    const chosen = kept("sessionStorage", "panel-tab");
    if (!chosen || !document.getElementById(chosen)) return;
    for (const other of document.querySelectorAll("[data-tabs] [role=tab]")) {
      other.setAttribute("aria-selected", String(other.id === chosen));
      const shown = document.getElementById(other.getAttribute("aria-controls"));
      if (shown) shown.hidden = other.id !== chosen;
    }
  };
  const isNew = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  const view = new URLSearchParams(location.search).get("view") ?? "";
  const stored = isNew ? {} : JSON.parse(kept("sessionStorage", `scroll:${location.pathname}:${view}`) ?? "{}");
  const scroll = () => {
    for (const box of document.querySelectorAll("[data-keeps-scroll]"))
      box.scrollTop = stored[box.dataset.keepsScroll] ?? 0;
  };

  // While it is read there is more of it each time.
  const places = { "#problems": drawer, "#standing": notice, "#checks": tab };
  const place = () => {
    for (const [query, put] of Object.entries(places)) if (one(query)) put();
    if (!isNew) scroll();
  };
  const reading = new MutationObserver(place);
  reading.observe(document, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => reading.disconnect(), { once: true });
})();
