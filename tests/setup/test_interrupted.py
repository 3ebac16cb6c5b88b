"""Ctrl-C in `make test`: one line, and nothing goes on."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

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
    run = subprocess.Popen(
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
        assert run.poll() is None, run.stdout.read()
        time.sleep(0.05)
    run.send_signal(number)
    said, _none = run.communicate(timeout=120)
    assert (run.returncode, said.splitlines()[-1]) == (130, "Interrupted: this is not a result.")
    assert "Traceback" not in said
    run.stdout.close()
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
