// Puts what could not be stored under its field, and ties it to the input for screen readers.
const clear = (form) => {
  for (const text of form.querySelectorAll("[data-wrong]")) text.remove();
  for (const control of form.querySelectorAll("[aria-invalid]")) {
    control.classList.remove("is-invalid");
    control.removeAttribute("aria-invalid");
    const ids = (control.getAttribute("aria-describedby") ?? "")
      .split(" ")
      .filter((id) => id && !id.endsWith("-wrong"));
    if (ids.length) control.setAttribute("aria-describedby", ids.join(" "));
    else control.removeAttribute("aria-describedby");
  }
};

const tell = (text, id, className = "invalid-feedback d-block") => {
  const line = document.createElement("p");
  Object.assign(line, { className, textContent: text, id });
  line.dataset.wrong = "";
  return line;
};

const mark = (form, name, text) => {
  const control = [...form.elements].find((one) => one.name === name && one.type !== "hidden");
  if (!control) {
    const line = tell(text, "form-wrong");
    line.setAttribute("role", "alert");
    return form.prepend(line);
  }
  const id = `${control.id}-wrong`;
  control.classList.add("is-invalid");
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", `${control.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
  const row = control.closest(".cond");
  if (row) row.append(tell(text, id, "cond-wrong"));
  else (control.closest("[id^='div_']") ?? control.parentElement).append(tell(text, id));
  control.closest("details")?.setAttribute("open", "");
};

const show = () => {
  const form = document.querySelector("[data-block-form]");
  const errors = document.querySelector("#form-answer");
  if (!form || !errors) return;
  clear(form);
  for (const { dataset, textContent } of errors.querySelectorAll("[data-error-for]"))
    mark(form, dataset.errorFor, textContent);
};

document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target?.id === "form-answer") show();
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "panel") show();
});
