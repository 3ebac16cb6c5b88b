"""The whole product as real processes, the way `make run` starts it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
QUICK = {"SUBMIT_TIMEOUT_SECONDS": "4", "SUBMIT_SETTLE_SECONDS": "2", "TENANT_RATE": "100"}
NOT_INHERITED = {
    "DJANGO_SETTINGS_MODULE",
    "DJANGO_ALLOW_ASYNC_UNSAFE",
    "DATABASE_URL",
    "REDIS_URL",
    "DATA_DIR",
    "DEMO",
    "PORT",
    "PRACTICE_PORT",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**changes: str) -> dict[str, str]:
    """This process's, without what the tests themselves were set up with, and without the
    checkout's `.env`."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    return {**kept, "ENV_FILE": os.devnull, **changes}


def manage(
    *words: str, environ: dict[str, str], timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(CHECKOUT / "manage.py"), *words]
    return subprocess.run(
        command,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
    )


class Stack:
    """`manage.py serve` on ports and data of its own."""

    def __init__(self, data_dir: Path, **changes: str) -> None:
        self.data_dir = data_dir
        self.port, self.practice_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.practice_url = f"http://127.0.0.1:{self.practice_port}"
        ports = {"PORT": str(self.port), "PRACTICE_PORT": str(self.practice_port)}
        self.environ = environment(
            DEMO="1", DATA_DIR=str(data_dir), **{**ports, **QUICK, **changes}
        )
        self.printed = data_dir.with_name(f"{data_dir.name}-printed.txt")
        self.process: subprocess.Popen | None = None

    def launch(self, command: list[str] | None = None) -> None:
        command = command or [sys.executable, str(CHECKOUT / "manage.py"), "serve", "--with-parent"]
        with self.printed.open("w") as file:
            self.process = subprocess.Popen(
                command,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
                # a shell that runs the tests in the background ignores Ctrl-C, and what it starts
                # inherits that
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )

    def start(self, seconds: float = 240, command: list[str] | None = None) -> "Stack":
        """Returns when it says that it is ready."""
        self.launch(command)
        deadline = time.monotonic() + seconds
        while "Ctrl-C stops everything" not in self.output():
            assert self.process.poll() is None, self.output()
            assert time.monotonic() < deadline, self.output()
            time.sleep(0.05)
        return self

    def output(self) -> str:
        return self.printed.read_text()

    def manage(self, *words: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        """Any other command on the same data."""
        return manage(*words, environ=self.environ, timeout=seconds)

    def children(self) -> dict[int, str]:
        """Process ids and command lines of all that it started, also of what its children
        started."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "environ").read_bytes().split(b"\0")
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            # Redis writes its title over its environment, but names its socket there
            ours = (
                f"PRACTICE_PORT={self.practice_port}".encode() in words
                or f"{self.data_dir}/" in line
            )
            if ours and int(folder.name) != self.process.pid and line:
                found[int(folder.name)] = line
        return found

    def stop(self, number: signal.Signals = signal.SIGINT, seconds: float = 15) -> int:
        self.process.send_signal(number)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


@pytest.fixture(scope="session")
def demo_data() -> Path:
    """As a first start leaves it, made once for a run: that takes longer than all else that a start
    does."""
    folder = Path(tempfile.mkdtemp(prefix="demo-", dir=os.environ["TEST_ROOT"])) / "data"
    for words in (["migrate", "-v", "0"], ["load_demo"]):
        done = manage(*words, environ=environment(DEMO="1", DATA_DIR=str(folder)), timeout=300)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def new_stack(demo_data: Path) -> Iterator[Stack]:
    """Not started yet, with the demo's data, and stopped afterwards whatever happened."""
    folder = Path(tempfile.mkdtemp(prefix="serve-", dir=os.environ["TEST_ROOT"]))
    shutil.copytree(demo_data, folder / "data")
    stack = Stack(folder / "data")
    yield stack
    if stack.process and stack.process.poll() is None:
        stack.process.send_signal(signal.SIGTERM)
        stack.process.wait(20)
    shutil.rmtree(folder, ignore_errors=True)


running: list[Stack] = []


@pytest.fixture
def stack(demo_data: Path) -> Stack:
    """Started once for all tests of a run: web server, worker, sweeper, practice tenant, private
    Redis, demo people."""
    if not running:
        folder = Path(tempfile.mkdtemp(prefix="stack-", dir=os.environ["TEST_ROOT"]))
        shutil.copytree(demo_data, folder / "data")
        # `new_stack` has the database that is there without being named
        url = f"sqlite:///{folder}/data/composer.sqlite3"
        running.append(Stack(folder / "data", DATABASE_URL=url).start())
    return running[0]


def stop_stack() -> None:
    """After the last test that may ask for it: while it idles it takes a tenth of a core."""
    while running:
        running.pop().stop()
