"""The database of a worker: migrated once for all workers of a run; after a test that really
commits, put back as the migrations left it."""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

TEMPLATE = "migrated_for_tests"
migrated: dict[str, list[tuple]] = {}  # by table: the rows that migrations write


def make() -> None:
    """The first worker that gets here migrates, the others wait and copy what it made. TEST_ROOT
    takes it away."""
    root = Path(os.environ["TEST_ROOT"])
    template, name = root / TEMPLATE, connection.creation._get_test_db_name()
    with (root / f"{TEMPLATE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if template.exists():
            copy(template, name)
        else:
            name = connection.creation.create_test_db(
                verbosity=0, autoclobber=True, serialize=False
            )
            connection.close()
            keep(name, template)
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    note()


def copy(template: Path, name: str) -> None:
    connection.close()
    if connection.vendor == "sqlite":
        shutil.copy(template, name)
    else:
        duplicate(TEMPLATE, name)


def keep(name: str, template: Path) -> None:
    if connection.vendor == "sqlite":
        shutil.copy(name, template)
    else:
        duplicate(name, TEMPLATE)
        template.touch()


def duplicate(source: str, name: str) -> None:
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')


def note() -> None:
    with connection.cursor() as cursor:
        migrated.update({table: rows(cursor, table) for table in filled(cursor)})


def put_back(*_: object) -> None:
    """Instead of Django's flush, which empties every table, and makes content types and rights anew
    under other ids."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in filled(cursor) | set(migrated):
            kept = migrated.get(table, [])
            if kept and rows(cursor, table) == kept:
                continue
            cursor.execute(f'DELETE FROM "{table}"')
            if kept:
                places = ", ".join(["%s"] * len(kept[0]))
                cursor.executemany(f'INSERT INTO "{table}" VALUES ({places})', kept)


def filled(cursor) -> set[str]:
    cursor.execute(" UNION ALL ".join(asked()))
    return {table for (table,) in cursor.fetchall()}


@cache
def asked() -> list[str]:
    tables = connection.introspection.django_table_names(include_views=False)
    return [f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in tables]


def rows(cursor, table: str) -> list[tuple]:
    cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
    return cursor.fetchall()


@pytest.fixture
def lock(transactional_db: None) -> Iterator[Callable]:
    """Called, it makes another process write that comes to no end; the test's own connection waits
    for a moment only. SQLite's."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=20")
    name = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(name, isolation_level=None)) as other:
        yield lambda *_any: other.execute("BEGIN IMMEDIATE")
    connection.close()
