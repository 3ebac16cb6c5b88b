"""Every list at every depth in an installation that has grown, beside the limits: 150 ms (p95) and
12 queries.

One database is made and read in this process, by Django's test client: what is timed is the whole
request without the network. `--only scale` does it on SQLite, and on PostgreSQL where that is
installed, each in a process of its own. SCALE is the share of the full size, SCALE_RUNS how often
each page is asked for, SCALE_PAGES an expression that names some pages.
"""

import itertools
import logging
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LIMIT_MS, LIMIT_QUERIES = 150, 12
RUNS = int(os.environ.get("SCALE_RUNS", "12"))  # the first two are not counted
PAGES = re.compile(os.environ.get("SCALE_PAGES", ""))
BODIES = re.compile(r'"(?:packed|payload|answer)"')


@dataclass(frozen=True)
class Case:
    """`is_list`: no body may be read; `change`: it is a POST of what this gives, whose argument
    differs each time."""

    name: str
    who: str
    path: str
    is_list: bool = True
    change: Callable[[int], dict] | None = None


def scale() -> None:
    """CPU is this process's own, which tells more than time where others work on the machine,
    too."""
    for database in ("", "postgresql"):
        environ = {
            name: value for name, value in os.environ.items() if not name.startswith("TEST_")
        }
        environ |= {"TEST_DATABASE": database}
        subprocess.run([sys.executable, "-m", "tests.bench.scale"], env=environ, check=False)


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from composer.identity import sessions

    if os.environ.get("TEST_DATABASE") and not os.environ.get("TEST_DATABASE_URL"):
        print("PostgreSQL is absent: nothing was measured on it.")
        return 0
    settings.ALLOWED_HOSTS = ["*"]
    sessions.NOTED_EACH = 3600  # else noted with whatever page comes a minute later
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    from journeys.models.tally import move_on
    from tests.bench.bulk import in_bulk
    from tests.bench.crowd import Size, fill

    part = float(os.environ.get("SCALE", "1"))
    began = time.monotonic()
    size = Size()
    with in_bulk():
        fill(Size(*(max(50, int(number * part)) for number in vars(size).values())))
    move_on()  # as a sweeper would have done since
    print(f"\n{connection.vendor}: made in {time.monotonic() - began:.0f} s", flush=True)
    limits = f"limits {LIMIT_MS} ms, {LIMIT_QUERIES}"
    print(f"{'page':58} {'p50':>8} {'p95':>8} {'CPU':>8} {'queries':>8} {'bytes':>9}   {limits}")
    over = [one for one in cases() if PAGES.search(one.name) and not measured(one)]
    over += [name for name, work in works() if PAGES.search(name) and not timed(name, work)]
    taken = time.monotonic() - began
    print(f"{connection.vendor}: {len(over)} over a limit; all in {taken:.0f} s", flush=True)
    return 1 if over else 0


def measured(case: Case) -> bool:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, number = client_of(case.who, Client), itertools.count()

    def ask():
        if case.change is None:
            return client.get(case.path)
        return client.post(case.path, case.change(next(number)))

    with CaptureQueriesContext(
        connection
    ) as captured:  # apart from what is timed: noting them takes time as well
        answer = ask()
    if answer.status_code not in (200, 204, 302):
        print(f"{case.name:58} answered {answer.status_code}")
        return False
    queries, body = [query["sql"] for query in captured], answer.content
    times, cpu = clocked(ask)
    loaded = case.is_list and any(BODIES.search(sql.split(" FROM ")[0]) for sql in queries)
    more, name = "  reads a body!" if loaded else "", f"{case.name} ({case.who})"
    return told(name, times, cpu, len(queries), len(body), more, is_list=case.is_list)


def told(
    name: str,
    times: list[float],
    cpu: list[float],
    queries: int,
    size: int,
    more: str,
    *,
    is_list: bool = False,
) -> bool:
    p95 = times[min(len(times) - 1, int(0.95 * len(times)))]
    is_good = p95 <= LIMIT_MS and (queries <= LIMIT_QUERIES or not is_list) and not more
    waited = (
        sorted(cpu)[min(len(cpu) - 1, int(0.95 * len(cpu)))] <= LIMIT_MS
        and queries <= LIMIT_QUERIES
    )
    flag = more or ("" if is_good else "  over; it waited for the machine" if waited else "  over")
    middle = statistics.median(times), p95, statistics.median(cpu)
    print(
        f"{name[:58]:58} {middle[0]:8.1f} {middle[1]:8.1f} {middle[2]:8.1f} {queries:8}"
        f" {size:9,}{flag}",
        flush=True,
    )
    return is_good


def timed(name: str, work: Callable[[], object]) -> bool:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        work()
    return told(name, *clocked(work), len(captured), 0, "")


def clocked(ask: Callable[[], object]) -> tuple[list[float], list[float]]:
    """Milliseconds of the clock, sorted, and of this process's CPU."""
    ask()
    times, cpu = [], []
    for _ in range(max(1, RUNS - 2)):
        began, used = time.perf_counter(), time.process_time()
        ask()
        times.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - used) * 1000)
    return sorted(times), cpu


clients: dict[str, object] = {}
PEOPLE = {
    "one tenant": "person-0",
    "all tenants": "person-1",
    "admin": "person-2",
    "reviewer": "person-3",
}


def client_of(who: str, kind: type) -> object:
    from django.contrib.auth.models import User

    if who not in clients:
        clients[who] = kind()
        clients[who].force_login(User.objects.get(username=PEOPLE[who]))
        clients[who].get("/")  # that somebody is there is noted with their first page
    return clients[who]


