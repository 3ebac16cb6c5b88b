"""How submitting goes: figures computed from the rows, for those who may see them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from journeys.delivery import statistics
from journeys.models import Attempt, Heartbeat, Journey, Submission, Tenant, TenantStatus
from journeys.models.heartbeat import ProcessKind, is_alive, write_heartbeat
from tests.people import approved, seal_state

IDS = {"remote_id": "i", "remote_definition_id": "i", "remote_status": "Draft"}


@pytest.fixture
def submission(journey: Journey, maya: User, rob: User) -> Submission:
    return approved(journey, maya, rob).submit(maya)


def end(row: Submission, state: str, seconds: float, **more: object) -> None:
    """As if it had ended that long after the click, just now."""
    moment = timezone.now()
    values = {
        "state": state,
        "finished_at": moment,
        "created_at": moment - timedelta(seconds=seconds),
    }
    Submission.objects.filter(pk=row.pk).update(**values, last_send_at=moment, **more)
    seal_state(Submission.objects.get(pk=row.pk))


def tell(row: Submission, *results: str) -> None:
    """The exchanges that it took."""
    values = {"fence": 1, "started_at": timezone.now(), "seconds": 0.5}
    for result in results:
        phase = "look-up" if result in ("absent", "no answer") else "send"
        Attempt.objects.create(submission=row, phase=phase, result=result, **values)


def all_of(tenant: Tenant) -> statistics.Measures:
    return statistics.measure(
        statistics.by_tenant(Tenant.objects.filter(pk=tenant.pk)), is_all=False
    )


def test_an_open_one_counts_as_under_way_with_its_age(submission: Submission):
    found = all_of(submission.tenant)
    assert (found.open, found.stopped, found.p95) == (1, 0, None)
    assert found.oldest_open == Submission.objects.get().created_at


def test_a_created_one_tells_how_long_it_took_and_how_often_it_was_sent(submission: Submission):
    end(submission, "succeeded", 7.5, attempt_count=3, first_send_at=timezone.now(), **IDS)
    tell(submission, "unclear", "absent", "busy", "created")
    found = all_of(submission.tenant)
    assert found.open == 0 and found.p50 == found.p95 == pytest.approx(7.5, abs=0.01)
    assert (found.sends, found.again) == (3, 2)
    assert sum(hour.created for hour in found.hours) == 1 and len(found.hours) == 24
    assert found.hours[-1].p95 == pytest.approx(7.5, abs=0.01)


def test_a_refused_one_counts_as_stopped_in_its_hour(submission: Submission):
    end(submission, "refused", 2, attempt_count=1)
    found = all_of(submission.tenant)
    assert found.stopped == 1 and found.hours[-1].stopped == 1 and found.p95 is None


def test_what_ended_before_the_window_is_not_in_its_hours(submission: Submission):
    end(submission, "refused", 2)
    Submission.objects.update(finished_at=timezone.now() - timedelta(hours=30))
    assert not any(hour.stopped for hour in all_of(submission.tenant).hours)


def test_percentiles_are_of_what_there_is():
    assert statistics.percentile([], 0.95) is None
    assert [statistics.percentile(list(range(100)), share) for share in (0.5, 0.95, 1.0)] == [
        50,
        95,
        99,
    ]


def test_the_status_of_many_tenants_takes_four_queries(
    submission: Submission, django_assert_num_queries: DjangoAssertNumQueries
):
    for number in range(5):
        Tenant.objects.create(name=f"More {number}")
    with django_assert_num_queries(4):
        found = statistics.by_tenant(Tenant.objects.all())
    assert {one.tenant.name: one.open for one in found}[submission.tenant.name] == 1 and len(
        found
    ) >= 6


def test_counts_do_not_fall_when_a_person_lets_it_go_on(submission: Submission, maya: User):
    end(
        submission,
        "needs-person",
        60,
        fence=1,
        attempt_count=12,
        failure_count=12,
        first_send_at=timezone.now(),
    )
    tell(submission, *["unclear"] * 12)
    (before,) = statistics.by_tenant(Tenant.objects.filter(pk=submission.tenant_id))
    submission.refresh_from_db()
    submission.try_again(maya)
    (after,) = statistics.by_tenant(Tenant.objects.filter(pk=submission.tenant_id))
    assert (
        (before.sends, before.again, before.failures)
        == (after.sends, after.again, after.failures)
        == (12, 11, 12)
    )


def test_the_pages_show_it(as_maya: Client, submission: Submission):
    end(submission, "succeeded", 7.5, attempt_count=1, first_send_at=timezone.now(), **IDS)
    for page in ("/submissions/overview/", f"/submissions/overview/{submission.tenant.pk}/"):
        text = as_maya.get(page).content.decode()
        assert "7.5 s" in text and "1 created, 0 stopped" in text and submission.tenant.name in text


def test_other_tenants_do_not_exist(as_maya: Client, foreign_tenant: Tenant):
    assert foreign_tenant.name not in as_maya.get("/submissions/overview/").content.decode()
    assert as_maya.get(f"/submissions/overview/{foreign_tenant.pk}/").status_code == 404


def test_it_says_aloud_when_no_worker_runs(as_maya: Client):
    assert "No worker is running" in as_maya.get("/submissions/overview/").content.decode()
    write_heartbeat(ProcessKind.WORKER)
    assert "No worker is running" not in as_maya.get("/submissions/overview/").content.decode()


def test_a_breaker_is_shown_and_an_admin_lets_calls_through_again(
    as_maya: Client, as_ada: Client, submission: Submission
):
    tenant = submission.tenant
    why = "The sign-in was refused."
    TenantStatus.objects.update_or_create(
        tenant=tenant, defaults={"breaker": "stopped", "because": why}
    )
    page, route = (
        f"/submissions/overview/{tenant.pk}/",
        f"/submissions/overview/{tenant.pk}/let-through/",
    )
    assert (
        why in as_maya.get(page).content.decode()
        and route not in as_maya.get(page).content.decode()
    )
    assert route in as_ada.get(page).content.decode()
    stopped = f'journeys_tenant_breaker{{state="stopped",tenant="{tenant.name}"}} 1.0'
    assert stopped in as_ada.get("/metrics").content.decode()
    assert as_maya.post(route).status_code == 403 and as_ada.get(route).status_code == 405
    assert TenantStatus.objects.get().breaker == "stopped"
    assert as_ada.post(route).status_code == 302
    assert (
        TenantStatus.objects.get().breaker == "closed"
        and why not in as_ada.get(page).content.decode()
    )


def test_submissions_are_filtered_by_tenant(
    as_maya: Client, submission: Submission, foreign_tenant: Tenant
):
    key = submission.key
    assert key in as_maya.get(f"/submissions/?tenant={submission.tenant.pk}").content.decode()
    assert as_maya.get(f"/submissions/?tenant={foreign_tenant.pk}").status_code == 200


@pytest.mark.parametrize("kind", ProcessKind.values)
def test_a_process_is_alive_while_it_is_heard_of(client: Client, db: None, kind: str):
    route = f"/healthz/{kind}"
    assert (client.get(route).status_code, client.get(route).content) == (503, b"gone")
    write_heartbeat(kind)
    assert (client.get(route).status_code, client.get(route).content) == (200, b"ok")
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
    assert client.get(route).status_code == 503
    assert not is_alive(kind)


def test_a_process_has_one_row_and_old_ones_are_forgotten(db: None):
    long_ago = timezone.now() - timedelta(days=2)
    Heartbeat.objects.create(kind="worker", process="gone:1", seen_at=long_ago)
    for _ in range(3):
        write_heartbeat(ProcessKind.WORKER)
    assert Heartbeat.objects.count() == 1


def test_metrics_are_for_the_scraper_and_for_who_looks_after_tenants(
    client: Client, as_maya: Client, as_ada: Client, settings
):
    assert client.get("/metrics").status_code == as_maya.get("/metrics").status_code == 403
    assert as_ada.get("/metrics").status_code == 200
    bearer = {"Authorization": "Bearer scraper-token"}
    assert client.get("/metrics", headers=bearer).status_code == 403
    settings.METRICS_TOKEN = "scraper-token"
    assert client.get("/metrics", headers=bearer).status_code == 200
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 403


def test_metrics_are_computed_from_the_rows(as_ada: Client, submission: Submission):
    end(submission, "succeeded", 7.5, attempt_count=3, first_send_at=timezone.now(), **IDS)
    tell(submission, "unclear", "no answer", "absent", "unclear", "absent", "created")
    write_heartbeat(ProcessKind.SWEEPER)
    lines = as_ada.get("/metrics").content.decode().splitlines()
    tenant = f'tenant="{submission.tenant.name}"'
    assert f'journeys_submissions{{state="succeeded",{tenant}}} 1.0' in lines
    assert f"journeys_submission_sends_total{{{tenant}}} 3.0" in lines
    assert f"journeys_submission_resends_total{{{tenant}}} 2.0" in lines
    assert f"journeys_submission_failures_total{{{tenant}}} 3.0" in lines
    assert f"journeys_submission_oldest_open_seconds{{{tenant}}} 0.0" in lines
    assert any(
        line.startswith('journeys_process_silent_seconds{kind="sweeper"} 0.') for line in lines
    )
    assert not any('kind="worker"' in line for line in lines)
