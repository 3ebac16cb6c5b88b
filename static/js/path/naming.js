// The name of a path is changed in place: double-click or F2 on it, or "Rename" in its menu.
import { at, ground, path, view, world } from "./canvas.js";
import { ours } from "../common/guard.js";

const rename = (label) => {
  const { x, y } = at(label),
    { key, branch, text } = label.dataset;
  const field = Object.assign(document.createElement("input"), {
    type: "text",
    value: text,
    className: "path-name form-control form-control-sm",
  });
  field.setAttribute("aria-label", label.getAttribute("aria-label"));
  const frame = ground().getBoundingClientRect(),
    outer = path().getBoundingClientRect();
  Object.assign(field.style, {
    left: `${frame.left - outer.left + view.x + x * view.k}px`,
    top: `${frame.top - outer.top + view.y + y * view.k - 4}px`,
  });
  let done = false;
  const finish = (save, isLeft = false) => {
    if (done) return;
    done = true;
    const value = field.value.trim();
    field.remove();
    if (!isLeft) label.focus({ preventScroll: true });
    if (save && value !== text) {
      const values = { kind: "activity", key, outcome: branch, label: value };
      window.htmx.ajax("POST", path().dataset.renameAddress, {
        headers: ours(),
        source: path(),
        target: "#panel",
        swap: "outerHTML",
        values,
      });
    }
  };
  field.addEventListener("blur", () => finish(true, true));
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") finish(true);
    if (event.key === "Escape") finish(false);
  });
  path().append(field);
  field.focus();
  field.select();
};

const nameable = (target) => target.closest?.("#path [data-label][data-renames]");

document.addEventListener("dblclick", ({ target }) => {
  const label = nameable(target);
  if (label) rename(label);
});
document.addEventListener("keydown", (event) => {
  const label = event.key === "F2" && nameable(event.target);
  if (!label) return;
  event.preventDefault();
  rename(label);
});
document.addEventListener(
  "click",
  (event) => {
    const item = event.target.closest?.("[data-step-menu] [data-command=rename]");
    if (!item || !path()) return;
    const { key, field } = JSON.parse(item.getAttribute("hx-vals"));
    const labels = [...world().querySelectorAll("[data-label][data-renames]")];
    const label = labels.find(({ dataset }) => dataset.key === key && field.startsWith(`outcomes[${dataset.branch}]`));
    if (!label) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    document.querySelector("[data-step-menu]").hidePopover();
    rename(label);
  },
  true,
);
