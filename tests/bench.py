"""What the product reaches on this machine, printed beside what it is compared with in the same run.

make bench                       everything
make bench ARGS="--only pages"   one part: checks, pages or submissions
"""

import argparse
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django  # noqa: E402

django.setup()

import requests  # noqa: E402

from journeys import blocks  # noqa: E402
from journeys.spec import document as doc  # noqa: E402
from journeys.spec import edit, graph  # noqa: E402
from tests import checking_speed, import_speed  # noqa: E402
from tests.serving import Stack  # noqa: E402

SIZES = (20, 200)
ROUNDS = 60
SETTINGS = {"SUBMIT_TIMEOUT_SECONDS": "30", "SUBMIT_SETTLE_SECONDS": "30", "TENANT_RATE": "1000"}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", choices=["checks", "pages", "submissions"])
    only = parser.parse_args(arguments).only
    if only in (None, "checks"):
        checking_speed.report(journey)
        import_speed.report(journey)
    if only in (None, "pages"):
        pages()
    if only in (None, "submissions"):
        from tests import bench_submissions  # it takes its journeys from here

        bench_submissions.main([])
    return 0


def pages() -> None:
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder) / "data", **SETTINGS).start()
        try:
            for size in SIZES:
                time_pages(stack, size)
        finally:
            stack.stop()


def journey(key: str, size: int) -> dict:
    """Emails and waits, with a random split whose paths meet again after every sixteen steps."""
    document = doc.blank(key, f"Bench {key}"[:60])
    document["triggers"] = [blocks.by_slug("api-event").new("TRIGGER", document)]
    document["triggers"][0]["metaData"]["eventDefinitionKey"] = "APIEvent-bench"
    gap = graph.START
    for number in range(size):
        slug = "random-split" if number % 16 == 8 and number + 1 < size else ("email", "wait")[number % 2]
        lens = blocks.by_slug(slug)
        step = lens.new(graph.new_key(document, lens.prefix), document)
        if slug == "email":
            step["configurationArguments"]["triggeredSend"] |= {"emailId": 4711, "emailSubject": "Hello"}
        document = edit.insert(document, gap, step)
        outcomes = graph.outcomes(step) or graph.outcomes(graph.steps(document)[step["key"]])
        gap = (step["key"], graph.outcome_key(outcomes[0]))
    return document


def time_pages(stack: Stack, size: int) -> None:
    key = f"bench-{size}"
    take_in(stack, [journey(key, size)])
    person = requests.Session()
    sign_in(person, stack)
    page = next_page(person, stack, key)
    seconds, answer = timed(lambda _: person.get(page), ROUNDS)
    report(f"composer page, {size} activities", seconds, answer)
    seconds, answer = timed(saver(person, page), ROUNDS)
    report(f"one block saved, {size} activities", seconds, answer)


def saver(person: requests.Session, page: str) -> Callable[[int], requests.Response]:
    """Posts what the composer posts when the length of a wait was changed."""
    headers = {"X-CSRFToken": person.cookies["csrftoken"], "HX-Request": "true", "Referer": page}
    fields = {"kind": "activity", "key": "WAITBYDURATION-1", "unit": "DAYS", "view": "list"}

    def save(number: int) -> requests.Response:
        data = {**fields, "duration": str(number + 2), "based_on": str(number + 1)}
        return person.post(f"{page}block/save/", data=data, headers=headers)

    return save


def timed(call: Callable[[int], requests.Response], rounds: int) -> tuple[list[float], requests.Response]:
    seconds = []
    for number in range(rounds):
        started = time.perf_counter()
        answer = call(number)
        seconds.append(time.perf_counter() - started)
        answer.raise_for_status()
    return seconds, answer


def take_in(stack: Stack, documents: list[dict]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for number, document in enumerate(documents):
            names.append(str(Path(folder) / f"{number}.json"))
            Path(names[-1]).write_bytes(doc.dumps(document))
        done = stack.manage("import_journey", *names, "--owner", "maya")
    if done.returncode:
        sys.exit(f"not taken in: {done.stdout[-500:]} {done.stderr[-500:]}")


def sign_in(person: requests.Session, stack: Stack) -> None:
    person.get(f"{stack.url}/sign-in/")
    fields = {"username": "maya", "password": "maya", "csrfmiddlewaretoken": person.cookies["csrftoken"]}
    person.post(f"{stack.url}/sign-in/", data=fields, headers={"Referer": stack.url}).raise_for_status()


def next_page(person: requests.Session, stack: Stack, key: str) -> str:
    with sqlite3.connect(stack.data_dir / "composer.sqlite3") as database:
        (number,) = database.execute("SELECT id FROM journeys_journey WHERE key = ?", [key]).fetchone()
    return f"{stack.url}/journeys/{number}/"


def report(what: str, seconds: list[float], answer: requests.Response) -> None:
    ranked = sorted(seconds)
    half, most = statistics.median(ranked), ranked[int(len(ranked) * 0.95)]
    size = len(answer.content)
    print(f"{what:36} p50 {half * 1000:6.1f} ms   p95 {most * 1000:6.1f} ms   {size:8,} bytes", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
