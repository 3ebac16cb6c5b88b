"""What people took back stays so, as does an edit that ended an approval; a locked file loses
nothing."""

import sqlite3
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import models
from django.urls import reverse
from django.utils import timezone

from journeys.checks import check
from journeys.models import (
    Acceptance,
    Countersignature,
    HouseRules,
    Journey,
    JourneyTemplate,
    NeedsSecond,
    Review,
    Revision,
    Tampered,
    Tenant,
    witness,
)
from journeys.models import countersignature as second
from journeys.spec.problem import Problem
from tests.delivery.conftest import started
from tests.delivery.tampering import copy_of, put_back, sql
from tests.delivery.test_put_back_decisions import DEED, edited
from tests.delivery.test_seals import reviewed  # noqa: F401
from tests.people import ada, approved, browser_of, maya, miles, people, rob, set_rules  # noqa: F401

# Approvals that an edit ended


def back_to(copies: list, newest: Revision) -> Journey:
    """As before the edit."""
    put_back(*(one for one in copies if one[0] is not Journey))
    put_back(*(one for one in copies if one[0] is Journey))
    Revision.objects.filter(pk=newest.pk).delete()
    return Journey.objects.get()


def all_of(journey: Journey) -> list:
    rows: list[models.Model] = [
        Revision.objects.get(pk=journey.head_id),
        Review.objects.get(),
        Journey.objects.get(),
    ]
    return [copy_of(row) for row in rows]


def test_an_edit_is_remembered_whatever_its_number(reviewed: Journey, people, committed) -> None:  # noqa: F811
    copies = all_of(reviewed)
    sql("UPDATE journeys_revision SET number = 0")
    with committed():
        newest = edited(reviewed, people["miles"]).head
    assert newest.number == 1
    sql("UPDATE journeys_revision SET number = 9 WHERE id = %s", newest.pk)
    assert back_to(copies, newest).approval() is None


def test_an_edit_is_remembered_whatever_rows_are_called(tenant: Tenant, people, committed) -> None:  # noqa: F811
    set_rules(review_required=True)
    journey = started(Tenant.objects.get())
    high = journey.head_id + 5000
    sql("UPDATE journeys_revision SET id = %s", high)
    sql("UPDATE journeys_journey SET head_id = %s", high)
    journey = approved(Journey.objects.get(), people["maya"], people["rob"])
    copies = all_of(journey)
    low = high - 5000
    sql("UPDATE journeys_revision SET id = %s", low)
    sql("UPDATE journeys_journey SET head_id = %s", low)
    sql("UPDATE journeys_review SET revision_id = %s", low)
    with committed():
        newest = edited(Journey.objects.get(), people["miles"]).head
    assert newest.pk < high
    sql("UPDATE journeys_revision SET number = 9 WHERE id = %s", newest.pk)
    sql("UPDATE journeys_revision SET id = %s WHERE id = %s", high, low)
    assert back_to(copies, newest).approval() is None


def test_an_approval_counts_also_where_the_clock_was_set_back(
    reviewed: Journey,  # noqa: F811
    people,  # noqa: F811
    committed,  # noqa: F811
) -> None:
    tomorrow = witness.micros(timezone.now() + timedelta(days=1))
    witness.note(witness.Note(witness.named(witness.WENT_ON, reviewed.pk), 1, tomorrow))
    assert reviewed.approval() is None
    sql("UPDATE journeys_review SET ended_at = asked_at")
    sql("UPDATE journeys_journey SET state = 'draft'")
    again = approved(Journey.objects.get(), people["maya"], people["rob"])
    assert again.approval()


# Acceptances and confirmations


@pytest.fixture
def problem(reviewed: Journey) -> Problem:  # noqa: F811
    HouseRules.objects.create(tenant=reviewed.tenant, goal_required=True, goal_severity="blocking")
    Tenant.objects.get().sealed()
    journey = Journey.objects.get()
    return next(one for one in check(journey.head.document(), journey.tenant.rules()) if one.blocks)


