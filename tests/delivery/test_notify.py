"""Notifying a worker: after the commit, quick whatever the broker does, and nothing but an id."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.test import Client

from composer.celery import app
from journeys import tasks
from journeys.delivery import notify
from journeys.models import Heartbeat, Submission
from journeys.models.heartbeat import ProcessKind, is_alive
from journeys.practice import PracticeServer
from tests.delivery.conftest import started, submitted
from tests.people import maya, people  # noqa: F401


@contextmanager
def broker(url: str) -> Iterator[None]:
    """Celery keeps its pools for the life of a process; for a test they are put aside."""
    kept = app.conf.broker_url, app.conf.broker_write_url, app._pool, app.amqp._producer_pool
    app.conf.broker_url = app.conf.broker_write_url = url
    app._pool = app.amqp._producer_pool = None
    try:
        yield
    finally:
        app.conf.broker_url, app.conf.broker_write_url, app._pool, app.amqp._producer_pool = kept


@pytest.fixture
def unreachable(tmp_path: Path) -> Iterator[None]:
    with broker(f"redis+socket://{tmp_path}/none.sock"):
        yield


class Listener:
    """A broker that takes connections and does not answer; counts them."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.connections: list[socket.socket] = []
        threading.Thread(target=self.run, daemon=True).start()

    def run(self) -> None:
        while True:
            try:
                self.connections.append(self.socket.accept()[0])
            except OSError:
                return

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        for one in [self.socket, *self.connections]:
            one.close()


@pytest.fixture
def silent() -> Iterator[Listener]:
    listener = Listener()
    with broker(f"redis://127.0.0.1:{listener.socket.getsockname()[1]}/0"):
        yield listener
    listener.close()


@pytest.fixture
def in_memory() -> Iterator[None]:
    with broker("memory://"):
        yield


def messages() -> list[dict]:
    with app.connection_for_read() as connection:
        queue = connection.SimpleQueue("submissions")
        return [queue.get_nowait() for _number in range(queue.qsize())]


def test_it_notifies_only_after_the_commit(
    submission: Submission, in_memory: None, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks() as calls:
        notify.notify(submission.pk)
    assert (len(calls), messages()) == (1, [])
    calls[0]()
    assert len(messages()) == 1


@pytest.mark.django_db(transaction=True)
def test_it_does_not_notify_of_what_was_rolled_back(tenant, in_memory: None) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        notify.notify("1")
        raise ZeroDivisionError
    assert messages() == []


def test_it_tells_the_id_and_nothing_else(submission: Submission, in_memory: None) -> None:
    assert notify.notify_now(submission.pk)
    (message,) = messages()
    arguments, named, _more = json.loads(message.body)
    assert (message.headers["task"], arguments, named) == (
        "journeys.tasks.submit",
        [str(submission.pk)],
        {},
    )
    assert "greeting" not in json.dumps(
        [message.headers, message.body.decode(errors="replace")], default=str
    )


def test_the_names_of_its_messages_stay() -> None:
    """Messages of older versions are under way, and workers of older versions take new ones."""
    assert (notify.TASK, tasks.submit.name) == ("journeys.tasks.submit",) * 2
    assert tasks.live.name == "journeys.tasks.live"


@pytest.mark.django_db(transaction=True)
def test_it_does_all_that_is_due_when_a_message_arrives(
    practice: PracticeServer, sent: Submission
) -> None:
    submitted(sent.tenant, "other")
    tasks.submit(str(sent.pk))
    assert list(Submission.objects.values_list("state", flat=True)) == ["succeeded"] * 2


def test_it_comes_back_when_nobody_is_there(unreachable: None) -> None:
    assert notify.notify_now("1") is False


def test_it_comes_back_in_time_when_nobody_answers(silent: Listener) -> None:
    started = time.monotonic()
    assert notify.notify_now("1") is False
    assert time.monotonic() - started < 2.5  # the bound is a second; the rest is for a busy machine


def test_it_does_not_wait_for_the_same_broker_again_and_again(silent: Listener) -> None:
    assert [notify.notify_now(number) for number in range(50)] == [False] * 50
    assert len(silent.connections) == 1
    notify.quiet_until = 0.0
    assert (notify.notify_now("1"), len(silent.connections) > 1) == (False, True)


@pytest.mark.django_db(transaction=True)
def test_it_does_not_keep_a_browser_waiting(tenant, maya: User, silent: Listener) -> None:  # noqa: F811
    tenant.members.add(maya)
    journey, client = started(tenant), Client()
    client.force_login(maya)
    began = time.monotonic()
    answer = client.post(f"/journeys/{journey.pk}/submit/")
    assert time.monotonic() - began < 3  # one second for the broker; the rest is for a busy machine
    submission = Submission.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/submissions/{submission.pk}/")
    assert (submission.state, len(silent.connections)) == ("waiting", 1)


@pytest.mark.django_db(transaction=True)
def test_it_never_fails_the_request_that_notifies(
    tenant, in_memory: None, monkeypatch, caplog
) -> None:
    """Whatever goes wrong behind the commit, what was written stays written and the page is
    shown."""
    monkeypatch.setattr(app, "send_task", lambda *words, **options: 1 / 0)
    with transaction.atomic():
        notify.notify("1")
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.usefixtures("db", "in_memory")
def test_a_worker_is_alive_when_it_takes_messages_and_not_because_it_runs() -> None:
    tasks.ask_for_heartbeat("worker")
    assert not is_alive(ProcessKind.WORKER)
    (message,) = messages()
    app.tasks[message.headers["task"]].apply(args=message.payload[0])
    assert is_alive(ProcessKind.WORKER) and message.headers["expires"]


def test_asking_for_a_heartbeat_survives_a_broker_that_is_away(
    unreachable: None, caplog: pytest.LogCaptureFixture
) -> None:
    tasks.ask_for_heartbeat("worker")
    assert [record.message for record in caplog.records if "lives" in record.message] == [
        "no worker could be asked whether it lives: OperationalError"
    ]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_costs_one_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_words: object, **_more: object) -> None:
        raise DatabaseError("away")

    with monkeypatch.context() as ill:
        ill.setattr(type(Heartbeat.objects), "update_or_create", away)
        assert not app.tasks["journeys.tasks.live"].apply().failed()
    app.tasks["journeys.tasks.live"].apply()
    assert is_alive(ProcessKind.WORKER)
