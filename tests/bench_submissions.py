"""How fast the worker submits, beside the same posts without any guarantee, in the same run.

Real processes: practice tenant, Redis, worker, sweeper. The rows are written while the tenants are
paused; then these are let through and a worker is notified once. `python -m tests.bench_submissions
--only rate` runs a part.
"""

import argparse
import bisect
import os
import socket
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

import requests  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from composer.celery import app  # noqa: E402
from journeys.models import Journey, Submission, Tenant, TenantStatus  # noqa: E402
from journeys.models.clock import now  # noqa: E402
from journeys.models.submission import LONGEST  # noqa: E402
from journeys.models.tenant_status import tenant_statuses  # noqa: E402
from journeys.spec import document as doc  # noqa: E402
from journeys.tenant import Token  # noqa: E402
from tests.bench.journeys import journey  # noqa: E402
from tests.serving import Stack  # noqa: E402

WIDTHS = (1, 4, 16, 64)
LATENCIES = (0.0, 0.3)
SETTINGS = {"SUBMIT_TIMEOUT_SECONDS": "30", "SUBMIT_SETTLE_SECONDS": "30", "LOG_LEVEL": "WARNING"}
FREE = "100000"  # calls a second: the rate cap is not what is measured
ACTIVITIES = 36


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.bench_submissions")
    parser.add_argument("--only", choices=["rate", "burst", "dead"])
    parser.add_argument("--widths", type=int, nargs="+", default=WIDTHS)
    options = parser.parse_args(arguments)
    if options.only in (None, "rate"):
        for width in options.widths:
            rates(width)
    if options.only in (None, "burst"):
        burst()
    if options.only in (None, "dead"):
        one_is_dead()
    return 0


@contextmanager
def running(**changes: str) -> Iterator[Stack]:
    """The product, with its database and its broker open to this process, which has its keys: what
    is sealed with others counts as changed past the composer, and is not sent."""
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder) / "data", **SETTINGS, **changes).start()
        settings.ENCRYPTION_KEYS = [(stack.data_dir / "encryption_key").read_text().strip()]
        settings.APPROVAL_KEYS = [(stack.data_dir / "approval_key").read_text().strip()]
        connection.close()
        connection.settings_dict["NAME"] = str(stack.data_dir / "composer.sqlite3")
        app.conf.broker_url = app.conf.broker_write_url = f"redis+socket://{broker(stack)}"
        app._pool = app.amqp._producer_pool = None
        try:
            yield stack
        finally:
            connection.close()
            stack.stop()


def broker(stack: Stack) -> str:
    line = next(
        line for line in stack.children().values() if "redis.sock" in line or "unixsocket" in line
    )
    return next(word for word in line.replace("unixsocket:", " ").split() if word.endswith(".sock"))


def rates(width: int) -> None:
    with running(WORKER_THREADS=str(width), TENANT_RATE=FREE) as stack:
        tenant = Tenant.objects.get()
        submitted(
            stack, [tenant], 2 * width + 20
        )  # connections, the token, and the number of calls at a time
        for latency in LATENCIES:
            control(stack, "settings", {"latency": latency})
            count = 600 if not latency else min(1200, max(12, round(width * 5 / latency)))
            bodies = [
                body(f"{name}-{width}-{latency}-{number}")
                for name in "lp"
                for number in range(count)
            ]
            plain = posts(stack, bodies[: min(count, 40) if latency else count], 1)
            pooled = posts(stack, bodies[count:], width)
            cpu = worker_cpu(stack)
            ours = submitted(stack, [tenant], count)
            cpu = (worker_cpu(stack) - cpu) / count * 1000
            print(
                f"{latency * 1000:4.0f} ms, {width:2} at once, {count:5} of {len(bodies[0]):,}"
                f" bytes: plain loop {plain:6.1f}/s, thread pool {pooled:6.1f}/s, submissions"
                f" {ours:6.1f}/s ({ours / plain:5.2f} of the loop, {ours / pooled:4.2f} of the"
                f" pool), {cpu:.2f} ms CPU each",
                flush=True,
            )


