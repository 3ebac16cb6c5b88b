"""The sweeper: notifies again, takes over from the dead, and works by itself where no worker can be
told."""

import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.management import call_command

from journeys.delivery import claims, submit
from journeys.delivery.sweeper import NOTIFICATIONS, Sweeper
from journeys.models import Attempt, Journey, Submission, Tenant
from journeys.models.clock import now
from journeys.models.tenant_status import tenant_statuses
from journeys.practice import PracticeServer
from tests.delivery.conftest import (
    change,
    claim,
    fault,
    intend,
    looks,
    posts,
    stored,
    submitted,
    until,
)
from tests.delivery.test_notify import in_memory, messages, unreachable  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)  # its threads have connections of their own


@pytest.fixture
def sweeper() -> Iterator[Sweeper]:
    made = Sweeper()
    yield made
    made.stop(finish_all=True)


def notified() -> list[str]:
    return [str(message.payload[0][0]) for message in messages()]


def waiting(submission: Submission, seconds: float = 60, **values: object) -> Submission:
    """Due for so long."""
    return change(submission, not_before=now() - timedelta(seconds=seconds), **values)


def finished(sweeper: Sweeper) -> None:
    sweeper.stop(finish_all=True)


def test_it_notifies_of_what_nobody_came_for_and_only_once(submission, sweeper, in_memory) -> None:  # noqa: F811
    waiting(submission)
    sweeper.sweep()
    sweeper.sweep()
    assert notified() == [str(submission.pk)]


def test_it_leaves_a_new_one_to_the_worker_that_was_notified(
    submission,
    settings,
    in_memory,  # noqa: F811
) -> None:
    settings.SUBMIT_SETTLE_SECONDS = 150
    sweeper = Sweeper()
    sweeper.sweep()
    assert (sweeper.interval, notified()) == (5.0, [])
    change(submission, fence=1, not_before=now())
    sweeper.sweep()
    assert notified() == [str(submission.pk)]


@pytest.mark.parametrize(
    "values",
    [
        {"state": "sending"},
        {"state": "refused"},
        {"not_before": timedelta(minutes=1)},
        {"lease_until": timedelta(minutes=1)},
    ],
)
def test_it_leaves_alone_what_is_not_due(submission, sweeper, in_memory, values: dict) -> None:  # noqa: F811
    waiting(submission, fence=1)
    change(
        submission,
        **{name: now() + v if isinstance(v, timedelta) else v for name, v in values.items()},
    )
    sweeper.sweep()
    assert notified() == []


def test_it_notifies_again_of_the_next_step(submission, sweeper, in_memory) -> None:  # noqa: F811
    waiting(submission, fence=1)
    sweeper.sweep()
    waiting(submission, fence=2)
    sweeper.sweep()
    assert notified() == [str(submission.pk)] * 2


def test_it_notifies_of_many_at_once_and_reads_all_of_them(submission, sweeper, in_memory) -> None:  # noqa: F811
    """A worker that is woken takes on all that is due, so a few messages do for hundreds."""
    old = submitted(submission.tenant, "old")
    Submission.objects.bulk_create(copies(old, 300))
    Submission.objects.update(not_before=now() - timedelta(hours=1))
    sweeper.patience = (
        3600  # else, where a sweep takes long, it begins to do the work of all of them
    )
    sweeper.sweep()
    sweeper.sweep()
    assert (len(notified()), len(sweeper.notified)) == (NOTIFICATIONS, 302)


@pytest.mark.parametrize("breaker", ["open", "stopped"])
def test_it_notifies_of_nothing_that_waits_for_its_tenant(
    submission,
    sweeper,
    in_memory,  # noqa: F811
    breaker,
) -> None:
    waiting(submission)
    tenant_statuses([submission.tenant_id])[submission.tenant_id].write(
        {"breaker": breaker, "open_until": now() + timedelta(1)}
    )
    sweeper.sweep()
    assert notified() == []


