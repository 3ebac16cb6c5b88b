"""Rows that SQL puts back as they once were, seals and all: this machine remembers what came
after."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import models

from journeys.checks import check
from journeys.delivery import calls, restored_backup, submit
from journeys.delivery.submit import carry_out, take, write
from journeys.delivery.tenant_move import end_approvals
from journeys.models import (
    Acceptance,
    Attempt,
    AuditEntry,
    Countersignature,
    HouseRules,
    Journey,
    NeedsSecond,
    NotAllowed,
    Review,
    Revision,
    Submission,
    Tampered,
    Tenant,
    WrongState,
    witness,
)
from journeys.models import countersignature as second
from journeys.practice import PracticeServer
from tests.delivery.conftest import error, fault, posts, started, until_final, worked
from tests.delivery.tampering import sql
from tests.delivery.test_seals import reviewed, waiting  # noqa: F401
from tests.people import ada, approved, maya, miles, people, rob, set_rules  # noqa: F401

ON_COMMIT = "django_capture_on_commit_callbacks"


def copy_of(row: models.Model) -> tuple[type, dict]:
    """Everything that stands in the row, as a client of the database reads it."""
    columns = [one.attname for one in row._meta.concrete_fields if not one.generated]
    return type(row), type(row).objects.values(*columns).get(pk=row.pk)


def put_back(*copies: tuple[type, dict]) -> None:
    for model, columns in copies:
        if not model.objects.filter(pk=columns["id"]).update(**columns):
            model.objects.bulk_create([model(**columns)])


@pytest.fixture
def committed(request: pytest.FixtureRequest) -> Callable:
    """Runs what follows a commit, as it does outside of tests."""
    return lambda: request.getfixturevalue(ON_COMMIT)(execute=True)


# Submissions


def claimed(row: Submission) -> list:
    pk, tenant = row.pk, row.tenant_id
    return take([submit.Candidate(pk, tenant)])


def test_what_is_being_sent_is_not_sent_once_more(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
) -> None:
    """Put back while the first send is under way: no attempt tells of it yet."""
    client = submit.client_for(waiting.tenant.credentials())
    calls.shared_token(Tenant.objects.get(), client)
    before = copy_of(waiting)
    (job,) = claimed(waiting)
    assert Submission.objects.get().state == "sending"
    put_back(before)
    assert worked(waiting).state == "tampered"
    write([carry_out(job)])
    assert (
        Submission.objects.get().state == "tampered" and posts(practice) <= 1
    )  # a slow machine sends nothing
    assert "as this machine remembers" in Submission.objects.get().text
    assert AuditEntry.objects.filter(action="submission.tampered").count() == 1


def test_not_even_where_the_token_was_fetched_on_the_way(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
) -> None:
    before = copy_of(waiting)
    (job,) = claimed(waiting)
    assert job.token is None
    write([carry_out(job)])
    put_back(before)
    Attempt.objects.all().delete()
    witness.put(witness.ATTEMPTS, 0)
    assert (worked(waiting).state, posts(practice)) == ("tampered", 1)


def test_each_fence_sends_once(practice: PracticeServer, waiting: Submission) -> None:  # noqa: F811
    """The row is put back while its holder fetches a token, sent by another at the same fence, and
    put back again."""
    before = copy_of(waiting)
    (slow,) = claimed(waiting)
    assert slow.token is None
    held = copy_of(waiting)
    put_back(before)
    assert until_final(waiting).fence == slow.submission.fence
    put_back(held)
    write([carry_out(slow)])
    assert (Submission.objects.get().state, posts(practice)) == ("tampered", 1)


def test_of_all_who_ask_with_one_fence_one_sends() -> None:
    asked = [witness.Note("sent:1", number) for number in (4, 4, 3, 5)]
    assert [bool(witness.rise([one])) for one in asked] == [True, False, False, True]


@pytest.mark.parametrize(
    "deed", ["UPDATE journeys_attempt SET phase = 'look-up'", "DELETE FROM journeys_attempt"]
)
def test_what_was_sent_is_not_sent_again_when_its_attempts_were_changed(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    deed: str,
) -> None:
    before = copy_of(waiting)
    until_final(waiting)
    sql(deed)
    put_back(before)
    assert (worked(waiting).state, posts(practice)) == ("tampered", 1)


def test_what_was_cancelled_is_not_sent(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    committed,
) -> None:
    before = copy_of(waiting)
    with committed():
        waiting.cancel(None)
    put_back(before)
    assert (worked(waiting).state, posts(practice)) == ("tampered", 0)


def test_nor_after_its_time_was_over(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    committed,
) -> None:
    sql("UPDATE journeys_submission SET cancel_requested_at = created_at")
    before = copy_of(waiting)
    sql("UPDATE journeys_submission SET deadline_at = created_at")
    with committed():
        assert Submission.objects.get().run_out(submit.times())
    assert Submission.objects.get().state == "cancelled"
    put_back(before)
    sql("UPDATE journeys_submission SET cancel_requested_at = NULL")
    assert (worked(waiting).state, posts(practice)) == ("tampered", 0)


def test_a_feigned_restore_launders_none_of_it(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    committed,
) -> None:
    """Who takes attempts away has what is open looked up; what had been cancelled is not sent for
    that."""
    before = copy_of(waiting)
    with committed():
        waiting.cancel(None)
    witness.note(witness.Note(witness.ATTEMPTS, 9))
    put_back(before)
    assert restored_backup.look_for_restore()
    assert (until_final(waiting).state, posts(practice)) == ("tampered", 0)


def test_an_admin_lets_it_go_on_and_it_is_looked_up_first(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    people,  # noqa: F811
    committed,
) -> None:
    before = copy_of(waiting)
    with committed():
        waiting.cancel(None)
    put_back(before)
    worked(waiting)
    with pytest.raises(NotAllowed, match="Only an admin"):
        waiting.try_again(people["maya"])
    with committed():
        waiting.try_again(people["ada"])
    assert (until_final(waiting).state, posts(practice)) == ("succeeded", 1)
    assert [one.phase for one in waiting.attempts.all()] == ["look-up", "send"]


def test_what_was_sent_and_is_let_go_on_is_found(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    ada: User,  # noqa: F811
) -> None:
    before = copy_of(waiting)
    until_final(waiting)
    put_back(before)
    worked(waiting).try_again(ada)
    assert (until_final(waiting).state, posts(practice)) == ("conflict", 1)


def test_a_succeeded_one_under_another_key_is_no_way_to_a_second(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    maya: User,  # noqa: F811
) -> None:
    row = until_final(waiting)
    sql("UPDATE journeys_submission SET key = 'elsewhere'")
    sql("UPDATE journeys_journey SET state = 'approved'")
    again = Journey.objects.get().submit(maya)
    assert again.ask_first
    assert (until_final(again).state, posts(practice), row.state) == ("conflict", 1, "succeeded")


def test_nor_is_one_that_was_hidden_while_another_was_sent(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    maya: User,  # noqa: F811
) -> None:
    """Its row bears another key and state until the second has been made, and is put back then."""
    before = copy_of(waiting)
    sql("UPDATE journeys_submission SET key = 'elsewhere', state = 'cancelled'")
    sql("UPDATE journeys_journey SET state = 'approved'")
    assert until_final(Journey.objects.get().submit(maya)).state == "succeeded"
    put_back(before)
    assert (until_final(waiting).state, posts(practice)) == ("conflict", 1)


def test_a_refused_one_may_be_submitted_anew(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    maya: User,  # noqa: F811
) -> None:
    """Honest work goes on: the key is asked for, as before."""
    fault(practice, error(400, 30000, "No."))
    assert until_final(waiting).state == "refused"
    again = Journey.objects.get().submit(maya)
    assert (until_final(again).state, posts(practice)) == ("succeeded", 2)


# What people decided


def edited(journey: Journey, by: User) -> Journey:
    mine = Journey.objects.get(pk=journey.pk)
    mine.apply(
        "edit journey", {"members": {"description": "x"}}, based_on=mine.head.number, author=by
    )
    return mine


def revived(reviewed: Journey) -> None:  # noqa: F811
    """The newest revision belongs to another journey, the one that was approved is the draft
    again."""
    other = started(reviewed.tenant, "other")
    newest = Revision.objects.filter(journey=reviewed).latest("pk")
    sql(
        "UPDATE journeys_revision SET journey_id = %s, number = 9 WHERE id = %s",
        other.pk,
        newest.pk,
    )
    sql("UPDATE journeys_revision SET undo_below = NULL")
    first = Revision.objects.get(journey=reviewed)
    sql(
        "UPDATE journeys_journey SET head_id = %s, state = 'approved' WHERE id = %s",
        first.pk,
        reviewed.pk,
    )
    sql("UPDATE journeys_review SET decision = 'approved', ended_at = NULL")


def test_an_approval_that_ended_with_an_edit_does_not_come_back(
    reviewed: Journey,  # noqa: F811
    people,  # noqa: F811
    committed,
) -> None:
    with committed():
        edited(reviewed, people["miles"])
    revived(reviewed)
    journey = Journey.objects.get(pk=reviewed.pk)
    assert journey.approval() is None
    with pytest.raises(WrongState, match="as this machine remembers.* Ask for a review again"):
        journey.submit(people["maya"])
    again = approved(journey, people["maya"], people["rob"])  # its way out
    assert again.approval() and again.submit(people["maya"])


def test_an_acceptance_that_was_withdrawn_does_not_come_back(
    reviewed: Journey,  # noqa: F811
    rob: User,  # noqa: F811
    committed,
) -> None:
    HouseRules.objects.create(tenant=reviewed.tenant, goal_required=True, goal_severity="blocking")
    Tenant.objects.get().sealed()
    journey = Journey.objects.get(pk=reviewed.pk)
    document = journey.head.document()
    problem = next(one for one in check(document, journey.tenant.rules()) if one.blocks)
    row = journey.accept(rob, problem, document, "Known.")
    copy = copy_of(row)
    with committed():
        journey.withdraw_acceptance(rob, row)
    put_back(copy)
    assert Acceptance.objects.get().is_sealed() and journey.accepted() == ()
    with pytest.raises(WrongState, match="put right first"):
        journey.require_no_blocking_problem(journey.head)
    journey.accept(rob, problem, document, "Known.")  # by a person it can
    journey.require_no_blocking_problem(journey.head)


DEED = {"what": "lift-review", "of": "tenant 1", "told": "North"}


def used(row: Countersignature, ada: User) -> None:  # noqa: F811
    second.countersigned(ada, **DEED)


def withdrawn(row: Countersignature, ada: User) -> None:  # noqa: F811
    row.withdraw(ada)


@pytest.mark.parametrize("over", [used, withdrawn])
def test_a_confirmation_counts_once(ada: User, committed, over: Callable) -> None:  # noqa: F811
    ben = User.objects.create_superuser("ben")
    row = second.ask(ada, **DEED, reason="A trial.")
    asked = copy_of(row)
    row.confirm(ben)
    confirmed = copy_of(row)
    with committed():
        over(row, ada)
    put_back(confirmed)
    with pytest.raises(NeedsSecond):
        second.countersigned(ada, **DEED)
    put_back(asked)
    with pytest.raises(Tampered):
        Countersignature.objects.get().confirm(ben)
    assert second.ask(ada, **DEED, reason="Again.").pk != row.pk


def test_older_rules_of_a_tenant_do_not_come_back(reviewed: Journey, people, committed) -> None:  # noqa: F811
    """Nor the place that it left, with its approvals."""
    copies = [
        copy_of(Tenant.objects.get()),
        copy_of(Review.objects.get()),
        copy_of(Journey.objects.get()),
    ]
    with committed():
        end_approvals(Tenant.objects.get())
    stale = Tenant.objects.get()
    with committed():
        set_rules(account_id="1")
    assert stale.is_sealed()  # an admin saved it since it was read
    put_back(*copies)
    with pytest.raises(WrongState, match="rules of the tenant “Practice” were changed"):
        Journey.objects.get().submit(people["maya"])
    with committed():
        end_approvals(Tenant.objects.get(), altered=True)  # as an admin does who saves it
    assert Tenant.objects.get().is_sealed()
    assert approved(Journey.objects.get(), people["maya"], people["rob"]).submit(people["maya"])


# After a restore that was one


def test_the_operator_says_so_and_what_people_did_before_counts_again(
    reviewed: Journey,  # noqa: F811
    people,  # noqa: F811
    committed,
) -> None:
    copies = [copy_of(reviewed), copy_of(Review.objects.get())]
    with committed():
        newest = edited(reviewed, people["miles"]).head
    put_back(*copies)
    Revision.objects.filter(pk=newest.pk).delete()
    assert Journey.objects.get().approval() is None
    call_command("restored", verbosity=0)
    assert Journey.objects.get().approval()


def test_what_is_open_is_looked_up_although_more_is_known_of_it(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
) -> None:
    """Its fence in the backup is far below the one of its send."""
    sql("UPDATE journeys_submission SET fence = 7, state_seal = ''")
    row = Submission.objects.get()
    row.state_seal = row.seal_of({})
    row.save(update_fields=["state_seal"])
    before = copy_of(waiting)
    sql("UPDATE journeys_submission SET fence = 30")
    row = until_final(waiting)
    assert (row.state, row.fence) == ("succeeded", 31)
    assert not restored_backup.look_for_restore()
    put_back(before)
    Attempt.objects.all().delete()
    assert restored_backup.look_for_restore()
    row = until_final(waiting)
    assert (row.state, row.found_by_look_up, posts(practice)) == ("succeeded", True, 1)


def test_a_new_database_beside_an_old_file_works_as_any(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    people,  # noqa: F811
    committed,
) -> None:
    """Its journeys have the same numbers and keys: at worst the tenant is asked first."""
    until_final(waiting)
    with committed():
        edited(waiting.journey, people["miles"])
        edited(waiting.journey, people["miles"])
    for model in (Attempt, Submission, Review):
        model.objects.all().delete()
    journey = Journey.objects.get()
    kept = journey.revisions.get(number=1)
    Journey.objects.update(head=kept, state="draft")
    Revision.objects.exclude(pk=kept.pk).delete()
    practice.control("reset", {})
    restored_backup.look_for_restore()
    journey = approved(Journey.objects.get(), people["maya"], people["rob"])
    assert until_final(journey.submit(people["maya"])).state == "succeeded"


# The file


def test_what_cannot_be_written_is_known_to_this_process(
    settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DATA_DIR = settings.DATA_DIR / "not there"
    for number in (3, 2):
        witness.note(witness.Note("sent:1", number))
    assert witness.number_of("sent:1") == 3
    assert [bool(witness.rise([witness.Note("sent:1", number)])) for number in (3, 4, 4)] == [
        False,
        True,
        False,
    ]
    assert len([one for one in caplog.records if "may go unnoticed" in one.message]) == 1


def test_it_only_rises(settings) -> None:
    for number, at in ((3, 50), (2, 70), (1, 10)):
        witness.note(witness.Note("went on:1", number, at))
    assert witness.known(["went on:1", "other"]) == {"went on:1": witness.Note("went on:1", 3, 70)}


def test_it_forgets_what_can_stop_nothing_any_more(settings) -> None:
    for kind in (witness.SENT, witness.OVER):
        witness.note(witness.Note(f"{kind}:old", 1, 1), witness.Note(f"{kind}:new"))
    witness.note(witness.Note(witness.ATTEMPTS, 5, 1))
    witness.forget_old(timedelta(days=30))
    with sqlite3.connect(witness.file()) as found:
        names = {name for (name,) in found.execute("SELECT subject FROM seen")}
    assert names == {"sent:new", "over:old", "over:new", "attempts"}
