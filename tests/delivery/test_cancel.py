"""Cancelling, and what comes too late to be sent."""

from journeys.delivery import submit
from journeys.models import Submission
from journeys.models.clock import now
from journeys.practice import PracticeServer
from tests.delivery.conftest import (
    ARRIVED,
    NOT_ARRIVED,
    TIMEOUT,
    attempts,
    change,
    fault,
    posts,
    stored,
    until_final,
    worked,
)


def test_it_sends_nothing_after_a_cancel(practice: PracticeServer, sent: Submission) -> None:
    sent.cancel(None)
    assert not submit.work(sent.pk)
    assert (worked(sent).state, posts(practice)) == ("cancelled", 0)


def test_it_cancels_what_proves_not_to_have_arrived(
    practice: PracticeServer, sent: Submission
) -> None:
    fault(practice, NOT_ARRIVED["5xx"])
    worked(sent).cancel(None)
    until_final(sent)
    assert (sent.state, sent.text, posts(practice), stored(practice)) == (
        "cancelled",
        "Cancelled.",
        1,
        [],
    )


def test_it_does_not_call_cancelled_what_has_arrived(
    practice: PracticeServer, sent: Submission
) -> None:
    fault(practice, ARRIVED["5xx after the commit"])
    worked(sent).cancel(None)
    assert until_final(sent).state == "succeeded"


def test_it_does_not_send_after_its_deadline(practice: PracticeServer, sent: Submission) -> None:
    change(sent, deadline_at=now())
    worked(sent)
    assert (sent.state, sent.lease_until, posts(practice)) == ("needs-person", None, 0)
    assert sent.text == "There was not enough time left to send it."


def test_it_gives_the_row_back_when_too_little_of_the_lease_is_left(
    practice: PracticeServer, sent: Submission, settings
) -> None:
    settings.SUBMIT_LEASE_SECONDS = TIMEOUT
    worked(sent)
    assert (sent.state, sent.lease_until, posts(practice), attempts(sent)) == (
        "waiting",
        None,
        0,
        [],
    )
