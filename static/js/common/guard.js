// What a page may send. Whatever finds its way into a page as markup, htmx would obey; so only the page's own addresses
// are asked for (`own-addresses` in its head; * at the end stands for whatever follows), only HTML is put into it, and
// only what the server wrote, which bears this person's `own-mark`, or a script of ours changes anything. The token
// that lets a change pass is given to those requests alone.
const metaOf = (name) => document.head.querySelector(`meta[name="${name}"]`)?.content ?? "";
const mark = metaOf("own-mark");
const addresses = metaOf("own-addresses").split(" ").filter(Boolean);

const isOwn = (address) => {
  const { origin, pathname } = new URL(address, location.href);
  const fits = (one) => (one.endsWith("*") ? pathname.startsWith(one.slice(0, -1)) : pathname === one);
  return origin === location.origin && addresses.some(fits);
};

// For htmx.ajax: it is a script of ours that asks.
export const ours = () => ({ "X-Own": mark });

// After signing in again in another tab the token is another one. Where it is sent by https only, so its name says.
const token = (address) =>
  isOwn(address) ? (/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "") : "";

// What every change of ours bears: who sends it, and for whom the page was made. Somebody else may have signed in
// since.
export const asSent = (address) => ({ "X-CSRFToken": token(address), "X-Page-Of": isOwn(address) ? mark : "" });

const isMarked = ({ elt, headers }) => Boolean(mark) && (elt.dataset.own === mark || headers["X-Own"] === mark);

document.addEventListener("htmx:configRequest", (event) => {
  const { detail } = event;
  const changes = detail.verb !== "get";
  const may = isOwn(detail.path) && (!changes || isMarked(detail));
  for (const name of Object.keys(detail.headers)) {
    if (/^x-(own|csrftoken|page-of)$/i.test(name)) delete detail.headers[name];
  }
  if (!may) event.preventDefault();
  else if (changes) Object.assign(detail.headers, asSent(detail.path));
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const kind = detail.xhr.getResponseHeader("Content-Type") ?? "text/html";
  if (!kind.startsWith("text/html")) detail.shouldSwap = false;
});
