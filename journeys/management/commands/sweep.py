"""Rings again for what waits, takes over what was left by a dead process, and does the work itself
without Redis."""

import logging
import os
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection

from composer.identity.guessing import forget_old_failures
from composer.identity.sessions import forget_ended
from journeys.delivery.claims import AT_A_TIME, candidates
from journeys.delivery.restored_backup import look_for_restore
from journeys.delivery.submit import times
from journeys.delivery.worker import Drain, sweep_interval
from journeys.lifecycle import conditions, limits
from journeys.models import Submission, Tenant, memory
from journeys.models.audit import forget_old_entries
from journeys.models.heartbeat import Kind, keep_beating
from journeys.models.submission import LONGEST, now
from journeys.models.tally import move_on
from journeys.models.tenant_state import TenantState
from journeys.models.use import forget_old_uses
from journeys.tasks import ring_now

logger = logging.getLogger(__name__)

FORGET_EVERY = 3600.0  # seconds
MOST_OF_ONE = 400  # due submissions of one tenant and kind of which one sweep knows
MOST_DUE = 1000  # of all; the others' turn comes with a later one
RINGS = 8  # a sweep; each wakes one worker, which takes on all that is due
Claim = tuple[UUID, int]  # a submission and its fence: what waits for its next claim


class Command(BaseCommand):
    help = "Keeps submissions moving. Run one of these, or several, beside the workers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one sweep, then stop")

    def handle(self, *args: object, once: bool, **options: object) -> None:
        stopped = threading.Event()
        if not once:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(
                    number, lambda *_: end_at_once() if stopped.is_set() else stopped.set()
                )
        self.stdout.write("sweeping")
        self.stdout.flush()
        sweeper = Sweeper()
        if not once:
            keep_beating(Kind.SWEEPER)
        while not stopped.is_set():
            sweeper.try_to_sweep()
            if once:
                break
            stopped.wait(sweeper.interval)
        sweeper.stop(finish_all=once)


def end_at_once() -> None:
    """Asked a second time. What is being sent stays claimed until its lease ends, and is then
    looked up."""
    sys.stderr.write("ending at once\n")
    os._exit(1)


class Sweeper:
    """Remembers what it has rung for, so that it neither rings at every sweep nor waits for ever
    for a worker.

    The work itself is done by a thread of its own: a tenant that does not answer holds up no sweep.
    """

    def __init__(self) -> None:
        self.interval = sweep_interval()
        self.patience = times().settle * 0.4
        self.rung: dict[Claim, float] = {}
        self.drain = Drain(settings.WORKER_THREADS)
        self.forgotten_at = float("-inf")
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="sweeper")

    def try_to_sweep(self) -> None:
        try:
            self.sweep()
        except Exception:
            logger.exception("this sweep failed; the next one follows")
        finally:
            close_old_connections()

    def sweep(self) -> None:
        look_for_restore()
        move_on()
        if time.monotonic() - self.forgotten_at > FORGET_EVERY:
            self.forgotten_at = time.monotonic()
            forget_old_uses()
            forget_ended()
            forget_old_failures()
            forget_old_entries()
            memory.forget_old(LONGEST)
        for submission in (
            Submission.objects.rows()
            .filter(conditions.given_up(now()))
            .order_by("lease_until")[:AT_A_TIME]
        ):
            submission.expire(times())
        for submission in Submission.objects.rows().filter(conditions.overdue(now(), times()))[
            :AT_A_TIME
        ]:
            submission.run_out(times())
        due = self.due()
        self.rung = {claim: self.rung[claim] for claim in due if claim in self.rung}
        new = [claim for claim in due if claim not in self.rung]
        self.rung |= dict.fromkeys(new, time.monotonic())
        told = all(ring_now(pk) for pk, _fence in new[:RINGS])
        late = any(time.monotonic() - rung_at > self.patience for rung_at in self.rung.values())
        if not told or late:
            self.pool.submit(self._work)

    def due(self) -> list[Claim]:
        """What can be taken on, the longest due first; but not what was written a moment ago: that
        was rung for then, and not what waits for its tenant."""
        moment = now()
        settled = moment - timedelta(seconds=self.interval)
        standing = TenantState.objects.select_related("tenant")
        shut = [
            one.pk
            for one in standing
            if not (limits.admits(one, moment) or limits.may_ask(one, moment))
        ]
        others = Tenant.objects.exclude(pk__in=shut).values_list("pk", flat=True)
        due = [
            one
            for one in candidates(moment, others, MOST_OF_ONE)
            if one.fence or one.due <= settled
        ]
        return [(one.pk, one.fence) for one in due[:MOST_DUE]]

    def stop(self, *, finish_all: bool) -> None:
        """Waits for what is under way; what has not begun stays for others, unless all is to be
        finished."""
        if not finish_all:
            self.drain.stop()
        self.pool.shutdown(wait=True, cancel_futures=not finish_all)

    def _work(self) -> None:
        try:
            self.drain.run()
        except Exception:
            logger.exception(
                "the submissions that are due could not be taken on; the next sweep tries again"
            )
        finally:
            # else the thread would keep one, although it seldom has anything to do
            connection.close()
