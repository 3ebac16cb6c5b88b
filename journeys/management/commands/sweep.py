"""Rings again for what waits, takes over what was left by a dead process, and does the work itself without Redis."""

import logging
import signal
import threading
import time
from datetime import timedelta

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

from journeys.models import Submission
from journeys.models.submission import now
from journeys.submit import times, work
from journeys.tasks import ring_now

logger = logging.getLogger(__name__)

PAGE = 200  # rows of one look; they are taken by the time they are due, so that none is starved


class Command(BaseCommand):
    help = "Keeps submissions moving. Run one of these, or several, beside the workers."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--once", action="store_true", help="one sweep, then stop")

    def handle(self, *args, **options) -> None:
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        sweeper = Sweeper()
        self.stdout.write("sweeping")
        self.stdout.flush()
        while not stopped.is_set():
            try:
                sweeper.sweep()
            except OperationalError:
                logger.exception("the database did not answer; sweeping goes on")
            close_old_connections()
            if options["once"]:
                return
            stopped.wait(sweeper.interval)


class Sweeper:
    """Remembers which rows it has rung for, so that it neither rings at every sweep nor waits for ever for a worker."""

    def __init__(self) -> None:
        self.interval = min(5.0, times().settle / 30)
        self.patience = timedelta(seconds=times().settle * 0.4)
        self.rung: dict[str, float] = {}

    def sweep(self) -> None:
        for submission in Submission.objects.rows().filter(state="sending", lease_until__lt=now())[:PAGE]:
            submission.expire(times())
        for submission in self.ready():
            self.move(submission)

    def ready(self) -> list[Submission]:
        moment = now()
        due = Submission.objects.rows().filter(state__in=["waiting", "unclear"], not_before__lte=moment)
        free = due.filter(lease_until=None) | due.filter(lease_until__lt=moment)
        rows = list(free.order_by("not_before", "pk")[:PAGE])
        waiting = {str(row.pk) for row in rows}
        self.rung = {key: at for key, at in self.rung.items() if key in waiting}
        return rows

    def move(self, submission: Submission) -> None:
        """Rings; when nobody can be told, or nobody came since the last ring, does the work itself."""
        key = str(submission.pk)
        rung_at = self.rung.get(key)
        if rung_at is None and now() - submission.not_before < timedelta(seconds=self.interval):
            return  # it was rung for when it was written
        if rung_at is not None and time.monotonic() - rung_at > self.patience.total_seconds():
            work(key)
        elif rung_at is None:
            self.rung[key] = time.monotonic()
            if not ring_now(key):
                work(key)
