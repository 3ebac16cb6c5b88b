import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from journeys.practice import PracticeServer, serve
from tests.practice.conftest import COLLECTION, minimum

ROOT = Path(__file__).resolve().parents[2]
CREDENTIALS = {"grant_type": "client_credentials", "client_id": "a", "client_secret": "b"}


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "", "10.0.0.1", "example.com", "::", "169.254.169.254"]
)
def test_it_listens_on_this_machine_only(host):
    with pytest.raises(ValueError, match="this machine only"):
        PracticeServer(host)
    with pytest.raises(ValueError, match="this machine only"):
        serve(host, 0, None)


def test_it_says_when_the_port_is_taken(server):
    with pytest.raises(OSError, match="[Aa]ddress already in use"):
        PracticeServer(port=server.port)


def test_it_serves_many_requests_on_one_connection(server):
    with requests.Session() as session:
        token = session.post(f"{server.url}/v2/token", json=CREDENTIALS).json()
        session.headers["Authorization"] = f"Bearer {token['access_token']}"
        for number in range(20):
            answer = session.post(f"{server.url}{COLLECTION}", json=minimum(f"k{number}"))
            assert (answer.status_code, answer.headers["Connection"]) == (200, "keep-alive")


def test_it_loses_and_doubles_nothing_under_many_threads(server, call):
    server.control("settings", {"same_key": "refuse"})
    with ThreadPoolExecutor(8) as pool:
        statuses = list(
            pool.map(lambda number: call.create(minimum(f"k{number % 50}"))[0], range(200))
        )
    assert (statuses.count(200), statuses.count(400)) == (50, 150)
    assert server.control("journeys")["count"] == 50


def test_it_closes_what_hangs_when_it_stops(server, call):
    server.control("faults", {"faults": [{"fault": "hang", "seconds": 600}]})
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(call.get, "key:welcome")
        deadline = time.monotonic() + 10
        while not server.control("requests", fault="hang")["count"] and time.monotonic() < deadline:
            time.sleep(0.01)
        server.stop()
        assert waiting.exception(timeout=5) is not None
    server.stop()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"401"),
    ],
)
def test_it_answers_odd_requests_in_http(server, sent, status):
    with socket.create_connection((server.host, server.port), timeout=5) as connection:
        connection.sendall(sent)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.split(b" ")[1] == status


def test_it_carries_out_nothing_that_arrives_cut_off(server, call):
    head = (
        f"POST {COLLECTION} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {call.token}\r\n"
    )
    with socket.create_connection((server.host, server.port), timeout=5) as connection:
        connection.sendall(
            head.encode() + b'Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{"key"'
        )
    assert server.control("journeys")["count"] == 0


def test_it_loses_nothing_acknowledged_when_it_is_killed(tmp_path):
    path = tmp_path / "practice.sqlite3"
    code = (
        f"from journeys.practice import serve; serve('127.0.0.1', 0, {str(path)!r}, lambda t:"
        " print(t, flush=True))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        url = process.stdout.readline().split()[-1]
        token = requests.post(f"{url}/v2/token", json=CREDENTIALS).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        for number in range(30):
            assert (
                requests.post(
                    f"{url}{COLLECTION}", json=minimum(f"k{number}"), headers=headers
                ).status_code
                == 200
            )
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    with PracticeServer(state_path=path) as again:
        answer = requests.get(f"{again.url}{COLLECTION}", headers=headers).json()
    assert answer["count"] == 30
