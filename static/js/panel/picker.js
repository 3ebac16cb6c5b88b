// Inputs that name something of the tenant by its id (data-picks="email") offer what there is: typing searches, arrow
// keys walk, Enter takes. While it is searched (data-looking) the value from before stands (data-before): Escape brings
// it back, and so does leaving, unless the entry that takes the words as they are was chosen. Where no list could be
// looked up, what is typed is the id. data-fills names the inputs that take other facts of what was chosen, data-of the
// input that says of what, data-fits the type that an event has to be of. What cannot be used is offered greyed, with
// the reason; choosing it tells the reason and changes nothing.
import { fill } from "../common/hidden.js";

const side = () => document.querySelector("[data-side]");
const PAUSE = 200;
let open = null; // { input, box, list, note, at: index of the option that is walked on, request, timer }

const pickerOf = (target) => (target instanceof Element ? target.closest("input[data-picks]") : null);
const options = () => [...open.list.querySelectorAll("[role=option]")];

const known = () => {
  try {
    return JSON.parse(localStorage.getItem("picked") ?? "{}");
  } catch {
    return {};
  }
};
const learn = (kind, value, name) => {
  const names = Object.entries({ ...known(), [`${kind}:${value}`]: name }).slice(-300);
  try {
    localStorage.setItem("picked", JSON.stringify(Object.fromEntries(names)));
  } catch {
    /* the id is enough */
  }
};

const wrapper = (input) => input.closest("[id^='div_']") ?? input.parentElement;

// The name of what was chosen, under its id.
const sayName = (input) => {
  const name = known()[`${input.dataset.picks}:${input.value}`] ?? "";
  if (name || document.getElementById(`${input.id}-named`)) fill(lineOf(input), name === input.value ? "" : name);
};

const lineOf = (input) => {
  const id = `${input.id}-named`;
  const there = document.getElementById(id);
  if (there) return there;
  const line = Object.assign(document.createElement("p"), { id, className: "pick-said", role: "status" });
  input.after(line);
  input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
  return line;
};

const suit = () => {
  for (const input of document.querySelectorAll("input[data-picks]:not([data-suited])")) {
    input.dataset.suited = "";
    wrapper(input).classList.add("pick");
    sayName(input);
  }
};

const walkTo = (index) => {
  const all = options();
  open.at = all.length ? (index + all.length) % all.length : -1;
  all.forEach((option, at) => option.setAttribute("aria-selected", String(at === open.at)));
  const option = all[open.at];
  if (!option) return open.input.removeAttribute("aria-activedescendant");
  open.input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
};

