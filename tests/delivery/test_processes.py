"""The real processes: worker, Redis, sweeper and practice tenant, and a worker that is killed while
it sends."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.delivery.conftest import DOCUMENT
from tests.serving import CHECKOUT, Stack

pytestmark = pytest.mark.serve
KEYS = [f"killed-{number}" for number in range(20)]


def control(stack: Stack, name: str, change: dict | None = None) -> dict:
    data = None if change is None else json.dumps(change).encode()
    asked = urllib.request.Request(
        f"{stack.practice_url}/control/{name}", data, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return json.load(answer)


@pytest.fixture
def slow(stack: Stack) -> Iterator[Stack]:
    control(stack, "settings", {"latency": 0.4})
    yield stack
    control(stack, "settings", {"latency": 0})


@pytest.fixture
def imported(slow: Stack, tmp_path: Path) -> Stack:
    take_in(slow, tmp_path, KEYS)
    return slow


def take_in(stack: Stack, folder: Path, keys: list[str]) -> None:
    for key in keys:
        (folder / f"{key}.json").write_text(json.dumps({**DOCUMENT, "key": key}))
    ran = stack.manage("import_journey", "--nobody", *(str(path) for path in folder.iterdir()))
    assert ran.returncode == 0, ran.stderr


def submitting(stack: Stack, keys: list[str] = KEYS) -> subprocess.Popen:
    words = ["submit_journey", *keys, "--without-review", "--wait", "60", "--json"]
    command = [sys.executable, str(CHECKOUT / "manage.py"), *words]
    return subprocess.Popen(
        command, env=stack.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def sends(stack: Stack) -> list[dict]:
    rows = control(stack, "requests")["requests"]
    return [row for row in rows if row["route"] == "create" and row["key"] in KEYS]


def kill_the_worker_while_it_sends(stack: Stack) -> None:
    deadline = time.monotonic() + 30
    while not any(row["ended"] is None for row in sends(stack)):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    pid = min(pid for pid, line in stack.children().items() if "celery -A composer worker" in line)
    os.kill(pid, signal.SIGKILL)


def test_it_creates_each_journey_once_although_the_worker_is_killed(imported: Stack) -> None:
    command = submitting(imported)
    kill_the_worker_while_it_sends(imported)
    out, error = command.communicate(timeout=90)
    rows = json.loads(out)["submissions"]
    assert (command.returncode, {row["state"] for row in rows}) == (0, {"succeeded"}), error
    there = [row for row in control(imported, "journeys")["journeys"] if row["key"] in KEYS]
    assert {row["key"]: row["id"] for row in rows} == {row["key"]: row["id"] for row in there}
    assert (len(there), {row["version"] for row in there}) == (len(KEYS), {1})
    assert "worker was ended by SIGKILL" in imported.output()


def test_everything_is_submitted_while_many_processes_write(stack: Stack, tmp_path: Path) -> None:
    """Worker, sweeper and three commands, over a DATABASE_URL that names an SQLite."""
    assert stack.environ["DATABASE_URL"].startswith("sqlite:///")
    parts = [[f"crowd-{part}-{number}" for number in range(12)] for part in range(3)]
    take_in(stack, tmp_path, sum(parts, []))
    commands = [submitting(stack, keys) for keys in parts]
    for command in commands:
        out, error = command.communicate(timeout=90)
        states = {row["state"] for row in json.loads(out)["submissions"]}
        assert (command.returncode, states) == (0, {"succeeded"}), error
