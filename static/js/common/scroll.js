// Where the List and the panel were scrolled to is kept for a reload of the same view in the same tab: before_paint.js
// puts it there.
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
