// What was typed into a block that somebody removed meanwhile: its form cannot be opened any more, so the server asks
// about it again, after a reload and where the block is asked for.
import { ours } from "../common/guard.js";
import { changes, page, texts } from "./outbox.js";

const panel = () => document.querySelector("[data-panel]");
const side = () => document.querySelector("[data-side]");
const valueOf = (id) => document.getElementById(id).value;
const hasCard = ({ kind, key }) =>
  [...document.querySelectorAll("[data-card]")].some(({ dataset }) => dataset.kind === kind && dataset.key === key);

const ask = ({ kind, key, base, values: typed = [], text }) => {
  const values = { kind, key, base, page, based_on: valueOf("based-on"), view: valueOf("view") };
  for (const [name, value] of typed) values[name] = [...(values[name] ?? []), value];
  if (text !== undefined) values.text = text;
  const { saveUrl, saveTextUrl } = side().dataset;
  const address = text === undefined ? saveUrl : saveTextUrl;
  htmx.ajax("POST", address, { headers: ours(), source: side(), target: "#panel", swap: "outerHTML", values });
};

const gone = () => {
  const { goneKind: kind, goneKey: key } = panel().dataset;
  return kind ? (changes.find({ kind, key }) ?? texts.find({ kind, key })) : null;
};
const unreachable = () =>
  changes.all().find((change) => change.refused && change.kind !== "journey" && !hasCard(change));

const adopt = (more = () => null) => {
  if (!panel() || "askedAgain" in panel().dataset) return;
  panel().dataset.askedAgain = "";
  const kept = gone() ?? more();
  if (kept) ask(kept);
};

document.addEventListener("htmx:afterSettle", () => adopt());
addEventListener("DOMContentLoaded", () => adopt(unreachable));
