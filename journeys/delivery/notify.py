"""Tells a worker that there is something to submit. Whoever creates a submission calls `notify`.

The row is the truth: a notification that is lost or late costs a sweep, nothing more.
"""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from composer.celery import app

logger = logging.getLogger(__name__)

TASK = "journeys.tasks.submit"  # by name, because the tasks import this room and not the reverse
BOUND = 1.0  # seconds that telling a worker may take
QUIET = 5.0  # seconds; a process that could not reach the broker does not wait for it again before
BROKER_ERRORS = (OperationalError, RedisError, OSError)  # a TimeoutError is an OSError
quiet_until = 0.0


def notify(submission_id: object) -> None:
    """Once what was written is committed; whatever goes wrong then, the caller never fails."""
    transaction.on_commit(lambda: notify_now(submission_id), robust=True)


def notify_now(submission_id: object) -> bool:
    """One try that takes at most BOUND, whatever the broker and its name server do; False when
    nobody could be told."""
    global quiet_until
    if time.monotonic() < quiet_until:
        return False
    message = {"args": (str(submission_id),), "retry": False, "ignore_result": True}
    try:
        publisher().submit(app.send_task, TASK, **message).result(timeout=BOUND)
    except BROKER_ERRORS as error:
        quiet_until = time.monotonic() + QUIET
        logger.warning(
            "no worker could be told of submission %s: %s", submission_id, type(error).__name__
        )
        return False
    return True


@lru_cache(maxsize=1)
def publisher() -> ThreadPoolExecutor:
    """A thread to wait in: socket time-outs bound each step of a connection, but not their sum, nor
    a name look-up."""
    return ThreadPoolExecutor(1, thread_name_prefix="notify")
