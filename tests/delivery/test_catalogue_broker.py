"""The broker: whatever a message says, and however often, it wakes a worker and nothing more."""

import re
from importlib.metadata import version

import pytest

from composer.celery import app
from journeys import tasks
from journeys.models import Submission
from journeys.practice import PracticeServer
from tests.delivery.conftest import change, posts
from tests.delivery.test_notify import in_memory, messages  # noqa: F401
from tests.serving import CHECKOUT

pytestmark = pytest.mark.django_db(transaction=True)

FORGED = [
    [],
    [""],
    ["00000000-0000-4000-8000-000000000000"],
    ["../../etc"],
    [None],
    [{"a": [1]}],
    ["x" * 1_000_000],
]


def test_ten_rings_are_one_send(practice: PracticeServer, sent: Submission) -> None:
    for _time in range(10):
        tasks.submit(str(sent.pk))
    sent.refresh_from_db()
    calls = practice.control("requests")["count"]
    assert (sent.state, posts(practice), calls) == ("succeeded", 1, 2)  # a token and the journey


@pytest.mark.parametrize("words", FORGED)
def test_a_forged_message_causes_no_send(
    practice: PracticeServer, sent: Submission, words: list
) -> None:
    change(sent, state="cancelled")
    assert app.tasks["journeys.tasks.submit"].apply(args=words).state == "SUCCESS"
    assert practice.control("requests")["count"] == 0


def test_a_message_of_another_version_wakes_the_worker_all_the_same(
    practice: PracticeServer, sent: Submission
) -> None:
    ran = app.tasks["journeys.tasks.submit"].apply(
        args=[str(sent.pk), "new"], kwargs={"also": "new"}
    )
    sent.refresh_from_db()
    assert (ran.state, sent.state) == ("SUCCESS", "succeeded")


def test_nothing_waits_in_the_broker_and_nothing_is_read_from_it() -> None:
    """No ETA, no countdown, no retry, no result: when something is due stands in its row."""
    forbidden = re.compile(r"\b(countdown|eta)\s*=|AsyncResult|\.retry\(|result_backend")
    files = [
        path for folder in ("journeys", "composer") for path in (CHECKOUT / folder).rglob("*.py")
    ]
    assert len(files) > 100
    assert [path.name for path in files if forbidden.search(path.read_text())] == []


@pytest.mark.parametrize("package", ["celery", "kombu"])
def test_the_versions_are_those_whose_workers_hear_again_after_redis_was_away(package: str) -> None:
    """Older ones stayed deaf after a restart of Redis, until somebody restarted them."""
    assert tuple(int(part) for part in version(package).split(".")[:2]) >= (5, 7)
