"""When a tenant may be called: its rate, its pauses, its circuit breaker and its budget of
re-sends, as pure functions.

They take a status (any object with the columns of a TenantStatus) and give the columns to write.
What an event means for the one submission that it happened to is decided in `submission_states`, by
itself.
"""

import math
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _t

from journeys.lifecycle.results import NOT_CALLED, Result
from journeys.lifecycle.submission_states import Event, Times

BREAKER_CLOSED, BREAKER_OPEN = "closed", "open"
BREAKER_STOPPED = "stopped"  # only a person closes it

FAILURES_TO_OPEN = 5
USED_OF_RATE = 0.85  # the rest is room for calls that start a little late: see `lateness`
# seconds; slots that passed unused for longer than this are lost, so that no burst follows a rest
CATCH_UP = 0.05
ON_THE_WAY = 0.03  # seconds that may pass between the decision to call and the call
MOST_AHEAD = 1.0  # seconds; nobody but the question of a breaker waits longer for a slot
# of so many slots one at most is a look-up's, for which a page waits: sends always have the others
LOOK_EVERY = 2
PLENTY = 5000  # calls a second; beside so many, those that processes can start late do not count
RESEND_SHARE = 0.2  # of all calls
FREE_RESENDS = 20  # in a window; a share of a few calls would be none

OK, TROUBLE, BUSY, REJECTED, TURNED_DOWN, NOTHING = (
    "ok",
    "trouble",
    "busy",
    "rejected",
    "turned down",
    "nothing",
)
MEANS = {
    Result.CREATED: OK,
    Result.REFUSED: OK,
    Result.EXISTS: OK,
    Result.FOUND: OK,
    Result.FOUND_OTHER: OK,
    Result.ABSENT: OK,
    Result.UNCLEAR: TROUBLE,
    Result.NO_ANSWER: TROUBLE,
    Result.NOT_SENT: TROUBLE,
    Result.BUSY: BUSY,
    Result.CREDENTIALS_REFUSED: REJECTED,
    Result.UNAUTHORISED: TURNED_DOWN,
    **dict.fromkeys((Result.FAILED, *NOT_CALLED), NOTHING),  # they are about us
}


def is_fine(event: Event) -> bool:
    """Whether it changes nothing for a tenant that stands well."""
    return MEANS[event.kind] in (OK, NOTHING) or not event.called


def admits(status, now: datetime, *, asks: bool = False) -> bool:
    """Whether it may be called at all. Where the breaker is open, only `may_ask` lets one question
    through; then `asks` is true."""
    return (asks or status.breaker == BREAKER_CLOSED) and not _is_later(status.paused_until, now)


def may_ask(status, now: datetime) -> bool:
    """Half-open: its time is over, and nobody is asking already."""
    if (
        status.breaker != BREAKER_OPEN
        or _is_later(status.open_until, now)
        or _is_later(status.paused_until, now)
    ):
        return False
    return not _is_later(status.asked_until, now)


def next_chance(status, now: datetime) -> datetime | None:
    """When something can be done for it next; None when only a person can change that."""
    if status.breaker == BREAKER_STOPPED:
        return None
    if status.breaker == BREAKER_OPEN:
        moments = (status.open_until, status.asked_until, status.paused_until)
    else:
        moments = (status.paused_until, status.next_call_at)
    return max((moment for moment in moments if moment is not None), default=now)


def slots(status, now: datetime, rate: float) -> int:
    """How many calls may start now, by the rate alone (calls a second)."""
    due = _due(status, now, rate)
    return math.floor((now - due) / _spacing(rate)) + 1 if due <= now else 0


def until_slot(status, now: datetime, rate: float) -> float:
    """Seconds until one more call may start, by the rate alone."""
    return max(0.0, (_due(status, now, rate) - now).total_seconds())


