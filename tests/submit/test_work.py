"""`work` against the practice tenant over HTTP: what arrived there, and what was saved of it."""

import json
import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from journeys import submit
from journeys.models import Attempt, Submission, Tenant, WrongState
from journeys.models.submission import now
from journeys.practice import PracticeServer
from tests.submit.conftest import (
    DOCUMENT,
    LEASE,
    SECRET,
    SETTLE,
    TIMEOUT,
    body_of,
    change,
    fault,
    looks,
    posts,
    started,
    stored,
    submitted,
    until,
    until_final,
)

REMOTE = ["remote_id", "remote_status", "remote_definition_id", "remote_version"]
BAD_TEXT = "NUL \0, half a character \ud83d"


def worked(submission: Submission) -> Submission:
    submit.work(submission.pk)
    submission.refresh_from_db()
    return submission


def ids_there(practice: PracticeServer) -> list:
    (row,) = stored(practice)
    return [row["id"], row["status"], row["definition_id"], row["version"]]


def ids_here(submission: Submission) -> list:
    return [getattr(submission, name) for name in REMOTE]


def attempts(submission: Submission) -> list[tuple[str, str]]:
    return list(submission.attempts.values_list("phase", "result"))


def token_calls(practice: PracticeServer) -> int:
    return practice.control("requests", route="token")["count"]


# Success


def test_it_saves_what_came_back(practice: PracticeServer, sent: Submission) -> None:
    assert submit.work(sent.pk)
    sent.refresh_from_db()
    answer = json.loads(bytes(sent.answer))
    assert (sent.state, sent.http_status, sent.text) == ("succeeded", 200, "Created.")
    assert (
        ids_here(sent) == ids_there(practice) == [answer[name] for name in ("id", "status", "definitionId", "version")]
    )
    assert (sent.remote_created, sent.remote_modified) == (answer["createdDate"], answer["modifiedDate"])
    assert (sent.found_by_look_up, sent.ambiguous, sent.lease_until) == (False, False, None)
    assert (sent.journey.state, attempts(sent)) == ("submitted", [("send", "created")])


def test_it_sends_the_bytes_of_the_revision_once(practice: PracticeServer, sent: Submission) -> None:
    worked(sent)
    assert practice.control("bodies", key="greeting") == body_of(sent) == bytes(sent.payload)
    assert not submit.work(sent.pk)
    assert (posts(practice), looks(practice)) == (1, 0)


def test_it_saves_no_date_that_means_never(practice: PracticeServer, sent: Submission) -> None:
    fault(practice, {"fault": "change", "route": "create", "set": {"modifiedDate": "0001-01-01T00:00:00"}})
    worked(sent)
    assert (sent.state, sent.remote_created != "", sent.remote_modified) == ("succeeded", True, "")


def test_it_takes_odd_but_whole_answers(practice: PracticeServer, sent: Submission) -> None:
    odd = {"key": "greeting", "id": "i" * 100, "definitionId": "i" * 100, "status": "S" * 100, "new": [BAD_TEXT]}
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


# The token


def test_it_fetches_one_token_for_many(practice: PracticeServer, sent: Submission) -> None:
    for number in range(4):
        worked(submitted(sent.tenant, f"other-{number}"))
    assert (worked(sent).state, token_calls(practice)) == ("succeeded", 1)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_it_fetches_one_token_for_many_threads(practice: PracticeServer, sent: Submission) -> None:
    fault(practice, {"fault": "delay", "route": "token", "seconds": 0.2})
    rows = [sent, *(submitted(sent.tenant, f"other-{number}") for number in range(5))]

    def work(row: Submission) -> None:
        try:
            submit.work(row.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, rows))
    assert Submission.objects.filter(state="succeeded").count() == 6
    assert token_calls(practice) == 1


def test_it_keeps_the_token_encrypted(practice: PracticeServer, sent: Submission) -> None:
    worked(sent)
    token = Tenant.objects.get(pk=sent.tenant_id).token
    with connection.cursor() as cursor:
        cursor.execute("SELECT token, client_secret FROM journeys_tenant WHERE id = %s", [sent.tenant_id])
        columns = cursor.fetchone()
    assert len(token) > 300
    assert [secret in column for secret, column in zip((token, SECRET), columns, strict=True)] == [False, False]