def copies(row: Submission, number: int) -> list[Submission]:
    """As many journeys and submissions of them, written at once."""
    journeys = [Journey(tenant_id=row.tenant_id, key=f"copy-{index}") for index in range(number)]
    Journey.objects.bulk_create(journeys)
    values = {
        "tenant_id": row.tenant_id,
        "revision_id": row.revision_id,
        "deadline_at": row.deadline_at,
    }
    return [
        Submission(journey=one, key=one.key, payload=b"{}", sha256="", **values) for one in journeys
    ]


def test_it_does_the_work_itself_when_no_worker_can_be_told(
    practice,
    sent,
    sweeper,
    unreachable,  # noqa: F811
) -> None:
    rows = [
        waiting(sent),
        *(waiting(submitted(sent.tenant, f"other-{number}")) for number in range(3)),
    ]
    sweeper.sweep()
    finished(sweeper)
    assert set(Submission.objects.values_list("state", flat=True)) == {"succeeded"}
    assert practice.control("requests", route="create")["count"] == len(rows)


def test_it_does_the_work_itself_when_no_worker_comes(practice, sent, sweeper, in_memory) -> None:  # noqa: F811
    waiting(sent)
    sweeper.sweep()
    assert (posts(practice), notified()) == (0, [str(sent.pk)])
    until = time.monotonic() + 20
    while posts(practice) == 0 and time.monotonic() < until:
        sweeper.sweep()
        time.sleep(0.01)
    finished(sweeper)
    assert posts(practice) == 1


def test_it_takes_over_a_send_whose_process_died(practice, sent, sweeper, unreachable) -> None:  # noqa: F811
    claim(sent, submit.times())
    intend(sent, submit.times())
    change(sent, lease_until=now() - timedelta(seconds=1))
    sweeper.sweep()
    sent.refresh_from_db()
    assert (sent.state, sent.ambiguous, sent.fence, posts(practice)) == ("unclear", True, 2, 0)
    waiting(sent)
    sweeper.sweep()
    finished(sweeper)
    assert (looks(practice), posts(practice)) == (1, 0)


@pytest.mark.parametrize(("state", "hours"), [("waiting", 0), ("unclear", 1)])
def test_it_hands_over_to_a_person_at_the_deadline_although_the_tenant_is_stopped(
    practice,
    sent,
    sweeper,
    unreachable,  # noqa: F811
    state: str,
    hours: int,
) -> None:
    tenant_statuses([sent.tenant_id])[sent.tenant_id].write(
        {"breaker": "stopped", "because": "Wrong secret."}
    )
    Journey.objects.update(state="submitting")
    values = {
        "state": state,
        "ambiguous": state == "unclear",
        "last_send_at": now() - timedelta(hours=25),
    }
    change(sent, deadline_at=now() - timedelta(hours=hours), **values)
    sweeper.sweep()
    sent.refresh_from_db()
    assert (sent.state, sent.ambiguous, sent.fence, sent.journey.state) == (
        "needs-person",
        state == "unclear",
        1,
        "needs-person",
    )
    assert sent.text == "Its time was over before it could be sent or looked up."
    assert practice.control("requests")["count"] == 0


@pytest.mark.parametrize(
    "values",
    [
        {"lease_until": timedelta(minutes=1)},
        {"deadline_at": timedelta(minutes=1)},
        {
            "state": "unclear",
            "ambiguous": True,
            "last_send_at": timedelta(0),
            "not_before": timedelta(minutes=1),
        },
    ],
)
def test_it_leaves_what_somebody_holds_or_a_look_up_may_still_settle(
    submission, sweeper, values: dict
) -> None:
    change(submission, deadline_at=now())
    change(
        submission,
        **{name: now() + v if isinstance(v, timedelta) else v for name, v in values.items()},
    )
    sweeper.sweep()
    assert Submission.objects.get().is_open


def test_it_cancels_at_the_deadline_what_was_to_be_cancelled(submission, sweeper) -> None:
    change(submission, deadline_at=now(), cancel_requested_at=now())
    sweeper.sweep()
    submission.refresh_from_db()
    assert (submission.state, submission.text) == ("cancelled", "Cancelled.")


