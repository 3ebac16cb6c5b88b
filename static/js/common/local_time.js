// Times are written in UTC by the server; here they are put into the reader's own zone.
const forms = {
  minute: { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
  second: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" },
};
const clock = { hour: "2-digit", minute: "2-digit" };
const language = document.documentElement.lang || "en-GB";

const localise = () => {
  for (const time of document.querySelectorAll("time[data-local-time]:not([data-localised])")) {
    const moment = new Date(time.dateTime);
    const exact = new Intl.DateTimeFormat(language, forms.second).format(moment);
    time.title = exact;
    if (time.dataset.localTime === "minute")
      time.textContent = new Intl.DateTimeFormat(language, forms.minute).format(moment);
    if (time.dataset.localTime === "time") time.textContent = new Intl.DateTimeFormat(language, clock).format(moment);
    if (time.dataset.localTime === "second") time.textContent = exact;
    time.dataset.localised = "";
  }
};

localise();
document.addEventListener("htmx:afterSettle", localise);
document.addEventListener("htmx:oobAfterSwap", localise);
document.addEventListener("morph:after", localise);