def test_an_acceptance_that_was_altered_and_withdrawn_does_not_come_back(
    problem: Problem,
    rob: User,  # noqa: F811
    committed,  # noqa: F811
) -> None:
    journey = Journey.objects.get()
    row = journey.accept(rob, problem, journey.head.document(), "Known.")
    copy = copy_of(row)
    sql("UPDATE journeys_acceptance SET at = '2020-01-01 00:00:00+00:00', seal = 'v1:x'")
    with committed():
        journey.withdraw_acceptance(rob, Acceptance.objects.get())
    put_back(copy)
    assert Acceptance.objects.get().is_sealed() and journey.accepted() == ()
    sql("UPDATE journeys_acceptance SET id = id + 100")
    assert journey.accepted() == ()  # nor under another number
    journey.accept(rob, problem, journey.head.document(), "Known.")
    assert len(journey.accepted()) == 1


def test_a_confirmation_that_was_altered_and_withdrawn_does_not_come_back(
    ada: User,  # noqa: F811
    committed,  # noqa: F811
) -> None:
    ben = User.objects.create_superuser("ben")
    row = second.ask(ada, **DEED, reason="A trial.")
    row.confirm(ben)
    confirmed = copy_of(row)
    sql("UPDATE journeys_countersignature SET reason = 'x'")
    with committed():
        Countersignature.objects.get().withdraw(ben)
    put_back(confirmed)
    with pytest.raises(NeedsSecond):
        second.countersigned(ada, **DEED)


def test_its_page_warns_also_once_it_is_confirmed(ada: User, browser_of) -> None:  # noqa: F811
    row = second.ask(ada, **DEED, reason="A trial.")
    row.confirm(User.objects.create_superuser("ben"))
    client, page = browser_of(ada), reverse("admin:journeys_countersignature_change", args=[row.pk])
    warning = "it was changed in the database past the composer"
    assert warning not in client.get(page).content.decode()
    sql("UPDATE journeys_countersignature SET reason = 'x'")
    assert warning in client.get(page).content.decode()


# Templates


def test_an_older_template_of_the_same_name_does_not_come_back(
    reviewed: Journey,  # noqa: F811
    maya: User,  # noqa: F811
) -> None:
    values = {"tenant": reviewed.tenant, "name": "Ours", "description": "", "by": maya}
    document = reviewed.head.document()
    _model, old = copy_of(JourneyTemplate.objects.keep(document, **values))
    JourneyTemplate.objects.get().discard(maya)
    newer = JourneyTemplate.objects.keep({**document, "name": "Newer"}, **values)
    JourneyTemplate.objects.filter(pk=newer.pk).update(
        **{name: old[name] for name in ("packed", "sha256", "seal")}
    )
    with pytest.raises(Tampered, match="changed in the database"):
        JourneyTemplate.objects.get().document()


# The file


@pytest.fixture
def other(settings, monkeypatch: pytest.MonkeyPatch):
    """Another process, which has the file open."""
    monkeypatch.setattr(witness, "BUSY", 0.05)
    witness.note(witness.Note("sent:1", 5))
    connection = sqlite3.connect(witness.file(), isolation_level=None)
    yield connection
    connection.close()


def in_file(other: sqlite3.Connection) -> dict:
    return dict(other.execute("SELECT subject, number FROM seen"))


def test_what_a_locked_file_did_not_take_is_written_with_the_next_note(
    other: sqlite3.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    for time in (1, 2):
        other.execute("BEGIN IMMEDIATE")
        witness.note(witness.Note(f"went on:{time}"))
        other.execute("COMMIT")
        assert f"went on:{time}" not in in_file(other)
        witness.note(witness.Note("ended:1"))
        assert f"went on:{time}" in in_file(other)
    told = [one.message for one in caplog.records]
    assert [
        sum(words in one for one in told)
        for words in ("may go unnoticed", "1 notes were written late")
    ] == [2, 2]


def test_nothing_is_sent_once_more_while_the_file_is_locked(other: sqlite3.Connection) -> None:
    other.execute("BEGIN IMMEDIATE")
    asked = [
        witness.Note("sent:1", 5),
        witness.Note("sent:1", 6, 0, "cleared:1"),
        witness.Note("sent:2", 1),
    ]
    assert [bool(witness.rise([one])) for one in asked] == [False, False, True]
    other.execute("COMMIT")
    witness.note(witness.Note("ended:1"))
    assert in_file(other) == {"sent:1": 5, "sent:2": 1, "ended:1": 1}
