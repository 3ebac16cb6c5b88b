"""Starts the product's processes, watches them and stops them: those that it started and no
others."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import BinaryIO

GIVE_UP_AFTER = 5  # ends within
WITHIN = 60.0  # seconds
LARGEST_LOG = 10 * 1024 * 1024
LONGEST_LINE = 64 * 1024
LINES_KEPT = 200  # of what a process said last
TELL_AFTER = 4.0  # seconds; what has nothing to do ends within two, on a busy machine within four
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class ProcessError(Exception):
    """Its text is one line for the person at the terminal."""


@dataclass
class Child:
    """One process in a session of its own, so that Ctrl-C in the terminal reaches only its
    supervisor."""

    name: str
    command: list[str]
    log: Path
    answers: Callable[["Child"], bool]
    orphaned: signal.Signals = (
        signal.SIGTERM
    )  # what the kernel sends it when its supervisor is killed
    seconds_to_stop: float = 4.0
    largest_log: int = LARGEST_LOG  # bytes; then another file is begun
    logs_kept: int = 5  # older ones
    environ: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None
    started: float = 0.0
    said: deque[str] = field(default_factory=lambda: deque(maxlen=LINES_KEPT))
    writer: threading.Thread | None = None
    ends: list[float] = field(default_factory=list)
    again_at: float = 0.0

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.said = deque(maxlen=LINES_KEPT)
        self.process = subprocess.Popen(  # noqa: S603  the commands are the product's own
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.environ},
            start_new_session=True,
            preexec_fn=end_with(os.getpid(), self.orphaned),
        )
        self.writer = threading.Thread(
            target=self.write,
            args=(self.process.stdout, self.said),
            name=f"{self.name} log",
            daemon=True,
        )
        self.writer.start()
        self.started = time.monotonic()

    def write(self, output: BinaryIO, said: deque[str]) -> None:
        """All that it says, into its log, until it ends. One writer for a file can begin another
        one while it runs.

        A disk that is full costs lines, and stops nobody: what is not read would halt the process.
        """
        file = RotatingFileHandler(
            self.log,
            maxBytes=self.largest_log,
            backupCount=self.logs_kept,
            encoding="utf-8",
            errors="replace",
        )
        file.handleError = lambda record: None
        with output:
            while line := output.readline(LONGEST_LINE):
                text = line.decode(errors="replace").rstrip("\r\n")
                said.append(text)
                file.emit(logging.makeLogRecord({"msg": text}))
        file.close()

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def output(self) -> str:
        """The end of what it wrote since it was last started."""
        if not self.alive() and self.writer:
            self.writer.join(1)  # its last words may be on their way
        return "\n".join(list(self.said))

    def how_it_ended(self) -> str:
        code = self.process.returncode
        if code < 0:
            return f"{self.name} was ended by {signal.Signals(-code).name}"
        lines = [line.strip() for line in self.output().splitlines() if line.strip()]
        return (
            f"{self.name} ended with code {code}: {lines[-1][:300] if lines else 'it said nothing'}"
        )

    def signal_group(self, number: signal.Signals) -> None:
        """Reaches what the process started, too, also after the process itself has gone."""
        try:
            os.killpg(self.process.pid, number)
        except (ProcessLookupError, PermissionError):
            return


def end_with(parent: int, number: signal.Signals) -> Callable[[], None] | None:
    """For Popen's preexec_fn: the kernel sends the signal when the parent ends, however it ends.
    Linux only."""
    if libc is None:
        return None

    def prepare() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it ended before the line above
            os._exit(1)

    return prepare


def end_with_parent(number: signal.Signals) -> None:
    """The same for this process itself."""
    if libc is not None:
        libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def catches_interrupts(process: int) -> bool:
    """Whether a process has a handler for SIGINT. False where that cannot be told.

    `make` takes a SIGINT that is sent to it alone, passes it on to nobody and waits for its
    children; all that can be seen of it is that it has put its handler away.
    """
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return False
    caught = next((line.split()[1] for line in lines if line.startswith("SigCgt:")), "0")
    return bool(int(caught, 16) >> (signal.SIGINT - 1) & 1)


class Stopped(Exception):
    """Somebody asked for the end."""


def start_all(children: list[Child], seconds: float, stop: Callable[[], bool]) -> None:
    """Starts them together and returns when all answer. One that ends before it answered is no
    hiccup but a fault.

    `stop` is asked all the time; when it says yes, Stopped is raised. A signal handler must not
    raise here: it could do so while subprocess holds a lock, and then waiting for that process
    never ends.
    """
    for child in children:
        child.start()
    deadline = time.monotonic() + seconds
    waiting = list(children)
    while waiting:
        if stop():
            raise Stopped
        for child in waiting:
            if not child.alive():
                raise ProcessError(f"{child.how_it_ended()} (all of it: {child.log})")
        waiting = [child for child in waiting if not child.answers(child)]
        if waiting and time.monotonic() > deadline:
            names = ", ".join(child.name for child in waiting)
            raise ProcessError(
                f"No answer within {seconds:g} s from: {names} (see {waiting[0].log})"
            )
        time.sleep(0.02 if waiting else 0)


def watch(children: list[Child], say: Callable[[str], None], stop: Callable[[], bool]) -> None:
    """Starts again what ends, later each time, until `stop` says yes; ProcessError when one ends
    again and again."""
    while not stop():
        for child in children:
            revive(child, say)
        time.sleep(0.2)
    raise Stopped


def revive(child: Child, say: Callable[[str], None]) -> None:
    now = time.monotonic()
    if child.again_at:
        if now >= child.again_at:
            child.again_at = 0.0
            child.start()
        return
    if child.alive():
        return
    child.signal_group(signal.SIGKILL)
    child.ends = [end for end in child.ends if now - end < WITHIN] + [now]
    if len(child.ends) >= GIVE_UP_AFTER:
        raise ProcessError(
            f"{child.how_it_ended()} (for the {GIVE_UP_AFTER}th time in a minute; see {child.log})"
        )
    wait = 2.0 ** (len(child.ends) - 1) / 2
    child.again_at = now + wait
    say(f"{child.how_it_ended()}; starting it again in {wait:g} s")


def stop_all(
    groups: list[list[Child]], hurry: Callable[[], bool], say: Callable[[str], None]
) -> None:
    """Asks group after group to end, and kills what has not ended in its time, or at once when
    `hurry` says so."""
    for group in groups:
        started = [child for child in group if child.process is not None]
        for child in started:
            if child.alive():
                child.process.terminate()
        await_end(started, hurry, say)
        for child in started:
            child.signal_group(signal.SIGKILL)
            child.process.wait()
        for child in started:
            child.writer.join(1)


def await_end(children: list[Child], hurry: Callable[[], bool], say: Callable[[str], None]) -> None:
    began, has_told = time.monotonic(), False
    while left := [child for child in children if child.alive()]:
        waited = time.monotonic() - began
        if hurry():
            say("Ending at once. What was being sent is looked up at the next start.")
            return
        if all(waited > child.seconds_to_stop for child in left):
            return
        if waited > TELL_AFTER and not has_told:
            has_told = True
            most = max(child.seconds_to_stop for child in left)
            names = ", ".join(child.name for child in left)
            say(
                f"Waiting for {names} to finish, at most {most:g} s. Once more, and all ends at"
                " once."
            )
        time.sleep(0.02)
