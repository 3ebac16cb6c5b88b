// Menus of the top bar: Escape closes one and goes back to its button, a click elsewhere closes it as well.
const opened = () => document.querySelector(".top-bar details.menu[open]");

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && !event.defaultPrevented ? opened() : null;
  if (!menu) return;
  event.preventDefault();
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  const menu = opened();
  if (menu && !menu.contains(event.target)) menu.open = false;
});
