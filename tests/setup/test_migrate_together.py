"""Two processes that set up one empty database at the same moment."""

import os
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.serving import CHECKOUT, environment


def together(command: list[str], environs: list[dict[str, str]]) -> list[tuple[int, str]]:
    words = [sys.executable, str(CHECKOUT / "manage.py"), *command]
    options = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.PIPE,
        "text": True,
    }
    started = [subprocess.Popen(words, env=environ, **options) for environ in environs]
    errors = [process.communicate(timeout=120)[1] for process in started]
    return [(process.returncode, error) for process, error in zip(started, errors, strict=True)]


def test_two_that_migrate_an_empty_sqlite_together_both_end_well(tmp_path: Path) -> None:
    environ = environment(DEMO="1", DATA_DIR=str(tmp_path))
    assert together(["migrate", "-v", "0"], [environ] * 2) == [(0, ""), (0, "")]


@pytest.mark.django_db
@pytest.mark.skipif(not os.environ.get("TEST_DATABASE_URL"), reason="on PostgreSQL only")
def test_two_that_migrate_an_empty_postgresql_together_both_end_well() -> None:
    url, name = os.environ["TEST_DATABASE_URL"], f"empty_{os.getpid()}"
    with closing(psycopg.connect(url, autocommit=True)) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            own = url.rpartition("/")[0] + f"/{name}"
            folders = [tempfile.mkdtemp(dir=os.environ["TEST_ROOT"]) for _process in range(2)]
            environs = [
                environment(DEMO="1", DATA_DIR=folder, DATABASE_URL=own) for folder in folders
            ]
            assert together(["migrate", "-v", "0"], environs) == [(0, ""), (0, "")]
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
