// What others decide arrives by itself: the page asks whether anything is not as it shows it, and takes in what is.
// Nothing that is typed is touched, and nothing is asked while something is under way.
import { isCutOff, isPending } from "./saving.js";

const SECONDS = 2,
  HIDDEN = 20,
  AWAY = 30; // the session has ended, or the server does not answer
const grid = document.querySelector("[data-composer]");
let timer = 0,
  asks = false;

const mark = () => document.getElementById("status").dataset.mark;
const basedOn = () => document.getElementById("based-on").value;

const query = () => {
  const fields = document.querySelectorAll("#based-on, #view, #selected input");
  const shown = new URLSearchParams([...fields].map(({ name, value }) => [name, value]));
  const { problemsFrom } = document.querySelector("[data-problems]").dataset;
  if (problemsFrom) shown.set("problems_from", problemsFrom);
  shown.set("newer", document.getElementById("newer").dataset.number ?? "");
  shown.set("mark", mark());
  if (document.querySelector("[data-conflict]")) shown.set("asks", "");
  return shown;
};

const told = () =>
  (document.querySelector("#standing > summary") ?? document.getElementById("ends")).textContent.trim();

// What was saved meanwhile is newer than the answer.
const take = (html, asked) => {
  if (isBusy() || isPending() || asked.based !== basedOn() || asked.mark !== mark()) return;
  const before = told();
  window.htmx.swap(document.createElement("div"), html, { swapStyle: "none" });
  if (told() !== before) document.querySelector("[data-spoken]").textContent = told().replace(/\s+/g, " ");
};

// What is open names places that may go away, and what is dragged is a picture of what is there.
const isBusy = () => document.querySelector("dialog[open], :popover-open, [data-dragging], [data-picking]");

const ask = async () => {
  if (isBusy()) return SECONDS;
  if (!navigator.onLine || isPending() || isCutOff()) return SECONDS;
  const asked = { based: basedOn(), mark: mark() };
  const answer = await fetch(`${grid.dataset.followUrl}?${query()}`).catch(() => null);
  if (!answer?.ok || answer.redirected) return AWAY;
  if (answer.status === 200) take(await answer.text(), asked);
  return document.hidden ? HIDDEN : SECONDS;
};

const wait = (seconds) => {
  clearTimeout(timer);
  timer = setTimeout(follow, seconds * 1000);
};
const follow = async () => {
  if (asks) return;
  asks = true;
  const seconds = await ask();
  asks = false;
  wait(seconds);
};

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) follow();
});
wait(SECONDS);
