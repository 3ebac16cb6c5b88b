"""What an event makes of a submission: the whole state machine as one pure function.

The rules: nothing is sent twice unless the tenant refused it, or said twice after the settle time
that it has no journey of this key (once, where it had answered that it failed); whatever is not
plainly refused or plainly created is unclear and is looked up; a key that may be in use is asked
for shortly before it is sent; nothing is given up silently.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from journeys.lifecycle.results import Result

LONGEST = timedelta(hours=24)  # after which an unfinished submission waits for a person
MAX_ATTEMPTS = 12  # sends
MAX_CRASHES = 3  # processes that died of it, or faults of our own
LONGEST_FLOOR = 3600  # seconds
ABSENT_ONCE, SAID_IT_FAILED = (
    1,
    2,
)  # values of `absent_count`: one more absence, and it may be sent again


@dataclass(frozen=True)
class Times:
    """Every time of a submission, in seconds, derived from three.

    `settle`: how long after a request the tenant may still commit it; absence proves nothing
    before. `timeout`: the longest that one whole exchange may take. `lease_seconds`: how long a
    claim holds.
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
    def delay(self) -> float:
        """Seconds that may pass between the commit of an intent and the first byte, by a clock that
        never stops."""
        return min(1.0, (self.lease_seconds - self.timeout) * 0.1)

    @property
    def longest_send(self) -> timedelta:
        """From the commit of an intent to the last byte that may leave."""
        return timedelta(seconds=self.delay + self.timeout)

    @property
    def settled(self) -> timedelta:
        return timedelta(seconds=self.settle)

    @property
    def early_look(self) -> timedelta:
        return timedelta(seconds=self.settle / 15)

    @property
    def free_for(self) -> timedelta:
        """How long an answer that a key is free is relied on: after that somebody may have taken
        it.

        Never so short that there is no time to send in it.
        """
        return timedelta(seconds=max(self.settle / 5, 5.0))

    @property
    def between_looks(self) -> timedelta:
        return timedelta(seconds=self.settle / 30)

    @property
    def unclear_for(self) -> timedelta:
        """How long after a send its absence may still lead to another send; then a person
        decides."""
        return timedelta(seconds=self.settle * 12)

    def back_off(self, failures: int, floor: float = 0) -> timedelta:
        """Full jitter between nothing and a doubling limit, never less than the server asked
        for."""
        limit = min(self.settle / 75 * 2 ** min(failures, 30), self.settle * 6)
        return timedelta(seconds=max(random.uniform(0, limit), floor))  # noqa: S311


@dataclass(frozen=True)
class Event:
    """What happened; `kind` is what came of it. `values` are columns that are written with it.

    `first_version` is False when the journey in the answer is a second version of one that was
    there. `blocked`: the tenant turns all calls down for a while. `called` is False when the tenant
    was not even tried. `failed_there`: the server answered that it failed, so most likely nothing
    was carried out, and an early look would find nothing. `asked_at`: not later than the call
    began. `generation`: of the token that a 401 turned down.
    """

    kind: Result
    retry_after: float = 0
    first_version: bool = True
    blocked: bool = False
    failed_there: bool = False
    called: bool = True
    asked_at: datetime | None = None
    generation: int = 0
    values: dict = field(default_factory=dict)

    @property
    def floor(self) -> float:
        """Seconds that the server asked to wait, at most an hour."""
        return min(self.retry_after, LONGEST_FLOOR)


def must_look(row, now: datetime, times: Times) -> bool:
    """Whether the tenant is asked for the key now instead of being sent anything."""
    if row.state == "unclear":
        return True
    return row.ask_first and (row.free_at is None or row.free_at <= now - times.free_for)


def version_to_ask(row) -> int | None:
    """None is the newest version. The second absence is asked of the first: the newest may have
    been deleted."""
    return 1 if row.absent_count == ABSENT_ONCE else None


def after(row, event: Event, now: datetime, times: Times) -> dict:
    """The column values that `event` gives a submission (any object with a Submission's columns).

    {} for a submission that has ended; ValueError for what cannot happen in its state.
    """
    if row.state not in STEPS:
        return {}
    step = STEPS[row.state].get(event.kind)
    if step is None:
        raise ValueError(f"“{event.kind}” cannot happen to a submission that is {row.state}")
    return {"lease_until": None, **step(row, event, now, times), **event.values}