def test_it_renews_the_token_once_after_a_401(practice: PracticeServer, sent: Submission) -> None:
    worked(submitted(sent.tenant, "first"))
    practice.control("revoke", {})
    until_final(sent)
    assert (sent.state, sent.found_by_look_up, posts(practice), token_calls(practice)) == ("succeeded", False, 2, 2)
    assert attempts(sent) == [("send", "unauthorised"), ("send", "created")]


def test_it_drops_only_the_token_that_was_used(practice: PracticeServer, sent: Submission) -> None:
    """Two workers get 401 for one token; the first renews it, the second then must not throw the new one away."""
    worked(submitted(sent.tenant, "first"))
    late = Tenant.objects.get(pk=sent.tenant_id)
    practice.control("revoke", {})
    until_final(sent)
    renewed = Tenant.objects.get(pk=sent.tenant_id).token
    late.drop_token()
    assert Tenant.objects.get(pk=sent.tenant_id).token == renewed != ""


def test_it_renews_the_token_before_it_ends(practice: PracticeServer, sent: Submission) -> None:
    practice.control("settings", {"expires_in": 1})
    worked(submitted(sent.tenant, "first"))
    time.sleep(0.9)
    assert (worked(sent).state, posts(practice), token_calls(practice)) == ("succeeded", 1, 2)


@pytest.mark.parametrize("broken", [{"fault": "status", "status": 503}, {"fault": "html"}, {"fault": "rate_limited"}])
def test_it_waits_when_there_is_no_token(practice: PracticeServer, sent: Submission, broken: dict) -> None:
    fault(practice, {**broken, "route": "token"})
    worked(sent)
    assert (sent.state, sent.ambiguous, sent.attempt_count, sent.failure_count) == ("waiting", False, 0, 1)
    if broken["fault"] == "rate_limited":
        assert sent.not_before > now() + timedelta(seconds=4)


@pytest.mark.parametrize("account", ["", "404"])
def test_it_asks_a_person_about_bad_credentials_and_goes_on_afterwards(
    practice: PracticeServer, sent: Submission, account: str
) -> None:
    practice.control("settings", {"accounts": ["7"]} if account else {"clients": {"package": "other"}})
    Tenant.objects.update(account_id=account)
    worked(sent)
    assert (sent.state, sent.journey.state, posts(practice)) == ("needs-person", "needs-person", 0)
    assert sent.explanation["title"] == "Marketing Cloud refused the sign-in" and sent.explanation["todo"]
    practice.control("settings", {"accounts": None, "clients": None})
    sent.try_again(None)
    assert worked(sent).state == "succeeded"


@pytest.mark.parametrize(
    "address", [{"subdomain": ""}, {"subdomain": "evil.example/"}, {"practice_url": "http://10.0.0.1"}]
)
def test_it_asks_a_person_about_a_bad_address(submission: Submission, address: dict) -> None:
    Tenant.objects.update(**{"practice_url": "", **address})
    worked(submission)
    assert (submission.state, submission.lease_until, attempts(submission)) == (
        "needs-person",
        None,
        [("send", "credentials refused")],
    )


def test_it_asks_a_person_when_the_secret_can_no_longer_be_read(
    practice: PracticeServer, sent: Submission, settings
) -> None:
    settings.ENCRYPTION_KEYS = ["bm90IHRoZSBrZXkgdGhhdCB3YXMgdXNlZCBiZWZvcmU="]
    assert (worked(sent).state, posts(practice)) == ("needs-person", 0)


# Plain refusals


def error(status: int, code: int, message: str, **more: object) -> dict:
    body = {"message": message, "errorcode": code, "documentation": "", **more}
    return {"fault": "status", "route": "create", "status": status, "body": body}


REFUSALS = {
    "a bad value of a step": error(400, 121000, "The value '' of the next field of activity 'WAIT-1' is invalid."),
    "unreadable": error(400, 10004, "JSON Deserialization Exception: Location Unknown"),
    "a list": error(400, 10006, "Errors!", validationErrors=[{"errorcode": 10002, "message": "activities[0].key"}]),
    "no permission": error(403, 20000, "Insufficient privileges."),
    "no such route": error(404, 30003, "Not Found"),
    "too large": error(413, 0, "The request entity is too large."),
    "not JSON": error(415, 0, "The request's media type is not supported."),
    "with what no database takes": {**error(400, 0, ""), "body": json.dumps({"message": BAD_TEXT, "errorcode": 10000})},
}


