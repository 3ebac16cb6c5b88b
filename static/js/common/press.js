// An answer may move a button away from under the pointer between its being pressed and let go; the browser then makes
// no click of it. It was meant all the same.
const STILL = 4; // pixels; beyond that something is dragged
let press = null; // { control, x, y }

document.addEventListener(
  "pointerdown",
  (event) => {
    const control = event.button === 0 ? event.target.closest?.("button, summary") : null;
    press = control && { control, x: event.clientX, y: event.clientY };
  },
  true,
);

document.addEventListener(
  "pointerup",
  ({ clientX, clientY }) => {
    const { control, x, y } = press ?? {};
    press = null;
    if (!control?.isConnected || Math.hypot(clientX - x, clientY - y) > STILL) return;
    if (!control.contains(document.elementFromPoint(clientX, clientY))) control.click();
  },
  true,
);
