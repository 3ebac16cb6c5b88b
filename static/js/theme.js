// Sets the theme before the first paint, and follows the button that changes it.
const stored = () => {
  try { return localStorage.getItem("theme"); } catch { return null; }
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
  try { localStorage.setItem("theme", next); } catch { /* private window: the choice lasts for this page */ }
  document.documentElement.dataset.bsTheme = next;
});
