// What somebody had entered and did not send, when they come back to its page: puts it into its form again. What is
// hidden or secret there stays as the page brought it.
const note = document.querySelector("[data-typed]");
const { path, fields } = JSON.parse(document.querySelector("#typed").textContent);

const leadsThere = (address) => new URL(address, location.href).pathname === path.split("?")[0];
const isFor = (form) =>
  form.method === "post" &&
  (leadsThere(form.getAttribute("action") ?? location.href) ||
    [...form.elements].some((control) => control.hasAttribute("formaction") && leadsThere(control.formAction)));

const KEPT = new Set(["hidden", "password", "file", "submit", "button", "reset", "image"]);
const left = new Map();
for (const [name, value] of fields) left.set(name, [...(left.get(name) ?? []), value]);

const fill = (control) => {
  const values = left.get(control.name) ?? [];
  if (["checkbox", "radio"].includes(control.type)) control.checked = values.includes(control.value);
  else if (control.type === "select-multiple") {
    for (const option of control.options) option.selected = values.includes(option.value);
  } else if (values.length) control.value = values.shift();
};

const form = [...document.forms].find(isFor);
if (form) {
  for (const control of form.elements) if (control.name && !KEPT.has(control.type)) fill(control);
  note.querySelector("p").textContent = note.dataset.again;
}
