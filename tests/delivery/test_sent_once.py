"""What this machine has begun to send is sent again only when it knows that it cannot arrive,
whatever SQL does."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from journeys.delivery import calls
from journeys.delivery.submit import times
from journeys.models import Journey, Submission, Tenant, WrongState, memory, witness
from journeys.models.clock import now
from journeys.models.key_use import backup_restored
from journeys.practice import PracticeServer
from tests.delivery.conftest import fail_after, fault, posts, submitted, until, until_final, worked
from tests.delivery.crashing import FakeTenant, bring_to_an_end
from tests.delivery.tampering import ON_POSTGRESQL, copy_of, put_back, sql
from tests.delivery.test_put_back import claimed
from tests.delivery.test_restored import far  # noqa: F401
from tests.delivery.test_seals import reviewed, waiting  # noqa: F401
from tests.people import maya, people  # noqa: F401


def being_sent(tenant: Tenant, far: FakeTenant) -> Submission:  # noqa: F811
    """What was sent arrives in a minute; the process that sends it does not go on."""
    row = submitted(tenant)
    calls.shared_token(Tenant.objects.get(pk=tenant.pk), calls.client_for(None))
    (job,) = claimed(row)
    assert job.submission.state == "sending"
    far.coming.append((60, json.loads(bytes(row.payload))))
    return Submission.objects.get(pk=row.pk)


def unclear(tenant: Tenant, far: FakeTenant) -> Submission:  # noqa: F811
    """What was sent arrives after two minutes; its answer did not come."""
    far.outcome = "late commit"
    row = worked(submitted(tenant))
    assert (row.state, far.posts) == ("unclear", 1)
    return row


def for_a_person(row: Submission) -> Submission:
    sql("UPDATE journeys_submission SET deadline_at = %s", now() - timedelta(hours=1))
    row = Submission.objects.get(pk=row.pk)
    assert row.run_out(times()) and row.state == "needs-person" and row.ambiguous
    return row


def ends(row: Submission, far: FakeTenant) -> tuple:  # noqa: F811
    row = bring_to_an_end(row.pk, far, far.points)
    return row.state, far.posts, len(far.held), far.wrong


def test_the_settle_time_counts_from_the_moment_that_this_machine_knows(
    tenant: Tenant,
    far: FakeTenant,  # noqa: F811
) -> None:
    row = being_sent(tenant, far)
    long_ago = now() - timedelta(seconds=600)
    sql(
        "UPDATE journeys_submission SET last_send_at = %s, lease_until = %s",
        long_ago,
        now() - timedelta(seconds=5),
    )
    assert ends(row, far) == ("succeeded", 0, 1, [])


def test_nor_does_it_help_to_take_that_moment_away(tenant: Tenant, far: FakeTenant) -> None:  # noqa: F811
    row = being_sent(tenant, far)
    sql(
        "UPDATE journeys_submission SET last_send_at = NULL, lease_until = %s",
        now() - timedelta(seconds=5),
    )
    assert ends(row, far) == ("succeeded", 0, 1, [])


def test_a_person_who_tries_again_has_it_looked_up_whatever_the_row_says(
    tenant: Tenant,
    far: FakeTenant,  # noqa: F811
    maya: User,  # noqa: F811
) -> None:
    row = for_a_person(unclear(tenant, far))
    sql("UPDATE journeys_submission SET ambiguous = %s, first_send_at = NULL", False)
    row = Submission.objects.get(pk=row.pk)
    row.try_again(maya)
    assert row.state == "unclear" and "the tenant is asked first" in row.text
    assert ends(row, far) == ("succeeded", 1, 1, [])


def test_nor_is_the_key_submitted_anew(tenant: Tenant, far: FakeTenant) -> None:  # noqa: F811
    row = for_a_person(unclear(tenant, far))
    sql("UPDATE journeys_submission SET ambiguous = %s", False)
    with pytest.raises(WrongState, match="has not been settled"):
        row.journey.submit(None)


def test_what_was_hidden_while_it_may_arrive_is_waited_for(tenant: Tenant, far: FakeTenant) -> None:  # noqa: F811
    row = unclear(tenant, far)
    sql("UPDATE journeys_submission SET key = 'elsewhere', state = 'cancelled'")
    sql("UPDATE journeys_journey SET state = 'draft'")
    again = Journey.objects.get(pk=row.journey_id).submit(None)
    assert ends(again, far) == ("conflict", 1, 1, [])


def test_a_process_that_dies_before_it_noted_a_refusal_raises_no_alarm(
    tenant: Tenant,
    far: FakeTenant,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is looked up before it is sent again, and sent."""
    far.outcome = "busy"
    row = submitted(tenant)
    with monkeypatch.context() as patched:
        patched.setattr(memory, "note_outcomes", lambda *_words: None)
        worked(row)
    assert (row.state, row.seen.may_arrive) == ("waiting", True)
    assert ends(row, far) == ("succeeded", 2, 1, [])
    assert {one.result for one in list(row.attempts.all())[1:-1]} == {"absent"}


