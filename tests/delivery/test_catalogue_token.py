"""The token: whose it is, and what happens when those who fetch it die or are told to wait."""

from datetime import timedelta

from journeys.delivery import submit
from journeys.models import Submission, Tenant
from journeys.models.clock import now
from journeys.practice import PracticeServer
from tests.delivery.conftest import fault, posts, submitted, token_calls, until_final, worked
from tests.people import set_rules


def test_a_token_whose_fetcher_died_is_fetched_by_the_next(
    practice: PracticeServer, sent: Submission
) -> None:
    assert sent.tenant.lease_token(now(), timedelta(seconds=15))  # and that process is gone
    assert not Tenant.objects.get(pk=sent.tenant_id).lease_token(now(), timedelta(seconds=15))
    Tenant.objects.update(token_lease_until=now() - timedelta(seconds=0.1))
    assert (worked(sent).state, token_calls(practice)) == ("succeeded", 1)


def test_it_waits_with_the_token_as_long_as_it_is_asked_to(
    practice: PracticeServer, sent: Submission
) -> None:
    fault(practice, {"fault": "rate_limited", "route": "token", "retry_after": "1"})
    asked = now()
    worked(sent)
    assert (sent.state, sent.ambiguous, posts(practice)) == ("waiting", False, 0)
    until_final(sent)
    first, second = practice.control("requests", route="token")["requests"]
    assert second["started"] - asked.timestamp() >= 1
    assert (sent.state, posts(practice), first["status"]) == ("succeeded", 1, 429)


def test_each_business_unit_has_a_token_of_its_own_also_with_the_same_package(
    practice: PracticeServer, tenant: Tenant
) -> None:
    set_rules(practice_url=practice.url, account_id="111")
    other = Tenant.objects.create(
        name="Other unit",
        review_required=False,
        client_id=tenant.client_id,
        client_secret=tenant.client_secret,
        account_id="222",
        practice_url=practice.url,
    ).sealed()
    for owner in (Tenant.objects.get(pk=tenant.pk), other):
        assert submit.work(submitted(owner, f"of-{owner.account_id}").pk)
    calls = practice.control("requests", route="create")["requests"]
    assert {call["key"]: call["account"] for call in calls} == {"of-111": "111", "of-222": "222"}
