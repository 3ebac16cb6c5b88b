// What was refused as too much or too large, because it came from a page of somebody else, because something was
// changed in the database past the composer, because the page is out of date, or because the database is away, is told
// in the server's own words, for every request of htmx; nothing on the page changes. So is that nobody is signed in any
// more, or somebody else, but in the composer, whose note of saving says it with a link. What says it by itself (the
// open form's note) says it as well.
const TOLD = new Set([401, 408, 410, 411, 412, 413, 423, 429, 503]);

const place = () => {
  const there = document.querySelector("[data-refused]");
  if (there) return there;
  const made = Object.assign(document.createElement("div"), { className: "notices" });
  made.dataset.refused = "";
  made.setAttribute("role", "alert");
  document.querySelector("#main").before(made);
  return made;
};

export const tellRefused = (text) => {
  const note = Object.assign(document.createElement("div"), {
    className: "notice notice-warning keeps-lines",
    textContent: text,
  });
  place().replaceChildren(note);
};

document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  const isText = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
  if ([401, 412].includes(xhr.status) && document.querySelector("[data-saving]")) return;
  if (TOLD.has(xhr.status) && isText) tellRefused(xhr.responseText);
});
document.addEventListener("htmx:afterRequest", ({ detail: { successful } }) => {
  if (successful) document.querySelector("[data-refused]")?.remove();
});
