"""When a tenant may be called: its rate, its pauses, its circuit breaker and its budget of re-sends, as pure functions.

They take a standing (any object with the columns of a TenantState) and give the columns to write. What an event means
for the one submission that it happened to is decided in `transition`, by itself.
"""

import math
from datetime import datetime, timedelta

from journeys.models.transition import Event, Times

CLOSED, OPEN, STOPPED = "closed", "open", "stopped"  # stopped: only a person closes it

FAILURES_TO_OPEN = 5
USED_OF_RATE = 0.85  # the rest is room for calls that start a little late
CATCH_UP = 0.05  # seconds; slots that passed unused for longer than this are lost, so that no burst follows a rest
RESEND_SHARE = 0.2  # of all calls
FREE_RESENDS = 20  # in a window; a share of a few calls would be none

OK, TROUBLE, BUSY, REJECTED, NOTHING = "ok", "trouble", "busy", "rejected", "nothing"
MEANS = {
    **dict.fromkeys(("created", "refused", "exists", "found", "found other", "absent"), OK),
    **dict.fromkeys(("unclear", "no answer", "not sent"), TROUBLE),
    "busy": BUSY,
    "credentials refused": REJECTED,
}  # all others say nothing about the tenant: a 401 is about one token, the rest are about us


def is_fine(event: Event) -> bool:
    """Whether it changes nothing for a tenant that stands well."""
    return MEANS.get(event.kind, NOTHING) in (OK, NOTHING) or not event.called


def admits(standing, now: datetime) -> bool:
    """Whether it may be called at all. Where the breaker is open, only `may_ask` lets one question through."""
    return standing.breaker == CLOSED and not _is_later(standing.paused_until, now)


def may_ask(standing, now: datetime) -> bool:
    """Half-open: its time is over, and nobody is asking already."""
    if standing.breaker != OPEN or _is_later(standing.open_until, now) or _is_later(standing.paused_until, now):
        return False
    return not _is_later(standing.asked_until, now)


def next_chance(standing, now: datetime) -> datetime | None:
    """When something can be done for it next; None when only a person can change that."""
    if standing.breaker == STOPPED:
        return None
    if standing.breaker == OPEN:
        moments = (standing.open_until, standing.asked_until, standing.paused_until)
    else:
        moments = (standing.paused_until, standing.next_call_at)
    return max((moment for moment in moments if moment is not None), default=now)


def slots(standing, now: datetime, rate: float) -> int:
    """How many calls may start now, by the rate alone (calls a second)."""
    due = _due(standing, now)
    return math.floor((now - due) / _spacing(rate)) + 1 if due <= now else 0


def resends_left(standing, now: datetime, times: Times) -> int:
    """How many of the next calls may be re-sends: a fifth of all calls in the last two windows, and some for free."""
    calls, resends, calls_before, resends_before = _windows(standing, now, times)[1:]
    allowed = max(FREE_RESENDS, math.floor((calls + calls_before) * RESEND_SHARE))
    return max(0, allowed - resends - resends_before)


def reserve(standing, calls: int, resends: int, now: datetime, rate: float, times: Times) -> dict:
    """The columns once so many calls, of which some send again, take their slots."""
    began, counted, again, counted_before, again_before = _windows(standing, now, times)
    return {
        "next_call_at": _due(standing, now) + calls * _spacing(rate),
        "window_at": began,
        "calls": counted + calls,
        "resends": again + resends,
        "calls_before": counted_before,
        "resends_before": again_before,
    }


def after_call(standing, event: Event, now: datetime, times: Times) -> dict:
    """The columns that the outcome of one call changes; {} when none."""
    means = MEANS.get(event.kind, NOTHING) if event.called else NOTHING
    if means == REJECTED and standing.breaker != STOPPED:
        return _opened(standing, event, now, times, STOPPED)
    if standing.breaker != CLOSED:  # a call that was under way; only the question counts now
        return {}
    if means == OK:
        return {"failures": 0, "times_opened": 0} if standing.failures or standing.times_opened else {}
    if event.blocked or (means == TROUBLE and standing.failures + 1 >= FAILURES_TO_OPEN):
        return _opened(standing, event, now, times)
    values = {"failures": standing.failures + 1} if means == TROUBLE else {}
    return values | (_paused(standing, event, now) if means in (TROUBLE, BUSY) else {})


def after_question(standing, event: Event, now: datetime, times: Times) -> dict:
    """The columns after the one GET of a half-open breaker. Closed again, the next failure opens it."""
    means = MEANS.get(event.kind, NOTHING)
    if means == REJECTED:
        return _opened(standing, event, now, times, STOPPED)
    if means in (TROUBLE, BUSY):
        return _opened(standing, event, now, times)
    return closed() | {"failures": FAILURES_TO_OPEN - 1, "times_opened": standing.times_opened}


def asking(now: datetime, times: Times) -> dict:
    """The columns while one process asks: longer than token and question may take."""
    return {"asked_until": now + timedelta(seconds=2 * times.timeout)}


def closed() -> dict:
    """As new; also what a person's decision writes."""
    moments = {"open_until": None, "asked_until": None, "paused_until": None, "opened_at": None}
    return {"breaker": CLOSED, "failures": 0, "times_opened": 0, "because": "", **moments}


def _opened(standing, event: Event, now: datetime, times: Times, breaker: str = OPEN) -> dict:
    lasting = min(times.settle * 0.4 * 2 ** min(standing.times_opened, 20), times.settle * 12)
    wait = max(lasting, event.floor)
    return {
        "breaker": breaker,
        "open_until": now + timedelta(seconds=wait) if breaker == OPEN else None,
        "asked_until": None,
        "opened_at": standing.opened_at or now,
        "failures": 0,
        "times_opened": standing.times_opened + 1,
        "because": event.values.get("text", ""),
    }


def _paused(standing, event: Event, now: datetime) -> dict:
    """What the server asks for holds for the whole tenant: its calls are counted together."""
    until = now + timedelta(seconds=event.floor)
    return {"paused_until": until} if event.floor and not _is_later(standing.paused_until, until) else {}


def _windows(standing, now: datetime, times: Times) -> tuple[datetime, int, int, int, int]:
    """When the window began, calls and re-sends in it, and those of the one before."""
    length = timedelta(seconds=times.settle * 2)
    began = standing.window_at
    if began is None or now >= began + 2 * length or now < began:
        return now, 0, 0, 0, 0
    if now >= began + length:
        return began + length, 0, 0, standing.calls, standing.resends
    return began, standing.calls, standing.resends, standing.calls_before, standing.resends_before


def _due(standing, now: datetime) -> datetime:
    earliest = now - timedelta(seconds=CATCH_UP)
    return max(standing.next_call_at, earliest) if standing.next_call_at else now


def _spacing(rate: float) -> timedelta:
    return timedelta(seconds=1 / (rate * USED_OF_RATE))


def _is_later(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment > now
