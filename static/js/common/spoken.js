// Every new revision is spoken in the words of its change.
const spoken = document.querySelector("[data-spoken]");
const number = () => document.querySelector("#based-on").value;
let announced = number();

const tell = () => {
  if (number() === announced) return;
  announced = number();
  spoken.textContent = document.querySelector("#status").dataset.summary;
};
document.addEventListener("htmx:oobAfterSwap", tell);
document.addEventListener("morph:after", tell);
