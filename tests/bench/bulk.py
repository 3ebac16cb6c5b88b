"""How many rows get into a database in little time: indexes after the rows, nothing checked,
nothing waited for.

Only for a database that is thrown away: what is broken off meanwhile is lost.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

FAST_SQLITE = {
    "synchronous": "OFF",
    "journal_mode": "OFF",
    "cache_size": -200_000,
    "foreign_keys": "OFF",
}
INDEXES = {
    "sqlite": (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name"
        " LIKE 'journeys_%'"
    ),
    "postgresql": (
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename LIKE"
        " 'journeys_%' AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid ="
        " indexname::regclass)"
    ),
}


@contextmanager
def in_bulk() -> Iterator[None]:
    """Outside any transaction."""
    connection = connections["default"]
    with connection.cursor() as cursor, unchecked(connection.vendor, cursor):
        cursor.execute(INDEXES[connection.vendor])
        indexes = cursor.fetchall()
        for name, _sql in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _name, sql in indexes:
            cursor.execute(sql)
        if connection.vendor == "postgresql":  # as its own process would have done meanwhile
            cursor.execute("VACUUM ANALYZE")


@contextmanager
def unchecked(vendor: str, cursor) -> Iterator[None]:
    if vendor == "postgresql":
        cursor.execute("SET session_replication_role = replica; SET maintenance_work_mem = '256MB'")
        yield
        cursor.execute("SET session_replication_role = origin; RESET maintenance_work_mem")
        return
    usual = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in FAST_SQLITE}
    for name, value in FAST_SQLITE.items():
        cursor.execute(f"PRAGMA {name} = {value}")
    yield
    for name, value in usual.items():
        cursor.execute(f"PRAGMA {name} = {value}")
