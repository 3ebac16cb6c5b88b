"""Runs everything on SQLite and, beside that, what touches the database on PostgreSQL; the last
line sums up both.

The second run is told when the first has ended. Arguments go to pytest. Ends with an error when a
test failed, when a run broke off, and when nothing ran at all. Ctrl-C ends both runs and whatever
they started, and says so in one line.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

from pytest import __version__ as pytest_version

TESTS = Path(__file__).resolve().parent
BROKEN = {2, 3, 4}  # pytest's codes for interrupted, internal error and wrong use
NOTHING_CHOSEN = 5
INTERRUPTED = 130
TO_END = 30  # seconds that an interrupted run has to take away what it started


def main(arguments: list[str]) -> int:
    runs: dict[str, subprocess.Popen] = {}
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if not arguments:
            read_tests_once(runs)
        return run_all(arguments, runs)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        end(list(runs.values()))
        print("\nInterrupted: this is not a result.", flush=True)
        return INTERRUPTED


def read_tests_once(runs: dict[str, subprocess.Popen]) -> None:
    """Before all workers at once do: pytest rewrites each test's asserts, which takes some ten
    seconds of a processor, and keeps what came of it beside the file for whoever comes later."""
    kept = {file.name.partition(".")[0] for file in TESTS.rglob(f"*-pytest-{pytest_version}.pyc")}
    files = sorted(file for file in TESTS.rglob("test_*.py"))
    if sum(file.stem not in kept for file in files) <= len(files) // 10:
        return
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    words = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    nothing = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    for part in filter(None, (files[::2], files[1::2])):
        command = [*words, *map(str, part)]
        runs[str(part[0])] = subprocess.Popen(
            command, env=environ, cwd=TESTS.parent, start_new_session=True, **nothing
        )
    for run in runs.values():
        run.wait()
    runs.clear()


def end(runs: list[subprocess.Popen]) -> None:
    """Each run is a group of its own, which a terminal's Ctrl-C does not reach: pytest is asked
    once and has its workers end, instead of all of them breaking off at once."""
    for run in runs:
        run.send_signal(signal.SIGINT)
    for run in runs:
        with suppress(subprocess.TimeoutExpired):
            run.wait(TO_END)
        with suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)


def run_all(arguments: list[str], runs: dict[str, subprocess.Popen]) -> int:
    total, reasons, failures, broken = Counter(), Counter(), [], False
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "told").open("w+b") as told:
        runs["SQLite"] = pytest("", folder, arguments)
        runs["PostgreSQL"] = pytest("postgresql", folder, arguments, told)
        for name, run in runs.items():
            print(f"\n== {name} ==", flush=True)
            code, report = run.wait(), Path(folder) / f"{name}.xml"
            if name == "PostgreSQL":
                told.seek(0)
                print(told.read().decode(errors="replace"), flush=True)
            counts = tally(report, reasons, failures)
            broken |= not report.exists() or broke_off(code, counts, arguments)
            print(f"{name}: {words(counts)}", flush=True)
            total.update(counts)
    for reason, number in reasons.items():
        print(f"Skipped {number}: {reason}")
    if broken:
        print("A run broke off: this is not a result.")
    for failure in failures:
        print(f"Failed: {failure}")
    print(words(total), flush=True)
    return 1 if broken or total["failed"] or not total["passed"] else 0


def broke_off(code: int, counts: Counter, arguments: list[str]) -> bool:
    """Whether pytest's exit code tells of something else than tests that passed or failed."""
    if code == NOTHING_CHOSEN:
        return not arguments
    return code in BROKEN or code < 0 or (code != 0 and not counts["failed"])


def pytest(
    database: str, folder: str, arguments: list[str], output: BinaryIO | None = None
) -> subprocess.Popen:
    """Started, not waited for. More workers than cores: browsers and times to wait for leave the
    cores idle."""
    cores = os.cpu_count() or 1
    workers = os.environ.get("TEST_WORKERS") or str(
        min(4, cores) if database else min(6, cores + 1)
    )
    report = f"--junitxml={folder}/{'PostgreSQL' if database else 'SQLite'}.xml"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        workers,
        "--dist",
        "loadscope",
        report,
        *arguments,
    ]
    environ = {key: value for key, value in os.environ.items() if not key.startswith("TEST_")}
    environ |= {"TEST_DATABASE": database, "PYTHONUNBUFFERED": "1"}
    environ.pop(
        "PYTHONDONTWRITEBYTECODE", None
    )  # else each worker and each process compiles everything anew
    return subprocess.Popen(
        command,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        # a shell that runs this in the background ignores Ctrl-C, and what it starts inherits that
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def tally(report: Path, reasons: Counter, failures: list[str]) -> Counter:
    """How many of the report passed, failed and were skipped; what failed is added to `failures`,
    the place and the first line of why: whoever sees only the end of a long log sees them."""
    counts = Counter(passed=0, failed=0, skipped=0)
    if not report.exists():
        return counts
    for case in ElementTree.parse(report).iter("testcase"):
        skipped = case.find("skipped")
        failed = next(
            (found for found in (case.find("failure"), case.find("error")) if found is not None),
            None,
        )
        if failed is not None:
            counts["failed"] += 1
            why = failed.get("message", "").partition("\n")[0]
            failures.append(
                f"{case.get('classname')}::{case.get('name')} ({report.stem}): {why[:200]}"
            )
        elif skipped is not None:
            counts["skipped"] += 1
            reasons[skipped.get("message", "").removeprefix("Skipped: ") or "no reason given"] += 1
        else:
            counts["passed"] += 1
    return counts


def words(counts: Counter) -> str:
    return f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
