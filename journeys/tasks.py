"""Celery: an id in, the worker woken, nothing else. The submission's row is the truth, a message is
only a doorbell."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from composer.celery import app
from journeys.delivery.worker import Drain
from journeys.models.heartbeat import GONE_AFTER, Kind, keep_beating, try_to_beat

logger = logging.getLogger(__name__)

BOUND = 1.0  # seconds that telling a worker may take
QUIET = 5.0  # seconds; a process that could not reach the broker does not wait for it again before
quiet_until = 0.0


@lru_cache(maxsize=1)
def drain() -> Drain:
    """This process's, made when it is first woken."""
    return Drain(settings.WORKER_THREADS)


# Bound to its application by name: a shared task belongs to that of the thread, and a web server's
# threads have none.
@app.task(ignore_result=True)
def submit(*_rung_for: object, **_more: object) -> None:
    """Whichever submission it was rung for, all that are due are taken on. Other versions may say
    more, or less."""
    drain().run()


@worker_shutting_down.connect
def stop(**_facts: object) -> None:
    """Asked to end: finish what is under way, start nothing more."""
    drain().stop()


@app.task(ignore_result=True)
def live(*_any: object, **_more: object) -> None:
    """The sign of life of whichever worker takes this message."""
    try_to_beat(Kind.WORKER)


@worker_ready.connect
def tell_of_worker(**_sender: object) -> None:
    """Health routes and pages tell from its signs of life whether a worker runs.

    Each takes the way of a ring: a worker that runs and takes nothing from its broker gives none.
    """
    keep_beating(Kind.WORKER, sign=ask_for_life)


def ask_for_life(_kind: str) -> None:
    try:
        live.apply_async(retry=False, expires=GONE_AFTER.total_seconds())
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("no worker could be asked whether it lives: %s", type(error).__name__)


def ring(submission_id: object) -> None:
    """Tells a worker, once what was written is committed. Lost or late rings cost a sweep, nothing
    more."""
    transaction.on_commit(lambda: ring_now(submission_id), robust=True)


def ring_now(submission_id: object) -> bool:
    """One try that takes at most BOUND, whatever the broker and its name server do; False when
    nobody could be told."""
    global quiet_until
    if time.monotonic() < quiet_until:
        return False
    try:
        bell().submit(submit.apply_async, (str(submission_id),), retry=False).result(timeout=BOUND)
    except (OperationalError, RedisError, OSError) as error:  # a TimeoutError is an OSError
        quiet_until = time.monotonic() + QUIET
        logger.warning(
            "no worker could be told of submission %s: %s", submission_id, type(error).__name__
        )
        return False
    return True


@lru_cache(maxsize=1)
def bell() -> ThreadPoolExecutor:
    """A thread to wait in: socket time-outs bound each step of a connection, but not their sum, nor
    a name look-up."""
    return ThreadPoolExecutor(1, thread_name_prefix="bell")