// What stands in the input is its value from now on.
const settle = (input) => {
  delete input.dataset.looking;
  input.dataset.before = input.value;
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

const bringBack = (input) => {
  input.value = input.dataset.before ?? "";
  settle(input);
  sayName(input);
};

const giveUp = (input) => {
  const words = input.value.trim();
  const { returnedText } = document.querySelector("#pick-list").content.querySelector("[data-note]").dataset;
  bringBack(input);
  fill(
    lineOf(input),
    returnedText.replace("{words}", () => words),
  );
};

// After the input was left with words in it
const decide = () => {
  const { input } = open;
  const words = input.value.trim();
  const choice = options().find(
    ({ dataset, ariaDisabled }) => !("typed" in dataset) && dataset.value === words && !ariaDisabled,
  );
  if (choice) return take(choice);
  close();
  if (!("looking" in input.dataset)) return;
  if (!words || words === input.dataset.before) return settle(input);
  giveUp(input);
};

const leave = () => {
  const { input } = open;
  if (!("looking" in input.dataset) || !input.value.trim() || open.answeredFor === input.value.trim()) return decide();
  open.isLeft = true; // whether there is a list is not known yet
  open.box.hidden = true;
  clearTimeout(open.timer);
  ask(input.value.trim());
};

const close = () => {
  if (!open) return;
  clearTimeout(open.timer);
  open.request?.abort();
  open.box.remove();
  open.input.setAttribute("aria-expanded", "false");
  open.input.removeAttribute("aria-activedescendant");
  open.input.removeAttribute("aria-controls");
  open = null;
};

const begin = (input) => {
  if (open?.input === input) {
    open.isLeft = open.box.hidden = false;
    return;
  }
  const former = open?.input;
  close();
  if (former?.isConnected && "looking" in former.dataset) giveUp(former);
  const box = document.querySelector("#pick-list").content.firstElementChild.cloneNode(true);
  const list = box.querySelector("[role=listbox]");
  list.id = `${input.id}-list`;
  (input.closest(".input-group") ?? input).after(box);
  input.setAttribute("aria-controls", list.id);
  open = { input, box, list, note: box.querySelector("[data-note]"), at: -1 };
};

const AGAIN = 700; // ms until the server is asked once more what it could not say yet
const MOST_AGAIN = 12;

const ask = async (query, { page = 1, anew = false, times = 0 } = {}) => {
  const { input, list, note } = open;
  open.request?.abort();
  const request = new AbortController();
  open.request = request;
  note.textContent = note.dataset.lookingText;
  const of = input.dataset.of
    ? (input.form.elements.namedItem(input.dataset.of)?.value ?? "")
    : (input.dataset.fits ?? "");
  const url = side().dataset.lookUpUrl.replace("/kind/", `/${input.dataset.picks}/`);
  const wanted = new URLSearchParams({ q: query, page, of, anew: anew ? 1 : 0 });
  let answer = "";
  try {
    const got = await fetch(`${url}?${wanted}`, { signal: request.signal, headers: { "HX-Request": "true" } });
    if (got.ok || got.status === 429) answer = await got.text();
  } catch {
    /* told below */
  }
  if (request.signal.aborted || open?.input !== input) return;
  show(list, note, answer, page, query);
  if (!answer.includes("data-again") || times === MOST_AGAIN) return answered(answer, query);
  setTimeout(() => {
    if (!request.signal.aborted && open?.input === input) ask(query, { page, anew, times: times + 1 });
  }, AGAIN);
};

// Where no list can be looked up, what is typed is the id.
const answered = (answer, query) => {
  const { input, isLeft } = open;
  open.answeredFor = query;
  if ("looking" in input.dataset && (!answer || answer.includes("data-no-list"))) settle(input);
  if (isLeft) decide();
};

const show = (list, note, answer, page, query) => {
  const got = new DOMParser().parseFromString(answer, "text/html");
  const fresh = [...got.querySelectorAll("[role=option]")];
  const before = page > 1 ? options().filter(({ dataset }) => !("page" in dataset || "typed" in dataset)) : [];
  list.replaceChildren(...before, ...fresh);
  options().forEach((option, at) => {
    option.id = `${list.id}-${at}`;
    option.toggleAttribute("data-current", option.dataset.value === open.input.value);
  });
  note.textContent = got.querySelector("[data-note]")?.textContent ?? note.dataset.unreachedText;
  const any = options().length > 0;
  list.hidden = !any;
  open.query = query;
  open.input.setAttribute("aria-expanded", String(any));
  open.at = -1;
  open.input.removeAttribute("aria-activedescendant");
  open.box.scrollIntoView({ block: "nearest" });
  open.input.scrollIntoView({ block: "nearest" });
  if (page > 1) walkTo(before.length);
};

const take = (option) => {
  const { input } = open;
  if (option.dataset.page) return ask(open.query, { page: option.dataset.page });
  if (option.matches("[aria-disabled]")) return fill(open.note, option.querySelector("[data-why]").textContent);
  const facts = JSON.parse(option.dataset.facts);
  input.value = option.dataset.value;
  for (const [fact, name] of Object.entries(JSON.parse(input.dataset.fills))) {
    const other = input.form.elements.namedItem(name);
    if (other && fact in facts) other.value = facts[fact];
  }
  learn(input.dataset.picks, option.dataset.value, option.dataset.name);
  close();
  sayName(input);
  settle(input);
};

document.addEventListener("click", ({ target }) => {
  const input = pickerOf(target);
  if (input && !open && !input.readOnly) {
    begin(input);
    ask("");
  } else if (open && target.closest("[data-pick-anew]")) {
    ask(open.query ?? "", { anew: true });
    open.input.focus();
  } else if (open && target.closest("[role=option]") && open.list.contains(target))
    take(target.closest("[role=option]"));
});
document.addEventListener("mousedown", (event) => {
  if (open?.list.contains(event.target)) event.preventDefault(); // the cursor stays in the input
});
document.addEventListener(
  "input",
  ({ target }) => {
    const input = pickerOf(target);
    if (!input) return;
    begin(input);
    sayName(input);
    input.dataset.before ??= input.defaultValue;
    input.dataset.looking = "";
    clearTimeout(open.timer);
    open.timer = setTimeout(() => ask(input.value.trim()), PAUSE);
  },
  true,
);
document.addEventListener(
  "keydown",
  (event) => {
    const input = pickerOf(event.target);
    if (!input) return;
    if (event.key === "Escape" && open) {
      close();
      if ("looking" in input.dataset) bringBack(input);
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    if (event.key === "Enter" && open?.at >= 0) {
      event.preventDefault();
      event.stopImmediatePropagation();
      take(options()[open.at]);
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (open && options().length) return walkTo(open.at < 0 && step < 0 ? -1 : open.at + step);
    begin(input);
    ask("");
  },
  true,
);
document.addEventListener("focusin", ({ target }) => {
  const input = pickerOf(target);
  if (input && !("looking" in input.dataset)) input.dataset.before = input.value;
});
document.addEventListener("focusout", ({ relatedTarget }) => {
  if (!open || open.isLeft || document.activeElement === open.input) return; // the window lost it, not the input
  if (!open.box.contains(relatedTarget) && relatedTarget !== open.input) leave();
});
document.addEventListener("htmx:afterSettle", suit);
suit();
