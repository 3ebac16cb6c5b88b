"""How processes are watched, ended and their words kept, with small processes in the place of the
product's own."""

import sys
import time
from pathlib import Path

import pytest

from composer.supervisor.processes import Child, stop_all

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, lambda *_: None); print('up', flush=True);"
    " time.sleep(60)"
)
FINISHING = """
import signal, sys, time
def end(*_):
    time.sleep(1); print("finished", flush=True); sys.exit(0)
signal.signal(signal.SIGTERM, end); print("up", flush=True); time.sleep(60)
"""


def started(tmp_path: Path, program: str, **options: object) -> Child:
    child = Child(
        "worker",
        [sys.executable, "-c", program],
        tmp_path / "worker.log",
        lambda _: True,
        **options,
    )
    child.start()
    return child


def up(child: Child) -> Child:
    until = time.monotonic() + 20
    while "up" not in child.output():
        assert time.monotonic() < until
        time.sleep(0.02)
    return child


def seconds_to_stop(child: Child, hurry: bool, said: list[str]) -> float:
    began = time.monotonic()
    stop_all([[child]], lambda: hurry and time.monotonic() - began > 0.3, said.append)
    assert not child.alive()
    return time.monotonic() - began


def test_it_waits_for_what_finishes_within_its_time(tmp_path: Path):
    child = up(started(tmp_path, FINISHING, seconds_to_stop=10.0))
    assert seconds_to_stop(child, hurry=False, said=[]) < 4
    assert (child.process.returncode, "finished" in (tmp_path / "worker.log").read_text()) == (
        0,
        True,
    )


def test_it_ends_what_takes_longer_than_its_time(tmp_path: Path):
    child = up(started(tmp_path, STUBBORN, seconds_to_stop=0.5))
    assert 0.5 <= seconds_to_stop(child, hurry=False, said=[]) < 3


def test_it_ends_at_once_when_it_is_asked_a_second_time_and_says_so(tmp_path: Path):
    child, said = up(started(tmp_path, STUBBORN, seconds_to_stop=30.0)), []
    assert seconds_to_stop(child, hurry=True, said=said) < 3
    assert said == ["Ending at once. What was being sent is looked up at the next start."]


def test_it_tells_what_it_waits_for(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("composer.supervisor.processes.TELL_AFTER", 0.1)
    child, said = up(started(tmp_path, STUBBORN, seconds_to_stop=0.5)), []
    seconds_to_stop(child, hurry=False, said=said)
    assert said == ["Waiting for worker to finish, at most 0.5 s. Once more, and all ends at once."]


TALKING = """
import time
for number in range(600): print(f"line {number:04} " + "x" * 90)
print("up", flush=True); time.sleep(60)
"""


def test_it_begins_other_log_files_while_the_process_runs(tmp_path: Path):
    program = (
        "import time\nfor n in range(600): print(f'line {n:04} ' + 'x' * 90)\nprint('up',"
        " flush=True); time.sleep(60)"
    )
    child = up(started(tmp_path, program, largest_log=10_000, logs_kept=3))
    stop_all([[child]], lambda: False, lambda text: None)
    files = sorted(tmp_path.glob("worker.log*"))
    assert [file.name for file in files] == [
        "worker.log",
        "worker.log.1",
        "worker.log.2",
        "worker.log.3",
    ]
    assert all(file.stat().st_size <= 10_000 for file in files)
    kept = "".join(file.read_text() for file in [*reversed(files[1:]), files[0]]).splitlines()
    numbers = [int(line[5:9]) for line in kept if line.startswith("line")]
    assert numbers == list(range(numbers[0], 600))  # nothing is lost between two files


@pytest.mark.parametrize("said", [r"b'\xff\xfe broken'", "b'x' * 300_000"])
def test_it_keeps_any_bytes_that_a_process_writes(tmp_path: Path, said: str):
    program = f"import sys; sys.stdout.buffer.write({said} + b'\\nlast words\\n'); sys.exit(3)"
    child = started(tmp_path, program)
    child.process.wait()
    assert child.how_it_ended() == "worker ended with code 3: last words"
