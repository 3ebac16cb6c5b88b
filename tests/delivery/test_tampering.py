"""Four eyes against somebody who writes SQL: rules of a tenant; a worker; what it costs."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journeys.delivery import submit
from journeys.delivery.submit import candidates, carry_out, take, write
from journeys.delivery.worker import Worker
from journeys.models import (
    AuditEntry,
    HouseRules,
    Journey,
    Submission,
    Tenant,
    WrongState,
)
from journeys.models.clock import now
from journeys.practice import PracticeServer
from tests.delivery.conftest import started, submitted, worked
from tests.delivery.tampering import ON_POSTGRESQL, asked, set_back, sql
from tests.delivery.test_seals import reviewed, waiting  # noqa: F401
from tests.people import ada, approved, maya, miles, people, rob, set_rules  # noqa: F401


def test_a_rule_that_sql_lifted_lets_nothing_be_submitted(
    practice: PracticeServer,
    tenant: Tenant,
    people,  # noqa: F811
) -> None:
    journey = protected(practice, tenant)
    sql("UPDATE journeys_tenant SET review_required = %s", False)
    assert "changed in the database" in Journey.objects.get(pk=journey.pk).why_not_submit()
    with pytest.raises(
        WrongState, match="rules of the tenant “Practice” were changed in the database"
    ):
        Journey.objects.get(pk=journey.pk).submit(people["maya"])
    assert not Submission.objects.exists() and asked(practice) == 0


def protected(practice: PracticeServer, tenant: Tenant) -> Journey:
    set_rules(practice_url=practice.url, review_required=True)
    return started(Tenant.objects.get(pk=tenant.pk))


RULES = {
    "review_required": False,
    "account_id": "511",
    "subdomain": "mc-evil",
    "allowed_domain": "evil.marketingcloudapis.com",
    "client_id": "another-package",
    "moves": 7,
    "seal": "",
}


@pytest.mark.parametrize("column", RULES)
def test_nothing_is_sent_while_a_rule_of_the_tenant_is_not_the_one_that_was_set(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    column: str,
) -> None:
    assert sql(f"UPDATE journeys_tenant SET {column} = %s", RULES[column]) == 1
    worked(waiting)
    assert (waiting.state, asked(practice)) == ("tampered", 0)
    assert "save it anew" in waiting.explanation["todo"]
    assert (
        AuditEntry.objects.filter(action="submission.tampered", tenant=waiting.tenant).count() == 1
    )


def test_no_review_is_asked_for_or_decided_under_rules_that_sql_wrote(
    reviewed: Journey,  # noqa: F811
    people,  # noqa: F811
) -> None:
    reviewed.apply(
        "edit journey", {"members": {"description": "x"}}, based_on=1, author=people["maya"]
    )
    review = reviewed.request_review(people["maya"])
    sql("UPDATE journeys_tenant SET moves = moves + 1")
    with pytest.raises(WrongState, match="changed in the database"):
        review.approve(people["rob"], "Good.")
    sql("UPDATE journeys_review SET ended_at = asked_at")
    sql("UPDATE journeys_journey SET state = 'draft'")
    with pytest.raises(WrongState, match="changed in the database"):
        Journey.objects.get(pk=reviewed.pk).request_review(people["maya"])


def test_house_rules_that_sql_changed_let_nothing_through(reviewed: Journey, people) -> None:  # noqa: F811
    HouseRules.objects.create(tenant=reviewed.tenant, goal_required=True, goal_severity="blocking")
    Tenant.objects.get().sealed()
    with pytest.raises(WrongState, match="Something has to be put right first"):
        Journey.objects.get(pk=reviewed.pk).submit(people["maya"])
    for deed in (
        "UPDATE journeys_houserules SET goal_required = %s",
        "DELETE FROM journeys_houserules WHERE %s = %s",
    ):
        sql(deed, *[False] * deed.count("%s"))
        with pytest.raises(WrongState, match="changed in the database"):
            Journey.objects.get(pk=reviewed.pk).submit(people["maya"])


def test_a_token_of_another_tenant_is_not_used(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
) -> None:
    """Its token and address would take the journey to the other business unit."""
    other = Tenant.objects.create(
        name="Other", client_id="o", client_secret="o", practice_url=practice.url
    ).sealed()
    client = submit.client_for(other.credentials())
    other.keep_token(client.fetch_token(), now())
    columns = "token, token_rest_url, token_fetched_at, token_expires_at, token_seal"
    copied = ", ".join(
        f"{c} = (SELECT {c} FROM journeys_tenant WHERE name = 'Other')" for c in columns.split(", ")
    )
    assert sql(f"UPDATE journeys_tenant SET {copied} WHERE name = 'Practice'") == 1
    assert Tenant.objects.get(name="Other").usable_token(now())
    assert Tenant.objects.get(name="Practice").usable_token(now()) is None
    assert worked(waiting).state == "succeeded"
    assert practice.control("requests", route="token")["count"] == 2


def test_it_asks_no_more_of_the_database_than_without_seals(
    practice: PracticeServer, tenant: Tenant, sent: Submission
) -> None:
    for number in range(9):
        submitted(tenant, f"k{number}")
    write([carry_out(job) for job in take(candidates(now()))])  # brings the token
    wanted = candidates(now())
    with CaptureQueriesContext(connection) as taken:
        jobs = take(wanted)
    outcomes = [carry_out(job) for job in jobs]
    with CaptureQueriesContext(connection) as written:
        write(outcomes)
    clock = (1, 1) if ON_POSTGRESQL else (0, 0)  # the database's own is asked there
    assert (len(jobs), len(taken) - clock[0], len(written) - clock[1]) == (9, 9, 14)


@pytest.mark.django_db(transaction=True)
def test_a_worker_sends_none_of_it(practice: PracticeServer, waiting: Submission) -> None:  # noqa: F811
    """The whole way of a worker that was notified, over HTTP: one that ended is set back, then a
    rule is lifted."""
    Worker(2).run()
    waiting.refresh_from_db()
    assert (waiting.state, asked(practice)) == ("succeeded", 1)
    set_back(waiting)
    other = approved(
        started(waiting.tenant, "other"),
        *User.objects.filter(username__in=["maya", "rob"]).order_by("pk"),
    )
    second_one = other.submit(None)
    sql("UPDATE journeys_tenant SET review_required = %s", False)
    Worker(2).run()
    assert (
        set(Submission.objects.values_list("state", flat=True)) == {"tampered"}
        and asked(practice) == 1
    )
    assert str(second_one.pk) in {
        e.data["submission"] for e in AuditEntry.objects.filter(action="submission.tampered")
    }
