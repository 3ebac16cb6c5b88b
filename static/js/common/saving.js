// Says in words whether the draft is saved. The texts come from the data-…-text attributes of [data-saving].
const spoken = document.querySelector("[data-spoken]");
export const note = () => document.querySelector("[data-saving]");
const failing = new Set([
  "refused",
  "offline",
  "signedOut",
  "otherPerson",
  "forbidden",
  "outdated",
  "tooLarge",
  "failed",
]);
const choosing = new Set(["choosing", "choosingOne", "choosingMany"]); // between two people's versions
const keepsTyped = new Set(["offline", "signedOut", "otherPerson", "failed"]);
let state = "saved"; // of what is typed into the open form
let undone = "",
  mayAgain = false,
  what = ""; // what undone.js has to say, which comes first; `what` was pressed
let count = 0; // fields to choose between two people's versions
let pending = 0;

const show = () => {
  const said = undone || (state === "saved" && pending ? "saving" : state);
  const [saved, other] = [note()?.querySelector("[data-saved]"), note()?.querySelector("[data-not-saved]")];
  if (!saved || !other) return;
  saved.hidden = state !== "saved" || pending > 0 || said === "saving"; // what was not done hides no save
  other.hidden = said === "saved";
  note().toggleAttribute("data-failed", Boolean(undone && undone !== "saving") || failing.has(said));
  note().toggleAttribute("data-choosing", choosing.has(said));
  const typed = undone && keepsTyped.has(state) ? ` ${note().dataset.typedText}` : "";
  const text =
    (note().dataset[`${said}Text`] ?? "").replace("{what}", what && ` (${what})`).replace("{n}", count) + typed;
  if (other.textContent !== text) other.textContent = text;
  note().querySelector("[data-sign-in]").hidden = said !== "signedOut" && said !== "undoneSignedOut";
  note().querySelector("[data-sign-in-as]").hidden = said !== "otherPerson" && said !== "undoneOtherPerson";
  note().querySelector("[data-try-again]").hidden = !undone || !mayAgain;
  note().querySelector("[data-leave-it]").hidden = !undone || undone === "saving";
};

// "" when there is nothing left to say.
export const tell = (said, may = false, pressed = "") => {
  const was = undone;
  [undone, mayAgain, what] = [said, may, pressed];
  show();
  if (said && said !== was && spoken) spoken.textContent = note().innerText;
};

export const say = (next, fields = 0) => {
  const was = state;
  state = next;
  count = fields;
  show();
  if (next === was || !spoken) return;
  const isBad = [next, was].map((one) => failing.has(one) || choosing.has(one));
  if (isBad[0] || (next === "saved" && isBad[1])) spoken.textContent = note().innerText;
};

export const isPending = () => pending > 0;
export const isCutOff = () => Boolean(undone) || keepsTyped.has(state); // nothing comes through
export const isFailing = () => Boolean(undone) || failing.has(state) || choosing.has(state);

// Why a request failed, by its status; 0 when no answer came.
export const reason = (status) => {
  if (status === 401) return "signedOut";
  if (status === 412) return "otherPerson";
  if (status === 403 || status === 404) return "forbidden";
  if (status === 410) return "outdated";
  if (status === 413) return "tooLarge";
  return status === 0 ? "offline" : "failed";
};

const isForm = (event) => event.detail.requestConfig?.elt?.matches("[data-block-form]");
const isPost = (event) => event.detail.requestConfig?.verb === "post";

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!isPost(event)) return;
  pending += 1;
  show();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (isPost(event)) pending -= 1;
  if (isForm(event)) return show(); // autosave.js says what became of it
  const { status } = event.detail.xhr;
  if (status >= 200 && status < 400 && isPost(event) && state !== "offline") say("saved");
  else show();
  return undefined;
});
document.addEventListener("htmx:oobAfterSwap", show);
document.addEventListener("morph:after", show);

// other forms that hold work, such as the document as text
let unsaved = false;
document.addEventListener("input", (event) => {
  if (event.target.closest("[data-warn-unsaved]")) unsaved = true;
});
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.xhr.status < 400 && event.detail.requestConfig.elt.closest("[data-warn-unsaved]")) unsaved = false;
});
addEventListener("beforeunload", (event) => {
  if (unsaved || pending) event.preventDefault();
});
