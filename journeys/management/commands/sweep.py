"""Rings again for what waits, takes over what was left by a dead process, and does the work itself without Redis."""

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection
from django.db.models import Q

from journeys.models import Submission
from journeys.models.beat import Kind, keep_beating
from journeys.models.submission import now
from journeys.submit import times, work
from journeys.tasks import ring_now

logger = logging.getLogger(__name__)

Claim = tuple[UUID, int]  # a submission and its fence: what waits for its next claim


class Command(BaseCommand):
    help = "Keeps submissions moving. Run one of these, or several, beside the workers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one sweep, then stop")

    def handle(self, *args: object, once: bool, **options: object) -> None:
        stopped = threading.Event()
        if not once:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stopped.set())
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


class Sweeper:
    """Remembers what it has rung for, so that it neither rings at every sweep nor waits for ever for a worker.

    The work itself is done by threads: a tenant that does not answer holds up neither the sweep nor the others.
    """

    def __init__(self) -> None:
        self.interval = min(5.0, times().settle / 30)
        self.patience = times().settle * 0.4
        self.rung: dict[Claim, float] = {}
        self.under_way: set[UUID] = set()
        self.pool = ThreadPoolExecutor(settings.WORKER_THREADS, thread_name_prefix="sweeper")

    def try_to_sweep(self) -> None:
        try:
            self.sweep()
        except Exception:  # noqa: BLE001 whatever is wrong with one sweep, the next has to come
            logger.exception("this sweep failed; the next one follows")
        finally:
            close_old_connections()

    def sweep(self) -> None:
        for submission in Submission.objects.rows().filter(state=Submission.State.SENDING, lease_until__lt=now()):
            submission.expire(times())
        ready = self.ready()
        self.rung = {claim: self.rung[claim] for claim in ready if claim in self.rung}
        for claim in ready:
            self.move(claim)

    def ready(self) -> list[Claim]:
        """All of them, the longest due first; but not what was written a moment ago: that was rung for then."""
        moment = now()
        due = Submission.objects.filter(state__in=[Submission.State.WAITING, Submission.State.UNCLEAR])
        free = Q(lease_until=None) | Q(lease_until__lt=moment)
        settled = Q(fence__gt=0) | Q(not_before__lte=moment - timedelta(seconds=self.interval))
        rows = due.filter(free, settled, not_before__lte=moment).order_by("not_before", "pk")
        return list(rows.values_list("pk", "fence"))

    def move(self, claim: Claim) -> None:
        """Rings; when nobody can be told, or nobody came since the last ring, has the work done here."""
        rung_at = self.rung.get(claim)
        if rung_at is None:
            self.rung[claim] = time.monotonic()
            if not ring_now(claim[0]):
                self.do(claim[0])
        elif time.monotonic() - rung_at > self.patience:
            self.do(claim[0])

    def do(self, pk: UUID) -> None:
        if pk not in self.under_way:
            self.under_way.add(pk)
            self.pool.submit(self._work, pk)

    def stop(self, *, finish_all: bool) -> None:
        """Waits for what is under way; what has not begun stays for others, unless all is to be finished."""
        self.pool.shutdown(wait=True, cancel_futures=not finish_all)

    def _work(self, pk: UUID) -> None:
        try:
            work(pk)
        except Exception:  # noqa: BLE001 one bad row must not stop the others
            logger.exception("submission %s could not be taken on", pk)
        finally:
            self.under_way.discard(pk)
            connection.close()  # else each of the threads would keep one, although they seldom have anything to do
