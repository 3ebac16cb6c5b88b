"""Pages while PostgreSQL is stopped, and after it was started again: a real web server, and a
PostgreSQL of its own."""

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import postgresql
from tests.serving import environment, free_port, manage


def pg_ctl(folder: Path, *words: str) -> None:
    options = f"{postgresql.UNSAFE_AND_FAST} -c unix_socket_directories={folder}"
    command = [
        postgresql.programs() / "pg_ctl",
        *words,
        "-w",
        "-D",
        folder / "data",
        "-l",
        folder / "log",
        "-o",
        options,
    ]
    postgresql.run(postgresql.user(), *command)


@pytest.fixture
def address() -> Iterator[tuple[int, Path]]:
    """The port of a web server, and the folder of the PostgreSQL that it uses, which ends with the
    run."""
    root = Path(tempfile.mkdtemp(prefix="away-", dir=os.environ["TEST_ROOT"]))
    Path(os.environ["TEST_ROOT"]).chmod(0o711)
    url = postgresql.start(root)
    if url is None:
        pytest.skip("PostgreSQL is absent (or there is no user postgres to run it as)")
    port = free_port()
    environ = environment(DEMO="1", DATA_DIR=str(root / "data"), DATABASE_URL=url, DEBUG="0")
    assert manage("migrate", "sessions", "-v", "0", environ=environ).returncode == 0
    manage(
        "collectstatic",
        "--noinput",
        "-v",
        "0",
        environ={**environ, "STATIC_ROOT": str(root / "static")},
    )
    words = [
        "-m",
        "granian",
        "--interface",
        "rsgi",
        "--port",
        str(port),
        "composer.rsgi:application",
    ]
    with (root / "web.log").open("w") as log:
        environ["STATIC_ROOT"] = str(root / "static")
        server = subprocess.Popen([sys.executable, *words], env=environ, stdout=log, stderr=log)
    yield port, root
    server.terminate()
    server.wait(20)


def page(port: int) -> tuple[int, str | None, str]:
    """What somebody gets whose session has to be looked up; 0 while the web server does not answer
    yet."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as client:
        try:
            client.request(
                "GET", "/", headers={"Cookie": "sessionid=made-up-session-key-0123456789"}
            )
            answer = client.getresponse()
        except OSError:
            return 0, None, ""
        return answer.status, answer.getheader("Retry-After"), answer.read().decode()


def once_it_is(status: int, port: int) -> tuple[int, str | None, str]:
    until = time.monotonic() + 40
    while (found := page(port))[0] != status and time.monotonic() < until:
        time.sleep(0.1)
    return found


def test_it_asks_for_patience_while_the_database_is_away_and_goes_on_when_it_is_back(
    address: tuple[int, Path],
) -> None:
    port, root = address
    assert once_it_is(302, port)[0] == 302
    pg_ctl(root / "postgresql", "stop", "-m", "fast")
    for _time in range(2):  # with a connection that was cut, and without one
        status, retry_after, text = page(port)
        assert (status, retry_after, "The database is away" in text) == (503, "10", True)
    pg_ctl(root / "postgresql", "start")
    assert page(port)[0] == 302
    lines = (root / "web.log").read_text()
    assert "Traceback" not in lines and "OperationalError" in lines