def again(row, now: datetime, lasting: timedelta) -> dict:
    """The column values when a person lets a stopped submission go on.

    Where a send may have arrived it is looked up until that is known; where one was made at all,
    the tenant is asked for the key once more before the next.
    """
    fresh = {
        "attempt_count": 0,
        "failure_count": 0,
        "crash_count": 0,
        "absent_count": 0,
        "cancel_requested_at": None,
    }
    fresh |= {
        "not_before": now,
        "deadline_at": now + lasting,
        "finished_at": None,
        "text": "",
        "explanation": {},
    }
    fresh |= {"free_at": None}
    if row.ambiguous:
        return {**fresh, "state": "unclear"}
    return {
        **fresh,
        "state": "waiting",
        "ask_first": row.ask_first or row.first_send_at is not None,
    }


Step = Callable[[object, Event, datetime, Times], dict]


def _ended(state: str, now: datetime, **values: object) -> dict:
    return {"state": state, "finished_at": now, **values}


def _created(row, event: Event, now: datetime, times: Times) -> dict:
    return _ended("succeeded" if event.first_version else "conflict", now, ambiguous=False)


def _found(row, event: Event, now: datetime, times: Times) -> dict:
    """The look-up found what was sent. Found before anything was sent, it is somebody else's."""
    if row.first_send_at is None or not event.first_version:
        return _ended("conflict", now, ambiguous=False)
    return _ended("succeeded", now, ambiguous=False, found_by_look_up=True)


def _refused(row, event: Event, now: datetime, times: Times) -> dict:
    return _ended("refused", now, ambiguous=False)


def _conflict(row, event: Event, now: datetime, times: Times) -> dict:
    """Another journey has the key. Where something was sent, that may still arrive."""
    if row.first_send_at is None:
        return _ended("conflict", now, ambiguous=False)
    return _ended("conflict", now)


def _for_a_person(row, event: Event, now: datetime, times: Times) -> dict:
    """`ambiguous` stays: going on later starts with a look-up where a send may have arrived."""
    return _ended("needs-person", now)


def _tampered(row, event: Event, now: datetime, times: Times) -> dict:
    """Somebody wrote to the database past the composer. `ambiguous` stays, as above."""
    return _ended("tampered", now)


def _later(row, event: Event, now: datetime, times: Times) -> dict:
    """Nothing was carried out: try again, unless it was asked to stop or has been tried for too
    long."""
    if row.cancel_requested_at:
        return _ended("cancelled", now, ambiguous=False)
    if (
        row.attempt_count >= MAX_ATTEMPTS
        or row.crash_count >= MAX_CRASHES
        or now >= row.deadline_at
    ):
        return _ended("needs-person", now, ambiguous=False)
    not_before = now + times.back_off(row.failure_count, event.floor)
    return {
        "state": "waiting",
        "ambiguous": False,
        "not_before": not_before,
        "failure_count": row.failure_count + 1,
    }


def _kept_back(row, event: Event, now: datetime, times: Times) -> dict:
    """Nobody can sign in until a person has put that right: the submission keeps its place."""
    if now >= row.deadline_at:
        return _for_a_person(row, event, now, times)
    if row.state == "unclear":
        return {"state": "unclear", "not_before": now}
    if row.cancel_requested_at:
        return _ended("cancelled", now, ambiguous=False)
    return {"state": "waiting", "ambiguous": False, "not_before": now}


def _put_off(row, event: Event, now: datetime, times: Times) -> dict:
    """Its turn has passed, or is not yet, and nothing has left: it keeps its place, and nothing has
    failed."""
    if row.state == "unclear":
        return {"state": "unclear"}
    sends = {"attempt_count": row.attempt_count - 1} if row.state == "sending" else {}
    if row.cancel_requested_at:
        return _ended("cancelled", now, ambiguous=False, **sends)
    return {"state": "waiting", "ambiguous": False, **sends}


def _unclear(row, event: Event, now: datetime, times: Times) -> dict:
    """The settle time counts from the last byte, and until now, within the time for an exchange,
    one may have left.

    Absence has to be said twice. Where the server answered that it failed, that answer was the
    first time.
    """
    last = min(now, row.last_send_at + times.longest_send)
    look = last + times.settled if event.failed_there else now + times.early_look
    said = SAID_IT_FAILED if event.failed_there else 0
    return {"state": "unclear", "absent_count": said, "not_before": look, "last_send_at": last}


