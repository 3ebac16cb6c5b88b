// <button data-copy="text"> or <button data-copy-from="#id"> puts the text on the clipboard and says so.
const fallback = (text) => {
  const area = Object.assign(document.createElement("textarea"), { value: text });
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  const text = button.dataset.copy ?? document.querySelector(button.dataset.copyFrom).textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    fallback(text);
  }
  button.dataset.copied = "";
  setTimeout(() => delete button.dataset.copied, 1500);
});
