"""The row's conditional updates: who holds it, who may send, who comes too late."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from journeys.lifecycle.submission_states import Event, Times
from journeys.models import Journey, Submission, Tenant, WrongState
from journeys.models.submission import now
from tests.delivery.conftest import DOCUMENT, change, claim, settle, started, submitted

TIMES = Times(settle=150, timeout=130, lease_seconds=180)
STATES = list(Submission.State.values)
OPEN_STATES = ["waiting", "sending", "unclear"]
IDS = {"remote_id": "1", "remote_definition_id": "1", "remote_status": "Draft"}


def as_seen_by_another(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def hour(hours: int = 1) -> timedelta:
    return timedelta(hours=hours)


def row_of(submission: Submission) -> dict:
    return Submission.objects.filter(pk=submission.pk).values().get()


def test_it_gives_the_row_to_one_claimer(submission: Submission) -> None:
    one, other = as_seen_by_another(submission), as_seen_by_another(submission)
    assert (claim(one, TIMES), claim(other, TIMES)) == (True, False)
    assert (one.fence, one.lease_until > now() + timedelta(seconds=170)) == (1, True)


@pytest.mark.django_db(transaction=True)
def test_it_gives_the_row_to_one_of_many_threads(submission: Submission) -> None:
    together = Barrier(8)

    def compete(_number: int) -> bool:
        try:
            row = as_seen_by_another(submission)
            together.wait()
            return claim(row, TIMES)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(compete, range(8))) == 1


@pytest.mark.parametrize("state", STATES)
def test_it_can_be_claimed_only_while_it_waits_or_is_unclear(
    submission: Submission, state: str
) -> None:
    change(submission, state=state, **IDS)
    assert claim(submission, TIMES) is (state in ("waiting", "unclear"))


def test_it_cannot_be_claimed_before_its_time(submission: Submission) -> None:
    change(submission, not_before=now() + hour())
    assert not claim(submission, TIMES)


def test_it_can_be_claimed_again_when_the_lease_has_ended(submission: Submission) -> None:
    claim(submission, TIMES)
    change(submission, lease_until=now() - timedelta(seconds=1))
    assert (claim(as_seen_by_another(submission), TIMES), row_of(submission)["fence"]) == (True, 2)


@pytest.fixture
def overtaken(submission: Submission) -> Submission:
    """Held by a process that slept past its lease; another one has taken the row over."""
    claim(submission, TIMES)
    Submission.objects.filter(pk=submission.pk).update(lease_until=now() - hour())
    claim(as_seen_by_another(submission), TIMES)
    return submission


def test_it_lets_the_overtaken_neither_send_nor_write(overtaken: Submission) -> None:
    before = row_of(overtaken)
    assert not overtaken.intend(TIMES)
    assert not settle(overtaken, Event("busy"), TIMES)
    assert not overtaken.expire(TIMES)
    assert row_of(overtaken) == before


def test_it_writes_the_intent_before_anything_is_sent(submission: Submission) -> None:
    claim(submission, TIMES)
    assert submission.intend(TIMES)
    row = row_of(submission)
    assert (row["state"], row["ambiguous"], row["attempt_count"]) == ("sending", True, 1)
    assert row["first_send_at"] == row["last_send_at"] == submission.last_send_at


def test_it_keeps_the_moment_of_the_first_send(submission: Submission) -> None:
    first = now() - hour()
    change(submission, first_send_at=first, last_send_at=first, attempt_count=1)
    claim(submission, TIMES)
    assert submission.intend(TIMES)
    assert (
        submission.first_send_at,
        submission.last_send_at > first,
        submission.attempt_count,
    ) == (first, True, 2)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "unclear"},
        {"state": "cancelled"},
        {"ask_first": True},
        {"ask_first": True, "free_at": -31},
        {"cancel_requested_at": 0},
        {"deadline_at": 0},
        {"lease_until": 140},
        {"fence": 7},
    ],
)
def test_it_does_not_send_what_must_not_be_sent(submission: Submission, values: dict) -> None:
    """Numbers are seconds from now; 140 s of a lease are too few for an exchange of up to 130 s and
    its margin."""
    claim(submission, TIMES)
    moments = {"cancel_requested_at", "deadline_at", "lease_until", "free_at"}
    shifted = {
        name: now() + timedelta(seconds=v) if name in moments else v for name, v in values.items()
    }
    Submission.objects.filter(pk=submission.pk).update(**shifted)
    before = row_of(submission)
    assert not submission.intend(TIMES)
    assert (row_of(submission), submission.state) == (before, "waiting")


def sending(submission: Submission, **values: object) -> Submission:
    claim(submission, TIMES)
    submission.intend(TIMES)
    return change(submission, **values)


def test_it_takes_over_a_send_whose_lease_has_ended(submission: Submission) -> None:
    sending(submission, lease_until=now() - timedelta(seconds=1))
    zombie = as_seen_by_another(submission)
    assert submission.expire(TIMES)
    row = row_of(submission)
    assert (row["state"], row["ambiguous"], row["fence"], row["crash_count"]) == (
        "unclear",
        True,
        2,
        1,
    )
    assert not settle(zombie, Event("created", values=IDS), TIMES)


def test_it_takes_over_no_send_that_is_under_way(submission: Submission) -> None:
    assert not sending(submission).expire(TIMES)


@pytest.mark.parametrize("state", [state for state in STATES if state not in OPEN_STATES])
def test_it_never_changes_what_has_ended(submission: Submission, state: str) -> None:
    before = row_of(change(submission, state=state, **IDS))
    assert not settle(submission, Event("busy"), TIMES)
    assert not settle(submission, Event("created", values=IDS), TIMES)
    assert row_of(submission) == before


# Cancelling


def test_it_cancels_at_once_what_waits(submission: Submission) -> None:
    submission.cancel(None)
    row = row_of(submission)
    assert (row["state"], row["text"], row["fence"]) == ("cancelled", "Cancelled.", 1)
    assert submission.journey.audit_entries.filter(action="submission.cancelled").count() == 1


@pytest.mark.parametrize("state", ["sending", "unclear"])
def test_it_only_notes_the_wish_where_something_may_have_arrived(
    submission: Submission, state: str
) -> None:
    change(submission, state=state)
    submission.cancel(None)
    row = row_of(submission)
    assert (row["state"], row["cancel_requested_at"] is not None) == (state, True)


def test_it_notes_the_wish_while_somebody_holds_the_row_and_then_nothing_is_sent(
    submission: Submission,
) -> None:
    claim(submission, TIMES)
    as_seen_by_another(submission).cancel(None)
    assert not submission.intend(TIMES)
    assert settle(submission, Event("held back"), TIMES)
    assert (submission.state, submission.text) == ("cancelled", "Cancelled.")


def test_it_heeds_a_wish_that_came_during_the_exchange(submission: Submission) -> None:
    sending(submission)
    as_seen_by_another(submission).cancel(None)
    assert settle(submission, Event("busy", values={"text": "Busy."}), TIMES)
    assert (submission.state, submission.text) == ("cancelled", "Cancelled.")


@pytest.mark.parametrize("state", [state for state in STATES if state not in OPEN_STATES])
def test_it_cancels_nothing_that_has_ended(submission: Submission, state: str, refused) -> None:
    change(submission, state=state, **IDS)
    assert (
        refused(submission.cancel, None)
        == "This submission has ended already. There is nothing to cancel."
    )
    assert row_of(submission)["state"] == state


# Trying again


@pytest.mark.parametrize(
    "state", [state for state in STATES if state not in ("needs-person", "tampered")]
)
def test_it_lets_only_what_waits_for_a_decision_go_on(
    submission: Submission, state: str, refused
) -> None:
    change(submission, state=state, **IDS)
    assert refused(submission.try_again, None) == "This submission is not waiting for a decision."
    assert row_of(submission)["state"] == state


@pytest.mark.parametrize(("ambiguous", "state"), [(True, "unclear"), (False, "waiting")])
def test_it_goes_on_and_looks_first_where_a_send_may_have_arrived(
    submission: Submission, ambiguous: bool, state: str
) -> None:
    counts = {"attempt_count": 12, "failure_count": 9, "crash_count": 3, "absent_count": 1}
    values = {"ambiguous": ambiguous, "cancel_requested_at": now(), "deadline_at": now() - hour()}
    change(submission, state="needs-person", first_send_at=now() - hour(), **counts, **values)
    submission.try_again(None)
    row = row_of(submission)
    assert (row["state"], row["ask_first"], row["cancel_requested_at"]) == (
        state,
        not ambiguous,
        None,
    )
    assert [row[name] for name in counts] == [0, 0, 0, 0]
    assert row["deadline_at"] > now() + hour(23)
    assert submission.journey.audit_entries.filter(action="submission.tried-again").count() == 1


@pytest.mark.parametrize("state", ["waiting", "unclear", "succeeded"])
def test_it_does_not_go_on_beside_a_newer_submission_of_the_key(
    submission: Submission, state: str, refused
) -> None:
    change(submission, state="needs-person")
    change(submission.journey.submit(None), state=state, **IDS)
    told = "This journey has been submitted anew since. Follow that submission instead."
    assert refused(submission.try_again, None) == told


# What the journey shows


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("waiting", "submitting"),
        ("succeeded", "submitted"),
        ("refused", "refused"),
        ("conflict", "needs-person"),
        ("needs-person", "needs-person"),
        ("cancelled", "draft"),
    ],
)
def test_it_tells_the_journey(submission: Submission, state: str, shown: str) -> None:
    change(submission, state=state, **IDS).tell_journey()
    assert Journey.objects.get(pk=submission.journey_id).state == shown


def test_it_leaves_a_draft_alone_that_was_changed_since(submission: Submission) -> None:
    journey = submission.journey
    journey.apply("edit journey", {"members": {"name": "Other"}}, based_on=1, author=None)
    change(submission, state="succeeded", **IDS).tell_journey()
    assert Journey.objects.get(pk=journey.pk).state == "draft"


# What the database itself refuses


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


# Which submissions are written at all


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


@pytest.fixture
def refused():
    """What a refusal says to the user."""

    def call(function, *arguments: object) -> str:
        with pytest.raises(WrongState) as caught:
            function(*arguments)
        return str(caught.value.text)

    return call
