// What was pressed and not done, other than a form's save: nothing of it is kept, so the note beside the name says that
// it is not done, and offers to try it again where it was meant.
import { ours } from "./guard.js";
import { note, tell } from "./saving.js";

let undone = null; // the request's { verb, path, target, formData } and { swap, source, what, based, isUnclear }

let said = ""; // of it at last

const basedOn = () => document.querySelector("#based-on").value;
const here = (element, otherwise) =>
  element?.isConnected ? element : (document.getElementById(element?.id) ?? otherwise);

const why = (status) => {
  if (status === 401) return "undoneSignedOut";
  if (status === 412) return "undoneOtherPerson";
  if (status === 403) return "undoneForbidden";
  if (status === 0) return navigator.onLine ? "undoneUnanswered" : "undoneOffline";
  return "undoneFault";
};

const LONGEST = 60;

// What it says on what was pressed; "" where nothing was, as when a step is dragged.
const calledBy = (source) => {
  const control = source.matches("form") ? source.querySelector("[type=submit]") : source.closest("button, a, summary");
  const said = control?.getAttribute("aria-label") || control?.textContent || "";
  const text = said.replace(/\s+/g, " ").trim();
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
};

const valuesOf = ({ formData }) => {
  const values = {};
  for (const name of new Set(formData.keys())) {
    // Those two are of the page as it is now.
    if (name !== "based_on" && name !== "view") values[name] = formData.getAll(name);
  }
  return values;
};

const send = ({ verb, path, target, source, swap, values }) =>
  htmx
    .ajax(verb, path, {
      headers: ours(),
      source: here(source, document.querySelector("#composer")),
      swap,
      values,
      target: here(target, document.querySelector("#panel")),
    })
    .catch(() => null); // told by what is heard below

const finish = (left = "") => {
  undone = null;
  tell(left);
};

// Where the answer was lost, not the request, it may be done: the newest draft tells, and is shown.
const again = async () => {
  const asked = undone;
  tell("saving");
  if (!asked.isUnclear) return send(asked);
  const { panelUrl } = document.querySelector("[data-side]").dataset;
  const { kind, key } = document.querySelector("[data-panel]").dataset;
  const query = new URLSearchParams({ kind, key, based_on: basedOn(), view: document.querySelector("#view").value });
  const answer = await fetch(`${panelUrl}?${query}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return tell(why(answer?.status ?? 0), true, asked.what);
  const isNewer = (await answer.text()).includes('id="based-on"'); // else the panel alone comes
  if (!isNewer && basedOn() === asked.based) return send(asked);
  await htmx.ajax("GET", `${panelUrl}?${query}`, { target: "#panel", swap: "outerHTML" }).catch(() => null);
  return finish("undoneChanged");
};

document.addEventListener(
  "htmx:afterRequest",
  ({
    detail: {
      requestConfig: config,
      xhr: { status },
      etc,
    },
  }) => {
    if (!config || config.elt.matches("[data-block-form], [data-json-edit]")) return; // a check is no deed
    const isPost = config.verb === "post";
    if (status >= 200 && status < 400) {
      if (isPost || undone?.verb === "get") finish();
      return;
    }
    const isMissing = status === 0 || status === 401 || status === 412 || status >= 500 || (status === 403 && isPost);
    if (!isMissing || (undone?.verb === "post" && !isPost)) return; // asking whether it was done failed, too
    const { verb, path, target, elt: source } = config;
    const swap = etc?.swapOverride ?? source.getAttribute("hx-swap") ?? undefined;
    const isUnclear = isPost && status !== 401 && status !== 412;
    // Tried again it may come from elsewhere.
    const what = calledBy(source) || (undone?.path === path ? undone.what : "");
    undone = { verb, path, target, source, what, swap, values: valuesOf(config), based: basedOn(), isUnclear };
    said = why(status);
    tell(said, status !== 403, what);
  },
);

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-try-again]") && undone) again();
  if (target.closest("[data-leave-it]")) finish();
});
addEventListener("online", () => {
  if (undone && said === "undoneOffline") tell("undoneWasOffline", true, undone.what);
});
document.addEventListener("htmx:beforeRequest", () => {
  if (note() && !undone) tell("");
});
