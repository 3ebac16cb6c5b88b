"""Heartbeats of the processes that no web request reaches: workers and sweepers."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, connection, models
from django.utils.translation import gettext_lazy as _

from journeys.models.clock import moment, now

logger = logging.getLogger(__name__)

EVERY = 10.0  # seconds between two heartbeats
GONE_AFTER = timedelta(seconds=60)  # without one, a process counts as gone
FORGOTTEN_AFTER = timedelta(days=1)


class ProcessKind(models.TextChoices):
    WORKER = "worker", _("Worker")
    SWEEPER = "sweeper", _("Sweeper")


class Heartbeat(models.Model):
    """One row a process, with when it was last heard of."""

    kind = models.CharField(max_length=10, choices=ProcessKind)
    process = models.CharField(max_length=120)  # host and process id
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "process"], name="beat_once_per_process")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.process}"


def write_heartbeat(kind: str) -> None:
    moment, process = now(), f"{socket.gethostname()[:100]}:{os.getpid()}"
    _row, is_new = Heartbeat.objects.update_or_create(
        kind=kind, process=process, defaults={"seen_at": moment}
    )
    if is_new:
        Heartbeat.objects.filter(seen_at__lt=moment - FORGOTTEN_AFTER).delete()


def last_heartbeat(kind: str) -> datetime | None:
    return Heartbeat.objects.filter(kind=kind).aggregate(last=models.Max("seen_at"))["last"]


def last_heartbeats() -> dict[ProcessKind, datetime | None]:
    seen = dict(Heartbeat.objects.values_list("kind").annotate(models.Max("seen_at")))
    return {kind: seen.get(kind) for kind in ProcessKind}


def is_recent(seen: datetime | None) -> bool:
    return seen is not None and moment() - seen <= GONE_AFTER


def is_alive(kind: str) -> bool:
    return is_recent(last_heartbeat(kind))


def try_heartbeat(kind: str) -> None:
    """A database that is away costs one heartbeat, not those after it."""
    try:
        write_heartbeat(kind)
    except DatabaseError as error:
        logger.warning("no heartbeat could be written: %s", type(error).__name__)
        connection.close()


def start_heartbeat(kind: str, beat: Callable[[str], None] = try_heartbeat) -> threading.Thread:
    """Starts a thread that calls `beat` for as long as the process lasts."""

    def run() -> None:
        while True:
            beat(kind)
            time.sleep(EVERY)

    thread = threading.Thread(target=run, name=f"{kind}-heartbeat", daemon=True)
    thread.start()
    return thread
