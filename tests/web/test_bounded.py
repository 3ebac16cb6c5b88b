"""Work that many rows could make longer: as many statements, and as many rows read, with 500 of
them as with 50."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from composer.identity import guessing
from journeys.delivery import sweeper as sweeping
from journeys.forms import choices
from journeys.management.commands import export_journey
from journeys.models import Journey, JourneyTemplate, Review, Revision, Submission, Tenant
from journeys.models.tenant_status import tenant_statuses
from journeys.screens import status_text
from journeys.views import history, saves
from journeys.views.saves import lost_saves
from tests.people import approved

FEW, MANY, MOST = 50, 500, 20


@pytest.fixture(autouse=True)
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "MOST_OF_ONE", MOST)
    monkeypatch.setattr(sweeping, "MOST_DUE", MOST)
    monkeypatch.setattr(status_text, "MOST_BEFORE", MOST)
    monkeypatch.setattr(status_text, "MOST_ATTEMPTS", MOST)
    monkeypatch.setattr(history, "MOST_MARKS", MOST)
    monkeypatch.setattr(saves, "MOST_LOOKED_AT", MOST)


def cost(work: Callable[[], object]) -> tuple[int, int]:
    """How many statements it takes, and how many rows those that read give."""
    seen: list[tuple[str, tuple]] = []

    def note(execute, sql, params, many, context):
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    rows = 0
    for sql, params in seen:
        if sql.startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
                rows += len(cursor.fetchall())
    return len(seen), rows


def alike(grow: Callable[[int], None], work: Callable[[], object]) -> None:
    work()  # what is noted or kept the first time
    grow(FEW)
    few = cost(work)
    grow(MANY)
    many = cost(work)
    assert many == few, (few, many)


@pytest.fixture
def waiting(journey: Journey, maya: User, rob: User) -> Submission:
    return approved(journey, maya, rob).submit(maya)


def queue(like: Submission, number: int) -> None:
    """So many that are due before it, each of a journey of its own."""
    journeys = [
        Journey(
            tenant=like.tenant,
            owner=like.created_by,
            key=f"{number}-{one}",
            name="One",
            head=like.revision,
        )
        for one in range(number)
    ]
    at = like.not_before - timedelta(minutes=5)
    Submission.objects.bulk_create(
        Submission(
            journey=one,
            revision=like.revision,
            tenant=like.tenant,
            key=one.key,
            payload=b"{}",
            sha256="0",
            not_before=at,
            deadline_at=at + timedelta(days=1),
            fence=1,
        )
        for one in Journey.objects.bulk_create(journeys)
    )


def test_a_sweep_asks_for_as_many_whatever_waits(waiting: Submission) -> None:
    tenant_statuses([waiting.tenant_id])
    sweeper = sweeping.Sweeper()
    alike(lambda number: queue(waiting, number), sweeper.due)
    assert len(sweeper.due()) == MOST


def test_a_sweep_goes_past_all_that_waits_for_a_tenant_that_is_stopped(
    waiting: Submission, foreign_tenant: Tenant
):
    queue(waiting, 3 * MOST)
    status = tenant_statuses([waiting.tenant_id])[waiting.tenant_id]
    status.write({"breaker": status.Breaker.STOPPED})
    Submission.objects.filter(pk=waiting.pk).update(
        tenant=foreign_tenant, fence=1, not_before=timezone.now()
    )
    assert [pk for pk, _fence in sweeping.Sweeper().due()] == [waiting.pk]


def test_a_submission_counts_no_further_than_it_tells_how_many_are_before_it(
    waiting: Submission, as_maya: Client
):
    page = f"/submissions/{waiting.pk}/"
    alike(lambda number: queue(waiting, number), lambda: as_maya.get(page))
    assert (
        f"More than {MOST} submissions to this tenant are before it."
        in as_maya.get(page).content.decode()
    )


def test_a_submission_shows_its_newest_attempts(waiting: Submission, as_maya: Client) -> None:
    def tried(number: int) -> None:
        rows = [
            waiting.attempts.model(
                submission=waiting, fence=1, phase="send", started_at=at, seconds=1, result="busy"
            )
            for at in [timezone.now()] * number
        ]
        waiting.attempts.bulk_create(rows)

    alike(tried, lambda: as_maya.get(f"/submissions/{waiting.pk}/"))
    text = as_maya.get(f"/submissions/{waiting.pk}/").content.decode()
    assert f"{FEW + MANY - MOST} earlier tries are not shown." in text
    assert text.count("The server asked to wait") == MOST


def test_the_templates_page_reads_the_documents_that_it_shows(
    tenant: Tenant, journey: Journey, maya, as_maya: Client
):
    packed = journey.head.packed

    def kept(number: int) -> None:
        JourneyTemplate.objects.bulk_create(
            JourneyTemplate(tenant=tenant, name=f"{number} {one:03}", packed=packed, by=maya)
            for one in range(number)
        )

    alike(kept, lambda: as_maya.get("/templates/"))
    first = as_maya.get("/templates/")
    assert first.content.count(b"template-end") < 50
    second = as_maya.get("/templates/", {"page": first.context["page"].next})
    last = as_maya.get("/templates/", {"page": first.context["page"].last})
    shown = [
        {one["template"].name for one in answer.context["own"]} for answer in (first, second, last)
    ]
    assert (len(shown[0] | shown[1]), max(shown[0]) < min(shown[1])) == (48, True)
    assert (
        f"{MANY} {MANY - 1:03}" not in shown[0] | shown[1] and f"{MANY} {MANY - 1:03}" in shown[2]
    )


def test_people_tell_of_the_worst_who_have_to_wait(as_ada: Client, monkeypatch) -> None:
    monkeypatch.setattr(guessing, "MOST_LOCKOUTS", MOST)

    def failed(number: int) -> None:
        AccessAttempt.objects.bulk_create(
            AccessAttempt(
                username=f"#{number}-{one}",
                ip_address=f"192.0.2.{one % 250}",
                failures_since_start=30,
            )
            for one in range(number)
        )

    alike(failed, lambda: as_ada.get("/admin/auth/user/"))
    assert (
        "There are more; these have most failures."
        in as_ada.get("/admin/auth/user/").content.decode()
    )


def revisions(journey: Journey, number: int, **values: object) -> None:
    head = journey.head
    newest = journey.revisions.first().number
    Revision.objects.bulk_create(
        Revision(
            journey=journey,
            number=newest + one,
            packed=head.packed,
            size=head.size,
            sha256=head.sha256,
            operation="edit block",
            **{name: value(one) if callable(value) else value for name, value in values.items()},
        )
        for one in range(1, number + 1)
    )


def test_a_history_reads_the_last_turn_of_what_was_taken_back_again_and_again(
    journey: Journey, as_maya: Client
):
    first = journey.head

    def turned(number: int) -> None:
        revisions(
            journey,
            number,
            undoes=lambda one: 1 if one % 2 else None,
            redoes=lambda one: None if one % 2 else 1,
        )

    alike(turned, lambda: history.last_turns(journey, [first]))
    assert history.last_turns(journey, [first]) == {1: False}
    turned(1)
    assert history.last_turns(journey, [first]) == {1: True}


def test_a_history_shows_the_newest_marks_of_a_revision(
    journey: Journey, tenant: Tenant, maya: User
) -> None:
    def asked(number: int) -> None:
        Review.objects.bulk_create(
            Review(
                journey=journey,
                revision=journey.head,
                sha256=journey.head.sha256,
                tenant=tenant,
                asked_by=maya,
                ended_at=timezone.now(),
            )
            for _ in range(number)
        )

    alike(asked, lambda: history.marks_of([journey.head]))
    assert len(history.marks_of([journey.head])[journey.head.pk]) == MOST


def test_a_save_looks_at_no_more_lost_answers_than_there_can_be(journey: Journey, rf) -> None:
    place = {"kind": "activity", "key": "S", "page": "p", "based_on": 1}
    request = rf.post("/", place)
    journey.refresh_from_db()

    def grown(number: int) -> None:
        revisions(journey, number, arguments=place)
        journey.head = journey.revisions.first()

    alike(grown, lambda: lost_saves(request, journey))


def test_an_export_of_all_holds_a_few_documents_at_a_time(
    journey: Journey, monkeypatch, tmp_path
) -> None:
    monkeypatch.setattr(export_journey, "AT_A_TIME", MOST)
    head, largest = journey.head, 0
    Journey.objects.bulk_create(
        Journey(tenant=journey.tenant, key=f"k-{one}", name="One", head=head)
        for one in range(3 * MOST)
    )
    read = []

    def note(execute, sql, params, many, context):
        if sql.startswith("SELECT") and '"packed"' in sql.split(" FROM ")[0]:
            read.append(len(params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        call_command("export_journey", everything=True, to=str(tmp_path), stdout=io.StringIO())
    largest = max(read)
    assert (len(read), largest <= MOST) == (-(-(3 * MOST + 1) // MOST), True)
    assert len(list(tmp_path.iterdir())) == 3 * MOST + 1


def test_the_filters_offer_no_more_than_can_be_read(
    journey: Journey, tenant: Tenant, as_maya: Client, monkeypatch
):
    monkeypatch.setattr(choices, "MOST_OFFERED", MOST)

    def people(number: int) -> None:
        new = User.objects.bulk_create(
            User(username=f"p-{number}-{one:03}", first_name="Pat", last_name=f"{number}-{one:03}")
            for one in range(number)
        )
        Journey.objects.bulk_create(
            Journey(tenant=tenant, owner=one, key=one.username, name="One", head=journey.head)
            for one in new
        )

    alike(people, lambda: as_maya.get("/", {"state": "approved"}))
    text = as_maya.get("/").content.decode()
    assert f"The first {MOST}; search by words" in text and "Pat 50-020" not in text
    last = User.objects.get(username="p-500-499")
    answer = as_maya.get("/", {"owner": last.pk})
    assert [one.owner for one in answer.context["page"]] == [last]
    assert f'<option value="{last.pk}" selected>Pat 500-499</option>' in answer.content.decode()
    assert len(as_maya.get("/", {"owner": "99999999999999999999"}).context["page"]) > 1


def test_no_list_of_the_administration_has_a_deed_for_all_that_is_selected(rf, ada: User) -> None:
    request = rf.get("/admin/")
    request.user = ada
    assert {
        model: kind.get_actions(request)
        for model, kind in admin.site._registry.items()
        if kind.actions
    } == {}
    assert [
        model for model, kind in admin.site._registry.items() if kind.get_actions(request)
    ] == []
