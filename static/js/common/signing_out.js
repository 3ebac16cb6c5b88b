// Who signs out leaves nothing in the browser for whoever comes next: nothing unsent, no copied steps, no names that
// were picked. How the pages look stays. It is done when the page goes: who stays after a question loses nothing.
const STAYS = new Set(["theme", "single-keys"]);

const leaveNothing = () => {
  try {
    sessionStorage.clear();
    for (const name of Object.keys(localStorage)) if (!STAYS.has(name)) localStorage.removeItem(name);
  } catch {
    /* a private window keeps nothing */
  }
};

// On the window, after what waits until all is saved and then sends the form again. Heard from now on only, so after
// all others that hear the page go: what they keep of it (where it was scrolled to) goes, too.
addEventListener("submit", ({ target, defaultPrevented }) => {
  removeEventListener("pagehide", leaveNothing);
  if (!defaultPrevented && target.getAttribute("action") === "/sign-out/") addEventListener("pagehide", leaveNothing);
});
