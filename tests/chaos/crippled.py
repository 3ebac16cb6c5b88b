"""The entry point of the workers and sweepers of `make chaos`: the product's own, and what the run
does to them.

    python -m tests.chaos.crippled worker          the worker of `manage.py serve`
    python -m tests.chaos.crippled sweeper         `manage.py sweep`

CHAOS_WITHOUT takes one safeguard away ("look-up", "settle", "fence", "hash"), to show that the run
notices. CHAOS_FREEZES is the share of answers after which a thread sleeps past its lease before it
writes them down, and CHAOS_FROZEN for how many seconds. Only this file knows these variables; the
product does not.
"""

import os
import random
import sys
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "composer.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db.models import Q  # noqa: E402

from composer.celery import app  # noqa: E402
from journeys.delivery import calls, submit, worker  # noqa: E402
from journeys.lifecycle import conditions  # noqa: E402
from journeys.lifecycle.submission_states import Event, Times  # noqa: E402
from journeys.models import submission  # noqa: E402

WORKER = ["worker", "--loglevel", "INFO", "--without-mingle", "--without-gossip"]


def without_look_up() -> None:
    """Whatever is unclear is taken for absent, and nobody asked."""
    replace(calls, "_look_up", lambda *_words: (Event("absent"), None))


def without_settle() -> None:
    """Absence is believed at once."""
    replace(Times, "settled", property(lambda times: timedelta(0)))
    replace(Times, "between_looks", property(lambda times: timedelta(0)))


def without_fence() -> None:
    """Who was overtaken writes all the same."""
    replace(conditions, "held", lambda row: Q())


def without_hash() -> None:
    """Nobody looks whether the bytes are those that were approved."""
    why_not = submit._why_not

    def look_away(*words: object) -> Event | None:
        event = why_not(*words)
        return None if event and event.kind == "altered" else event

    replace(submit, "_why_not", look_away)


WITHOUT = {
    "look-up": without_look_up,
    "settle": without_settle,
    "fence": without_fence,
    "hash": without_hash,
}


def freeze_now_and_then() -> None:
    share, seconds = (
        float(os.environ.get("CHAOS_FREEZES", "0")),
        float(os.environ.get("CHAOS_FROZEN", "7")),
    )
    carry_out = worker.carry_out

    def sleepy(job: calls.Job):
        outcome = carry_out(job)
        if random.random() < share:
            time.sleep(seconds)
        return outcome

    replace(worker, "carry_out", sleepy)


def replace(owner: object, name: str, value: object) -> None:
    if not hasattr(owner, name):
        raise SystemExit(f"{owner} has no {name} any more: this control controls nothing")
    setattr(owner, name, value)


if __name__ == "__main__":
    assert submission.conditions is conditions
    if os.environ.get("CHAOS_WITHOUT"):
        WITHOUT[os.environ["CHAOS_WITHOUT"]]()
    freeze_now_and_then()
    if sys.argv[1] == "worker":
        app.worker_main(WORKER)
    else:
        call_command("sweep")
