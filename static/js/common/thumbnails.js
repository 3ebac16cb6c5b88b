// The small pictures of paths that the server had not drawn yet: the list comes without them, then they are asked for,
// a few at a time. What cannot be had stays empty; the list says everything else.
const AT_ONCE = 10;

const put = (cells, answer) => {
  const page = new DOMParser().parseFromString(answer, "text/html");
  for (const picture of page.querySelectorAll("[data-picture]")) {
    cells.find((cell) => cell.dataset.pictureOf === picture.dataset.picture)?.replaceChildren(...picture.childNodes);
  }
};

const fill = async () => {
  const table = document.querySelector("table[data-pictures]");
  const empty = [...(table?.querySelectorAll("[data-picture-of]:empty:not([data-asked])") ?? [])];
  for (const cell of empty) cell.dataset.asked = "";
  for (let first = 0; first < empty.length; first += AT_ONCE) {
    const cells = empty.slice(first, first + AT_ONCE).filter((cell) => cell.isConnected);
    if (!cells.length) return;
    const asked = new URLSearchParams(cells.map((cell) => ["of", cell.dataset.pictureOf]));
    const answer = await fetch(`${table.dataset.pictures}?${asked}`).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    put(cells, await answer.text());
  }
};

fill();
document.addEventListener("htmx:afterSettle", fill);
