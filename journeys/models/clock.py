"""What time it is, for whoever shares the rows: the database's clock where several machines may
share them, else this machine's. Nothing that is stored, shown or compared asks another one
(tests/setup/test_clock.py)."""

import time
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone

ASK = "SELECT pg_catalog.clock_timestamp()"
KEPT = 30.0  # seconds for which `moment` goes on from what the database said last
_said: dict[str, tuple[datetime, float]] = {}  # by database: its time, and ours when it came


def now() -> datetime:
    """Asked for each time: for leases and all that decides who may write."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(ASK)
        return cursor.fetchone()[0]


def moment() -> datetime:
    """The same to some milliseconds, and never ahead of it, mostly without asking."""
    if connection.vendor != "postgresql":
        return timezone.now()
    name = str(connection.settings_dict["NAME"])
    said, at = _said.get(name) or (None, 0.0)
    if said is None or _running() - at > KEPT:
        said, at = _said[name] = _asked(), _running()
    return said + timedelta(seconds=_running() - at)


def _asked() -> datetime:
    """By the driver itself: whoever counts statements counts those of a page."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(ASK)
        return cursor.fetchone()[0].astimezone(UTC)


def _running() -> float:
    """Goes on while the machine sleeps, and nobody sets it."""
    has_it = hasattr(time, "CLOCK_BOOTTIME")
    return time.clock_gettime(time.CLOCK_BOOTTIME) if has_it else time.monotonic()