def burst() -> None:
    """A thousand approvals over ten tenants, at the rate that a tenant has by default."""
    with running(TENANT_RATE="5") as stack:
        tenants = more_tenants(10, stack.practice_url, "burst")
        began = time.monotonic()
        rows = write_rows(tenants, 1000)
        written = time.monotonic() - began
        began = time.monotonic()
        wait_for(stack, rows, 600)
        print(
            "1,000 submissions over ten tenants at 5 calls a second each: done in"
            f" {time.monotonic() - began:.0f} s (rows written in {written:.1f} s), at most"
            f" {fastest_second(stack, tenants)} calls to one in a second",
            flush=True,
        )


def one_is_dead() -> None:
    """A hundred tenants of which one takes connections and never answers: how long the others'
    submissions take."""
    ratios = []
    with (
        running(TENANT_RATE="5") as stack,
        socket.create_server(("127.0.0.1", 0), backlog=100) as silent,
    ):
        control(stack, "settings", {"latency": 0.3})
        for run in range(4):
            alive = more_tenants(100, stack.practice_url, f"alive-{run}")
            well = p95(stack, alive)
            others = more_tenants(99, stack.practice_url, f"beside-{run}")
            (dead,) = more_tenants(1, f"http://127.0.0.1:{silent.getsockname()[1]}", f"dead-{run}")
            dead.keep_token(Token("never looked at", 1080, dead.practice_url), now())
            ill = p95(stack, [dead, *others], dead)
            TenantStatus.objects.filter(pk=dead.pk).update(breaker="stopped")
            if run:  # the first one only warms up
                ratios.append(ill / well)
                print(
                    f"p95 {well:.2f} s, with a dead tenant {ill:.2f} s ({ratios[-1]:.2f})",
                    flush=True,
                )
    print(
        f"one dead tenant of a hundred: the others' p95 is {statistics.median(ratios):.2f} of that"
        " without (median)"
    )


def p95(stack: Stack, tenants: list[Tenant], dead: Tenant | None = None) -> float:
    """Seconds from letting all of them through to the result, of the submissions to those that are
    alive."""
    pause(tenants, timedelta(hours=1))
    write_rows(tenants, 5 * len(tenants))
    rows = Submission.objects.filter(tenant__in=[one.pk for one in tenants if one != dead])
    waited_for = list(rows.values_list("pk", flat=True))
    began = now()
    pause(tenants, None)
    wait_for(stack, waited_for, 300)
    seconds = sorted(
        (at - began).total_seconds() for at in rows.values_list("finished_at", flat=True)
    )
    return seconds[int(len(seconds) * 0.95)]


def more_tenants(count: int, address: str, name: str) -> list[Tenant]:
    values = {"client_id": "bench", "client_secret": "bench", "practice_url": address}
    return [
        Tenant.objects.create(name=f"{name}-{number}", **values).sealed() for number in range(count)
    ]


def fastest_second(stack: Stack, tenants: list[Tenant]) -> int:
    """The most calls that any second brought to one tenant, by when they arrived."""
    asked = requests.get(f"{stack.practice_url}/control/requests", timeout=30).json()["requests"]
    tenant_of = dict(Submission.objects.filter(tenant__in=tenants).values_list("key", "tenant"))
    arrived = defaultdict(list)
    for one in asked:
        if one["key"] in tenant_of:
            arrived[tenant_of[one["key"]]].append(one["started"])
    return max(
        bisect.bisect_left(at, first + 1) - i
        for at in map(sorted, arrived.values())
        for i, first in enumerate(at)
    )


def submitted(stack: Stack, tenants: list[Tenant], count: int) -> float:
    """Submissions a second, from letting the tenants through to the last answer written."""
    pause(tenants, timedelta(hours=1))
    rows = write_rows(tenants, count)
    began = now()
    pause(tenants, None)
    wait_for(stack, rows, 300)
    last = (
        Submission.objects.filter(pk__in=rows)
        .order_by("-finished_at")
        .values_list("finished_at", flat=True)[0]
    )
    return count / (last - began).total_seconds()