def test_what_was_plainly_refused_is_sent_again_without_a_look(
    tenant: Tenant,
    far: FakeTenant,  # noqa: F811
) -> None:
    far.outcome = "busy"
    row = worked(submitted(tenant))
    assert ends(row, far) == ("succeeded", 2, 1, [])
    assert [one.result for one in row.attempts.all()] == ["busy", "created"]


def test_no_fence_is_begun_while_an_earlier_one_may_arrive(tenant: Tenant) -> None:
    row = submitted(tenant)
    begun = []
    for fence, cleared in ((3, 0), (4, 0), (5, 3), (6, 4), (7, 5)):
        row.fence, row.last_send_at = fence, now()
        if cleared:
            witness.note(witness.Note(witness.named(witness.CLEARED, str(row.pk)), cleared))
        begun.append(bool(memory.begin([row], times())))
    assert begun == [True, False, True, False, True]


# Older states that the composer is made to seal


def trigger() -> None:
    """Whatever marks it to be looked up makes it wait to be sent."""
    values = {
        "state": "'waiting'",
        "ambiguous": "false",
        "free_at": "NULL",
        "first_send_at": "NULL",
    }
    values |= {"not_before": "'2026-01-01 00:00:00'"}
    if not ON_POSTGRESQL:
        put = ", ".join(f"{name} = {value}" for name, value in values.items())
        sql(
            "CREATE TRIGGER evil AFTER UPDATE OF absent_count ON journeys_submission BEGIN"
            f" UPDATE journeys_submission SET {put} WHERE id = new.id; END"
        )
        return
    put = " ".join(f"new.{name} := {value};" for name, value in values.items())
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql(
        f"CREATE FUNCTION evil() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {put} RETURN new;"
        " END$$"
    )
    sql(
        "CREATE TRIGGER evil BEFORE UPDATE OF absent_count ON journeys_submission FOR EACH ROW"
        " EXECUTE FUNCTION evil()"
    )


def test_a_restore_seals_what_it_means_and_not_what_a_trigger_makes_of_it(
    tenant: Tenant,
    far: FakeTenant,  # noqa: F811
) -> None:
    row = unclear(tenant, far)
    trigger()
    backup_restored()
    sql(f"DROP TRIGGER evil{' ON journeys_submission' if ON_POSTGRESQL else ''}")
    row = Submission.objects.get(pk=row.pk)
    assert (row.state, row.is_as_written) == ("waiting", False)
    assert (worked(row).state, far.posts) == ("tampered", 1)


def test_new_keys_seal_nothing_that_was_put_back(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
) -> None:
    before = copy_of(waiting)
    fault(practice, fail_after("reset"))
    until(waiting, lambda row: row.state == "unclear")
    put_back(before)
    sql("UPDATE journeys_submission SET fence = 50")
    sql("DELETE FROM journeys_attempt")
    with pytest.raises(CommandError):
        call_command("renew_seals", verbosity=0)
    witness.put(witness.ATTEMPTS, 0)
    assert (until_final(waiting).state, posts(practice)) == ("tampered", 1)


def test_new_keys_leave_the_fence_that_a_seal_tells(waiting: Submission) -> None:  # noqa: F811
    """So whoever knows more recognises an older one all the same."""
    sql("UPDATE journeys_submission SET fence = 50")
    call_command("renew_seals", verbosity=0)
    assert Submission.objects.get().state_seal.startswith("0:")


# Cancelling


def test_a_cancel_that_was_asked_for_is_not_undone_by_sql(
    tenant: Tenant,
    far: FakeTenant,  # noqa: F811
    committed,  # noqa: F811
) -> None:
    far.outcome = "reset"
    row = worked(submitted(tenant))
    with committed():
        row.cancel(None)
    assert Submission.objects.get().cancel_requested_at
    sql("UPDATE journeys_submission SET cancel_requested_at = NULL")
    assert ends(row, far) == ("cancelled", 1, 0, [])


def test_who_lets_it_go_on_later_takes_the_cancel_back(
    tenant: Tenant,
    far: FakeTenant,  # noqa: F811
    maya: User,  # noqa: F811
    committed,  # noqa: F811
) -> None:
    far.outcome = "reset"
    row = worked(submitted(tenant))
    with committed():
        row.cancel(None)
    row = for_a_person(row)
    with committed():
        row.try_again(maya)
    assert ends(row, far) == ("succeeded", 2, 1, [])
