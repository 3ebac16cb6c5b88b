"""A send that may have been carried out: it is looked up before anything is sent again."""

import json
from datetime import timedelta

import pytest

from journeys.delivery import calls, submit
from journeys.delivery.calls import shared_token
from journeys.lifecycle.submission_states import ABSENT_ONCE
from journeys.models import Submission, TenantStatus
from journeys.models.clock import now
from journeys.models.tenant_status import let_through
from journeys.practice import PracticeServer
from journeys.tenant import Answer, Client, Fault
from tests.delivery.conftest import (
    ARRIVED,
    NOT_ARRIVED,
    SETTLE,
    attempts,
    change,
    claim,
    error,
    fault,
    ids_here,
    ids_there,
    intend,
    looks,
    posts,
    put_there,
    stored,
    until,
    until_final,
    worked,
)
from tests.delivery.crashing import FakeTenant, Points, absent


@pytest.mark.parametrize("name", ARRIVED)
def test_it_looks_up_what_may_have_arrived_and_finds_it(
    practice: PracticeServer, sent: Submission, name: str
) -> None:
    fault(practice, ARRIVED[name])
    worked(sent)
    assert (sent.state, sent.ambiguous, bool(sent.explanation["text"])) == ("unclear", True, True)
    until_final(sent)
    assert (sent.state, sent.found_by_look_up, sent.ambiguous) == ("succeeded", True, False)
    assert (ids_here(sent), sent.explanation) == (ids_there(practice), {})
    assert (posts(practice), attempts(sent)) == (1, [("send", "unclear"), ("look-up", "found")])


@pytest.mark.parametrize("name", NOT_ARRIVED)
def test_it_sends_again_only_after_the_settle_time_and_enough_looks(
    practice: PracticeServer, sent: Submission, name: str
) -> None:
    fault(practice, NOT_ARRIVED[name])
    until_final(sent)
    first, *between, second = practice.control("requests", key="greeting")["requests"]
    late = [call for call in between if call["started"] >= first["started"] + SETTLE]
    assert (sent.state, first["route"], second["route"], {call["route"] for call in between}) == (
        "succeeded",
        "create",
        "create",
        {"get"},
    )
    wanted = [""] if name == "5xx" else ["", "versionNumber=1"]  # it said that it failed
    assert [call["path"].partition("?")[2] for call in late] == wanted
    assert name != "5xx" or len(between) == 1
    assert (len(stored(practice)), ids_here(sent)) == (1, ids_there(practice))


def test_it_finds_what_is_committed_late(practice: PracticeServer, sent: Submission) -> None:
    """The first look finds nothing; the journey appears before the settle time is over."""
    fault(practice, {"fault": "late", "route": "create", "seconds": SETTLE / 2})
    until_final(sent)
    assert (sent.state, sent.found_by_look_up, posts(practice), len(stored(practice))) == (
        "succeeded",
        True,
        1,
        1,
    )
    assert ("look-up", "absent") in attempts(sent)


def test_it_believes_a_look_up_that_lags_only_after_the_settle_time(
    practice: PracticeServer, sent: Submission
) -> None:
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
        {"fault": "change", "set": {"id": None, "key": "other"}},
    ],
)
def test_it_takes_no_failed_look_for_absence(
    practice: PracticeServer, sent: Submission, broken: dict
) -> None:
    fault(practice, ARRIVED["reset after the commit"], {**broken, "route": "get", "times": 2})
    until_final(sent)
    assert (sent.state, posts(practice), looks(practice)) == ("succeeded", 1, 3)


def test_it_takes_no_401_for_absence_and_stops_at_the_second(
    practice: PracticeServer, sent: Submission
) -> None:
    unauthorized = {"fault": "unauthorized", "route": "get", "times": 2}
    fault(practice, ARRIVED["reset after the commit"], unauthorized)
    until(sent, lambda row: TenantStatus.objects.filter(breaker="stopped").exists())
    assert (sent.state, sent.ambiguous, posts(practice), looks(practice)) == ("unclear", True, 1, 2)
    let_through(sent.tenant, None)
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


def absent_once(row: Submission) -> Submission:
    """Sent a while ago; the newest version was not there when it was looked up."""
    ago = now() - timedelta(seconds=10)
    return change(
        row,
        state="unclear",
        ambiguous=True,
        first_send_at=ago,
        last_send_at=ago,
        absent_count=ABSENT_ONCE,
    )


def test_it_asks_for_the_newest_again_when_it_finds_the_first_version(
    practice: PracticeServer, sent: Submission
) -> None:
    """Both were made since the look-up before."""
    practice.control("settings", {"same_key": "new_version"})
    put_there(practice, sent, "greeting")
    put_there(practice, sent, "greeting")
    assert (worked(absent_once(sent)).state, sent.remote_version) == ("conflict", 2)
    paths = [
        call["path"].partition("?")[2]
        for call in practice.control("requests", route="get")["requests"]
    ]
    assert (paths, attempts(sent)) == (["versionNumber=1", ""], [("look-up", "found")])


class NewestDeleted(FakeTenant):
    """A GET without a version finds nothing, although an older one is there."""

    def looked_up(self, request) -> Answer | Fault:
        return super().looked_up(request) if "versionNumber" in request.url else absent()


def test_it_takes_the_first_version_where_a_newer_one_was_deleted(
    submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, client = (
        NewestDeleted("created", "new_version", Points()),
        Client(submission.tenant.credentials()),
    )
    client.wire = there
    monkeypatch.setattr(calls, "client_for", lambda credentials: client)
    there.store(json.loads(bytes(submission.payload)))
    assert (worked(absent_once(submission)).state, submission.remote_version, there.posts) == (
        "succeeded",
        1,
        0,
    )


def test_it_takes_over_a_send_whose_process_died(
    practice: PracticeServer, sent: Submission
) -> None:
    """The intent is written, the process is gone, the journey arrived."""
    claim(sent, submit.times())
    intend(sent, submit.times())
    token = shared_token(sent.tenant, submit.client_for(sent.tenant.credentials()))
    submit.client_for(sent.tenant.credentials()).create_interaction(bytes(sent.payload), token)
    assert not submit.work(sent.pk)
    assert not sent.expire(submit.times())
    change(sent, lease_until=now() - timedelta(seconds=1))
    assert sent.expire(submit.times())
    until_final(sent)
    assert (sent.state, sent.found_by_look_up, posts(practice), sent.crash_count) == (
        "succeeded",
        True,
        1,
        1,
    )
