"""`work` against the practice tenant over HTTP: what arrived there, and what was saved of it."""

import json
from datetime import timedelta

import pytest

from journeys.delivery import submit
from journeys.models import Attempt, Submission, Tenant
from journeys.models.clock import now
from journeys.practice import PracticeServer
from tests.delivery.conftest import (
    DOCUMENT,
    attempts,
    body_of,
    change,
    error,
    fault,
    ids_here,
    ids_there,
    looks,
    posts,
    stored,
    submitted,
    until_final,
    worked,
)

BAD_TEXT = "NUL \0, half a character \ud83d"


# Success


def test_it_saves_what_came_back(practice: PracticeServer, sent: Submission) -> None:
    assert submit.work(sent.pk)
    sent.refresh_from_db()
    answer = json.loads(bytes(sent.answer))
    assert (sent.state, sent.http_status, sent.text) == ("succeeded", 200, "Created.")
    assert (
        ids_here(sent)
        == ids_there(practice)
        == [answer[name] for name in ("id", "status", "definitionId", "version")]
    )
    assert (sent.remote_created, sent.remote_modified) == (
        answer["createdDate"],
        answer["modifiedDate"],
    )
    assert (sent.found_by_look_up, sent.ambiguous, sent.lease_until) == (False, False, None)
    assert (sent.journey.state, attempts(sent)) == ("submitted", [("send", "created")])


def test_it_sends_the_bytes_of_the_revision_once(
    practice: PracticeServer, sent: Submission
) -> None:
    worked(sent)
    assert practice.control("bodies", key="greeting") == body_of(sent) == bytes(sent.payload)
    assert not submit.work(sent.pk)
    assert (posts(practice), looks(practice)) == (1, 0)


def test_it_saves_no_date_that_means_never(practice: PracticeServer, sent: Submission) -> None:
    fault(
        practice,
        {"fault": "change", "route": "create", "set": {"modifiedDate": "0001-01-01T00:00:00"}},
    )
    worked(sent)
    assert (sent.state, sent.remote_created != "", sent.remote_modified) == ("succeeded", True, "")


def test_it_takes_odd_but_whole_answers(practice: PracticeServer, sent: Submission) -> None:
    odd = {
        "key": "greeting",
        "id": "i" * 100,
        "definitionId": "i" * 100,
        "status": "S" * 100,
        "new": [BAD_TEXT],
    }
    body = json.dumps({**odd, "createdDate": BAD_TEXT, "modifiedDate": 7})
    fault(practice, {"fault": "status", "route": "create", "status": 200, "body": body})
    worked(sent)
    assert (sent.state, *ids_here(sent)) == ("succeeded", "i" * 100, "S" * 100, "i" * 100, None)
    assert (sent.remote_created, sent.remote_modified) == ("NUL \ufffd, half a character ?", "")


def test_it_takes_201_for_a_success(practice: PracticeServer, sent: Submission) -> None:
    practice.control("settings", {"create_status": 201})
    assert (worked(sent).state, sent.http_status) == ("succeeded", 201)


def test_it_does_nothing_for_an_unknown_or_ended_submission(sent: Submission) -> None:
    assert not submit.work("00000000-0000-4000-8000-000000000000")
    assert not submit.work(change(sent, state="cancelled").pk)
    assert Attempt.objects.count() == 0


# Plain refusals


REFUSALS = {
    "a bad value of a step": error(
        400, 121000, "The value '' of the next field of activity 'WAIT-1' is invalid."
    ),
    "unreadable": error(400, 10004, "JSON Deserialization Exception: Location Unknown"),
    "a list": error(
        400,
        10006,
        "Errors!",
        validationErrors=[{"errorcode": 10002, "message": "activities[0].key"}],
    ),
    "no permission": error(403, 20000, "Insufficient privileges."),
    "no such route": error(404, 30003, "Not Found"),
    "too large": error(413, 0, "The request entity is too large."),
    "not JSON": error(415, 0, "The request's media type is not supported."),
    "with what no database takes": {
        **error(400, 0, ""),
        "body": json.dumps({"message": BAD_TEXT, "errorcode": 10000}),
    },
}


@pytest.mark.parametrize("name", REFUSALS)
def test_it_ends_with_a_refusal_and_explains_it(
    practice: PracticeServer, sent: Submission, name: str
) -> None:
    fault(practice, REFUSALS[name])
    worked(sent)
    assert (sent.state, sent.ambiguous, sent.journey.state) == ("refused", False, "refused")
    assert [
        bool(sent.explanation[part]) for part in ("title", "text", "todo", "server_message")
    ] == [True] * 4
    assert (sent.http_status, sent.text) == (REFUSALS[name]["status"], sent.explanation["text"])
    assert not submit.work(sent.pk)
    assert (posts(practice), looks(practice), attempts(sent)) == (1, 0, [("send", "refused")])


