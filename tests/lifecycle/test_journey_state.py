"""Which state a journey is in: all that can be known of one, drawn in full."""

from itertools import product

import pytest

from journeys.lifecycle.journey_state import Facts, JourneyState, SubmissionState, state_of
from journeys.lifecycle.review import ReviewState

REVIEWS = {"": "draft", "requested": "in-review", "approved": "approved", "sent-back": "sent-back"}
UNDER_WAY = {"waiting": "submitting", "sending": "submitting", "unclear": "submitting"}
STOPPED = dict.fromkeys(("conflict", "needs-person", "tampered"), "needs-person")
DECIDES = {**UNDER_WAY, **STOPPED, "succeeded": "submitted"}


def test_it_is_drawn_for_all_there_is() -> None:
    assert {*DECIDES, "refused", "cancelled"} == {*SubmissionState.values}
    assert {*REVIEWS} == {"", *ReviewState.values} - {"outdated"}
    drawn = {state_of(Facts(*facts)) for facts in product(REVIEWS, SubmissionState, (True, False))}
    assert drawn == set(JourneyState)


@pytest.mark.parametrize(("review", "state"), REVIEWS.items())
def test_it_follows_the_review_where_nothing_was_submitted(review: str, state: str) -> None:
    assert state_of(Facts(review)) == state


@pytest.mark.parametrize("by_review", [True, False])
@pytest.mark.parametrize("review", REVIEWS)
@pytest.mark.parametrize(("submission", "state"), DECIDES.items())
def test_it_follows_the_submission_whatever_a_review_says(
    submission: str, state: str, review: str, by_review: bool
) -> None:
    assert state_of(Facts(review, submission, by_review)) == state


@pytest.mark.parametrize(("review", "state"), REVIEWS.items())
def test_it_follows_the_review_again_where_a_submission_was_cancelled(
    review: str, state: str
) -> None:
    assert state_of(Facts(review, "cancelled", by_review=False)) == state
    assert state_of(Facts(review, "cancelled", by_review=bool(review))) == state


@pytest.mark.parametrize(("review", "state"), {**REVIEWS, "": "refused"}.items())
def test_it_stays_refused_until_another_review_is_asked_for(review: str, state: str) -> None:
    assert state_of(Facts(review, "refused", by_review=False)) == state


def test_it_stays_refused_by_the_approval_that_it_was_submitted_with() -> None:
    assert state_of(Facts("approved", "refused", by_review=True)) == "refused"
