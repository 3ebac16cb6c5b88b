"""Sets up, starts everything, watches it and stops it: all of `manage.py serve`."""

import fcntl
import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from typing import IO

from django.conf import settings

from composer.identity.demo import PEOPLE
from composer.supervisor import children, redis_server
from composer.supervisor.interrupts import Interrupts
from composer.supervisor.ports import refuse_used_ports
from composer.supervisor.preparing import prepare
from composer.supervisor.processes import (
    Child,
    ProcessError,
    Stopped,
    end_with_parent,
    start_all,
    stop_all,
    watch,
)

SECONDS_TO_START = 60
NO_REDIS = (
    "No Redis here (REDIS_URL is unset, no redis-server or valkey-server found): the sweeper"
    " submits by itself."
)


def serve(
    say: Callable[[str], None], *, with_parent: bool, demo_is_stale: Callable[[], bool]
) -> None:
    """Returns when it was asked to end and everything has ended; raises ProcessError.

    `demo_is_stale`: whether the demo has to be loaded, which only the application knows.
    """
    parent = os.getppid() if with_parent else 0
    if parent:
        end_with_parent(signal.SIGTERM)
    interrupts, groups = Interrupts(parent), []
    with ExitStack() as held:  # until the last child has ended
        try:
            refuse_used_ports()
            os.umask(0o077)
            held.enter_context(only_one())
            prepare(say, demo_is_stale)
            interrupts.only_note()
            start_and_watch(groups, interrupts, say)
        except (KeyboardInterrupt, Stopped):
            say("Stopping.")
        finally:
            interrupts.only_note()
            stop_all(groups, interrupts.in_a_hurry, say)


def start_and_watch(
    groups: list[list[Child]], interrupts: Interrupts, say: Callable[[str], None]
) -> None:
    """`groups` are filled before anything starts, in the order in which they are stopped."""
    redis, pages, tenant = children.private_redis(), children.web(), children.practice()
    working = [*children.worker(), children.sweeper()]
    first, later = [*redis, pages], [*tenant, *working]
    # a send under way is finished, for which it needs the tenant
    groups[:] = [[pages, *working], tenant, redis]
    start_all(first, SECONDS_TO_START, interrupts.came)  # the others would make the first page late
    start_all(later, SECONDS_TO_START, interrupts.came)
    welcome(say)
    watch([*later, *first], say, interrupts.came)


def welcome(say: Callable[[str], None]) -> None:
    if not settings.REDIS_URL and redis_server.program() is None:
        say(NO_REDIS)
    say(f"\nThe journey composer is ready: http://{settings.BIND}:{settings.PORT}/")
    if settings.DEMO:
        say("Demo: everybody knows these sign-ins, and journeys go to the practice tenant.")
        for one in PEOPLE:
            say(f"  {one.username:8} {one.password:20} {one.name}: {one.can.lower()}")
    say(f"Logs: {settings.DATA_DIR / 'logs'}. Ctrl-C stops everything.")


def only_one() -> IO[str]:
    """Held for as long as the file is open; two supervisors on one data folder would share one
    Redis."""
    settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = (settings.DATA_DIR / "serve.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ProcessError(
            f"Already running with {settings.DATA_DIR}; stop that one or set DATA_DIR."
        ) from None
    return lock
