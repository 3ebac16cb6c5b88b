"""The token that all share, and what happens where there is none."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from journeys.delivery import submit
from journeys.models import Submission, Tenant, TenantStatus
from journeys.models.clock import now
from journeys.models.tenant_status import let_through
from journeys.practice import PracticeServer
from tests.delivery.conftest import (
    SECRET,
    attempts,
    change,
    fault,
    posts,
    submitted,
    token_calls,
    until_final,
    worked,
)
from tests.people import set_rules


def test_it_fetches_one_token_for_many(practice: PracticeServer, sent: Submission) -> None:
    for number in range(4):
        worked(submitted(sent.tenant, f"other-{number}"))
    assert (worked(sent).state, token_calls(practice)) == ("succeeded", 1)


@pytest.mark.django_db(transaction=True)
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
    for row in rows:  # one may have been put back, for want of a slot at that moment
        worked(row)
    assert Submission.objects.filter(state="succeeded").count() == 6
    assert token_calls(practice) == 1


def test_it_stops_a_tenant_that_turns_down_what_it_has_just_given(
    practice: PracticeServer, sent: Submission
) -> None:
    """One refresh, one more try; then it is no longer about a token."""
    fault(practice, {"fault": "unauthorized", "route": "create", "times": 2})
    others = [submitted(sent.tenant, f"other-{number}") for number in range(3)]
    for _time in range(4):
        for row in [sent, *others]:
            worked(change(row, not_before=now()))
    assert {row.state for row in [sent, *others]} == {"waiting"}
    calls = practice.control("requests", route="create")["count"]
    assert (calls, token_calls(practice), stopped(sent)) == (2, 2, True)
    let_through(sent.tenant, None)
    assert {until_final(row).state for row in [sent, *others]} == {"succeeded"}


def test_it_keeps_the_token_encrypted(practice: PracticeServer, sent: Submission) -> None:
    worked(sent)
    token = Tenant.objects.get(pk=sent.tenant_id).token
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT token, client_secret FROM journeys_tenant WHERE id = %s", [sent.tenant_id]
        )
        columns = cursor.fetchone()
    assert len(token) > 300
    assert [secret in column for secret, column in zip((token, SECRET), columns, strict=True)] == [
        False,
        False,
    ]


def test_it_renews_the_token_once_after_a_401(practice: PracticeServer, sent: Submission) -> None:
    until_final(submitted(sent.tenant, "first"))
    practice.control("revoke", {})
    until_final(sent)
    assert (sent.state, sent.found_by_look_up, posts(practice), token_calls(practice)) == (
        "succeeded",
        False,
        2,
        2,
    )
    assert attempts(sent) == [("send", "unauthorised"), ("send", "created")]


def test_it_drops_only_the_token_that_was_used(practice: PracticeServer, sent: Submission) -> None:
    """Two workers get 401 for one token; the first renews it, the second then must not throw the
    new one away."""
    until_final(submitted(sent.tenant, "first"))
    late = Tenant.objects.get(pk=sent.tenant_id)
    practice.control("revoke", {})
    until_final(sent)
    renewed = Tenant.objects.get(pk=sent.tenant_id).token
    late.turn_down_token(late.token_generation, now())
    assert Tenant.objects.get(pk=sent.tenant_id).token == renewed != ""


def test_it_renews_the_token_before_it_ends(practice: PracticeServer, sent: Submission) -> None:
    practice.control("settings", {"expires_in": 1})
    until_final(submitted(sent.tenant, "first"))
    while Tenant.objects.get(pk=sent.tenant_id).usable_token(now()):
        time.sleep(0.01)
    assert (worked(sent).state, posts(practice), token_calls(practice)) == ("succeeded", 1, 2)


@pytest.mark.parametrize(
    "broken", [{"fault": "status", "status": 503}, {"fault": "html"}, {"fault": "rate_limited"}]
)
def test_it_waits_when_there_is_no_token(
    practice: PracticeServer, sent: Submission, broken: dict
) -> None:
    fault(practice, {**broken, "route": "token"})
    worked(sent)
    assert (sent.state, sent.ambiguous, sent.attempt_count, sent.failure_count) == (
        "waiting",
        False,
        0,
        1,
    )
    if broken["fault"] == "rate_limited":
        assert sent.not_before > now() + timedelta(seconds=4)


@pytest.mark.parametrize("account", ["", "404"])
def test_it_stops_a_tenant_whose_credentials_are_refused_until_a_person_lets_it_through(
    practice: PracticeServer, tenant: Tenant, account: str
) -> None:
    practice.control(
        "settings", {"accounts": ["7"]} if account else {"clients": {"package": "other"}}
    )
    set_rules(practice_url=practice.url, account_id=account)
    tenant.refresh_from_db()
    sent, *others = [submitted(tenant, f"greeting-{number}") for number in range(4)]
    for row in [sent, *others]:
        worked(row)
    assert {(row.state, row.journey.state) for row in [sent, *others]} == {
        ("waiting", "submitting")
    }
    assert (sent.failure_count, sent.explanation["title"]) == (
        0,
        "Marketing Cloud refused the sign-in",
    )
    assert (posts(practice, sent.key), token_calls(practice), stopped(sent)) == (0, 1, True)
    practice.control("settings", {"accounts": None, "clients": None})
    assert not submit.work(sent.pk)
    let_through(sent.tenant, None)
    assert {worked(row).state for row in [sent, *others]} == {"succeeded"}


def stopped(row: Submission) -> bool:
    stopped_ones = TenantStatus.objects.filter(pk=row.tenant_id, breaker="stopped")
    return stopped_ones.exclude(because="").exists()


@pytest.mark.parametrize(
    "address",
    [{"subdomain": ""}, {"subdomain": "evil.example/"}, {"practice_url": "http://10.0.0.1"}],
)
def test_it_stops_a_tenant_with_a_bad_address(tenant: Tenant, address: dict) -> None:
    set_rules(**{"practice_url": "", **address})
    tenant.refresh_from_db()
    submission = worked(submitted(tenant))
    assert (submission.state, submission.lease_until, stopped(submission)) == (
        "waiting",
        None,
        True,
    )
    assert attempts(submission) == [("send", "credentials refused")]


def test_it_stops_a_tenant_whose_secret_can_no_longer_be_read(
    practice: PracticeServer, sent: Submission, settings
) -> None:
    settings.ENCRYPTION_KEYS = ["bm90IHRoZSBrZXkgdGhhdCB3YXMgdXNlZCBiZWZvcmU="]
    assert (worked(sent).state, stopped(sent), posts(practice)) == ("waiting", True, 0)