@pytest.mark.parametrize("name", REFUSALS)
def test_it_ends_with_a_refusal_and_explains_it(practice: PracticeServer, sent: Submission, name: str) -> None:
    fault(practice, REFUSALS[name])
    worked(sent)
    assert (sent.state, sent.ambiguous, sent.journey.state) == ("refused", False, "refused")
    assert [bool(sent.explanation[part]) for part in ("title", "text", "todo", "server_message")] == [True] * 4
    assert (sent.http_status, sent.text) == (REFUSALS[name]["status"], sent.explanation["text"])
    assert not submit.work(sent.pk)
    assert (posts(practice), looks(practice), attempts(sent)) == (1, 0, [("send", "refused")])


def test_it_says_which_step_and_field_a_refusal_is_about(practice: PracticeServer, sent: Submission) -> None:
    fault(practice, REFUSALS["a bad value of a step"])
    assert worked(sent).explanation["places"] == [["activity", "WAIT-1", ""]]


def test_it_explains_a_real_refusal_of_the_practice_tenant(practice: PracticeServer, sent: Submission) -> None:
    practice.control("settings", {"null_next": "refuse"})
    step = {**DOCUMENT["activities"][0], "outcomes": [{"key": "out-1", "next": None}]}
    row = worked(submitted(sent.tenant, "bad", activities=[step]))
    assert (row.state, row.explanation["code"], stored(practice, "bad")) == ("refused", "121000", [])
    assert row.explanation["places"] == [["activity", "WAIT-1", "outcomes[out-1].next"]]


# Please wait


