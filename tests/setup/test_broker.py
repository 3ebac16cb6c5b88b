"""A web request that notifies a worker must come back whatever the broker does."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from kombu.exceptions import OperationalError

from composer.celery import app
from composer.supervisor.redis_server import closed_folder, command

FAR_TOO_LONG = 20


@pytest.fixture
def silent(tmp_path: Path) -> Iterator[Path]:
    """A broker that takes the connection and never says a word."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "redis.sock"))
        server.listen()
        yield tmp_path / "redis.sock"


def publish(path: Path) -> None:
    with app.connection_for_write(f"redis+socket://{path}") as connection:
        app.send_task("nothing", connection=connection)


def test_it_gives_up_on_a_silent_broker(silent: Path) -> None:
    with ThreadPoolExecutor(1) as pool, pytest.raises(OperationalError, match="Timeout"):
        pool.submit(publish, silent).result(timeout=FAR_TOO_LONG)


def test_it_gives_up_on_an_absent_broker(tmp_path: Path) -> None:
    with pytest.raises(OperationalError):
        publish(tmp_path / "redis.sock")


def test_it_takes_tasks_as_json_only_and_keeps_no_results() -> None:
    assert (app.conf.accept_content, app.conf.task_serializer, app.conf.task_ignore_result) == (
        ["json"],
        "json",
        True,
    )


def test_it_runs_redis_without_a_port_and_keeps_what_it_was_told(tmp_path: Path) -> None:
    words = command("redis-server", tmp_path / "redis" / "redis.sock")
    assert words[words.index("--port") + 1] == "0"
    assert words[words.index("--appendonly") + 1] == "yes"


def test_it_closes_the_folder_of_the_socket(tmp_path: Path) -> None:
    (tmp_path / "redis").mkdir(mode=0o777)
    assert closed_folder(tmp_path / "redis").stat().st_mode & 0o777 == 0o700
