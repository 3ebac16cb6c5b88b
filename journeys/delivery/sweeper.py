"""The sweeper: notifies again of what waits, takes over what a dead process left, and does the work
itself where no worker can be told."""

import logging
import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections, connection

from composer.identity.guessing import forget_old_failures
from composer.identity.sessions import forget_ended
from journeys.delivery.claims import AT_A_TIME, candidates
from journeys.delivery.notify import notify_now
from journeys.delivery.restored_backup import look_for_restore
from journeys.delivery.submit import times
from journeys.delivery.worker import Worker, sweep_interval
from journeys.lifecycle import conditions, limits
from journeys.models import Submission, Tenant, memory
from journeys.models.audit import forget_old_entries
from journeys.models.clock import now
from journeys.models.heartbeat import ProcessKind, start_heartbeat
from journeys.models.submission import LONGEST
from journeys.models.tally import move_on
from journeys.models.tenant_status import TenantStatus
from journeys.models.use import forget_old_uses

logger = logging.getLogger(__name__)

FORGET_EVERY = 3600.0  # seconds
MOST_OF_ONE = 400  # due submissions of one tenant and kind of which one sweep knows
MOST_DUE = 1000  # of all; the others' turn comes with a later one
NOTIFICATIONS = 8  # a sweep; each wakes one worker, which takes on all that is due
Claim = tuple[UUID, int]  # a submission and its fence: what waits for its next claim


def stopped_by_signals() -> threading.Event:
    """Set when the process is asked to end; asked again, it ends at once."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end_at_once() if stopped.is_set() else stopped.set())
    return stopped


def keep_sweeping(stopped: threading.Event) -> None:
    sweeper = Sweeper()
    start_heartbeat(ProcessKind.SWEEPER)
    while not stopped.is_set():
        sweeper.try_to_sweep()
        stopped.wait(sweeper.interval)
    sweeper.stop(finish_all=False)


def end_at_once() -> None:
    """What is being sent stays claimed until its lease ends, and is then looked up."""
    sys.stderr.write("ending at once\n")
    os._exit(1)


class Sweeper:
    """Remembers what it has notified of, so that it neither does so at every sweep nor waits for
    ever for a worker.

    The work itself is done by a thread of its own: a tenant that does not answer holds up no sweep.
    """

    def __init__(self) -> None:
        self.interval = sweep_interval()
        self.patience = times().settle * 0.4  # seconds that a worker has to come after that
        self.notified: dict[Claim, float] = {}
        self.worker = Worker(settings.WORKER_THREADS)
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
        self._forget()
        take_over()
        due = self.due()
        self.notified = {claim: self.notified[claim] for claim in due if claim in self.notified}
        new = [claim for claim in due if claim not in self.notified]
        self.notified |= dict.fromkeys(new, time.monotonic())
        reached = all(notify_now(pk) for pk, _fence in new[:NOTIFICATIONS])
        late = any(time.monotonic() - at > self.patience for at in self.notified.values())
        if not reached or late:
            self.pool.submit(self._work)

    def due(self) -> list[Claim]:
        """What can be taken on, the longest due first; but not what was written a moment ago: that
        was notified of then, and not what waits for its tenant."""
        moment = now()
        settled = moment - timedelta(seconds=self.interval)
        closed = [
            status.pk
            for status in TenantStatus.objects.select_related("tenant")
            if not (limits.admits(status, moment) or limits.may_ask(status, moment))
        ]
        others = Tenant.objects.exclude(pk__in=closed).values_list("pk", flat=True)
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
            self.worker.stop()
        self.pool.shutdown(wait=True, cancel_futures=not finish_all)

    def _forget(self) -> None:
        """Deletes what nobody needs any more, once in a while."""
        if time.monotonic() - self.forgotten_at <= FORGET_EVERY:
            return
        self.forgotten_at = time.monotonic()
        forget_old_uses()
        forget_ended()
        forget_old_failures()
        forget_old_entries()
        memory.forget_old(LONGEST)

    def _work(self) -> None:
        try:
            self.worker.run()
        except Exception:
            logger.exception(
                "the submissions that are due could not be taken on; the next sweep tries again"
            )
        finally:
            # else the thread would keep one, although it seldom has anything to do
            connection.close()


def take_over() -> None:
    """What a dead process held, and what nobody settled in its time."""
    rows = Submission.objects.rows()
    given_up = rows.filter(conditions.given_up(now())).order_by("lease_until")
    for submission in given_up[:AT_A_TIME]:
        submission.expire(times())
    for submission in rows.filter(conditions.overdue(now(), times()))[:AT_A_TIME]:
        submission.run_out(times())