@pytest.mark.parametrize(
    ("busy", "seconds"),
    [({"retry_after": "2"}, 2), ({"retry_after": None, "in_body": 3}, 3), ({"retry_after": None}, 0)],
)
def test_it_waits_as_long_as_it_is_asked_to(
    practice: PracticeServer, sent: Submission, busy: dict, seconds: float
) -> None:
    fault(practice, {"fault": "rate_limited", "route": "create", **busy})
    asked = now()
    submit.work(sent.pk)
    sent.refresh_from_db()
    if seconds:
        assert (sent.state, sent.ambiguous, sent.not_before >= asked + timedelta(seconds=seconds)) == (
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


# Unclear: a send that may have been carried out


def fail_after(kind: str, **more: object) -> dict:
    return {"fault": kind, "route": "create", "when": "after", **more}


ARRIVED = {
    "5xx after the commit": fail_after("status", status=500),
    "page after the commit": fail_after("html", status=200),
    "login page after the commit": fail_after("html", status=401),
    "redirect after the commit": fail_after("redirect"),
    "reset after the commit": fail_after("reset"),
    "hang after the commit": fail_after("hang", seconds=2),
    "cut answer": {"fault": "truncate", "route": "create"},
    "cut answer of unknown length": {"fault": "truncate", "route": "create", "length": False},
    "dripping answer": {"fault": "drip", "route": "create", "every": 0.1},
    "no definitionId": {"fault": "drop", "route": "create", "fields": ["definitionId"]},
    "another key": {"fault": "change", "route": "create", "set": {"key": "other"}},
    "an empty id": {"fault": "change", "route": "create", "set": {"id": ""}},
    "an id that is a number": {"fault": "change", "route": "create", "set": {"id": 5}},
}


@pytest.mark.parametrize("name", ARRIVED)
def test_it_looks_up_what_may_have_arrived_and_finds_it(practice: PracticeServer, sent: Submission, name: str) -> None:
    fault(practice, ARRIVED[name])
    worked(sent)
    assert (sent.state, sent.ambiguous, bool(sent.explanation["text"])) == ("unclear", True, True)
    until_final(sent)
    assert (sent.state, sent.found_by_look_up, sent.ambiguous) == ("succeeded", True, False)
    assert (ids_here(sent), sent.explanation) == (ids_there(practice), {})
    assert (posts(practice), attempts(sent)) == (1, [("send", "unclear"), ("look-up", "found")])


NOT_ARRIVED = {
    "5xx": {"fault": "status", "route": "create", "status": 503},
    "page": {"fault": "html", "route": "create", "status": 503},
    "reset": {"fault": "reset", "route": "create"},
    "hang": {"fault": "hang", "route": "create", "seconds": 2},
}


@pytest.mark.parametrize("name", NOT_ARRIVED)
def test_it_sends_again_only_after_the_settle_time_and_two_looks(
    practice: PracticeServer, sent: Submission, name: str
) -> None:
    fault(practice, NOT_ARRIVED[name])
    until_final(sent)
    calls = practice.control("requests", key="greeting")["requests"]
    first, *between, second = calls
    late = [call for call in between if call["started"] >= first["started"] + SETTLE]
    assert (sent.state, first["route"], second["route"], {call["route"] for call in between}) == (
        "succeeded",
        "create",
        "create",
        {"get"},
    )
    assert [call["path"].partition("?")[2] for call in late] == ["", "versionNumber=1"]
    assert (len(stored(practice)), ids_here(sent)) == (1, ids_there(practice))


def test_it_finds_what_is_committed_late(practice: PracticeServer, sent: Submission) -> None:
    """The first look finds nothing; the journey appears before the settle time is over."""
    fault(practice, {"fault": "late", "route": "create", "seconds": SETTLE / 2})
    until_final(sent)
    assert (sent.state, sent.found_by_look_up, posts(practice), len(stored(practice))) == ("succeeded", True, 1, 1)
    assert ("look-up", "absent") in attempts(sent)


def test_it_believes_a_look_up_that_lags_only_after_the_settle_time(practice: PracticeServer, sent: Submission) -> None:
    practice.control("settings", {"read_lag": SETTLE * 0.8})
    fault(practice, ARRIVED["reset after the commit"])
    until_final(sent)
    assert (sent.state, posts(practice), len(stored(practice))) == ("succeeded", 1, 1)


@pytest.mark.parametrize(
    "broken",
    [
        {"fault": "status", "status": 503},
        {"fault": "html", "status": 404},
        {"fault": "status", "status": 404, "body": {"message": "No route.", "errorcode": 1}},
        {"fault": "rate_limited", "retry_after": "0"},
        {"fault": "reset"},
        {"fault": "hang", "seconds": 2},
        {"fault": "unauthorized"},
        {"fault": "change", "set": {"id": None, "key": "other"}},
    ],
)
def test_it_takes_no_failed_look_for_absence(practice: PracticeServer, sent: Submission, broken: dict) -> None:
    fault(practice, ARRIVED["reset after the commit"], {**broken, "route": "get", "times": 2})
    until_final(sent)
    assert (sent.state, posts(practice), looks(practice)) == ("succeeded", 1, 3)


def test_it_asks_a_person_when_it_may_not_look(practice: PracticeServer, sent: Submission) -> None:
    fault(practice, ARRIVED["reset after the commit"], {**error(403, 20000, "No."), "route": "get"})
    until_final(sent)
    assert (sent.state, sent.ambiguous, posts(practice)) == ("needs-person", True, 1)
    sent.try_again(None)
    assert (until_final(sent).state, posts(practice)) == ("succeeded", 1)


@pytest.mark.parametrize("same_key", ["refuse", "new_version", "overwrite", "second_journey"])
def test_it_doubles_nothing_whatever_a_second_send_would_do(
    practice: PracticeServer, sent: Submission, same_key: str
) -> None:
    practice.control("settings", {"same_key": same_key})
    fault(practice, ARRIVED["5xx after the commit"])
    until_final(sent)
    (row,) = stored(practice)
    assert (sent.state, row["posts"], row["version"]) == ("succeeded", 1, 1)


def test_it_takes_over_a_send_whose_process_died(practice: PracticeServer, sent: Submission) -> None:
    """The intent is written, the process is gone, the journey arrived."""
    sent.claim(submit.times())
    sent.intend(submit.times())
    token = submit._token(sent.tenant, submit.client_for(sent.tenant.credentials()))
    submit.client_for(sent.tenant.credentials()).create_interaction(bytes(sent.payload), token)
    assert not submit.work(sent.pk)
    time.sleep(LEASE)
    assert sent.expire(submit.times())
    until_final(sent)
    assert (sent.state, sent.found_by_look_up, posts(practice), sent.crash_count) == ("succeeded", True, 1, 1)


# Cancelling


def test_it_sends_nothing_after_a_cancel(practice: PracticeServer, sent: Submission) -> None:
    sent.cancel(None)
    assert not submit.work(sent.pk)
    assert (worked(sent).state, posts(practice)) == ("cancelled", 0)


def test_it_cancels_what_proves_not_to_have_arrived(practice: PracticeServer, sent: Submission) -> None:
    fault(practice, NOT_ARRIVED["5xx"])
    worked(sent).cancel(None)
    until_final(sent)
    assert (sent.state, sent.text, posts(practice), stored(practice)) == ("cancelled", "Cancelled.", 1, [])


def test_it_does_not_call_cancelled_what_has_arrived(practice: PracticeServer, sent: Submission) -> None:
    fault(practice, ARRIVED["5xx after the commit"])
    worked(sent).cancel(None)
    assert until_final(sent).state == "succeeded"


def test_it_does_not_send_after_its_deadline(practice: PracticeServer, sent: Submission) -> None:
    change(sent, deadline_at=now())
    worked(sent)
    assert (sent.state, sent.lease_until, posts(practice)) == ("needs-person", None, 0)
    assert sent.text == "There was not enough time left to send it."


def test_it_gives_the_row_back_when_too_little_of_the_lease_is_left(
    practice: PracticeServer, sent: Submission, settings
) -> None:
    settings.SUBMIT_LEASE_SECONDS = TIMEOUT
    worked(sent)
    assert (sent.state, sent.lease_until, posts(practice), attempts(sent)) == ("waiting", None, 0, [])


# Keys that were there before


@pytest.fixture
def asking(practice: PracticeServer, sent: Submission) -> Iterator[Submission]:
    """A submission whose key was not made up here."""
    yield submitted(sent.tenant, "known", key_proposed=False)


def put_there(practice: PracticeServer, sent: Submission, key: str, name: str = "Greeting") -> None:
    """As somebody else would."""
    client = submit.client_for(Tenant.objects.get(pk=sent.tenant_id).credentials())
    body = json.dumps({**json.loads(bytes(sent.payload)), "key": key, "name": name}).encode()
    client.create_interaction(body, client.fetch_token())


def test_it_asks_for_the_key_first_and_sends_when_it_is_free(practice: PracticeServer, asking: Submission) -> None:
    assert submit.work(asking.pk)
    asking.refresh_from_db()
    assert (asking.state, asking.found_by_look_up) == ("succeeded", False)
    assert attempts(asking) == [("look-up", "absent"), ("send", "created")]


def test_it_sends_nothing_to_a_key_that_is_taken(
    practice: PracticeServer, sent: Submission, asking: Submission
) -> None:
    put_there(practice, sent, "known")
    worked(asking)
    assert (asking.state, asking.journey.state, posts(practice, "known")) == ("conflict", "needs-person", 1)
    assert asking.text == "Marketing Cloud already has a journey with this key. Nothing was sent."
    assert asking.explanation["title"] == "Conflict" and asking.explanation["todo"]


def test_it_does_not_ask_for_ever_when_it_cannot_ask(practice: PracticeServer, asking: Submission) -> None:
    fault(practice, {"fault": "status", "route": "get", "status": 503})
    worked(asking)
    assert (asking.state, asking.ask_first, asking.ambiguous, posts(practice, "known")) == ("waiting", True, False, 0)
    assert (until_final(asking).state, posts(practice, "known")) == ("succeeded", 1)


def test_it_cancels_before_the_first_send_although_it_cannot_ask(practice: PracticeServer, asking: Submission) -> None:
    fault(practice, {"fault": "status", "route": "get", "status": 503})
    asking.claim(submit.times())
    Submission.objects.get(pk=asking.pk).cancel(None)
    change(asking, lease_until=None)
    assert (until_final(asking).state, posts(practice, "known")) == ("cancelled", 0)


def test_it_tells_when_a_second_version_was_made(practice: PracticeServer, sent: Submission) -> None:
    put_there(practice, sent, "greeting")
    worked(sent)
    assert (sent.state, sent.remote_version, sent.explanation["title"]) == ("conflict", 2, "Conflict")
    assert sent.text == "Marketing Cloud made this a new version of a journey that it already had."


@pytest.mark.parametrize("odd", [{"version": 2}, {"version": -1}, {"id": "11111111-2222-4333-8444-555555555555"}])
def test_it_tells_when_the_ids_are_not_those_of_a_new_journey(
    practice: PracticeServer, sent: Submission, odd: dict
) -> None:
    fault(practice, {"fault": "change", "route": "create", "set": odd})
    assert worked(sent).state == "conflict"


def test_it_adopts_no_journey_that_is_another(practice: PracticeServer, sent: Submission) -> None:
    fault(practice, NOT_ARRIVED["reset"])
    worked(sent)
    put_there(practice, sent, "greeting", name="Of somebody else")
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


def test_it_ends_with_the_refusal_when_only_the_name_exists(practice: PracticeServer, sent: Submission) -> None:
    fault(practice, error(400, 30000, "An interaction with this name already exists."))
    until_final(sent)
    assert (sent.state, posts(practice), looks(practice)) == ("refused", 1, 1)
    assert sent.explanation["server_message"] == "An interaction with this name already exists."


def test_it_sends_again_after_a_person_confirmed_a_long_absence(practice: PracticeServer, sent: Submission) -> None:
    fault(practice, NOT_ARRIVED["reset"])
    worked(sent)
    change(sent, last_send_at=now() - timedelta(hours=1), not_before=now())
    until_final(sent)
    assert (sent.state, sent.ambiguous, posts(practice)) == ("needs-person", False, 1)
    sent.try_again(None)
    assert (until_final(sent).state, posts(practice), len(stored(practice))) == ("succeeded", 2, 1)


# Bytes and faults of our own


def test_it_sends_nothing_that_was_altered(practice: PracticeServer, sent: Submission) -> None:
    change(sent, payload=bytes(sent.payload).replace(b"Greeting", b"Gleeting"))
    worked(sent)
    assert (sent.state, sent.lease_until, posts(practice)) == ("needs-person", None, 0)
    assert sent.text == "The stored journey is not the one that was approved. Nothing was sent."


def test_it_sends_the_approved_bytes_although_the_draft_went_on(practice: PracticeServer, sent: Submission) -> None:
    before = bytes(sent.payload)
    sent.journey.apply("edit journey", {"members": {"name": "Other"}}, based_on=1, author=None)
    worked(sent)
    assert (practice.control("bodies", key="greeting"), sent.state) == (before, "succeeded")
    assert sent.journey.__class__.objects.get().state == "draft"


def test_it_hands_a_fault_of_our_own_to_a_person_and_loses_nothing(
    practice: PracticeServer, sent: Submission, monkeypatch
) -> None:
    """Whatever raises before anything is sent: three times, then a person decides. Fault put in below our code."""
    monkeypatch.setattr("journeys.tenant.client.prepare", broken)
    until_final(sent)
    assert (sent.state, sent.crash_count, sent.ambiguous, posts(practice)) == ("needs-person", 3, False, 0)
    monkeypatch.undo()
    sent.try_again(None)
    assert (until_final(sent).state, posts(practice)) == ("succeeded", 1)


def test_it_looks_up_after_a_fault_of_our_own_behind_the_answer(
    practice: PracticeServer, sent: Submission, monkeypatch
) -> None:
    monkeypatch.setattr("journeys.tenant.read_answer", broken)
    worked(sent)
    assert (sent.state, sent.ambiguous, sent.crash_count, sent.lease_until) == ("unclear", True, 1, None)
    monkeypatch.undo()
    assert (until_final(sent).state, sent.found_by_look_up, posts(practice)) == ("succeeded", True, 1)


def broken(*arguments: object) -> None:
    raise ValueError("a bug")


# Secrets


def test_it_keeps_and_logs_no_secret(practice: PracticeServer, sent: Submission, caplog) -> None:
    """A server that repeats whatever it was told, in every place."""
    worked(submitted(sent.tenant, "first"))
    token = Tenant.objects.get(pk=sent.tenant_id).token
    told = f"You said {token} and {SECRET}."
    echo = {"message": told, "errorcode": 10000, told: told, "errors": [{"errorDetail": told, "errorCode": 1}]}
    with caplog.at_level(logging.DEBUG):
        fault(practice, {**error(500, 0, ""), "body": echo}, {**error(503, 0, ""), "route": "get", "body": told})
        until(sent, lambda row: row.attempts.count() > 1)
        change(sent, state="waiting", not_before=now())
        fault(practice, {**error(400, 0, ""), "body": echo})
        until_final(sent)
    rows = [
        *Attempt.objects.values_list("answer", "text"),
        *Submission.objects.values_list("text", "explanation", "answer"),
    ]
    kept = repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in rows]) + caplog.text
    assert "You said (hidden) and (hidden)." in kept
    assert (sent.state, token in kept, SECRET in kept) == ("refused", False, False)


def test_it_keeps_only_the_beginning_of_a_large_answer_with_the_attempt(
    practice: PracticeServer, sent: Submission
) -> None:
    fault(practice, {**error(400, 10000, ""), "body": {"message": "m", "errorcode": 10000, "x": "y" * 100_000}})
    worked(sent)
    assert (len(sent.attempts.get().answer), len(bytes(sent.answer)) > 100_000) == (64 * 1024, True)


def test_it_refuses_to_submit_the_key_again_once_it_is_there(practice: PracticeServer, sent: Submission) -> None:
    worked(sent)
    with pytest.raises(WrongState, match="already created"):
        sent.journey.submit(None)
    assert started(sent.tenant, "another").submit(None).state == "waiting"
