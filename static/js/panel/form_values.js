// What a form would send, by name: Map of name -> list of values. Conditions count as a whole: their rows hang
// together.
// What is typed into a picker to search is no value: the one from before stands.
const searched = (form) => [...form.querySelectorAll("[data-picks][data-looking][name]")];
export const isSearched = (form, name) => searched(form).some((input) => input.name === name);

export const valuesOf = (form) => {
  const values = new Map();
  for (const [name, value] of new FormData(form)) values.set(name, [...(values.get(name) ?? []), value]);
  for (const input of searched(form)) values.set(input.name, [input.dataset.before]);
  return values;
};

// The same as the server gave it: something may have been typed while the scripts were still on their way.
export const servedIn = (form) => {
  const copy = form.cloneNode(true);
  copy.reset();
  return valuesOf(copy);
};

export const entriesOf = (values) => [...values].flatMap(([name, list]) => list.map((value) => [name, value]));

export const textOf = (values) => JSON.stringify(entriesOf(values));

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// The prefixes of the names of each condition builder.
const builders = (form) =>
  [...form.querySelectorAll("[data-conditions] > [name$='-base']")].map((base) => base.name.slice(0, -5));
const isOf = (prefix, name) => name === prefix || name.startsWith(`${prefix}-`);
export const isCondition = (form, name) => builders(form).some((prefix) => isOf(prefix, name));

// The part of `values` that differs from `stored`.
export const differing = (form, values, stored) => {
  const names = new Set(
    [...values.keys(), ...stored.keys()].filter((name) => !same(values.get(name), stored.get(name))),
  );
  for (const prefix of builders(form)) {
    if ([...names].some((name) => isOf(prefix, name))) {
      for (const name of values.keys()) if (isOf(prefix, name)) names.add(name);
    }
  }
  return new Map([...values].filter(([name]) => names.has(name)));
};

// Puts values into the inputs that there are; gives those for which there is none.
export const fillIn = (form, values) => {
  const left = new Map();
  for (const [name, list] of values) {
    const controls = [...form.elements].filter((control) => control.name === name);
    if (!controls.length || isCondition(form, name)) left.set(name, list);
    else put(controls, list);
  }
  return left;
};

// The same for a form that replaced `before`. Conditions hang together: XML that goes on being typed stands for all of
// them, else all their rows are left, to be sent as they were. `known`: what was sent.
export const carry = (before, form, values, known) => {
  const left = fillIn(form, values);
  for (const [name, list] of left) {
    const area = [...form.elements].find((control) => control.name === name && control.type === "textarea");
    if (!isCondition(before, name)) left.delete(name);
    else if (area && !same(list, known.get(name))) {
      put([area], list);
      for (const other of left.keys()) if (isOf(name, other)) left.delete(other);
    }
  }
  return left;
};

const put = (controls, list) => {
  for (const control of controls.filter((one) => one.type !== "hidden")) {
    if (control.type === "checkbox") control.checked = list.includes(control.value);
    else if (list.length) control.value = list.at(-1);
  }
};
