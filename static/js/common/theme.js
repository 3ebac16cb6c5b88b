// Sets the theme before the first paint, and follows the button that changes it.
const stored = () => {
  let theme = null;
  try {
    theme = localStorage.getItem("theme");
  } catch {
    /* private window */
  }
  return theme === "auto" ? null : theme; // the admin's own switch writes "auto"
};
const dark = matchMedia("(prefers-color-scheme: dark)");
const apply = () => {
  document.documentElement.dataset.bsTheme = stored() || (dark.matches ? "dark" : "light");
};

apply();
dark.addEventListener("change", apply);
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-switch]")) return;
  const next = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
  try {
    localStorage.setItem("theme", next);
  } catch {
    /* private window: the choice lasts for this page */
  }
  document.documentElement.dataset.bsTheme = next;
});
