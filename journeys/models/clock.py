"""What time it is, for whoever shares the rows."""

from datetime import datetime

from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """The database's clock where several machines may share the rows, else this machine's."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_catalog.clock_timestamp()")
        return cursor.fetchone()[0]
