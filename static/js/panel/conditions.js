// Conditions: rows and groups are added from templates and taken away; an operator shows the value that fits it.
const builderOf = (element) => element.closest("[data-conditions]");
const tell = (builder) => builder.closest("form").dispatchEvent(new Event("change", { bubbles: true }));

const unused = (builder) => {
  let number = 1;
  while (builder.querySelector(`input[value="cn${number}"], input[value="(n${number}"]`)) number += 1;
  return `n${number}`;
};

const fresh = (builder, kind) => {
  const name = unused(builder);
  const item = builder.querySelector(`template[data-new=${kind}]`).content.firstElementChild.cloneNode(true);
  for (const element of [item, ...item.querySelectorAll("*")]) {
    for (const attribute of element.attributes) attribute.value = attribute.value.replace("__new__", name);
  }
  return item;
};

const add = (group, kind) => {
  const builder = builderOf(group);
  const items = group.querySelector("[data-items]");
  items.append(fresh(builder, kind));
  const added = items.lastElementChild;
  if (kind === "group") return add(added, "condition");
  added.querySelector("input[type=text]").focus();
};

const remove = (item) => {
  const builder = builderOf(item);
  const next = item.nextElementSibling ?? item.previousElementSibling ?? item.parentElement.closest("[data-group]");
  item.remove();
  next.querySelector("[data-remove-item], [data-add-item]")?.focus();
  tell(builder);
};

const suit = (item, kind) => {
  item.dataset.kind = kind;
  for (const control of item.querySelectorAll("[data-value]")) {
    const fits = kind !== "nothing" && (control.dataset.value === "flag") === (kind === "flag");
    control.hidden = control.disabled = !fits;
    if (control.placeholder) control.placeholder = control.dataset[kind === "date" ? "datePlaceholder" : "placeholder"];
  }
  item.querySelector("[data-reference]").hidden = kind === "nothing" || kind === "flag";
};

// The id belongs to the attribute set: with another set it goes, with the old one it comes back.
const relate = (item, field) => {
  const relation = item.querySelector("[data-relation] input");
  const setOf = (name) => name.slice(0, name.lastIndexOf("."));
  if (relation.value && relation.value !== relation.defaultValue) return;
  relation.value = setOf(field.value) === setOf(field.defaultValue) ? relation.defaultValue : "";
};

document.addEventListener("click", ({ target }) => {
  const adding = target.closest("[data-add-item]");
  if (adding) add(adding.closest("[data-group]"), adding.dataset.addItem);
  const removing = target.closest("[data-remove-item]");
  if (removing) remove(removing.closest("[data-item]"));
});

// before the form sends itself, which it does at the same event
document.addEventListener(
  "change",
  ({ target }) => {
    const item = target.closest("[data-conditions] [data-item]");
    if (item && target.matches("[data-operator]")) suit(item, target.selectedOptions[0].dataset.kind);
    if (item && target.matches("[data-source]")) {
      item.querySelector("input[list]").setAttribute("list", target.selectedOptions[0].dataset.list);
      item.querySelector("[data-relation]").hidden = target.value !== "contact";
    }
    if (item && target.matches("input[list]")) relate(item, target);
  },
  true,
);

// the answer to a row does not take away XML that was typed meanwhile
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const area = event.detail.target?.querySelector?.("textarea");
  if (area && area.value !== area.defaultValue) event.detail.shouldSwap = false;
});
