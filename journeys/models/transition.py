"""What an event makes of a submission: the whole state machine as one pure function.

The rules: nothing is sent twice unless the tenant was asked and said twice, after the settle time, that it has no
journey of this key; whatever is not plainly refused or plainly created is unclear and is looked up; nothing is given up
silently.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MAX_ATTEMPTS = 12


@dataclass(frozen=True)
class Times:
    """Every time of a submission, in seconds, derived from three.

    `settle`: how long after a request the tenant may still commit it; absence proves nothing before.
    `timeout`: the longest that one whole exchange may take. `lease_seconds`: how long a claim holds.
    """

    settle: float
    timeout: float
    lease_seconds: float

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.lease_seconds)

    @property
    def needed_to_send(self) -> timedelta:
        """A send starts only while this much of the lease is left."""
        return timedelta(seconds=self.timeout + (self.lease_seconds - self.timeout) * 0.4)

    @property
    def settled(self) -> timedelta:
        return timedelta(seconds=self.settle)

    @property
    def early_look(self) -> timedelta:
        return timedelta(seconds=self.settle / 15)

    @property
    def between_looks(self) -> timedelta:
        return timedelta(seconds=self.settle / 30)

    @property
    def unclear_for(self) -> timedelta:
        """How long after a send its absence may still lead to another send; then a person decides."""
        return timedelta(seconds=self.settle * 12)

    def back_off(self, attempt: int, floor: float = 0) -> timedelta:
        """Full jitter between nothing and a doubling limit, never less than the server asked for (at most an hour)."""
        limit = min(self.settle / 75 * 2**attempt, self.settle * 6)
        return timedelta(seconds=max(random.uniform(0, limit), min(floor, 3600)))  # noqa: S311


@dataclass(frozen=True)
class Event:
    """What happened.

    "created", "refused", "busy", "unauthorised", "not sent", "unclear", "credentials refused", "found", "found other",
    "absent", "no answer" (to a look-up), "lease expired", "altered" (the bytes are not those that were approved).
    """

    kind: str
    retry_after: float = 0
    version: int = 1
    same_ids: bool = True
    values: dict = field(default_factory=dict)


def after(row, event: Event, now: datetime, times: Times) -> dict:
    """The column values that `event` gives a submission (any object with a Submission's columns)."""
    return {"lease_until": None, **EVENTS[event.kind](row, event, now, times), **event.values}


def _created(row, event: Event, now: datetime, times: Times) -> dict:
    if event.version > 1 or not event.same_ids:
        return {"state": "conflict", "finished_at": now}
    return {"state": "succeeded", "ambiguous": False, "finished_at": now}


def _found(row, event: Event, now: datetime, times: Times) -> dict:
    """The look-up found the journey that was sent. Found before anything was sent, it is somebody else's."""
    if row.first_send_at is None or event.version > 1 or not event.same_ids:
        return {"state": "conflict", "finished_at": now}
    return {"state": "succeeded", "ambiguous": False, "found_by_look_up": True, "finished_at": now}


def _refused(row, event: Event, now: datetime, times: Times) -> dict:
    return {"state": "refused", "ambiguous": False, "finished_at": now}


def _conflict(row, event: Event, now: datetime, times: Times) -> dict:
    return {"state": "conflict", "finished_at": now}


def _for_a_person(row, event: Event, now: datetime, times: Times) -> dict:
    return {"state": "needs-person", "finished_at": now}


def _later(row, event: Event, now: datetime, times: Times) -> dict:
    """Nothing was carried out: try again, unless it was asked to stop or has been tried for too long."""
    if row.cancel_requested_at:
        return {"state": "cancelled", "ambiguous": False, "finished_at": now}
    if row.attempt_count >= MAX_ATTEMPTS or now >= row.deadline_at:
        return {"state": "needs-person", "ambiguous": False, "finished_at": now}
    not_before = now + times.back_off(row.attempt_count, event.retry_after)
    return {"state": "waiting", "ambiguous": False, "not_before": not_before}


def _not_sent(row, event: Event, now: datetime, times: Times) -> dict:
    if row.state == "unclear":
        return _no_answer(row, event, now, times)
    return _later(row, event, now, times)


def _unclear(row, event: Event, now: datetime, times: Times) -> dict:
    return {"state": "unclear", "absent_count": 0, "not_before": now + times.early_look}


def _lease_expired(row, event: Event, now: datetime, times: Times) -> dict:
    """The process that was sending is gone: the request may have been carried out."""
    return {**_unclear(row, event, now, times), "crash_count": row.crash_count + 1}


def _no_answer(row, event: Event, now: datetime, times: Times) -> dict:
    """A look-up that told nothing. It never leads to a send."""
    if now >= row.deadline_at:
        return {"state": "needs-person", "finished_at": now}
    not_before = now + max(times.back_off(row.attempt_count, event.retry_after), times.between_looks)
    return {"state": row.state, "not_before": not_before}


def _absent(row, event: Event, now: datetime, times: Times) -> dict:
    if row.last_send_at is None:
        return {"state": "waiting", "ask_first": False, "not_before": now}
    if now < row.last_send_at + times.settled:
        return {"state": "unclear", "absent_count": 0, "not_before": row.last_send_at + times.settled}
    if row.absent_count == 0:
        return {"state": "unclear", "absent_count": 1, "not_before": now + times.between_looks}
    if now > row.last_send_at + times.unclear_for:
        return {"state": "needs-person", "finished_at": now}
    return {**_later(row, event, now, times), "absent_count": 0}


EVENTS = {
    "created": _created,
    "refused": _refused,
    "busy": _not_sent,
    "unauthorised": _not_sent,
    "not sent": _not_sent,
    "unclear": _unclear,
    "credentials refused": _for_a_person,
    "found": _found,
    "found other": _conflict,
    "absent": _absent,
    "no answer": _no_answer,
    "lease expired": _lease_expired,
    "altered": _for_a_person,
}
