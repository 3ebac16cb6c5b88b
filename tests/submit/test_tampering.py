"""Four eyes against somebody who writes SQL: rules, states, authors and ends, as they stand in the database."""

import json
import zlib
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journeys import submit
from journeys.checks import check
from journeys.drain import Drain
from journeys.models import (
    AuditEntry,
    Countersignature,
    HouseRules,
    Journey,
    NeedsSecond,
    NotAllowed,
    Review,
    Submission,
    Tenant,
    WrongState,
)
from journeys.models import countersignature as second
from journeys.models.keys import restored
from journeys.models.moving import end_approvals
from journeys.models.submission import now
from journeys.practice import PracticeServer
from journeys.submit import candidates, carry_out, take, times, write
from tests.people import ada, approved, maya, miles, people, rob, set_rules  # noqa: F401
from tests.submit.conftest import DOCUMENT, error, fault, posts, started, submitted, until_final, worked
from tests.submit.test_seals import reviewed, waiting  # noqa: F401

ON_POSTGRESQL = connection.vendor == "postgresql"


def sql(statement: str, *values: object) -> int:
    """Past the composer: nothing but what a client of the database could write."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def asked(practice: PracticeServer) -> int:
    return practice.control("requests", route="create")["count"]


# A tenant's rules


def test_a_rule_that_sql_lifted_lets_nothing_be_submitted(practice: PracticeServer, tenant: Tenant, people) -> None:  # noqa: F811
    journey = protected(practice, tenant)
    sql("UPDATE journeys_tenant SET review_required = %s", False)
    assert "changed in the database" in Journey.objects.get(pk=journey.pk).why_not_submit()
    with pytest.raises(WrongState, match="rules of the tenant “Practice” were changed in the database"):
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
    assert sql(f"UPDATE journeys_tenant SET {column} = %s", RULES[column]) == 1  # noqa: S608
    worked(waiting)
    assert (waiting.state, asked(practice)) == ("tampered", 0)
    assert "save it anew" in waiting.explanation["todo"]
    assert AuditEntry.objects.filter(action="submission.tampered", tenant=waiting.tenant).count() == 1


def test_no_review_is_asked_for_or_decided_under_rules_that_sql_wrote(reviewed: Journey, people) -> None:  # noqa: F811
    reviewed.apply("edit journey", {"members": {"description": "x"}}, based_on=1, author=people["maya"])
    review = reviewed.request_review(people["maya"])
    sql("UPDATE journeys_tenant SET moves = moves + 1")
    with pytest.raises(WrongState, match="changed in the database"):
        review.approve(people["rob"], "Good.")
    sql("UPDATE journeys_review SET state = 'outdated'")
    sql("UPDATE journeys_journey SET state = 'draft'")
    with pytest.raises(WrongState, match="changed in the database"):
        Journey.objects.get(pk=reviewed.pk).request_review(people["maya"])


def test_house_rules_that_sql_changed_let_nothing_through(reviewed: Journey, people) -> None:  # noqa: F811
    HouseRules.objects.create(tenant=reviewed.tenant, goal_required=True, goal_severity="blocking")
    Tenant.objects.get().sealed()
    with pytest.raises(WrongState, match="Something has to be put right first"):
        Journey.objects.get(pk=reviewed.pk).submit(people["maya"])
    for deed in ("UPDATE journeys_houserules SET goal_required = %s", "DELETE FROM journeys_houserules WHERE %s = %s"):
        sql(deed, *[False] * deed.count("%s"))
        with pytest.raises(WrongState, match="changed in the database"):
            Journey.objects.get(pk=reviewed.pk).submit(people["maya"])


def test_a_token_of_another_tenant_is_not_used(practice: PracticeServer, waiting: Submission) -> None:  # noqa: F811
    """Its token and address would take the journey to the other business unit."""
    other = Tenant.objects.create(name="Other", client_id="o", client_secret="o", practice_url=practice.url).sealed()
    client = submit.client_for(other.credentials())
    other.keep_token(client.fetch_token(), now())
    columns = "token, token_rest_url, token_fetched_at, token_expires_at, token_seal"
    copied = ", ".join(f"{c} = (SELECT {c} FROM journeys_tenant WHERE name = 'Other')" for c in columns.split(", "))
    assert sql(f"UPDATE journeys_tenant SET {copied} WHERE name = 'Practice'") == 1  # noqa: S608
    assert Tenant.objects.get(name="Other").usable_token(now())
    assert Tenant.objects.get(name="Practice").usable_token(now()) is None
    assert worked(waiting).state == "succeeded"
    assert practice.control("requests", route="token")["count"] == 2


# A submission's state


def set_back(row: Submission, **more: object) -> None:
    """As if it had never been sent."""
    values = {"state": "waiting", "lease_until": None, "finished_at": None, "ambiguous": False, "ask_first": False}
    values |= {"first_send_at": None, "last_send_at": None, "attempt_count": 0, "not_before": now(), **more}
    values |= {"deadline_at": now() + timedelta(hours=1)}
    names = ", ".join(f"{name} = %s" for name in values)
    key = row.pk if ON_POSTGRESQL else row.pk.hex
    assert sql(f"UPDATE journeys_submission SET {names} WHERE id = %s", *values.values(), key) == 1  # noqa: S608


def ended(practice: PracticeServer, row: Submission, state: str) -> Submission:
    if state == "refused":
        fault(practice, error(400, 30000, "No."))
    if state == "cancelled":
        row.cancel(None)
        row.refresh_from_db()
    else:
        row = until_final(row)
    assert row.state == state
    return row


@pytest.mark.parametrize("state", ["succeeded", "refused", "cancelled"])
@pytest.mark.parametrize("fence", [None, 0])
def test_a_submission_that_has_ended_is_not_sent_again(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    state: str,
    fence: int | None,
) -> None:
    row = ended(practice, waiting, state)
    before = asked(practice)
    set_back(row, **({} if fence is None else {"fence": fence}))
    assert (worked(row).state, asked(practice)) == ("tampered", before)
    assert AuditEntry.objects.filter(action="submission.tampered", journey=row.journey).count() == 1


@pytest.mark.parametrize("state", ["succeeded", "refused"])
def test_not_even_with_the_code_that_stood_there_while_it_waited(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    state: str,
) -> None:
    seal, fence = waiting.state_seal, waiting.fence
    row = ended(practice, waiting, state)
    set_back(row, fence=fence, state_seal=seal)
    assert (worked(row).state, asked(practice)) == ("tampered", 1)


@pytest.mark.parametrize("deed", ["cancel", "run_out"])
def test_the_composer_seals_no_older_state_anew(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    deed: str,
) -> None:
    seal, fence = waiting.state_seal, waiting.fence
    row = ended(practice, waiting, "succeeded")
    set_back(row, fence=fence, state_seal=seal)
    sql("UPDATE journeys_submission SET deadline_at = %s", now() - timedelta(days=9))
    row = Submission.objects.get(pk=row.pk)
    getattr(row, deed)(None if deed == "cancel" else times())
    row = Submission.objects.get(pk=row.pk)
    assert row.state in ("cancelled", "needs-person") and not row.is_as_written
    assert "changed in the database" in row.journey.why_not_submit(without_review=True)


ROUNDABOUT = {
    "being sent, and its process gone": {"state": "sending", "lease_until": "2020-01-01T00:00:00Z"},
    "unclear, absent once": {"state": "unclear", "ambiguous": True, "absent_count": 1},
    "its time is over": {"state": "waiting", "deadline_at": "2020-01-01T00:00:00Z"},
    "needs a decision": {"state": "needs-person"},
}


@pytest.mark.parametrize("way", ROUNDABOUT)
def test_a_refused_one_is_not_sent_again_by_a_roundabout_way(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    people,  # noqa: F811
    way: str,
) -> None:
    row = ended(practice, waiting, "refused")
    long_ago = now() - timedelta(minutes=3)
    set_back(row, first_send_at=long_ago, last_send_at=long_ago)
    values = ROUNDABOUT[way]
    names = ", ".join(f"{name} = %s" for name in values)
    sql(f"UPDATE journeys_submission SET {names}", *values.values())  # noqa: S608
    row.refresh_from_db()
    row.expire(submit.times())
    if way == "its time is over":
        row.run_out(submit.times())
    until_final(row)
    with pytest.raises(NotAllowed, match="Only an admin"):
        row.try_again(people["maya"])
    assert asked(practice) == 1
    assert row.state == ("needs-person" if way in ("its time is over", "needs a decision") else "tampered")


def test_a_false_restore_launders_nothing(practice: PracticeServer, waiting: Submission) -> None:  # noqa: F811
    row = ended(practice, waiting, "refused")
    set_back(row)
    restored()
    assert (until_final(row).state, asked(practice)) == ("tampered", 1)


def test_an_admin_who_lets_it_go_on_has_it_looked_up_first(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    people,  # noqa: F811
) -> None:
    row = ended(practice, waiting, "succeeded")
    set_back(row)
    worked(row).try_again(people["ada"])
    assert (until_final(row).state, asked(practice)) == ("conflict", 1)


@pytest.mark.parametrize("state", ["cancelled", "refused"])
def test_a_journey_that_is_there_is_not_submitted_anew_because_sql_says_it_failed(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    maya: User,  # noqa: F811
    state: str,
) -> None:
    row = ended(practice, waiting, "succeeded")
    sql("UPDATE journeys_submission SET state = %s", state)
    sql("UPDATE journeys_journey SET state = 'approved'")
    with pytest.raises(WrongState, match="An earlier submission of this key was changed in the database"):
        Journey.objects.get(pk=row.journey_id).submit(maya)


@pytest.mark.parametrize("column", ["ask_first", "free_at"])
def test_it_is_not_sent_without_the_look_that_it_waits_for(
    practice: PracticeServer, tenant: Tenant, sent: Submission, column: str
) -> None:
    row = submitted(tenant, "known", key_proposed=False)
    value = {"ask_first": False, "free_at": now()}[column]
    sql(f"UPDATE journeys_submission SET {column} = %s WHERE key = 'known'", value)  # noqa: S608
    assert (worked(row).state, posts(practice, "known")) == ("tampered", 0)


@pytest.mark.parametrize("column", ["place", "tenant_id", "journey_id", "created_by_id", "permitted", "revision_id"])
def test_it_is_bound_to_where_it_was_to_go_and_by_whom(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    people,  # noqa: F811
    column: str,
) -> None:
    other = Tenant.objects.create(name="O", client_id="o", client_secret="o", practice_url=practice.url).sealed()
    stranger = started(other, "other")
    new = {"place": other.place, "tenant_id": other.pk, "journey_id": stranger.pk, "permitted": "not-required"}
    new |= {"created_by_id": people["rob"].pk, "revision_id": stranger.head_id}
    sql(f"UPDATE journeys_submission SET {column} = %s", new[column])  # noqa: S608
    assert (worked(waiting).state, asked(practice)) == ("tampered", 0)


# Approvals


@pytest.mark.parametrize("column", ["place", "tenant_id", "journey_id"])
def test_an_approval_is_not_carried_elsewhere(
    reviewed: Journey,  # noqa: F811
    tenant: Tenant,
    maya: User,  # noqa: F811
    column: str,
) -> None:
    other = Tenant.objects.create(name="O", client_id="o", client_secret="o").sealed()
    target = started(other if column != "journey_id" else tenant, "other")
    new = {"place": other.place, "tenant_id": other.pk, "journey_id": target.pk}
    sql(f"UPDATE journeys_review SET {column} = %s", new[column])  # noqa: S608
    sql("UPDATE journeys_review SET revision_id = %s, sha256 = %s", target.head_id, target.head.sha256)
    for journey in Journey.objects.all():
        assert journey.approval() is None


def test_an_approval_that_ended_with_an_edit_is_not_brought_back(reviewed: Journey, people) -> None:  # noqa: F811
    first = reviewed.head
    reviewed.apply("edit journey", {"members": {"description": "x"}}, based_on=1, author=people["miles"])
    sql("UPDATE journeys_review SET state = 'approved'")
    sql("UPDATE journeys_journey SET head_id = %s, state = 'approved'", first.pk)
    journey = Journey.objects.get(pk=reviewed.pk)
    assert journey.approval() is None
    with pytest.raises(WrongState, match="changed in the database. Ask for a review again"):
        journey.submit(people["maya"])


def test_not_even_when_the_number_of_its_revision_is_raised(reviewed: Journey, people) -> None:  # noqa: F811
    first = reviewed.head
    reviewed.apply("edit journey", {"members": {"description": "x"}}, based_on=1, author=people["miles"])
    sql("UPDATE journeys_review SET state = 'approved'")
    sql("UPDATE journeys_revision SET number = 3 WHERE id = %s", first.pk)
    sql("UPDATE journeys_journey SET head_id = %s, state = 'approved'", first.pk)
    assert Journey.objects.get(pk=reviewed.pk).approval() is None


def test_an_approval_of_a_place_that_was_left_is_not_brought_back(reviewed: Journey, people) -> None:  # noqa: F811
    end_approvals(reviewed.tenant)
    sql("UPDATE journeys_tenant SET moves = 0")
    sql("UPDATE journeys_review SET state = 'approved'")
    with pytest.raises(WrongState, match="changed in the database"):
        Journey.objects.get(pk=reviewed.pk).submit(people["maya"])


# Authors


@pytest.fixture
def own(reviewed: Journey, maya: User) -> Review:  # noqa: F811
    """Maya, who may approve, wrote since the approval, and asks for a review."""
    maya.user_permissions.add(Permission.objects.get(codename="approve_review"))
    reviewed.apply("edit journey", {"members": {"description": "Mine"}}, based_on=1, author=maya)
    return reviewed.request_review(maya)


def test_the_writer_may_not_approve(own: Review, maya: User) -> None:  # noqa: F811
    with pytest.raises(NotAllowed, match="You wrote some"):
        own.approve(User.objects.get(pk=maya.pk), "Mine.")


def test_nor_when_all_that_was_known_of_words_is_gone(own: Review, maya: User) -> None:  # noqa: F811
    assert sql("DELETE FROM journeys_wording")
    test_the_writer_may_not_approve(own, maya)


AUTHORS = {
    "no writers": "UPDATE journeys_revision SET writers = '{}' WHERE number = 2",
    "writers as before they were told": "UPDATE journeys_revision SET writers = NULL, author_id = NULL",
    "another author and writer": "UPDATE journeys_revision SET writers = '{\"999999\": 2}', author_id = NULL",
}


@pytest.mark.parametrize("deed", AUTHORS)
def test_a_writer_who_was_taken_out_of_the_database_may_not_approve_alone(
    own: Review,
    maya: User,  # noqa: F811
    ada: User,  # noqa: F811
    deed: str,
) -> None:
    sql(AUTHORS[deed])
    with pytest.raises((NeedsSecond, NotAllowed, WrongState)):
        Review.objects.get(pk=own.pk).approve(User.objects.get(pk=maya.pk), "Mine.")
    own.refresh_from_db()
    assert own.state == "requested"


def test_a_false_hash_does_not_make_changes_look_approved(own: Review, people: dict[str, User]) -> None:  # noqa: F811
    """Who wrote since the approval is counted from the newest revision of the approved bytes."""
    journey = Journey.objects.get(pk=own.journey_id)
    journey.apply("edit journey", {"members": {"name": "Other"}}, based_on=2, author=people["miles"])
    review = journey.request_review(people["miles"])
    approved_sha256 = journey.revisions.get(number=1).sha256
    sql("UPDATE journeys_revision SET sha256 = %s WHERE number = 2", approved_sha256)
    assert people["maya"].pk in Review.objects.get(pk=review.pk).authors()
    with pytest.raises(NotAllowed, match="You wrote some"):
        Review.objects.get(pk=review.pk).approve(User.objects.get(pk=people["maya"].pk), "Mine.")


def test_a_second_admin_lets_it_be_decided_all_the_same(own: Review, rob: User, ada: User) -> None:  # noqa: F811
    sql(AUTHORS["no writers"])
    review = Review.objects.get(pk=own.pk)
    assert "changed in the database" in review.needs_second(rob)
    with pytest.raises(NeedsSecond):
        review.approve(rob, "Looked at with care.")
    Countersignature.objects.get().confirm(ada)
    review.approve(rob, "Looked at with care.")
    assert review.journey.approval() == review


def test_doubt_about_who_wrote_it_goes_on_with_the_next_edit(own: Review, people) -> None:  # noqa: F811
    sql(AUTHORS["no writers"])
    journey = Journey.objects.get(pk=own.journey_id)
    journey.apply("edit journey", {"members": {"name": "Other"}}, based_on=2, author=people["miles"])
    review = journey.request_review(people["miles"])
    with pytest.raises(NeedsSecond):
        review.approve(User.objects.get(pk=people["maya"].pk), "Mine.")


def test_words_that_were_put_into_the_draft_by_sql_are_somebodys(reviewed: Journey, people) -> None:  # noqa: F811
    """A reviewer who writes SQL would else approve what they wrote."""
    other = zlib.compress(json.dumps(DOCUMENT | {"description": "By SQL"}, separators=(",", ":")).encode(), 1)
    sql("UPDATE journeys_revision SET packed = %s", other)
    journey = Journey.objects.get(pk=reviewed.pk)
    journey.apply("edit journey", {"members": {"name": "New"}}, based_on=1, author=people["maya"])
    with pytest.raises(NeedsSecond):
        journey.request_review(people["maya"]).approve(people["rob"], "Good.")


# Second admins, and problems that were accepted


def test_a_confirmation_that_sql_wrote_is_none(ada: User, rob: User) -> None:  # noqa: F811
    ben = User.objects.create_superuser("ben")
    deed = {"what": "lift-review", "of": "tenant 1", "told": "North"}
    second.ask(ada, **deed, reason="A trial.")
    sql("UPDATE journeys_countersignature SET confirmed_by_id = %s, confirmed_at = %s", ben.pk, now())
    with pytest.raises(NeedsSecond):
        second.countersigned(ada, **deed)


def test_a_problem_that_sql_accepted_blocks_all_the_same(reviewed: Journey, maya: User, ada: User) -> None:  # noqa: F811
    HouseRules.objects.create(tenant=reviewed.tenant, goal_required=True, goal_severity="blocking")
    Tenant.objects.get().sealed()
    journey = Journey.objects.get(pk=reviewed.pk)
    document = journey.head.document()
    problem = next(one for one in check(document, journey.tenant.rules()) if one.blocks)
    journey.accept(ada, problem, document, "Known.")
    journey.require_no_blocking_problem(journey.head)
    sql("UPDATE journeys_acceptance SET reason = 'Fine', by_id = %s", maya.pk)
    with pytest.raises(WrongState, match="put right first"):
        journey.require_no_blocking_problem(journey.head)


# What it costs


def test_it_asks_no_more_of_the_database_than_without_seals(
    practice: PracticeServer, tenant: Tenant, sent: Submission
) -> None:
    for number in range(9):
        submitted(tenant, f"k{number}")
    write([carry_out(job) for job in take(candidates(now()))])  # brings the token
    with CaptureQueriesContext(connection) as taken:
        jobs = take(candidates(now()))
    outcomes = [carry_out(job) for job in jobs]
    with CaptureQueriesContext(connection) as written:
        write(outcomes)
    clock = (2, 1) if ON_POSTGRESQL else (0, 0)  # the database's own is asked there
    assert (len(jobs), len(taken) - clock[0], len(written) - clock[1]) == (9, 10, 14)


@pytest.mark.django_db(transaction=True)
def test_a_worker_sends_none_of_it(practice: PracticeServer, waiting: Submission) -> None:  # noqa: F811
    """The whole way of a worker that was rung for, over HTTP: one that ended is set back, then a rule is lifted."""
    Drain(2).run()
    waiting.refresh_from_db()
    assert (waiting.state, asked(practice)) == ("succeeded", 1)
    set_back(waiting)
    other = approved(
        started(waiting.tenant, "other"), *User.objects.filter(username__in=["maya", "rob"]).order_by("pk")
    )
    second_one = other.submit(None)
    sql("UPDATE journeys_tenant SET review_required = %s", False)
    Drain(2).run()
    assert set(Submission.objects.values_list("state", flat=True)) == {"tampered"} and asked(practice) == 1
    assert str(second_one.pk) in {e.data["submission"] for e in AuditEntry.objects.filter(action="submission.tampered")}
