"""`manage.py serve`, the end of `make run`: real processes, each test on ports and data of its
own."""

import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from journeys.management.commands.practice_tenant import note_port
from tests.serving import Stack
from tests.setup.pages import PAGES, code_blocks

pytestmark = [
    pytest.mark.serve,
    pytest.mark.skipif(
        not os.path.exists("/proc/self/environ"), reason="processes are looked up in /proc"
    ),
]


def eventually(true: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return true()


def get(stack: Stack, path: str) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", stack.port, timeout=5)) as client:
        client.request("GET", path)
        answer = client.getresponse()
        return answer.status, answer.read()


def pid_of(stack: Stack, words: str) -> int:
    return min(pid for pid, line in stack.children().items() if words in line)


def test_it_starts_everything_and_tells_one_address_and_the_sign_ins(stack: Stack) -> None:
    lines = " ".join(stack.children().values())
    parts = [
        "granian",
        "celery -A composer worker",
        "manage.py sweep",
        "manage.py practice_tenant",
        "redis.sock",
    ]
    assert [part for part in parts if part not in lines] == []
    assert stack.output().count("http://") == 1
    assert f"http://127.0.0.1:{stack.port}/" in stack.output()
    assert all(name in stack.output() for name in ("maya", "miles", "rob", "ada"))
    assert get(stack, "/healthz") == (200, b"ok")


def test_its_worker_and_its_sweeper_are_alive(stack: Stack) -> None:
    for kind in ("worker", "sweeper"):
        assert eventually(lambda kind=kind: get(stack, f"/healthz/{kind}") == (200, b"ok"))


def ended_quietly(stack: Stack) -> None:
    assert stack.children() == {}
    assert stack.output().endswith("Stopping.\n")
    assert "Traceback" not in stack.output()


def test_it_stops_quietly_while_it_is_starting(new_stack: Stack) -> None:
    new_stack.launch()
    assert eventually(lambda: "granian" in " ".join(new_stack.children().values()), seconds=60)
    assert new_stack.stop() == 0
    assert new_stack.children() == {}
    assert "Traceback" not in new_stack.output()


def test_it_starts_a_dead_child_again_and_says_so_in_one_line_and_stops_at_ctrl_c(
    new_stack: Stack,
) -> None:
    new_stack.start()
    before = pid_of(new_stack, "manage.py sweep")
    os.kill(before, signal.SIGKILL)
    assert eventually(
        lambda: "sweeper was ended by SIGKILL; starting it again in 0.5 s\n" in new_stack.output()
    )
    assert eventually(lambda: "manage.py sweep" in " ".join(new_stack.children().values()))
    assert pid_of(new_stack, "manage.py sweep") != before
    assert new_stack.stop(signal.SIGINT) == 0
    ended_quietly(new_stack)


def test_it_keeps_data_and_builds_nothing_at_a_second_start_and_leaves_nothing_when_killed(
    new_stack: Stack,
) -> None:
    shutil.rmtree(new_stack.data_dir)
    new_stack.start()
    assert all(
        step in new_stack.output() for step in ("Setting up the database", "Loading the demo")
    )
    assert new_stack.stop(signal.SIGTERM) == 0
    ended_quietly(new_stack)
    first = (new_stack.data_dir / "composer.sqlite3").stat().st_ino
    new_stack.start()
    assert (new_stack.data_dir / "composer.sqlite3").stat().st_ino == first
    steps = ["Setting up the database", "Loading the demo", "Built the static files"]
    assert [step for step in steps if step in new_stack.output()] == []
    new_stack.process.kill()
    new_stack.process.wait()
    assert eventually(lambda: new_stack.children() == {})


@pytest.mark.parametrize("variable", ["PORT", "PRACTICE_PORT"])
def test_it_tells_a_used_port_in_one_line(new_stack: Stack, variable: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        new_stack.environ[variable] = str(port)
        result = new_stack.manage("serve")
    told = f"CommandError: Port {port} on 127.0.0.1 is in use; set {variable} to another one.\n"
    assert (result.returncode, result.stdout, result.stderr) == (1, "", told)


def test_it_tells_that_the_practice_tenant_has_its_port(new_stack: Stack) -> None:
    new_stack.environ["PORT"] = str(new_stack.practice_port)
    result = new_stack.manage("serve")
    told = (
        f"Port {new_stack.practice_port} is the practice tenant's; set PORT or PRACTICE_PORT to"
        " another one."
    )
    assert (result.returncode, result.stdout, result.stderr) == (1, "", f"CommandError: {told}\n")


def test_it_refuses_a_second_supervisor_on_the_same_data(stack: Stack) -> None:
    other = Stack(stack.data_dir)
    result = other.manage("serve")
    told = f"CommandError: Already running with {stack.data_dir}; stop that one or set DATA_DIR.\n"
    assert (result.returncode, result.stderr) == (1, told)


def test_it_keeps_its_redis_in_a_closed_folder(stack: Stack) -> None:
    folder = stack.data_dir / "redis"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert stack.data_dir.stat().st_mode & 0o777 == 0o700
    assert (folder / "redis.sock").is_socket()


def test_it_tells_in_one_line_which_child_cannot_start(new_stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "granian").mkdir()
    (tmp_path / "granian" / "__init__.py").touch()
    (tmp_path / "granian" / "__main__.py").write_text("raise SystemExit('granian is broken')")
    new_stack.environ["PYTHONPATH"] = str(tmp_path)
    result = new_stack.manage("serve")
    log = new_stack.data_dir / "logs" / "web-server.log"
    told = f"CommandError: web server ended with code 1: granian is broken (all of it: {log})\n"
    assert (result.returncode, result.stderr) == (1, told)


def control(stack: Stack, name: str, change: dict | None = None) -> dict:
    data = None if change is None else json.dumps(change).encode()
    asked = urllib.request.Request(
        f"{stack.practice_url}/control/{name}", data, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return json.load(answer)


def test_a_send_under_way_is_finished_before_it_ends(new_stack: Stack) -> None:
    new_stack.environ["SUBMIT_TIMEOUT_SECONDS"] = "30"
    new_stack.start()
    control(new_stack, "faults", {"faults": [{"fault": "delay", "route": "create", "seconds": 6}]})
    sent = new_stack.manage("submit_journey", "welcome-series", "--without-review")
    assert sent.returncode == 0, sent.stderr
    assert eventually(lambda: creates(new_stack) == 1)
    assert new_stack.stop(signal.SIGTERM, seconds=40) == 0
    assert new_stack.children() == {}
    with closing(sqlite3.connect(new_stack.data_dir / "composer.sqlite3")) as rows:
        states = rows.execute("SELECT state FROM journeys_submission").fetchall()
        attempts = rows.execute(
            "SELECT phase, result FROM journeys_attempt WHERE phase = 'send'"
        ).fetchall()
    assert (states, attempts) == ([("succeeded",)], [("send", "created")])


def creates(stack: Stack) -> int:
    return sum(row["route"] == "create" for row in control(stack, "requests")["requests"])


def test_the_practice_tenant_says_where_it_listens_also_when_it_was_told(tmp_path: Path):
    file = tmp_path / "practice_port"
    for port in (4711, 4712):
        note_port(file, port)
        assert (file.read_text(), file.stat().st_mode & 0o777) == (str(port), 0o600)


def test_serve_leaves_the_practice_tenants_port_in_a_file(stack: Stack):
    assert (stack.data_dir / "practice_port").read_text() == str(stack.practice_port)


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="curl is absent")
def test_every_curl_of_the_docs_works_beside_the_demo_s_data(stack: Stack):
    commands = [
        code for page in PAGES.values() for code in code_blocks(page) if "practice_port" in code
    ]
    assert commands and all("curl" in command for command in commands)
    for command in commands:
        script = command.replace("curl", "curl -sS --fail")
        ran = subprocess.run(
            ["bash", "-e", "-c", script], cwd=stack.data_dir.parent, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stderr
    assert control(stack, "faults")["faults"]
    control(stack, "faults", {"clear": True})
