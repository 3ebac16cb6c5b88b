// The List of a long journey stands on pages: the browser holds one, and asks for the one on which a row is wanted.
// The server is told which one that is, whatever it is asked.
const list = () => document.getElementById("outline");
const load = (values) => {
  const address = `${list().dataset.rowsAddress}?${new URLSearchParams(values)}`;
  return window.htmx.ajax("GET", address, { source: list(), swap: "none" });
};

// The page before or behind, the first or the last one: "earlier", "later", "start", "end". False where there is none.
export const turn = (towards) => {
  const button = list().querySelector(`[data-turn=${towards}]`);
  if (!button) return false;
  const first = towards === "later" || towards === "start";
  load({ rows_from: button.dataset.rows }).then(() => {
    const rows = [...list().querySelectorAll("#tree-steps > [role=treeitem]:not([hidden])")];
    rows.at(first ? 0 : -1)?.focus();
  });
  return true;
};

// The row of a step, from whatever page it stands on.
export const bring = async (key) => {
  const row = () => list().querySelector(`[data-card][data-kind=activity][data-key="${CSS.escape(key)}"]`);
  if (!row() && list().querySelector("[data-turn]")) await load({ around: key });
  return row();
};

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-turn]");
  if (button) turn(button.dataset.turn);
});

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (list() && !detail.path.startsWith(list().dataset.rowsAddress))
    detail.parameters.rows_from = list().dataset.rowsFrom;
});
