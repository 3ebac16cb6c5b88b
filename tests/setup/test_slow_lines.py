"""The web server and lines that send or take a byte now and then: they are told, and nobody else
notices them."""

import http.client
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests
from django.conf import settings

from tests.bench.server import Person
from tests.serving import environment, free_port

SECONDS, WORKERS = 2.0, 2
MORE_THAN_THREADS = WORKERS * settings.WEB_THREADS + 4
KB = 1024
ROWS = 18_000
MADE_UP = """
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
INSERT INTO journeys_auditentry (at, action, data) SELECT '2026-01-01', 'made.up', '{}' FROM numbers
"""


@pytest.fixture(scope="module")
def origin(demo_data: Path) -> Iterator[str]:
    """A web server with the demo's data; a body may take two seconds."""
    folder, port = Path(tempfile.mkdtemp(prefix="slow-", dir=os.environ["TEST_ROOT"])), free_port()
    shutil.copytree(demo_data, folder / "data")
    with closing(sqlite3.connect(folder / "data" / "composer.sqlite3")) as database, database:
        database.execute(MADE_UP, [ROWS])
    environ = environment(
        DEMO="1", DATA_DIR=str(folder / "data"), LONGEST_BODY_SECONDS=str(SECONDS), DEBUG="1"
    )
    words = [
        "-m",
        "granian",
        "--interface",
        "rsgi",
        "--port",
        str(port),
        "--workers",
        str(WORKERS),
        "--no-ws",
    ]
    server = subprocess.Popen([sys.executable, *words, "composer.rsgi:application"], env=environ)
    until = time.monotonic() + 60
    while time.monotonic() < until and not answers(port):
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(20)


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=5).ok
    except requests.ConnectionError:
        return False


@pytest.fixture
def person(origin: str) -> Person:
    return Person(origin, f"{origin}/journeys/1/")


def begun(origin: str, path: str, length: int, cookie: str = "") -> socket.socket:
    """A post of which nothing but the head and a first byte comes."""
    host, port = origin.removeprefix("http://").split(":")
    line = socket.create_connection((host, int(port)), timeout=20)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: {length}\r\nCookie:"
        f" {cookie}\r\n\r\n-"
    )
    line.sendall(head.encode())
    return line


def told(line: socket.socket) -> tuple[int, str]:
    with closing(line), closing(http.client.HTTPResponse(line)) as answer:
        answer.begin()
        return answer.status, answer.read().decode()


def cookie(person: Person) -> str:
    return "; ".join(f"{name}={value}" for name, value in person.session.cookies.items())


def seconds_for_a_page(person: Person) -> float:
    began = time.monotonic()
    assert person.session.get(person.page, timeout=20).status_code == 200
    return time.monotonic() - began


def test_it_answers_others_while_more_slow_lines_send_than_it_has_threads(
    origin: str, person: Person
):
    seconds_for_a_page(person)
    lines = [begun(origin, "/sign-in/", 60 * KB) for _number in range(MORE_THAN_THREADS)]
    lines += [
        begun(origin, "/journeys/import/", 600 * KB, cookie(person))
        for _number in range(MORE_THAN_THREADS)
    ]
    assert seconds_for_a_page(person) < SECONDS
    statuses = [told(line)[0] for line in lines]
    assert set(statuses[:MORE_THAN_THREADS]) == {408}
    assert set(statuses[MORE_THAN_THREADS:]) == {
        408,
        429,
    }  # a person sends two such things at a time to a process


@pytest.mark.parametrize(("path", "length"), [("/sign-in/", 100), ("/journeys/import/", 600 * KB)])
def test_it_says_that_what_was_sent_came_too_late(
    origin: str, person: Person, path: str, length: int
):
    began = time.monotonic()
    status, page = told(begun(origin, path, length, cookie(person)))
    assert (status, time.monotonic() - began < SECONDS + 4) == (408, True)
    assert "did not arrive within 2 seconds. Nothing was changed. Try again." in page


def test_it_refuses_a_stranger_by_the_head_at_once(origin: str):
    began = time.monotonic()
    status, page = told(begun(origin, "/journeys/import/", 600 * KB))
    assert (status, time.monotonic() - began < SECONDS) == (413, True) and "64 KB" in page


def test_it_takes_what_is_large_and_comes_at_once(origin: str, person: Person):
    answer = person.ask("../import/", {"text": "-" * 600 * KB})
    assert answer.status_code not in (400, 408, 411, 413, 429)


def test_it_takes_no_name_with_an_underline_for_a_header(origin: str):
    """A proxy sets X-Forwarded-For; X_Forwarded_For passes it, and would be the same variable."""
    answer = requests.get(
        f"{origin}/healthz", headers={"X_Request_ID": "made-up-id-of-a-stranger-0001"}
    )
    assert answer.headers["X-Request-ID"] != "made-up-id-of-a-stranger-0001"
    answer = requests.get(
        f"{origin}/healthz", headers={"X-Request-ID": "made-up-id-of-a-stranger-0001"}
    )
    assert answer.headers["X-Request-ID"] == "made-up-id-of-a-stranger-0001"


@pytest.mark.parametrize(
    "path", ["/%ff", "/a%20b%C3%A9%2Fx//y?q=%ff", "/journeys/1/%E2%80%AE/", "/%00"]
)
def test_it_answers_odd_addresses(origin: str, path: str):
    assert requests.get(origin + path).status_code == 404


def test_it_sends_what_is_long_in_parts(origin: str):
    ada = Person(origin, f"{origin}/admin/", "ada")
    address = f"{origin}/admin/journeys/auditentry/export/?as=csv"
    answer = ada.session.get(address, headers={"Accept-Encoding": "identity"})
    assert (answer.status_code, answer.headers["Transfer-Encoding"]) == (200, "chunked")
    assert answer.text.count("\n") > ROWS and len(answer.content) > 1024 * KB