def cases() -> Iterator[Case]:
    """Every list: its first page, deep pages, filters, orders, searches; then the journey with the
    long history."""
    sorts = ["", "?sort=changed", "?sort=name", "?sort=-name", "?sort=state", "?sort=-state"]
    asked = [
        "?state=needs-person",
        "?owner=5",
        "?state=draft&owner=5&sort=name",
        "?tenant=2",
        "?tenant=3&state=refused",
    ]
    searches = [
        "?q=welcome",
        "?q=quokka",
        "?q=nothinglikeit",
        "?q=w",
        "?q=wel+hamburg&sort=name",
        "?q=lodz",
    ]
    for who in ("one tenant", "all tenants", "admin"):
        for query in sorts:
            yield from depths(who, "/", query, "page")
        for query in [*asked, *searches]:
            yield Case(f"/{query}", who, f"/{query}")
        for query in ["", "?state=succeeded", "?tenant=2&state=waiting"]:
            yield from depths(who, "/submissions/", query, "page")
        yield Case("/submissions/overview/", who, "/submissions/overview/")
        yield Case("/submissions/overview/1/", who, "/submissions/overview/1/")
    for who in ("reviewer", "admin"):
        for query in ["", "?state__exact=requested", "?q=welcome", "?q=quokka"]:
            yield from depths(who, "/admin/journeys/review/", query, "p")
    for model in ("journey", "revision", "submission", "attempt", "auditentry"):
        for query in ["", "?q=welcome", "?q=quokka", "?q=nothinglikeit", "?q=w"]:
            if model != "attempt" or not query:
                yield from depths("admin", f"/admin/journeys/{model}/", query, "p")
    yield from depths("admin", "/admin/journeys/journey/", "?o=0", "p")
    for query in [
        "before=100000",
        "before=1000",
        "tenant=2",
        "what=review",
        "person=person-5",
        "before=100000&q=w",
    ]:
        yield Case(
            f"/admin/journeys/auditentry/?{query}", "admin", f"/admin/journeys/auditentry/?{query}"
        )
    for path in (
        "/admin/",
        "/admin/journeys/tenant/",
        "/admin/auth/user/",
        "/admin/auth/group/",
        "/metrics",
    ):
        yield Case(path, "admin", path)
    for path in ("/healthz", "/templates/", "/journeys/new/", "/journeys/import/"):
        yield Case(path, "all tenants", path, is_list=False)
    yield from one_long_journey()


def one_long_journey() -> Iterator[Case]:
    from journeys.models import Journey, Review, Submission

    yield from depths("one tenant", "/journeys/1/history/", "", "page")
    newest = Journey.objects.get(pk=1).head.number
    for path in ["", "print/", f"history/{newest // 2}/", "submit/", "export/"]:
        yield Case(
            f"/journeys/1/{path} of 20,000 revisions",
            "one tenant",
            f"/journeys/1/{path}",
            is_list=False,
        )

    def renamed(turn: int) -> dict:
        return {"name": f"Renamed {turn}", "based_on": Journey.objects.get(pk=1).head.number}

    yield Case(
        "/journeys/1/name/ of 20,000 revisions", "one tenant", "/journeys/1/name/", False, renamed
    )
    yield Case(
        "/journeys/1/undo/ of 20,000 revisions",
        "one tenant",
        "/journeys/1/undo/",
        False,
        lambda _turn: {"number": Journey.objects.get(pk=1).head.undo_top},
    )
    sent = Submission.objects.filter(tenant=1, state="succeeded").values_list("pk", flat=True)[0]
    yield Case("a submission", "one tenant", f"/submissions/{sent}/", is_list=False)
    waiting = (
        Submission.objects.filter(tenant=1, state="waiting").values_list("pk", flat=True).first()
    )
    if waiting:
        yield Case("a waiting submission", "one tenant", f"/submissions/{waiting}/", is_list=False)
    desk = Review.objects.filter(state="requested").values_list("pk", flat=True)[0]
    yield Case(
        "the review desk, a review",
        "reviewer",
        f"/admin/journeys/review/{desk}/change/",
        is_list=False,
    )


def depths(who: str, path: str, query: str, name: str) -> Iterator[Case]:
    """The first page, those beyond a tenth and a half of what is there, and the last."""
    from django.test import Client

    from tests.bench.lists import links_beyond

    yield Case(f"{path}{query}", who, f"{path}{query}")
    if not PAGES.search(path + query):
        return
    shares = (0.1, 0.5, 1.0)
    links = links_beyond(client_of(who, Client), f"{path}{query}", name, shares)
    for share, link in zip(shares, links, strict=False):
        yield Case(f"{path}{query} at {share:.0%}", who, link)


def works() -> list[tuple[str, Callable[[], object]]]:
    from django.core.management import call_command
    from django.utils import timezone

    from journeys.delivery.claims import candidates
    from journeys.delivery.sweeper import Sweeper
    from journeys.models import Submission

    key = Submission.objects.values_list("key", flat=True)[0]
    with open(os.devnull, "w") as nowhere:
        nothing = os.dup(nowhere.fileno())
    out = os.fdopen(nothing, "w")
    return [
        ("the worker's claim", lambda: candidates(timezone.now())),
        ("what a sweep asks", lambda: Sweeper().due()),
        ("manage.py submission_status", lambda: call_command("submission_status", key, stdout=out)),
    ]


if __name__ == "__main__":
    sys.exit(main())
