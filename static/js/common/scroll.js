// Where the List and the panel were scrolled to, across a reload of the same view in the same tab.
const boxes = () => document.querySelectorAll("[data-keeps-scroll]");
const place = () => {
  const { searchParams, pathname } = new URL(location);
  return `scroll:${pathname}:${searchParams.get("view") ?? ""}`;
};

addEventListener("pagehide", () => {
  const positions = Object.fromEntries([...boxes()].map((box) => [box.dataset.keepsScroll, box.scrollTop]));
  try {
    sessionStorage.setItem(place(), JSON.stringify(positions));
  } catch {
    /* private window: not kept */
  }
});

let stored = {};
try {
  stored = JSON.parse(sessionStorage.getItem(place()) ?? "{}");
} catch {
  /* as above */
}
if (performance.getEntriesByType("navigation")[0]?.type !== "navigate") {
  for (const box of boxes()) box.scrollTop = stored[box.dataset.keepsScroll] ?? 0;
}
