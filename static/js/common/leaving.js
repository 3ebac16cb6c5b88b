// Whoever follows a link or presses the main button right after typing goes on as soon as that is saved. About what
// cannot be saved now the browser asks (autosave.js, saving.js).
import { isUnsent, sendNow } from "../panel/autosave.js";
import { isFailing, isPending } from "./saving.js";

let onward = null;
const isUnderWay = () => isUnsent() || isPending();

const hold = (event, go) => {
  if (!isUnderWay() || isFailing() || !navigator.onLine) return;
  event.preventDefault();
  onward = go;
  sendNow();
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const isPlain = !event.defaultPrevented && !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!link || !isPlain || link.target || link.getAttribute("href").startsWith("#")) return;
  const { href } = link;
  hold(event, () => location.assign(href));
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!event.defaultPrevented && form.matches("form[action][method=post]")) hold(event, () => form.requestSubmit());
});

document.addEventListener("htmx:afterRequest", () => {
  if (!onward || (isUnderWay() && !isFailing())) return;
  const go = onward;
  onward = null;
  if (!isFailing()) go();
});
