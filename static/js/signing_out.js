// Who signs out leaves nothing in the browser for whoever comes next: nothing unsent, no copied steps, no names that were
// picked. How the pages look stays. It is done when the page goes: who stays after a question loses nothing.
const STAYS = new Set(["theme", "single-keys"]);
let signsOut = false;

// On the window, after what waits until all is saved and then sends the form again.
addEventListener("submit", ({ target, defaultPrevented }) => {
  signsOut = !defaultPrevented && target.getAttribute("action") === "/sign-out/";
  if (signsOut) addEventListener("pagehide", leave); // last, after what keeps something as its page goes
});

const leave = () => {
  if (!signsOut) return;
  try {
    sessionStorage.clear();
    for (const name of Object.keys(localStorage)) if (!STAYS.has(name)) localStorage.removeItem(name);
  } catch { /* a private window keeps nothing */ }
};