def test_it_is_not_held_up_by_a_tenant_that_does_not_answer(
    practice,
    sent,
    sweeper,
    unreachable,  # noqa: F811
    settings,
) -> None:
    settings.SUBMIT_TIMEOUT_SECONDS = 3.0  # far longer than the other takes, also on a busy machine
    fault(practice, {"fault": "hang", "route": "create", "key": "greeting", "seconds": 5})
    waiting(sent, 3600)
    waiting(submitted(sent.tenant, "other"))
    sweeper.sweep()
    finished(sweeper)
    done = Attempt.objects.values_list("submission__key", "result")
    assert list(done)[:2] == [("other", "created"), ("greeting", "unclear")]


def test_it_goes_on_although_one_submission_makes_it_stumble(
    practice,
    sent,
    sweeper,
    unreachable,  # noqa: F811
    monkeypatch,
    caplog,
) -> None:
    monkeypatch.setattr("journeys.delivery.claims.claim", stumble_over(sent.pk))
    waiting(sent, 3600)
    other = waiting(submitted(sent.tenant, "other"))
    sweeper.sweep()
    until(other, lambda row: not row.is_open)
    finished(sweeper)
    assert [Submission.objects.get(pk=row.pk).state for row in (sent, other)] == [
        "waiting",
        "succeeded",
    ]
    assert f"submission {sent.pk} could not be taken on" in caplog.text


def stumble_over(pk: UUID):
    claim_all = claims.claim

    def stumble(pks: list, *arguments: object) -> list[Submission]:
        return 1 / 0 if pk in pks else claim_all(pks, *arguments)

    return stumble


def test_it_is_harmless_when_two_sweep_at_once(practice, sent, unreachable) -> None:  # noqa: F811
    for number in range(5):
        waiting(submitted(sent.tenant, f"other-{number}"))
    waiting(sent)
    sweepers = [Sweeper(), Sweeper()]
    for _time in range(3):
        for sweeper in sweepers:
            sweeper.sweep()
    for sweeper in sweepers:
        finished(sweeper)
    assert set(Submission.objects.values_list("state", flat=True)) == {"succeeded"}
    assert (
        practice.control("requests", route="create")["count"]
        == practice.control("journeys")["count"]
        == 6
    )


def test_the_command_sweeps_once_and_finishes_the_work(practice, sent, unreachable, capsys) -> None:  # noqa: F811
    waiting(sent)
    call_command("sweep", "--once")
    sent.refresh_from_db()
    assert (sent.state, capsys.readouterr().out) == ("succeeded", "sweeping\n")


def test_it_outlives_a_sweep_that_fails(submission, sweeper, monkeypatch, caplog) -> None:
    monkeypatch.setattr("journeys.delivery.sweeper.now", lambda: 1 / 0)
    sweeper.try_to_sweep()
    assert "this sweep failed; the next one follows" in caplog.text


def test_it_brings_everything_to_its_end_without_any_worker(
    practice: PracticeServer,
    tenant: Tenant,
    unreachable,  # noqa: F811
) -> None:
    """Every fourth call meets a fault; nothing is lost, nothing doubled, and all that was saved is
    what is there."""
    Tenant.objects.update(practice_url=practice.url)
    kinds = [
        {"fault": "status", "status": 503, "when": "after"},
        {"fault": "reset", "when": "after"},
        {"fault": "reset"},
        {"fault": "rate_limited", "retry_after": "0"},
        {"fault": "late", "seconds": 0.3},
    ]
    practice.control(
        "faults", {"mix": {"seed": 11, "chances": [{"chance": 0.06, **kind} for kind in kinds]}}
    )
    rows = [submitted(tenant, f"journey-{number}") for number in range(20)]
    sweeper, deadline = Sweeper(), time.monotonic() + 60
    while Submission.objects.exclude(state="succeeded").exists() and time.monotonic() < deadline:
        sweeper.sweep()
        time.sleep(0.05)
    finished(sweeper)
    there = {
        row["key"]: (row["id"], row["version"]) for row in practice.control("journeys")["journeys"]
    }
    assert len(there) == practice.control("journeys")["count"] == len(rows)
    assert {
        row.key: (row.remote_id, row.remote_version) for row in Submission.objects.all()
    } == there
    assert stored(practice, "journey-1")[0]["posts"] == 1
