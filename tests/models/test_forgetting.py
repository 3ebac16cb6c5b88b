"""What nobody needs any more goes, a batch at a time; the audit only where that is set up."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from composer import forgetting
from journeys.delivery.sweeper import Sweeper
from journeys.models import AuditEntry
from journeys.models.audit import Unchangeable, forget_old_entries, record
from journeys.models.audit_words import sentence
from journeys.models.use import Use

pytestmark = pytest.mark.django_db
OLD = timedelta(days=40)


def entries(number: int, age: timedelta) -> None:
    for _ in range(number):
        models.QuerySet(AuditEntry).filter(pk=record(None, "sign-in.failed").pk).update(
            at=timezone.now() - age
        )


def test_it_deletes_old_rows_in_batches_and_leaves_the_rest_for_the_next_time(monkeypatch) -> None:
    monkeypatch.setattr(forgetting, "AT_A_TIME", 3)
    monkeypatch.setattr(forgetting, "MOST", 2)
    ended = timezone.now() - timedelta(minutes=1)
    Session.objects.bulk_create(
        Session(pk=f"{n}", session_data="", expire_date=ended) for n in range(8)
    )
    Session.objects.create(pk="lasts", session_data="", expire_date=timezone.now() + OLD)
    old = Session.objects.filter(expire_date__lt=timezone.now())
    with CaptureQueriesContext(connection) as captured:
        assert forgetting.forget(old) == 6
    assert sum(query["sql"].startswith("DELETE") for query in captured) == 2
    assert (forgetting.forget(old), forgetting.forget(old)) == (2, 0)
    assert [one.pk for one in Session.objects.all()] == ["lasts"]


def test_the_sweeper_forgets_each_hour_what_counts_no_longer(maya: User, settings) -> None:
    settings.AUDIT_DAYS = 30
    past = timezone.now() - OLD
    Session.objects.create(pk="ended", session_data="", expire_date=past)
    UserSession.objects.create(user=maya, ip="192.0.2.1", session_key="ended", user_agent="")
    UserSession.objects.update(created_at=past)
    AccessAttempt.objects.create(username="maya", ip_address="192.0.2.1", failures_since_start=1)
    AccessAttempt.objects.update(attempt_time=past)
    Use.objects.create(person=maya, what="import", began=past.timestamp(), count=1)
    entries(2, OLD)
    sweeper = Sweeper()
    sweeper.sweep()
    left = (Session, UserSession, AccessAttempt, Use, AuditEntry)
    assert [model.objects.count() for model in left] == [0, 0, 0, 0, 1]
    Session.objects.create(pk="ended", session_data="", expire_date=past)
    sweeper.sweep()
    assert Session.objects.count() == 1  # an hour has not passed
    sweeper.stop(finish_all=True)


def test_a_failure_deletes_no_others(rf) -> None:
    """While somebody guesses, the table is long: who fails must not look through all of it."""
    from composer.identity.guessing import count

    with CaptureQueriesContext(connection) as captured:
        count("maya", "192.0.2.1", "")
    assert not [query for query in captured if query["sql"].startswith("DELETE")]


def test_the_audit_stays_for_ever_unless_it_is_said_for_how_long() -> None:
    entries(2, 100 * OLD)
    forget_old_entries()
    assert AuditEntry.objects.count() == 2


def test_the_audit_says_what_went(settings, ada: User) -> None:
    settings.AUDIT_DAYS = 30
    entries(3, OLD)
    entries(2, timedelta(days=29))
    LogEntry.objects.create(
        user=ada,
        content_type=ContentType.objects.first(),
        object_id="1",
        object_repr="-",
        action_flag=CHANGE,
    )
    LogEntry.objects.update(action_time=timezone.now() - OLD)
    forget_old_entries()
    said, _more = sentence((told := AuditEntry.objects.first()).action, told.data)
    assert (told.action, AuditEntry.objects.count()) == ("database.audit-forgotten", 3)
    assert said.startswith("Deleted 4 entries of the audit from before 20")
    forget_old_entries()
    assert AuditEntry.objects.count() == 3  # nothing went, so nothing is said


def test_nobody_else_deletes_an_entry() -> None:
    entries(1, OLD)
    with pytest.raises(Unchangeable):
        AuditEntry.objects.all().delete()
    with pytest.raises(Unchangeable):
        AuditEntry.objects.get().delete()
