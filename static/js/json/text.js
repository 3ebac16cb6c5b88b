// Where everything stands in a JSON text: a tree of nodes with their lines (from 0), whatever the text's format.
// Places are named as the checks name them: items of lists by their own key, else by their number.
const TOKEN = /"(?:[^"\\\n]|\\.)*"?|[{}[\],:]|\n|[^\s{}[\],:"]+/g;
const MEMBERS = { trigger: "triggers", goal: "goals", exit: "exits", activity: "activities" };

const text = (token) => {
  try {
    return JSON.parse(token);
  } catch {
    return token;
  }
};

// node: {parent, name (in an object), index (in a list), key (its own, if it is an object with one), children, line,
// last}
export const scan = (source) => {
  const root = { children: [], line: 0, last: 0 };
  let line = 0,
    at = null,
    name = null,
    pending = null;
  const begin = (isList) => {
    const node = at === null ? root : { parent: at, children: [] };
    if (at !== null) {
      if (at.isList) node.index = at.children.length;
      else node.name = name;
      at.children.push(node);
    }
    Object.assign(node, { isList, line, last: line });
    return node;
  };
  for (const [token] of source.matchAll(TOKEN)) {
    if (token === "\n") line += 1;
    else if (token === "{" || token === "[") {
      at = begin(token === "[");
      name = pending = null;
    } else if (token === "}" || token === "]") {
      if (!at) break;
      at.last = line;
      at = at.parent ?? null;
      if (!at) break;
    } else if (token === ":") name = text(pending);
    else if (token === ",") name = pending = null;
    else if (at && !at.isList && name === null) pending = token;
    else if (at) {
      begin(undefined);
      if (name === "key" && token[0] === '"') at.key = text(token);
    }
  }
  return root;
};

const segment = (node) => (node.name !== undefined ? node.name : `[${node.key || node.index}]`);

// The place of a node inside the block (or document) `top`: "outcomes[yes].arguments".
export const placeOf = (node, top) => {
  let place = "";
  for (let one = node; one !== top; one = one.parent)
    place = `${segment(one)}${place && place[0] !== "[" ? "." : ""}${place}`;
  return place;
};

const all = function* (node) {
  yield node;
  for (const child of node.children) yield* all(child);
};

export const blockOf = (root, kind, key) => {
  if (!MEMBERS[kind]) return root;
  const list = root.children.find((child) => child.name === MEMBERS[kind]);
  return list?.children.find((child) => child.key === key);
};

export const blockAt = (root, line) => {
  for (const [kind, member] of Object.entries(MEMBERS)) {
    const list = root.children.find((child) => child.name === member);
    const block = list?.children.find((child) => child.line <= line && line <= child.last);
    if (block?.key) return { kind, key: block.key };
  }
  return null;
};

// The node at a place, else the nearest one above it.
export const nodeAt = (top, place) => {
  let best = top;
  let length = 0;
  for (const node of all(top)) {
    const here = placeOf(node, top);
    const fits = place === here || (place.startsWith(here) && [".", "["].includes(place[here.length]));
    if (here && fits && here.length >= length) [best, length] = [node, here.length];
  }
  return best;
};
