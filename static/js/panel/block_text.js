// A block without a form is edited as JSON and applied by hand. What is not applied yet is kept in this tab, and is
// back when the block is opened again; it is sent against the revision that it was typed on.
import { texts } from "./outbox.js";

const form = () => document.querySelector("[data-block-text]");
const place = () => {
  const { kind, key } = document.querySelector("[data-panel]").dataset;
  return { kind, key };
};
const areaOf = (one) => one.querySelector("textarea");
const isRefused = (one) => Boolean(one.querySelector("[role=alert]"));

const show = (one) => {
  one.querySelector("[data-not-applied]").hidden = !texts.find(place());
};

const adopt = () => {
  const one = form();
  if (!one || "adopted" in one.dataset) return;
  one.dataset.adopted = "";
  const area = areaOf(one),
    stored = texts.find(place());
  if (stored && stored.text === area.value && !isRefused(one)) texts.remove(place()); // somebody applied the same
  else if (stored) area.value = stored.text;
  else if (area.value !== area.defaultValue) remember(one); // typed while the scripts were still on their way
  show(one);
};

const remember = (one) => {
  const { value, defaultValue } = areaOf(one);
  const { base } = texts.find(place()) ?? one.dataset;
  if (value === defaultValue && !isRefused(one)) texts.remove(place());
  else texts.put({ ...place(), base, text: value });
  show(one);
};

document.addEventListener("input", ({ target }) => {
  const one = target.closest("[data-block-text]");
  if (one) remember(one);
});
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-take-back]")) texts.remove(place()); // and htmx gets the panel anew
});
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt !== form()) return;
  event.detail.parameters.base = (texts.find(place()) ?? form().dataset).base;
});
// applied, or decided between two versions
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { elt, parameters } = event.detail.requestConfig;
  const isApplied = elt.matches("[data-block-text]") && parameters.text === texts.find(place())?.text;
  if (event.detail.xhr.status === 200 && (isApplied || elt.closest("[data-settles]"))) texts.remove(place());
});
document.addEventListener("htmx:afterSettle", adopt);
document.addEventListener("htmx:oobAfterSwap", adopt);

const isHere = ({ kind, key }) =>
  [...document.querySelectorAll("[data-card], [data-panel]")].some(
    ({ dataset }) => dataset.kind === kind && dataset.key === key,
  );
addEventListener("beforeunload", (event) => {
  if (texts.all().some(isHere)) event.preventDefault();
});

adopt();
