"""Whether memory stays: resident size of web process and worker over many requests for, and sends
of, large journeys.

MEMORY_REQUESTS says how many. The product runs as it does in life; what is told is its largest
process of each kind.
"""

import os
import tempfile
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import requests

from tests.serving import Stack

REQUESTS = int(os.environ.get("MEMORY_REQUESTS", "2000"))
SIZES = [2000] * 2 + [400] * 40  # steps of the journeys that are looked at
ROUNDS, SENT = 8, 25  # in each round so many more are submitted
PAGES = [
    "?view=list",
    "?view=path",
    "history/",
    "print/",
    "?view=json",
    "problems/",
    "export/",
    "picture.svg",
]
MAKE = """
from django.contrib.auth.models import User
from journeys.delivery.notify import notify
from journeys.models import Journey, Tenant
from tests.growth.page_shapes import chain, journey
Tenant.objects.update(review_required=False)
maya, tenant = User.objects.get(username="maya"), Tenant.objects.get()
def made(key, steps):
    document = journey(chain, steps, key)
    return Journey.objects.start(
        document, tenant=tenant, owner=maya, operation="new", summary="Started", key_proposed=True)
"""
LOOKED_AT = (
    MAKE
    + """
for number, steps in enumerate({sizes}):
    print("MADE", made(f"looked-at-{{number}}", steps).pk)
"""
)
SUBMITTED = (
    MAKE
    + """
from journeys.models import Submission
for number in range({sent}):
    one = made(f"sent-{{number}}-{turn}", 400)
    row = Submission(
        journey=one, revision=one.head, tenant=tenant, key=one.key, payload=one.head.body,
        sha256=one.head.sha256, created_by=maya, permitted="not-required",
        deadline_at="2099-01-01T00:00Z")
    row.sealed().save()
    notify(row.pk)
print("SUCCEEDED", Submission.objects.filter(state="succeeded").count())
"""
)


def memory() -> None:
    with tempfile.TemporaryDirectory(prefix="memory-") as folder:
        stack = Stack(Path(folder) / "data").start(seconds=300)
        try:
            measured(stack)
        finally:
            stack.stop(seconds=60)


def measured(stack: Stack) -> None:
    pks = told(stack, LOOKED_AT.format(sizes=SIZES), "MADE")
    asked, session, sent = addresses(pks), signed_in(stack.url), "0"
    print(f"\n{'requests':>10} {'web, MB':>10} {'worker, MB':>12} {'sent before':>12}")
    for turn in range(ROUNDS + 1):
        sizes = f"{resident(stack, 'granian'):>10} {resident(stack, 'celery'):>12}"
        print(f"{turn * REQUESTS // ROUNDS:>10} {sizes} {sent:>12}", flush=True)
        if turn == ROUNDS:
            return
        (sent,) = told(stack, SUBMITTED.format(sent=SENT, turn=turn), "SUCCEEDED")
        for address in islice(asked, REQUESTS // ROUNDS):
            answer = session.get(f"{stack.url}{address}")
            assert answer.status_code in (200, 429), (
                address,
                answer.status_code,
            )  # 429: limits of a person


def told(stack: Stack, code: str, word: str) -> list[str]:
    done = stack.manage("shell", "-c", code, seconds=600)
    found = [line.split()[1] for line in done.stdout.splitlines() if line.startswith(word)]
    if not found:
        raise SystemExit(f"nothing was made: {done.stdout[-500:]} {done.stderr[-1500:]}")
    return found


def addresses(pks: list[str]) -> Iterator[str]:
    """Every page of every journey in turn, so that what is kept is always of others."""
    return cycle([f"/journeys/{pk}/{page}" for page in PAGES for pk in pks])


def signed_in(origin: str) -> requests.Session:
    session = requests.Session()
    session.get(f"{origin}/sign-in/")
    fields = {
        "login": "maya",
        "password": "maya",
        "csrfmiddlewaretoken": session.cookies["csrftoken"],
    }
    session.post(f"{origin}/sign-in/", data=fields, headers={"Referer": origin}).raise_for_status()
    return session


def resident(stack: Stack, word: str) -> int:
    """Megabytes of the largest process whose command has this word."""
    return max(
        (kilobytes(pid) // 1024 for pid, line in stack.children().items() if word in line),
        default=0,
    )


def kilobytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


if __name__ == "__main__":
    memory()
