"""Work on the database that one process at a time may do: setting it up, loading the demo."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections

LOCK = 0x6A6F75726E6579  # any number; the same in every process of an installation


@contextmanager
def alone(alias: str = "default") -> Iterator[None]:
    """Waits until no other process is inside. Ends with the process, however that ends."""
    connection = connections[alias]
    if connection.vendor != "postgresql":
        with _file_locked():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@contextmanager
def _file_locked() -> Iterator[None]:
    """SQLite is on one machine, and so is its folder."""
    settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.DATA_DIR / "migrate.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
