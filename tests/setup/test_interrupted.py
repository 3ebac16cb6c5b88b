"""`make test` itself: Ctrl-C is one line, and nothing goes on; tests are read once for all
workers."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import run
from tests.serving import CHECKOUT, environment

WAITING = """
import subprocess, sys, time

def test_it_waits(tmp_path_factory):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    with open({begun!r}, "a") as file:
        file.write("begun ")
    child.wait()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_in_one_line_and_leaves_nothing_behind(tmp_path: Path, number: int) -> None:
    begun, mark = tmp_path / "begun", f"INTERRUPTED_{os.getpid()}_{number}"
    (tmp_path / "test_waiting.py").write_text(WAITING.format(begun=str(begun)))
    (tmp_path / "pytest.ini").write_text("[pytest]\n")  # else the checkout's own holds
    words = [sys.executable, "-m", "tests.run", "-p", "no:django", str(tmp_path)]
    started = subprocess.Popen(
        words,
        cwd=CHECKOUT,
        env=environment(TEST_WORKERS="1", **{mark: "1"}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    while not begun.exists() or begun.read_text().count("begun") < 2:
        assert started.poll() is None, started.stdout.read()
        time.sleep(0.05)
    started.send_signal(number)
    said, _none = started.communicate(timeout=120)
    assert (started.returncode, said.splitlines()[-1]) == (
        130,
        "Interrupted: this is not a result.",
    )
    assert "Traceback" not in said
    started.stdout.close()
    assert having(mark) == []


def having(mark: str) -> list[str]:
    """Processes with this variable in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"{mark}=1".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def test_it_reads_the_tests_for_all_workers_where_nobody_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("test_one", "test_two"):
        (tmp_path / f"{name}.py").write_text("def test_it():\n    assert True\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    monkeypatch.setattr(run, "TESTS", tmp_path)
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    run.read_tests_once({})
    kept = {file.name for file in (tmp_path / "__pycache__").glob("*-pytest-*.pyc")}
    assert len(kept) == 2
    monkeypatch.setattr(subprocess, "Popen", None)  # whoever starts something now fails
    run.read_tests_once({})
