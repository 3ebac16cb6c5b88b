// Inputs that offer fields of the entry event get those that the tenant knows of, once the cursor is in one.
const FRESH = 2 * 60 * 1000;
let asked = { at: 0, fields: Promise.resolve([]) };

const fetched = async (url) => {
  const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  const got = new DOMParser().parseFromString(answer?.ok ? await answer.text() : "", "text/html");
  return [...got.querySelectorAll("option")].map((option) => ({
    name: option.value,
    expression: option.dataset.expression,
  }));
};

const add = (list, texts) => {
  const there = new Set([...list.options].map((option) => option.value));
  for (const text of texts.filter((one) => !there.has(one))) {
    list.append(Object.assign(document.createElement("option"), { value: text }));
  }
};

document.addEventListener("focusin", async ({ target }) => {
  const panel = target.closest?.("[data-panel]");
  if (!panel || !target.matches("input[list]") || "fields" in panel.dataset) return;
  panel.dataset.fields = "";
  if (Date.now() - asked.at > FRESH) {
    asked = { at: Date.now(), fields: fetched(document.querySelector("[data-side]").dataset.eventFieldsUrl) };
  }
  const fields = await asked.fields;
  for (const list of panel.querySelectorAll("[data-conditions] > datalist[id$='-journey']"))
    add(
      list,
      fields.map(({ name }) => name),
    );
  for (const list of panel.querySelectorAll("datalist[id$='-expressions']"))
    add(
      list,
      fields.map(({ expression }) => expression),
    );
});
