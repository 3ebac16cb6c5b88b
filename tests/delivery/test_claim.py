"""The row's conditional updates: who holds it, who may send, who comes too late."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from journeys.lifecycle.submission_states import Event, Times
from journeys.models import Submission
from journeys.models.clock import now
from tests.delivery.conftest import change, claim, intend, settle

TIMES = Times(settle=150, timeout=130, lease_seconds=180)
STATES = list(Submission.State.values)
OPEN_STATES = ["waiting", "sending", "unclear"]
IDS = {"remote_id": "1", "remote_definition_id": "1", "remote_status": "Draft"}


def as_seen_by_another(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def hour(hours: int = 1) -> timedelta:
    return timedelta(hours=hours)


def row_of(submission: Submission) -> dict:
    return Submission.objects.filter(pk=submission.pk).values().get()


def test_it_gives_the_row_to_one_claimer(submission: Submission) -> None:
    one, other = as_seen_by_another(submission), as_seen_by_another(submission)
    assert (claim(one, TIMES), claim(other, TIMES)) == (True, False)
    assert (one.fence, one.lease_until > now() + timedelta(seconds=170)) == (1, True)


@pytest.mark.django_db(transaction=True)
def test_it_gives_the_row_to_one_of_many_threads(submission: Submission) -> None:
    together = Barrier(8)

    def compete(_number: int) -> bool:
        try:
            row = as_seen_by_another(submission)
            together.wait()
            return claim(row, TIMES)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(compete, range(8))) == 1


@pytest.mark.parametrize("state", STATES)
def test_it_can_be_claimed_only_while_it_waits_or_is_unclear(
    submission: Submission, state: str
) -> None:
    change(submission, state=state, **IDS)
    assert claim(submission, TIMES) is (state in ("waiting", "unclear"))


def test_it_cannot_be_claimed_before_its_time(submission: Submission) -> None:
    change(submission, not_before=now() + hour())
    assert not claim(submission, TIMES)


def test_it_can_be_claimed_again_when_the_lease_has_ended(submission: Submission) -> None:
    claim(submission, TIMES)
    change(submission, lease_until=now() - timedelta(seconds=1))
    assert (claim(as_seen_by_another(submission), TIMES), row_of(submission)["fence"]) == (True, 2)


@pytest.fixture
def overtaken(submission: Submission) -> Submission:
    """Held by a process that slept past its lease; another one has taken the row over."""
    claim(submission, TIMES)
    Submission.objects.filter(pk=submission.pk).update(lease_until=now() - hour())
    claim(as_seen_by_another(submission), TIMES)
    return submission


def test_it_lets_the_overtaken_neither_send_nor_write(overtaken: Submission) -> None:
    before = row_of(overtaken)
    assert not intend(overtaken, TIMES)
    assert not settle(overtaken, Event("busy"), TIMES)
    assert not overtaken.expire(TIMES)
    assert row_of(overtaken) == before


def test_it_writes_the_intent_before_anything_is_sent(submission: Submission) -> None:
    claim(submission, TIMES)
    assert intend(submission, TIMES)
    row = row_of(submission)
    assert (row["state"], row["ambiguous"], row["attempt_count"]) == ("sending", True, 1)
    assert row["first_send_at"] == row["last_send_at"] == submission.last_send_at


def test_it_keeps_the_moment_of_the_first_send(submission: Submission) -> None:
    first = now() - hour()
    change(submission, first_send_at=first, last_send_at=first, attempt_count=1)
    claim(submission, TIMES)
    assert intend(submission, TIMES)
    assert (
        submission.first_send_at,
        submission.last_send_at > first,
        submission.attempt_count,
    ) == (first, True, 2)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "unclear"},
        {"state": "cancelled"},
        {"ask_first": True},
        {"ask_first": True, "free_at": -31},
        {"cancel_requested_at": 0},
        {"deadline_at": 0},
        {"lease_until": 140},
        {"fence": 7},
    ],
)
def test_it_does_not_send_what_must_not_be_sent(submission: Submission, values: dict) -> None:
    """Numbers are seconds from now; 140 s of a lease are too few for an exchange of up to 130 s and
    its margin."""
    claim(submission, TIMES)
    moments = {"cancel_requested_at", "deadline_at", "lease_until", "free_at"}
    shifted = {
        name: now() + timedelta(seconds=v) if name in moments else v for name, v in values.items()
    }
    Submission.objects.filter(pk=submission.pk).update(**shifted)
    before = row_of(submission)
    assert not intend(submission, TIMES)
    assert (row_of(submission), submission.state) == (before, "waiting")


def sending(submission: Submission, **values: object) -> Submission:
    claim(submission, TIMES)
    intend(submission, TIMES)
    return change(submission, **values)


def test_it_takes_over_a_send_whose_lease_has_ended(submission: Submission) -> None:
    sending(submission, lease_until=now() - timedelta(seconds=1))
    zombie = as_seen_by_another(submission)
    assert submission.expire(TIMES)
    row = row_of(submission)
    assert (row["state"], row["ambiguous"], row["fence"], row["crash_count"]) == (
        "unclear",
        True,
        2,
        1,
    )
    assert not settle(zombie, Event("created", values=IDS), TIMES)


def test_it_takes_over_no_send_that_is_under_way(submission: Submission) -> None:
    assert not sending(submission).expire(TIMES)


@pytest.mark.parametrize("state", [state for state in STATES if state not in OPEN_STATES])
def test_it_never_changes_what_has_ended(submission: Submission, state: str) -> None:
    before = row_of(change(submission, state=state, **IDS))
    assert not settle(submission, Event("busy"), TIMES)
    assert not settle(submission, Event("created", values=IDS), TIMES)
    assert row_of(submission) == before
