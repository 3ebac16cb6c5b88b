"""Submissions that SQL puts back as they once were, seals and all: this machine remembers what came
after."""

import pytest
from django.contrib.auth.models import User

from journeys.delivery import calls, restored_backup, submit
from journeys.delivery.submit import carry_out, take, write
from journeys.models import (
    Attempt,
    AuditEntry,
    Journey,
    NotAllowed,
    Submission,
    Tenant,
    witness,
)
from journeys.practice import PracticeServer
from tests.delivery.conftest import error, fault, posts, until_final, worked
from tests.delivery.tampering import copy_of, put_back, sql
from tests.delivery.test_seals import reviewed, waiting  # noqa: F401
from tests.people import ada, approved, maya, miles, people, rob, set_rules  # noqa: F401


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
