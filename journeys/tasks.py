"""The Celery tasks: an id in, the worker woken, nothing else.

Messages of older and newer versions may be under way, so the names `journeys.tasks.submit` and
`journeys.tasks.live` stay, and both take whatever arguments they are given.
"""

import logging
from functools import lru_cache

from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings

from composer.celery import app
from journeys.delivery.notify import BROKER_ERRORS
from journeys.delivery.worker import Worker
from journeys.models.heartbeat import GONE_AFTER, ProcessKind, start_heartbeat, try_heartbeat

logger = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def worker() -> Worker:
    """This process's, made when it is first woken."""
    return Worker(settings.WORKER_THREADS)


# Bound to its application by name: a shared task belongs to that of the thread, and a web server's
# threads have none.
@app.task(ignore_result=True)
def submit(*_submission: object, **_more: object) -> None:
    """Whichever submission the message names, all that are due are taken on."""
    worker().run()


@worker_shutting_down.connect
def stop(**_facts: object) -> None:
    """Asked to end: finish what is under way, start nothing more."""
    worker().stop()


@app.task(ignore_result=True)
def live(*_any: object, **_more: object) -> None:
    """The heartbeat of whichever worker takes this message."""
    try_heartbeat(ProcessKind.WORKER)


@worker_ready.connect
def begin_heartbeat(**_sender: object) -> None:
    """Health routes and pages tell from it whether a worker runs.

    Each beat goes through the broker, as a notification does: a worker that runs and takes nothing
    from its broker has none.
    """
    start_heartbeat(ProcessKind.WORKER, beat=ask_for_heartbeat)


def ask_for_heartbeat(_kind: str) -> None:
    try:
        live.apply_async(retry=False, expires=GONE_AFTER.total_seconds())
    except BROKER_ERRORS as error:
        logger.warning("no worker could be asked whether it lives: %s", type(error).__name__)
