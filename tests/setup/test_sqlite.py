"""Every SQLite is opened in the same way, and one that others write into is waited for, then told
of."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client

from composer.databases import database
from journeys.models import Journey
from tests.setup.test_environment import show

ASKED = (
    "[connection.cursor().execute(f'PRAGMA {name}').fetchone()[0]"
    " for name in ('journal_mode', 'synchronous', 'busy_timeout')]"
    " + [s.DATABASES['default']['OPTIONS']['transaction_mode']]"
)


@pytest.mark.parametrize("url", ["", "sqlite:///{}/own.sqlite3?timeout=1"])
def test_every_sqlite_waits_for_other_writers(tmp_path: Path, url: str) -> None:
    environ = {"DEMO": "1", "DATA_DIR": str(tmp_path), "DATABASE_URL": url.format(tmp_path)}
    asked = show(f"(lambda connection: {ASKED})(__import__('django.db').db.connection)", **environ)
    assert (asked.stdout, asked.stderr) == ("['wal', 2, 20000, 'IMMEDIATE']\n", "")


@pytest.mark.parametrize("url", ["sqlite://:memory:", "sqlite:///"])
def test_it_refuses_an_sqlite_that_no_other_process_sees(tmp_path: Path, url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="Name a file: sqlite:////var/lib"):
        database(url, tmp_path / "composer.sqlite3")


def test_it_refuses_a_folder_for_a_file(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="is a folder. Name a file in it"):
        database(f"sqlite:///{tmp_path}", tmp_path / "composer.sqlite3")


@pytest.mark.parametrize("url", ["nosuch://me:secret@h/db", "secret", "postgresql://h:secret/db"])
def test_it_refuses_what_is_no_address_and_repeats_none_of_it(tmp_path: Path, url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="no address of a database") as refused:
        database(url, tmp_path / "composer.sqlite3")
    assert "secret" not in str(refused.value)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")
def test_a_page_says_that_the_database_is_busy(
    lock: Callable, journey: Journey, as_maya: Client
) -> None:
    as_maya.raise_request_exception = False
    lock()
    values = {"name": "Another", "based_on": journey.head.number}
    answer = as_maya.post(f"/journeys/{journey.pk}/name/", values)
    words = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "The database is busy at the moment" in words and "Nothing was changed" in words
    assert "away" not in words
