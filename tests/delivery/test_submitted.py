"""Which submissions are written at all, and what the database itself refuses."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from journeys.models import Journey, Submission, Tenant, WrongState
from journeys.models.clock import now
from tests.delivery.conftest import DOCUMENT, change, started, submitted
from tests.delivery.test_claim import IDS, row_of


def test_it_refuses_a_second_open_submission_of_a_journey(submission: Submission) -> None:
    values = {**row_of(submission), "id": None, "key": "other"}
    with (
        pytest.raises(IntegrityError, match="open_once_per_journey|journey_id"),
        transaction.atomic(),
    ):
        Submission.objects.create(**{name: value for name, value in values.items() if name != "id"})


def test_it_refuses_a_second_open_submission_of_a_key(
    submission: Submission, tenant: Tenant
) -> None:
    other = submitted(tenant, "other")
    with pytest.raises(IntegrityError, match="open_once_per_key|tenant_id"), transaction.atomic():
        change(other, key=submission.key)


@pytest.mark.parametrize("name", list(IDS))
def test_it_refuses_a_success_without_its_ids(submission: Submission, name: str) -> None:
    with pytest.raises(IntegrityError, match="succeeded_has_its_ids"), transaction.atomic():
        change(submission, state="succeeded", **{**IDS, name: ""})


def test_it_writes_the_bytes_of_the_newest_revision_with_their_hash(submission: Submission) -> None:
    journey = Journey.objects.get(pk=submission.journey_id)
    assert (bytes(submission.payload), submission.sha256) == (
        journey.head.body,
        journey.head.sha256,
    )
    assert (journey.state, submission.state, submission.key) == (
        "submitting",
        "waiting",
        "greeting",
    )


def test_it_refuses_a_second_submission_while_one_is_open(submission: Submission, refused) -> None:
    told = "A submission of this journey is under way. Wait for its result, or cancel it."
    assert refused(submission.journey.submit, None) == told


def test_it_refuses_a_key_that_was_created_already_also_by_another_journey(
    submission: Submission, tenant: Tenant, refused
) -> None:
    change(submission, state="succeeded", **IDS)
    rename(submission.journey, "greeting-2")
    assert refused(started(tenant).submit, None).startswith(
        "A journey with this key was already created"
    )


@pytest.mark.parametrize(
    "values", [{"state": "unclear"}, {"state": "needs-person", "ambiguous": True}]
)
def test_it_refuses_a_key_of_which_another_submission_may_have_arrived(
    submission: Submission, tenant: Tenant, values: dict, refused
) -> None:
    change(submission, **values)
    rename(submission.journey, "greeting-2")
    assert refused(started(tenant).submit, None).startswith(
        "An earlier submission of this key has not been settled"
    )


@pytest.mark.django_db(transaction=True)
def test_it_writes_one_submission_for_many_clicks(tenant: Tenant) -> None:
    journey, together = started(tenant), Barrier(6)

    def click(_number: int) -> str:
        try:
            mine = Journey.objects.get(pk=journey.pk)
            together.wait()
            return str(mine.submit(None).pk)
        except WrongState:
            return ""
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        ids = [found for found in pool.map(click, range(6)) if found]
    assert (
        ids == [str(pk) for pk in Submission.objects.values_list("pk", flat=True)] and len(ids) == 1
    )


@pytest.mark.parametrize(("key_proposed", "was_sent", "asked"), [(1, 0, 0), (0, 0, 1), (1, 1, 1)])
def test_it_asks_for_the_key_unless_it_is_new(
    tenant: Tenant, key_proposed: int, was_sent: int, asked: int
) -> None:
    first = submitted(tenant, key_proposed=bool(key_proposed))
    change(first, state="refused", first_send_at=now() if was_sent else None)
    assert first.journey.submit(None).ask_first is bool(asked)


def rename(journey: Journey, key: str) -> None:
    journey.replace(
        {**DOCUMENT, "key": key}, based_on=journey.head.number, author=None, operation="import"
    )
