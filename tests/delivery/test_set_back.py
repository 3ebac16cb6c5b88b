"""Four eyes against somebody who writes SQL: how far a submission is."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from journeys.delivery import submit
from journeys.delivery.submit import times
from journeys.models import (
    AuditEntry,
    Journey,
    NotAllowed,
    Submission,
    Tenant,
    WrongState,
)
from journeys.models.clock import now
from journeys.models.key_use import backup_restored
from journeys.practice import PracticeServer
from tests.delivery.conftest import posts, started, submitted, until_final, worked
from tests.delivery.tampering import asked, ended, set_back, sql
from tests.delivery.test_seals import reviewed, waiting  # noqa: F401
from tests.people import ada, approved, maya, miles, people, rob, set_rules  # noqa: F401


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
    sql(f"UPDATE journeys_submission SET {names}", *values.values())
    row.refresh_from_db()
    row.expire(submit.times())
    if way == "its time is over":
        row.run_out(submit.times())
    until_final(row)
    with pytest.raises(NotAllowed, match="Only an admin"):
        row.try_again(people["maya"])
    assert asked(practice) == 1
    assert row.state == (
        "needs-person" if way in ("its time is over", "needs a decision") else "tampered"
    )


def test_a_false_restore_launders_nothing(practice: PracticeServer, waiting: Submission) -> None:  # noqa: F811
    row = ended(practice, waiting, "refused")
    set_back(row)
    backup_restored()
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
    with pytest.raises(
        WrongState, match="An earlier submission of this key was changed in the database"
    ):
        Journey.objects.get(pk=row.journey_id).submit(maya)


@pytest.mark.parametrize("column", ["ask_first", "free_at"])
def test_it_is_not_sent_without_the_look_that_it_waits_for(
    practice: PracticeServer, tenant: Tenant, sent: Submission, column: str
) -> None:
    row = submitted(tenant, "known", key_proposed=False)
    value = {"ask_first": False, "free_at": now()}[column]
    sql(f"UPDATE journeys_submission SET {column} = %s WHERE key = 'known'", value)
    assert (worked(row).state, posts(practice, "known")) == ("tampered", 0)


@pytest.mark.parametrize(
    "column", ["place", "tenant_id", "journey_id", "created_by_id", "permitted", "revision_id"]
)
def test_it_is_bound_to_where_it_was_to_go_and_by_whom(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    people,  # noqa: F811
    column: str,
) -> None:
    other = Tenant.objects.create(
        name="O", client_id="o", client_secret="o", practice_url=practice.url
    ).sealed()
    stranger = started(other, "other")
    new = {
        "place": other.place,
        "tenant_id": other.pk,
        "journey_id": stranger.pk,
        "permitted": "not-required",
    }
    new |= {"created_by_id": people["rob"].pk, "revision_id": stranger.head_id}
    sql(f"UPDATE journeys_submission SET {column} = %s", new[column])
    assert (worked(waiting).state, asked(practice)) == ("tampered", 0)
