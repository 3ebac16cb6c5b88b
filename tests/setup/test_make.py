"""`make run` in a clone, with the virtual environment of this one."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.serving import CHECKOUT, Stack

pytestmark = [
    pytest.mark.serve,
    pytest.mark.skipif(not shutil.which("make"), reason="make is not installed"),
    pytest.mark.skipif(
        not (CHECKOUT / ".venv" / ".installed").exists(), reason="make setup has not run here"
    ),
]
COPIED = [
    "Makefile",
    "manage.py",
    "requirements.txt",
    "requirements.lock",
    "composer",
    "journeys",
    "templates",
    "static",
]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Fresh as from git: no `.env`, no data. What is compiled comes along, for it would take as
    long as the rest."""
    for name in COPIED:
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name)
        else:
            shutil.copy2(source, tmp_path / name)
    (tmp_path / ".venv").symlink_to(CHECKOUT / ".venv")
    return tmp_path


def make_run(clone: Path, stack: Stack, **changes: str) -> None:
    """As somebody starts it who set nothing but the ports."""
    stack.environ = {**stack.environ, "STATIC_ROOT": str(CHECKOUT / "staticfiles"), **changes}
    for name in ("DEMO", "ENV_FILE", "DATA_DIR"):
        stack.environ.pop(name)
    stack.data_dir = clone / "data"
    stack.start(command=["make", "--no-print-directory", "-C", str(clone), "run"])


def test_it_becomes_the_demo_in_a_fresh_clone(clone: Path, new_stack: Stack) -> None:
    make_run(clone, new_stack)
    assert (clone / ".env").read_text().splitlines()[-1] == "DEMO=1"
    os.killpg(new_stack.process.pid, signal.SIGINT)  # what Ctrl-C does
    new_stack.process.wait(15)
    assert new_stack.children() == {}
    assert "Traceback" not in new_stack.output()


def test_it_stops_when_only_make_is_interrupted(clone: Path, new_stack: Stack) -> None:
    shutil.copytree(
        new_stack.data_dir, clone / "data"
    )  # it has run before: a first start takes far longer
    make_run(clone, new_stack)
    new_stack.stop(signal.SIGINT)
    assert new_stack.children() == {}


def test_it_does_not_become_the_demo_where_production_is_set_up(
    clone: Path, new_stack: Stack
) -> None:
    environ = {
        name: value for name, value in new_stack.environ.items() if name not in ("DEMO", "ENV_FILE")
    }
    result = subprocess.run(
        ["make", "run"],
        cwd=clone,
        env={**environ, "SECRET_KEY": "x"},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert result.returncode == 2
    assert (
        "Missing in the environment: ALLOWED_HOSTS, ENCRYPTION_KEYS, APPROVAL_KEYS."
        in result.stderr
    )
    assert not (clone / ".env").exists()