def until_look(status, now: datetime, rate: float) -> float:
    """Seconds until a look-up may try to take the next slot, by its share alone; 0 when it may take
    it now.

    Half a slot before its turn it may find that a send has taken the slot between: then the next
    one is its own.
    """
    turn, slot = _look_turn(status, now, rate), _due(status, now, rate)
    if slot >= turn:
        return 0.0
    early = (turn - _spacing(rate) / 2 - now).total_seconds()
    return early if early > 0 else max(0.001, (turn - now).total_seconds())


def reserve_look(status, now: datetime, rate: float) -> dict:
    """The column, besides those of `reserve`, once a look-up takes the next slot."""
    return {"next_look_at": _look_turn(status, now, rate) + LOOK_EVERY * _spacing(rate)}


def lateness(rate: float) -> float:
    """Seconds after its slot in which a call may start, so that no second sees more than `rate`
    calls.

    Too many are n + 1 calls in a second, where n is the rate rounded up. Between their slots lie n
    gaps, which are together longer than a second because only a part of the rate is handed out.
    That surplus may be used up by the first call starting late, which moves it towards the last;
    less what `CATCH_UP` lets slots be older than now, and what passes until the call. At 20 calls
    a second: 20 gaps of 59 ms are 1.18 s, so a call may be 0.18 - 0.05 - 0.03 = 0.10 s late.
    """
    room = math.ceil(rate) * _spacing(rate).total_seconds() - 1
    return math.inf if rate >= PLENTY else room - CATCH_UP - ON_THE_WAY


def resends_left(status, now: datetime, times: Times) -> int:
    """How many of the next calls may be re-sends: a fifth of all calls in the last two windows, and
    some for free."""
    calls, resends, calls_before, resends_before = _windows(status, now, times)[1:]
    allowed = max(FREE_RESENDS, math.floor((calls + calls_before) * RESEND_SHARE))
    return max(0, allowed - resends - resends_before)


def reserve(status, calls: int, resends: int, now: datetime, rate: float, times: Times) -> dict:
    """The columns once so many calls, of which some send again, take their slots."""
    began, counted, again, counted_before, again_before = _windows(status, now, times)
    return {
        "next_call_at": _due(status, now, rate) + calls * _spacing(rate),
        "window_at": began,
        "calls": counted + calls,
        "resends": again + resends,
        "calls_before": counted_before,
        "resends_before": again_before,
    }


def after_call(status, event: Event, now: datetime, times: Times) -> dict:
    """The columns that the outcome of one call changes; {} when none."""
    means = MEANS[event.kind] if event.called else NOTHING
    if status.breaker == BREAKER_STOPPED or means == NOTHING:
        return {}
    if means == REJECTED:
        return _opened(status, event, now, times, BREAKER_STOPPED)
    if means == TURNED_DOWN:
        return _turned_down(status, event, now, times)
    if means == OK:
        return _well(status)
    if status.breaker == BREAKER_OPEN:  # a call that was under way
        return _longer(status, event, now, times)
    if event.blocked or (means == TROUBLE and status.failures + 1 >= FAILURES_TO_OPEN):
        return _opened(status, event, now, times)
    values = {"failures": status.failures + 1} if means == TROUBLE else {}
    return values | _paused(status, event, now)


def after_question(status, event: Event, now: datetime, times: Times) -> dict:
    """The columns after the one GET of a half-open breaker. Closed again, the next failure opens
    it."""
    means = MEANS[event.kind]
    if means == REJECTED:
        return _opened(status, event, now, times, BREAKER_STOPPED)
    if means in (TROUBLE, BUSY):
        return _opened(status, event, now, times)
    token = (
        _turned_down(status, event, now, times) if means == TURNED_DOWN else {"turned_down": None}
    )
    if "breaker" in token:
        return token
    # a pause that a call under way was told of meanwhile goes on
    kept = {"times_opened": status.times_opened, "paused_until": status.paused_until}
    return (
        closed()
        | kept
        | {"failures": FAILURES_TO_OPEN - 1, "turned_down": status.turned_down}
        | token
    )


def asking(now: datetime, times: Times) -> dict:
    """The columns while one process asks: longer than token and question may take."""
    return {"asked_until": now + timedelta(seconds=2 * times.timeout)}


