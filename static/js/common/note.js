// A note at the foot of the composer, which goes by itself; it is spoken, too.
const note = document.querySelector("[data-note]");
const spoken = document.querySelector("[data-spoken]");
const SHOWN = 4000;
let fading = 0;

export const texts = () => note.dataset;
export const say = (text) => {
  Object.assign(note, { textContent: text, hidden: false });
  spoken.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => {
    note.hidden = true;
  }, SHOWN);
};