def _exists(row, event: Event, now: datetime, times: Times) -> dict:
    """Refused because key or name are taken, perhaps by an earlier send of this very submission:
    look at once."""
    return {"state": "unclear", "ambiguous": False, "absent_count": 0, "not_before": now}


def _crashed(row, event: Event, now: datetime, times: Times) -> dict:
    """The process that was sending is gone, or failed: the request may have been carried out."""
    return {**_unclear(row, event, now, times), "crash_count": row.crash_count + 1}


def _failed_before(row, event: Event, now: datetime, times: Times) -> dict:
    """A fault of our own while nothing was under way."""
    crashes = {"crash_count": row.crash_count + 1}
    if row.crash_count + 1 >= MAX_CRASHES:
        return {**_for_a_person(row, event, now, times), **crashes}
    follow = _no_answer if row.state == "unclear" else _later
    return {**follow(row, event, now, times), **crashes}


def _no_answer(row, event: Event, now: datetime, times: Times) -> dict:
    """A look-up that told nothing. It never leads to a send."""
    if now >= row.deadline_at:
        return _for_a_person(row, event, now, times)
    not_before = now + max(times.back_off(row.failure_count, event.floor), times.between_looks)
    return {"state": "unclear", "not_before": not_before, "failure_count": row.failure_count + 1}


def _free(row, event: Event, now: datetime, times: Times) -> dict:
    """The tenant does not have the key: the way is clear for a while. It keeps its place in the
    queue, else those that wait in a long one would be asked for again and again."""
    if row.cancel_requested_at:
        return _ended("cancelled", now)
    return {"state": "waiting", "free_at": event.asked_at or now}


def _absent(row, event: Event, now: datetime, times: Times) -> dict:
    if (
        not row.ambiguous
    ):  # "exists", yet the key does not: another journey has its name, and the refusal stands
        return _refused(row, event, now, times)
    if now < row.last_send_at + times.settled:
        return {
            "state": "unclear",
            "absent_count": 0,
            "not_before": row.last_send_at + times.settled,
        }
    if row.absent_count == 0:
        return {
            "state": "unclear",
            "absent_count": ABSENT_ONCE,
            "not_before": now + times.between_looks,
        }
    proven = {"ambiguous": False, "absent_count": 0, "free_at": event.asked_at or now}
    if now > row.last_send_at + times.unclear_for and not row.cancel_requested_at:
        return {**_for_a_person(row, event, now, times), **proven}
    return {**_later(row, event, now, times), **proven}


# What can happen in which state. A submission that is waiting may be looked up before it is sent
# (`must_look`).
STEPS: dict[str, dict[Result, Step]] = {
    "waiting": {
        Result.ALTERED: _tampered,
        Result.UNAPPROVED: _for_a_person,
        Result.CREDENTIALS_REFUSED: _kept_back,
        Result.HELD_BACK: _later,  # asked to stop, or too late to send
        Result.NO_SLOT: _put_off,
        Result.OVERDUE: _later,
        Result.NOT_SENT: _later,
        Result.BUSY: _later,
        Result.UNAUTHORISED: _later,
        Result.FAILED: _failed_before,  # a fault of our own
        Result.ABSENT: _free,
        Result.FOUND: _found,
        Result.FOUND_OTHER: _conflict,
        Result.REFUSED: _for_a_person,  # the look-up was
        Result.NO_ANSWER: _later,
    },
    "sending": {
        Result.CREATED: _created,
        Result.REFUSED: _refused,
        Result.EXISTS: _exists,
        Result.CREDENTIALS_REFUSED: _kept_back,
        Result.NO_SLOT: _put_off,
        Result.NOT_SENT: _later,
        Result.BUSY: _later,
        Result.UNAUTHORISED: _later,
        Result.UNCLEAR: _unclear,
        Result.FAILED: _crashed,
        Result.LEASE_EXPIRED: _crashed,
    },
    "unclear": {
        Result.ALTERED: _tampered,
        Result.CREDENTIALS_REFUSED: _kept_back,
        Result.NO_SLOT: _put_off,
        Result.OVERDUE: _for_a_person,  # it could not be looked up in time
        Result.NOT_SENT: _no_answer,
        Result.BUSY: _no_answer,
        Result.UNAUTHORISED: _no_answer,
        Result.FAILED: _failed_before,
        Result.ABSENT: _absent,
        Result.FOUND: _found,
        Result.FOUND_OTHER: _conflict,
        Result.REFUSED: _for_a_person,
        Result.NO_ANSWER: _no_answer,
    },
}
