"""A real Redis that is ill in every way: notifying comes back within its second, and works again
when Redis is well."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from composer.supervisor import redis_server
from journeys.delivery import notify
from tests.delivery.test_notify import broker, messages
from tests.serving import free_port

BUSY_MACHINE = 0.8  # seconds that other things may take meanwhile


class Redis:
    def __init__(self, folder: Path) -> None:
        self.port, self.folder = free_port(), folder
        self.start()

    def start(self) -> None:
        words = [
            redis_server.program(),
            "--port",
            str(self.port),
            "--dir",
            str(self.folder),
            "--save",
            "",
        ]
        self.process = subprocess.Popen([*words, "--bind", "127.0.0.1"], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while not self.answers():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def answers(self) -> bool:
        try:
            return self.client().ping()
        except redis.RedisError:
            return False

    def client(self, **more: object) -> redis.Redis:
        return redis.Redis(port=self.port, socket_timeout=5, **more)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Redis]:
    if redis_server.program() is None:
        pytest.skip("no redis-server here: notifying with an ill Redis was not tried")
    made = Redis(tmp_path)
    with broker(f"redis://127.0.0.1:{made.port}/0"):
        yield made
    made.process.send_signal(signal.SIGCONT)
    made.kill()


def full(server: Redis) -> Callable[[], None]:
    server.client().config_set("maxmemory", "1")
    return lambda: server.client().config_set("maxmemory", "0")


def read_only(server: Redis) -> Callable[[], None]:
    server.client().execute_command("REPLICAOF", "127.0.0.1", "1")
    return lambda: server.client().execute_command("REPLICAOF", "NO", "ONE")


def locked(server: Redis) -> Callable[[], None]:
    server.client().config_set("requirepass", "other")
    return lambda: server.client(password="other").config_set("requirepass", "")


def frozen(server: Redis) -> Callable[[], None]:
    os.kill(server.process.pid, signal.SIGSTOP)
    return lambda: os.kill(server.process.pid, signal.SIGCONT)


def gone(server: Redis) -> Callable[[], None]:
    server.kill()
    return server.start


def notified(number: int) -> bool:
    notify.quiet_until = 0.0
    began = time.monotonic()
    told = notify.notify_now(number)
    assert time.monotonic() - began < notify.BOUND + BUSY_MACHINE
    return told


@pytest.mark.parametrize("ill", [full, read_only, locked, frozen, gone])
@pytest.mark.parametrize(
    "connected", [True, False], ids=["while connected", "before the first notification"]
)
def test_it_comes_back_within_its_second_and_works_again_afterwards(
    server: Redis, ill: Callable[[Redis], Callable[[], None]], connected: bool
) -> None:
    if connected:
        assert notified(0)
    heal = ill(server)
    assert [notified(number) for number in (1, 2)] == [False, False] or (
        ill is locked and connected
    )
    heal()
    deadline = time.monotonic() + 15
    while not notified(3):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert ["3"] in [message.payload[0] for message in messages()]


def test_it_survives_that_everything_in_redis_is_gone(server: Redis) -> None:
    assert notified(1)
    server.client().flushall()
    assert notified(2)
    assert [message.payload[0] for message in messages()] == [["2"]]


def test_it_comes_back_when_nothing_at_all_comes_back() -> None:
    """A host that swallows everything: connections are neither taken nor refused."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as silent:
        address = silent.getsockname()
        fillers = [socket.socket() for _number in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        with broker(f"redis://127.0.0.1:{address[1]}/0"):
            assert not notified(1)
        for filler in fillers:
            filler.close()


def test_it_comes_back_when_the_name_server_does_not(monkeypatch) -> None:
    """No socket time-out holds for a name look-up. The system's own is made slow: there is no other
    way."""
    look_up = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *words, **more: (time.sleep(3), look_up(*words, **more))[1]
    )
    with broker("redis://localhost:9/0"):
        assert not notified(1)
        notify.publisher().submit(lambda: None).result(timeout=20)
