"""Keys that the tenant has already."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from journeys.delivery import submit
from journeys.models import Submission, WrongState, witness
from journeys.models.clock import now
from journeys.practice import PracticeServer
from tests.delivery.conftest import (
    ARRIVED,
    DOCUMENT,
    NOT_ARRIVED,
    attempts,
    change,
    claim,
    error,
    fault,
    looks,
    posts,
    put_there,
    started,
    stored,
    submitted,
    until_final,
    worked,
)


def waiting_for(days: int) -> list[dict]:
    (step,) = DOCUMENT["activities"]
    return [{**step, "configurationArguments": {"waitDuration": days, "waitUnit": "DAYS"}}]


@pytest.fixture
def asking(practice: PracticeServer, sent: Submission) -> Iterator[Submission]:
    """A submission whose key was not made up here."""
    yield submitted(sent.tenant, "known", key_proposed=False)


def test_it_asks_for_the_key_first_and_sends_when_it_is_free(
    practice: PracticeServer, asking: Submission
) -> None:
    assert submit.work(asking.pk)
    asking.refresh_from_db()
    assert (asking.state, asking.found_by_look_up) == ("succeeded", False)
    assert attempts(asking) == [("look-up", "absent"), ("send", "created")]


def test_it_sends_nothing_to_a_key_that_is_taken(
    practice: PracticeServer, sent: Submission, asking: Submission
) -> None:
    put_there(practice, sent, "known")
    worked(asking)
    assert (asking.state, asking.journey.state, posts(practice, "known")) == (
        "conflict",
        "needs-person",
        1,
    )
    assert asking.text == "Marketing Cloud already has a journey with this key. Nothing was sent."
    assert asking.explanation["title"] == "Conflict" and asking.explanation["todo"]


def long_ago(row: Submission) -> Submission:
    """It was asked for at the click, and has waited for hours since."""
    hours = now() - timedelta(hours=5)
    return change(row, created_at=hours, not_before=hours, free_at=hours)


@pytest.mark.parametrize("same_key", ["refuse", "new_version", "overwrite", "second_journey"])
def test_it_asks_again_for_a_key_that_was_free_long_ago(
    practice: PracticeServer, sent: Submission, same_key: str
) -> None:
    practice.control("settings", {"same_key": same_key})
    row = long_ago(started(sent.tenant, "known", key_proposed=False).submit(None, free_key="known"))
    put_there(practice, sent, "known", name="Of somebody else")
    until_final(row)
    assert (row.state, posts(practice, "known"), attempts(row)) == (
        "conflict",
        1,
        [("look-up", "found other")],
    )
    assert [journey["posts"] for journey in stored(practice, "known")] == [1]


def test_it_asks_again_where_the_tenant_could_not_be_called_for_long(
    practice: PracticeServer, sent: Submission, asking: Submission
) -> None:
    """The worker's own answer grows old, too."""
    fault(practice, error(429, 50100, "Wait."))
    submit.work(asking.pk)
    asking = long_ago(asking)
    assert (asking.state, asking.attempt_count, attempts(asking)[0]) == (
        "waiting",
        1,
        ("look-up", "absent"),
    )
    put_there(practice, sent, "known", name="Of somebody else")
    assert (until_final(asking).state, posts(practice, "known")) == ("conflict", 2)


def test_it_sends_at_once_what_was_free_a_moment_ago(
    practice: PracticeServer, sent: Submission, settings
) -> None:
    settings.SUBMIT_SETTLE_SECONDS = 150
    row = started(sent.tenant, "known", key_proposed=False).submit(None, free_key="known")
    assert (worked(row).state, attempts(row)) == ("succeeded", [("send", "created")])


def test_it_does_not_ask_for_ever_when_it_cannot_ask(
    practice: PracticeServer, asking: Submission
) -> None:
    fault(practice, {"fault": "status", "route": "get", "status": 503})
    worked(asking)
    assert (asking.state, asking.ask_first, asking.ambiguous, posts(practice, "known")) == (
        "waiting",
        True,
        False,
        0,
    )
    assert (until_final(asking).state, posts(practice, "known")) == ("succeeded", 1)


def test_it_cancels_before_the_first_send_although_it_cannot_ask(
    practice: PracticeServer, asking: Submission
) -> None:
    fault(practice, {"fault": "status", "route": "get", "status": 503})
    claim(asking, submit.times())
    Submission.objects.get(pk=asking.pk).cancel(None)
    change(asking, lease_until=None)
    assert (until_final(asking).state, posts(practice, "known")) == ("cancelled", 0)


