// Times are written in UTC by the server. Here they are put into the reader's own zone, as they come into the page and
// before they are painted: so this script is no module, and stands in the head.
(() => {
  const forms = {
    minute: { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
    second: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" },
    time: { hour: "2-digit", minute: "2-digit" },
  };
  const language = document.documentElement.lang || "en-GB";
  const written = {};
  const inZone = (form, moment) => (written[form] ??= new Intl.DateTimeFormat(language, forms[form])).format(moment);

  // Only what differs is written: each change comes back as one more record. A text that the browser reads later than
  // its element, or that an answer brings, is one, too.
  const put = (time) => {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) return;
    const exact = inZone("second", moment);
    if (time.title !== exact) time.title = exact;
    const { localTime } = time.dataset;
    const shown = forms[localTime] ? inZone(localTime, moment) : null; // "ago" stays in words
    if (shown !== null && time.firstChild && time.textContent !== shown) time.textContent = shown;
  };

  const TIMES = "time[data-local-time]";
  const read = (records) => {
    for (const { target, addedNodes } of records) {
      const around = (target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement)?.closest(TIMES);
      if (around) put(around);
      for (const node of addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue;
        if (node.matches(TIMES)) put(node);
        for (const time of node.querySelectorAll(TIMES)) put(time);
      }
    }
  };
  new MutationObserver(read).observe(document, {
    attributeFilter: ["datetime", "title"],
    characterData: true,
    childList: true,
    subtree: true,
  });
})();