def closed() -> dict:
    """As new; also what a person's decision writes."""
    moments = {"open_until": None, "asked_until": None, "paused_until": None, "opened_at": None}
    return {
        "breaker": BREAKER_CLOSED,
        "failures": 0,
        "times_opened": 0,
        "turned_down": None,
        "because": "",
        **moments,
    }


def _well(status) -> dict:
    """After a good call. One that was under way when the breaker opened says no more than that its
    token is good."""
    as_new = {"failures": 0, "times_opened": 0} if status.breaker == BREAKER_CLOSED else {}
    as_new["turned_down"] = None
    return {name: value for name, value in as_new.items() if getattr(status, name) != value}


def _turned_down(status, event: Event, now: datetime, times: Times) -> dict:
    """A 401 is about one token. A second one, of a newer token and with no good call between, is
    about the tenant."""
    if status.turned_down is None:
        return {"turned_down": event.generation}
    if event.generation <= status.turned_down:
        return {}
    text = _t("Marketing Cloud turns down access tokens that it has just given.")
    return _opened(status, replace(event, values={"text": text}), now, times, BREAKER_STOPPED)


def _opened(status, event: Event, now: datetime, times: Times, breaker: str = BREAKER_OPEN) -> dict:
    wait = max(_lasting(status.times_opened, times), event.floor)
    return {
        "breaker": breaker,
        "open_until": now + timedelta(seconds=wait) if breaker == BREAKER_OPEN else None,
        "asked_until": None,
        "opened_at": status.opened_at or now,
        "failures": 0,
        "times_opened": status.times_opened + 1,
        "because": event.values.get("text", ""),
    }


def _lasting(times_opened: int, times: Times) -> float:
    return min(times.settle * 0.4 * 2 ** min(times_opened, 20), times.settle * 12)


def _longer(status, event: Event, now: datetime, times: Times) -> dict:
    """What a call hears that was under way when the breaker opened: it never closes it, but may
    keep it open."""
    values = _paused(status, event, now)
    until = now + timedelta(seconds=_lasting(max(0, status.times_opened - 1), times))
    if event.blocked and not _is_later(status.open_until, until):
        values["open_until"] = until
    return values


def _paused(status, event: Event, now: datetime) -> dict:
    """What the server asks for holds for the whole tenant: its calls are counted together."""
    until = now + timedelta(seconds=event.floor)
    return (
        {"paused_until": until} if event.floor and not _is_later(status.paused_until, until) else {}
    )


def _windows(status, now: datetime, times: Times) -> tuple[datetime, int, int, int, int]:
    """When the window began, calls and re-sends in it, and those of the one before."""
    length = timedelta(seconds=times.settle * 2)
    began = status.window_at
    if began is None or now >= began + 2 * length or now < began:
        return now, 0, 0, 0, 0
    if now >= began + length:
        return began + length, 0, 0, status.calls, status.resends
    return began, status.calls, status.resends, status.calls_before, status.resends_before


def _due(status, now: datetime, rate: float) -> datetime:
    """When the next slot begins. One further ahead than any can be was written before the clock was
    set back."""
    due, latest = status.next_call_at, now + timedelta(seconds=MOST_AHEAD) + 2 * _spacing(rate)
    if due is None or due > latest:
        return now
    return max(due, now - timedelta(seconds=CATCH_UP))


def _look_turn(status, now: datetime, rate: float) -> datetime:
    """When look-ups have their next turn. After a rest two may follow each other: one for an access
    token."""
    slot, turn = _due(status, now, rate), status.next_look_at
    earliest = slot - LOOK_EVERY * _spacing(rate)
    latest = (
        now + timedelta(seconds=MOST_AHEAD) + 2 * LOOK_EVERY * _spacing(rate)
    )  # else the clock was set back
    return earliest if turn is None or turn > latest else max(turn, earliest)


def _spacing(rate: float) -> timedelta:
    return timedelta(seconds=1 / (rate * USED_OF_RATE))


def _is_later(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment > now
