// Menus (details.menu) on every page: Escape closes one and goes back to its button; a click elsewhere, another menu,
// what was chosen in it, or the focus that leaves it close it as well.
const opened = () => [...document.querySelectorAll("details.menu[open]")];
const close = (menu) => menu.removeAttribute("open");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const menus = opened();
  const menu = menus.findLast((one) => one.contains(event.target)) ?? menus.at(-1);
  if (!menu) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // it closes the menu alone, and nothing around it
  close(menu);
  menu.querySelector("summary").focus();
});
document.addEventListener("click", ({ target }) => {
  for (const menu of opened()) if (!menu.contains(target) || target.closest(".menu-body :is(a, button)")) close(menu);
});
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  const menu = relatedTarget && target.closest?.("details.menu[open]");
  if (menu && !menu.contains(relatedTarget)) close(menu);
});
