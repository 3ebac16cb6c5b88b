"""What a save and an opening of the composer take of the processor, without server and network:
milliseconds, statements and bytes, each beside its limit."""

import gc
import gzip
import re
import time
from collections.abc import Callable
from html.parser import HTMLParser

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.bench.journeys import journey
from tests.bench.server import FORM, REVISION
from tests.blocks.browser import Inputs
from tests.growth.report import people

SIZES = (200, 500)
ROUNDS, WARMING = 60, 5
LIMITS = {
    "save p50": {200: 15, 500: 20},
    "save p95": {200: 25, 500: 35},
    "save queries": {200: 8, 500: 8},
    "open p50": {200: 25},
    "open bytes": {200: 26_000},
    "open nodes": {200: 2_100},
}
SAVES = {
    "a field of an email saved": ("EMAILV2-2", "subject", "Hello {}"),
    "a first wait saved, all days change": ("WAITBYDURATION-1", "duration", "{}"),
}


def inside() -> None:
    """In a database of its own, with the demo's people, in this process."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)  # as composer/wsgi.py has it
    with people() as (tenant, maya, _rob):
        for size in SIZES:
            report(size, tenant, maya)


def report(size: int, tenant, maya) -> None:
    from tests.people import started

    page = Page(started(journey(f"inside-{size}", size), tenant, maya), maya)
    print(f"\n{f'{size} activities: the processor alone':40} {'measured':>24} {'limit':>10}")
    opened = timed(lambda _number: page.open())
    row("opened, p50", f"{at(opened, 0.5):.1f} ms", "open p50", size)
    answer = page.open()
    row(
        "  bytes compressed (unpacked)",
        f"{len(answer.content):,} ({len(page.text(answer)):,})",
        "open bytes",
        size,
    )
    nodes = Elements()
    nodes.feed(page.text(answer))
    row("  nodes as sent", f"{nodes.count:,}", "open nodes", size)
    row("  statements", f"{statements(page.open)}")
    for what, (key, name, value) in SAVES.items():
        page.choose(key)
        save = lambda number: page.save({name: value.format(number + 2)})  # noqa: B023, E731
        saved = timed(save)
        row(f"{what}, p50", f"{at(saved, 0.5):.1f} ms", "save p50", size)
        row("  p95", f"{at(saved, 0.95):.1f} ms", "save p95", size)
        row("  statements", f"{statements(lambda: save(999))}", "save queries", size)  # noqa: B023


class Elements(HTMLParser):
    """Counts them."""

    count = 0

    def handle_starttag(self, _tag: str, _attributes: list) -> None:
        self.count += 1


class Page:
    """The composer of one journey in a browser that packs, and sends what the script sends."""

    def __init__(self, shown, person) -> None:
        self.client = Client(
            headers={"host": "localhost", "accept-encoding": "gzip", "hx-request": "true"}
        )
        self.client.force_login(person)
        self.number, self.revision, self.form = shown.pk, "1", {}

    def open(self, **query: str) -> HttpResponse:
        answer = self.client.get(reverse("composer", args=[self.number]), {"view": "path", **query})
        assert answer.status_code == 200, answer
        return answer

    def choose(self, key: str) -> None:
        text, inputs = self.text(self.open(kind="activity", key=key)), Inputs()
        inputs.feed(FORM.search(text)[0])
        self.form = {"view": "path", "kind": "activity", "key": key, **dict(inputs.sent)}
        self.revision = REVISION.search(text)[1]

    def save(self, fields: dict[str, str]) -> HttpResponse:
        told = self.form | {"based_on": self.revision} | fields
        answer = self.client.post(reverse("save-block", args=[self.number]), told)
        assert answer.status_code == 200, answer
        self.revision = REVISION.search(self.text(answer))[1]
        return answer

    def text(self, answer: HttpResponse) -> str:
        packed = answer.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(answer.content) if packed else answer.content).decode()


def timed(ask: Callable[[int], object]) -> list[float]:
    """Milliseconds of the processor for each round, after some that warm up."""
    taken = []
    for number in range(WARMING + ROUNDS):
        began = time.process_time()
        ask(number)
        taken.append((time.process_time() - began) * 1000)
    return sorted(taken[WARMING:])


def statements(ask: Callable[[], object]) -> int:
    """Those of the database that read or write rows."""
    with CaptureQueriesContext(connection) as seen:
        ask()
    return sum(not re.match("SAVEPOINT|RELEASE|BEGIN|COMMIT", one["sql"]) for one in seen)


def at(ranked: list[float], share: float) -> float:
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))]


def row(what: str, measured: str, name: str = "", size: int = 0) -> None:
    limit = LIMITS.get(name, {}).get(size, "")
    unit = " ms" if limit and measured.endswith("ms") else ""
    print(f"{what:40} {measured:>24} {f'{limit:,}{unit}' if limit else '':>10}", flush=True)
