"""Who may do what to a submission's row: the conditions of its conditional updates, each in one
place.

They are data (`Q`), so that the database tests them in the very statement that changes the row, and
a simulator tests the same ones on rows of its own.
"""

from datetime import datetime

from django.db.models import Q

from journeys.lifecycle.submission_states import Times

OPEN_STATES = ("waiting", "sending", "unclear")  # the system still works on it
STOPPED = ("needs-person", "tampered")  # a person can let it go on


def free(moment: datetime) -> Q:
    """Nobody holds it."""
    return Q(lease_until=None) | Q(lease_until__lt=moment)


def claimable(moment: datetime) -> Q:
    """It is due, and nobody holds it."""
    return free(moment) & Q(state__in=("waiting", "unclear"), not_before__lte=moment)


def held(row) -> Q:
    """It is as its holder knows it: whoever took it over since has raised the fence."""
    return Q(fence=row.fence, state=row.state)


def sendable(moment: datetime, times: Times) -> Q:
    """Its intent to send may be written now, while enough of the lease is left."""
    known = Q(ask_first=False) | Q(free_at__gt=moment - times.free_for)
    return known & Q(
        state="waiting",
        cancel_requested_at=None,
        deadline_at__gt=moment,
        lease_until__gt=moment + times.needed_to_send,
    )


def given_up(moment: datetime) -> Q:
    """It was being sent, and the process that sent it is gone."""
    return Q(state="sending", lease_until__lt=moment)


def overdue(moment: datetime, times: Times) -> Q:
    """Its time is over, and nobody holds it. A look-up has a while longer, in which it may still
    settle it."""
    late = Q(state="waiting", deadline_at__lte=moment) | Q(
        state="unclear", deadline_at__lte=moment - 2 * times.settled
    )
    return free(moment) & late


def cancellable(moment: datetime) -> Q:
    """It can be cancelled at once: nothing of it is under way or may have arrived."""
    return free(moment) & Q(state="waiting")


def stopped(row) -> Q:
    """It waits for a person's decision, as that person saw it."""
    return Q(state=row.state, fence=row.fence) & Q(state__in=STOPPED)
