// Times are written in UTC by the server; here they are put into the reader's own zone.
const forms = {
  minute: { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
  second: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" },
};
const clock = { hour: "2-digit", minute: "2-digit" };
const language = document.documentElement.lang || "en-GB";

const tell = () => {
  for (const time of document.querySelectorAll("time[data-when]:not([data-told])")) {
    const moment = new Date(time.dateTime);
    const exact = new Intl.DateTimeFormat(language, forms.second).format(moment);
    time.title = exact;
    if (time.dataset.when === "minute")
      time.textContent = new Intl.DateTimeFormat(language, forms.minute).format(moment);
    if (time.dataset.when === "time") time.textContent = new Intl.DateTimeFormat(language, clock).format(moment);
    if (time.dataset.when === "second") time.textContent = exact;
    time.dataset.told = "";
  }
};

tell();
document.addEventListener("htmx:afterSettle", tell);
document.addEventListener("htmx:oobAfterSwap", tell);
document.addEventListener("morph:after", tell);
