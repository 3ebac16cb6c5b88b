"""What people decide about a submission (cancel it, try again), and what the journey shows."""

import pytest

from journeys.lifecycle.submission_states import Event
from journeys.models import Journey, Submission
from journeys.models.clock import now
from tests.delivery.conftest import change, claim, intend, settle
from tests.delivery.test_claim import (
    IDS,
    OPEN_STATES,
    STATES,
    TIMES,
    as_seen_by_another,
    hour,
    row_of,
    sending,
)


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
    assert not intend(submission, TIMES)
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
