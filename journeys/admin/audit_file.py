"""The audit as a file: CSV for spreadsheets, JSON lines for programs."""

import csv
import json
import unicodedata
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _t

from journeys.models import AuditEntry
from journeys.models.audit_words import kind_label, sentence

FORMS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}
MOST = 200_000
BATCH = 2000
# Those of the page, then what programs go by.
COLUMNS = [
    "when",
    "who",
    "about",
    "what",
    "details",
    "journey",
    "tenant",
    "journey_key",
    "action",
    "id",
]
FORMULA = ("=", "+", "-", "\u2212", "@", "\t", "\r", "\n")
UNSEEN = ("Cf", "Zs", "Zl", "Zp")  # kinds of characters that spreadsheets pass over
BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes the file for another encoding


class Echo:
    """What the csv module writes into; it gives back what it gets."""

    def write(self, text: str) -> str:
        return text


def lines(rows: QuerySet[AuditEntry], form: str) -> Iterator[str]:
    """Each as text with its end of line. A file that was cut off says so in its last line."""
    writer = csv.writer(Echo())
    if form == "csv":
        yield BYTE_ORDER_MARK + writer.writerow(COLUMNS)
    count = 0
    for entry in read(rows):
        count += 1
        values = told(entry)
        if form == "csv":
            yield writer.writerow([safe(value) for value in values])
        else:
            yield json_line({**dict(zip(COLUMNS, values, strict=True)), "data": entry.data})
    if count >= MOST:
        text = _t(
            "Only the newest %(count)s entries are in this file. Narrow the dates for older ones."
        )
        text %= {"count": f"{MOST:,}"}
        yield writer.writerow([text]) if form == "csv" else json_line({"cut_off": text})


def read(rows: QuerySet[AuditEntry]) -> Iterator[AuditEntry]:
    """In batches by id, so that no cursor and no transaction stays open while somebody reads
    slowly."""
    rows = rows.select_related("actor", "journey", "tenant").defer(
        "tenant__client_secret", "tenant__token"
    )
    left, below = MOST, None
    while left > 0:
        part = rows.filter(id__lt=below) if below else rows
        batch = list(part[: min(BATCH, left)])
        yield from batch
        if len(batch) < BATCH:
            return
        left, below = left - len(batch), batch[-1].pk


def told(entry: AuditEntry) -> list:
    """The columns. Times are UTC, and sort as texts."""
    words, more = sentence(entry.action, entry.data)
    return [
        entry.at.isoformat(sep=" ", timespec="seconds"),
        entry.actor.get_username() if entry.actor else _t("the system"),
        kind_label(entry.kind),
        words,
        "; ".join(f"{name}: {value}" for name, value in more),
        entry.journey.name if entry.journey else "",
        str(entry.tenant or ""),
        entry.journey.key if entry.journey else "",
        entry.action,
        entry.pk,
    ]


def safe(value: object) -> object:
    """Spreadsheets carry out what begins like a formula, some also in the wide or small forms of
    its signs, or behind what nobody sees."""
    is_formula = isinstance(value, str) and first_sign(value).startswith(FORMULA)
    return f"'{value}" if is_formula else value


def first_sign(text: str) -> str:
    """In its plain form."""
    seen = (
        sign
        for sign in text
        if unicodedata.category(sign) not in UNSEEN and sign not in "\0\x0b\x0c"
    )
    return unicodedata.normalize("NFKC", next(seen, ""))


def json_line(values: dict) -> str:
    return json.dumps(values, ensure_ascii=False) + "\n"
