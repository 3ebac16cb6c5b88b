// Characters that nobody sees, or that look like spaces, marked as on the server's pages
// (composer/hidden_characters.py), for what a script shows.
const HIDDEN = /(?![\t\n\r ])[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
const JOINED = /(?<=\p{Extended_Pictographic}\ufe0f?)\u200d(?=\p{Extended_Pictographic})/u;
const DRAWN = /(?<=[\p{Extended_Pictographic}#*0-9])[\ufe0e\ufe0f]/u;
const PARTS = new RegExp(`(${JOINED.source}|${DRAWN.source})|(${HIDDEN.source})`, "gu");

const mark = (character) => {
  const box = Object.assign(document.createElement("bdi"), { className: "hidden-character", textContent: character });
  box.title = box.dataset.code = `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  return box;
};

// Puts the text into the element, with a mark around each hidden character in it.
export const fill = (element, text) => {
  let at = 0;
  const parts = [];
  if (HIDDEN.test(text)) {
    for (const { 0: whole, 2: hidden, index } of text.matchAll(PARTS)) {
      if (!hidden) continue;
      parts.push(text.slice(at, index), mark(hidden));
      at = index + whole.length;
    }
  }
  element.replaceChildren(...parts, text.slice(at));
  return element;
};

// What stands beside an input goes when nothing is hidden in it any more.
document.addEventListener("input", ({ target }) => {
  const beside = target.nextElementSibling;
  if (beside?.hasAttribute("data-hidden-beside")) beside.hidden = !HIDDEN.test(target.value ?? "");
});