def test_it_says_which_step_and_field_a_refusal_is_about(
    practice: PracticeServer, sent: Submission
) -> None:
    fault(practice, REFUSALS["a bad value of a step"])
    assert worked(sent).explanation["places"] == [["activity", "WAIT-1", ""]]


def test_it_explains_a_real_refusal_of_the_practice_tenant(
    practice: PracticeServer, sent: Submission
) -> None:
    practice.control("settings", {"null_next": "refuse"})
    step = {**DOCUMENT["activities"][0], "outcomes": [{"key": "out-1", "next": None}]}
    row = worked(submitted(sent.tenant, "bad", activities=[step]))
    assert (row.state, row.explanation["code"], stored(practice, "bad")) == (
        "refused",
        "121000",
        [],
    )
    assert row.explanation["places"] == [["activity", "WAIT-1", "outcomes[out-1].next"]]


# Please wait


@pytest.mark.parametrize(
    ("busy", "seconds"),
    [
        ({"retry_after": "2"}, 2),
        ({"retry_after": None, "in_body": 3}, 3),
        ({"retry_after": None}, 0),
    ],
)
def test_it_waits_as_long_as_it_is_asked_to(
    practice: PracticeServer, sent: Submission, busy: dict, seconds: float
) -> None:
    fault(practice, {"fault": "rate_limited", "route": "create", **busy})
    asked = now()
    submit.work(sent.pk)
    sent.refresh_from_db()
    if seconds:
        assert (
            sent.state,
            sent.ambiguous,
            sent.not_before >= asked + timedelta(seconds=seconds),
        ) == (
            "waiting",
            False,
            True,
        )
        assert not submit.work(sent.pk)
        change(sent, not_before=now())
    assert (until_final(sent).state, posts(practice), looks(practice)) == ("succeeded", 2, 0)


def test_it_comes_later_and_later_to_a_tenant_that_is_not_there(sent: Submission) -> None:
    Tenant.objects.update(practice_url="http://127.0.0.1:9")
    for _time in range(3):
        submit.work(change(sent, not_before=now()).pk)
    sent.refresh_from_db()
    assert (sent.state, sent.attempt_count) == ("waiting", 0)
    assert sent.failure_count >= 3


# Bytes and faults of our own


def test_it_sends_nothing_that_was_altered(practice: PracticeServer, sent: Submission) -> None:
    change(sent, payload=bytes(sent.payload).replace(b"Greeting", b"Gleeting"))
    worked(sent)
    assert (sent.state, sent.lease_until, posts(practice)) == ("tampered", None, 0)
    assert sent.text == "The stored journey is not the one that was approved. Nothing was sent."


def test_it_sends_the_approved_bytes_although_the_draft_went_on(
    practice: PracticeServer, sent: Submission
) -> None:
    before = bytes(sent.payload)
    sent.journey.apply("edit journey", {"members": {"name": "Other"}}, based_on=1, author=None)
    worked(sent)
    assert (practice.control("bodies", key="greeting"), sent.state) == (before, "succeeded")
    assert sent.journey.__class__.objects.get().state == "draft"


def test_it_hands_a_fault_of_our_own_to_a_person_and_loses_nothing(
    practice: PracticeServer, sent: Submission, monkeypatch
) -> None:
    """Whatever raises before anything is sent: three times, then a person decides. Fault put in
    below our code."""
    monkeypatch.setattr("journeys.tenant.client.prepare", broken)
    until_final(sent)
    assert (sent.state, sent.crash_count, sent.ambiguous, posts(practice)) == (
        "needs-person",
        3,
        False,
        0,
    )
    monkeypatch.undo()
    sent.try_again(None)
    assert (until_final(sent).state, posts(practice)) == ("succeeded", 1)


def test_it_looks_up_after_a_fault_of_our_own_behind_the_answer(
    practice: PracticeServer, sent: Submission, monkeypatch
) -> None:
    monkeypatch.setattr("journeys.tenant.read_answer", broken)
    worked(sent)
    assert (sent.state, sent.ambiguous, sent.crash_count, sent.lease_until) == (
        "unclear",
        True,
        1,
        None,
    )
    monkeypatch.undo()
    assert (until_final(sent).state, sent.found_by_look_up, posts(practice)) == (
        "succeeded",
        True,
        1,
    )


def broken(*arguments: object) -> None:
    raise ValueError("a bug")