def test_it_tells_when_a_second_version_was_made(
    practice: PracticeServer, sent: Submission
) -> None:
    put_there(practice, sent, "greeting")
    worked(sent)
    assert (sent.state, sent.remote_version, sent.explanation["title"]) == (
        "conflict",
        2,
        "Conflict",
    )
    assert sent.text == "Marketing Cloud made this a new version of a journey that it already had."


@pytest.mark.parametrize(
    "odd", [{"version": 2}, {"version": -1}, {"id": "11111111-2222-4333-8444-555555555555"}]
)
def test_it_tells_when_the_ids_are_not_those_of_a_new_journey(
    practice: PracticeServer, sent: Submission, odd: dict
) -> None:
    fault(practice, {"fault": "change", "route": "create", "set": odd})
    assert worked(sent).state == "conflict"


@pytest.mark.parametrize(
    "members",
    [
        {"name": "Of somebody else"},
        {"description": "Of somebody else"},
        {"activities": waiting_for(99)},
    ],
)
def test_it_adopts_no_journey_that_is_another(
    practice: PracticeServer, sent: Submission, members: dict
) -> None:
    fault(practice, NOT_ARRIVED["reset"])
    worked(sent)
    put_there(practice, sent, "greeting", **members)
    until_final(sent)
    assert (sent.state, sent.found_by_look_up, posts(practice)) == ("conflict", False, 2)


@pytest.mark.parametrize("activities", [None, {}, "x", [None], [7], [{"key": [], "type": {}}]])
def test_it_survives_an_odd_journey_in_a_look_up(
    practice: PracticeServer, sent: Submission, activities: object
) -> None:
    fault(practice, ARRIVED["reset after the commit"])
    fault(practice, {"fault": "change", "route": "get", "set": {"activities": activities}})
    assert until_final(sent).state == "conflict"


def test_it_finds_its_own_journey_behind_an_answer_that_the_key_exists(
    practice: PracticeServer, sent: Submission
) -> None:
    practice.control("settings", {"same_key": "refuse"})
    put_there(practice, sent, "greeting")
    until_final(sent)
    assert (sent.state, attempts(sent)) == ("succeeded", [("send", "exists"), ("look-up", "found")])


def test_it_ends_with_the_refusal_when_only_the_name_exists(
    practice: PracticeServer, sent: Submission
) -> None:
    fault(practice, error(400, 30000, "An interaction with this name already exists."))
    until_final(sent)
    assert (sent.state, posts(practice), looks(practice)) == ("refused", 1, 1)
    assert sent.explanation["server_message"] == "An interaction with this name already exists."


@pytest.mark.parametrize(
    "message",
    [
        "DUPLICATE_VALUE;The fullName: JBSystemFlow_Lead-1 for Flow version is not unique.;;Flow"
        " Save failed.",
        "An activity with this key already exists.",
    ],
)
def test_it_looks_for_no_journey_when_something_else_is_taken(
    practice: PracticeServer, sent: Submission, message: str
) -> None:
    fault(practice, error(400, 30000, message))
    until_final(sent)
    assert (sent.state, posts(practice), looks(practice)) == ("refused", 1, 0)
    assert "key or name exists" not in sent.explanation["text"]


def test_it_sends_again_after_a_person_confirmed_a_long_absence(
    practice: PracticeServer, sent: Submission
) -> None:
    fault(practice, NOT_ARRIVED["reset"])
    worked(sent)
    long_ago = now() - timedelta(hours=1)
    change(sent, last_send_at=long_ago, not_before=now())
    subject = witness.named(witness.SENT, str(sent.pk))
    witness.correct(witness.Note(subject, sent.fence, witness.micros(long_ago)))
    until_final(sent)
    assert (sent.state, sent.ambiguous, posts(practice)) == ("needs-person", False, 1)
    sent.try_again(None)
    assert (until_final(sent).state, posts(practice), len(stored(practice))) == ("succeeded", 2, 1)


def test_it_refuses_to_submit_the_key_again_once_it_is_there(
    practice: PracticeServer, sent: Submission
) -> None:
    worked(sent)
    with pytest.raises(WrongState, match="already created"):
        sent.journey.submit(None)
    assert started(sent.tenant, "another").submit(None).state == "waiting"