def pause(tenants: list[Tenant], lasting: timedelta | None) -> None:
    tenant_statuses([tenant.pk for tenant in tenants])
    rows = TenantStatus.objects.filter(pk__in=[tenant.pk for tenant in tenants])
    rows.update(paused_until=now() + lasting if lasting else None)


made = 0


def body(key: str) -> bytes:
    return doc.dumps({**SAMPLE, "key": key, "name": key})


SAMPLE = journey("bench", ACTIVITIES)


@transaction.atomic
def write_rows(tenants: list[Tenant], count: int) -> list[object]:
    """Submissions as `Journey.submit` writes them, of journeys whose checks are not what is
    measured."""
    global made
    moment, rows = now(), []
    for number in range(count):
        made += 1
        key = f"bench-{os.getpid()}-{made}"
        one = Journey.objects.create(tenant=tenants[number % len(tenants)], key=key)
        one.seal_key()
        revision = one.append(
            {**SAMPLE, "key": key, "name": key}, author=None, operation="new", summary="Started"
        )
        rows.append(
            Submission(
                journey=one,
                revision=revision,
                tenant=one.tenant,
                key=key,
                payload=revision.body,
                sha256=revision.sha256,
                not_before=moment,
                deadline_at=moment + LONGEST,
            ).sealed()
        )
    Submission.objects.bulk_create(rows)
    return [row.pk for row in rows]


def wait_for(stack: Stack, rows: list[object], seconds: float) -> None:
    app.send_task("journeys.tasks.submit", (str(rows[0]),))
    end = time.monotonic() + seconds
    pending = Submission.objects.filter(
        pk__in=rows[:500], state__in=["waiting", "sending", "unclear"]
    )
    rest = Submission.objects.filter(pk__in=rows[500:], state__in=["waiting", "sending", "unclear"])
    while pending.exists() or rest.exists():
        if time.monotonic() > end:
            sys.exit(f"not done in {seconds:g} s: {pending.count() + rest.count()} are left")
        time.sleep(0.2)
    refuse_all_but_successes(rows)


def refuse_all_but_successes(rows: list[object]) -> None:
    others = [
        one
        for at in range(0, len(rows), 500)
        for one in Submission.objects.filter(pk__in=rows[at : at + 500])
        .exclude(state__in=["succeeded", "cancelled"])
        .values_list("state", "text")
    ]
    if others:
        told = "\n".join(
            f"  {count} {state}: {text}" for (state, text), count in Counter(others).items()
        )
        sys.exit(f"not all of them succeeded:\n{told}")


def posts(stack: Stack, bodies: list[bytes], width: int) -> float:
    """The same posts a second by `requests`, each thread with a session of its own."""
    credentials = {
        "grant_type": "client_credentials",
        "client_id": "bench",
        "client_secret": "bench",
    }
    token = requests.post(f"{stack.practice_url}/v2/token", json=credentials, timeout=10).json()[
        "access_token"
    ]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    sessions = [requests.Session() for _number in range(width)]

    def share(number: int) -> None:
        for data in bodies[number::width]:
            answer = sessions[number].post(
                f"{stack.practice_url}/interaction/v1/interactions",
                data=data,
                headers=headers,
                timeout=30,
            )
            answer.raise_for_status()

    began = time.perf_counter()
    with ThreadPoolExecutor(width) as pool:
        list(pool.map(share, range(width)))
    return len(bodies) / (time.perf_counter() - began)


def worker_cpu(stack: Stack) -> float:
    """Seconds of processor time of the worker so far."""
    pid = min(pid for pid, line in stack.children().items() if "celery -A composer worker" in line)
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def control(stack: Stack, name: str, change: dict) -> None:
    requests.post(
        f"{stack.practice_url}/control/{name}", json=change, timeout=10
    ).raise_for_status()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
