// The first letters of an item's name lead to it; letters typed in quick succession make one word.
const PAUSE = 600; // ms
let typed = "";
let at = 0;

export const isTypingAhead = () => typed !== "" && Date.now() - at < PAUSE;
export const stopTypingAhead = () => {
  typed = "";
};

// The item that the key leads to from `current`; null when it is no letter, undefined when no name begins like that.
export const named = (event, items, current, nameOf) => {
  const { key } = event;
  if (key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey || (key === " " && !isTypingAhead()))
    return null;
  typed = isTypingAhead() ? typed + key.toLowerCase() : key.toLowerCase();
  at = Date.now();
  const from = items.indexOf(current) + (typed.length === 1 ? 1 : 0);
  return [...items.slice(from), ...items.slice(0, from)].find((item) =>
    nameOf(item).trim().toLowerCase().startsWith(typed),
  );
};

document.addEventListener("focusin", (event) => {
  if (!event.target.matches("[role=treeitem], [role=menuitem]")) stopTypingAhead();
});
