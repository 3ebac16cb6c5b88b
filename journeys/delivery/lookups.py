"""Look-ups that somebody waits for, outside the worker: within the tenant's rate, pauses and
breaker, as all calls are.

A web process has few threads, and saves need them: a request waits for the tenant for WAIT seconds
in all, whatever it asks for, and of a process one at a time. What an answer says about all calls (a
pause, a refused sign-in) is kept for all, and so is, for a moment, that there was none: the next
page is told at once. A tenant that does not answer in a second or two is no failure that would open
its breaker: the worker has more patience.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _t

from journeys import tenant as rest
from journeys.delivery.calls import TOKEN_PATIENCE, TokenAwaited, shared_token
from journeys.delivery.rate_limit import PATIENCE, NotCalled, paced, times
from journeys.explaining import explain
from journeys.lifecycle.results import Result
from journeys.lifecycle.submission_states import Event
from journeys.models import Tenant
from journeys.models.clock import now
from journeys.models.tenant_status import note_answer, note_call, note_silence, silence_of

WAIT = 2.8  # seconds of one request for token, slots, calls and whatever is tried again
LEFT_ALONE = 15  # seconds after a look-up without an answer
NO_ANSWER = (rest.NotSent, rest.Unclear, rest.Busy, rest.TokenRefused, TokenAwaited)
_under_way = threading.Lock()  # of this process


class LeftAlone(NotCalled):
    """The tenant was not called: a look-up a moment ago came to nothing. `text` is what that one
    was answered with."""


class Occupied(NotCalled):
    """This process is looking something up already."""


def wait_until() -> float:
    """By the clock of `time.monotonic`: until when a request that begins now may wait."""
    return time.monotonic() + WAIT


def look_up(
    tenant: Tenant,
    client: rest.Client,
    call: Callable[[rest.Client, rest.Token], object],
    patience: float = PATIENCE,
    *,
    until: float | None = None,
    because: Callable[[rest.TenantError], str] = lambda error: explain(error).text,
) -> object:
    """What `call` answers, given a client and the shared token; raises TenantError, NoSlot among
    them. To be called inside `the_only_one`.

    `patience`: seconds for each wait for a slot, and for a token that another process is fetching;
    `until`: when the request has waited long enough. `because` words what others are told for a
    while when there is no answer; "" where the tenant is not silent.
    """
    until = until or wait_until()
    there = paced(client, tenant, patience, looks=True, until=until)
    token_patience = min(patience, TOKEN_PATIENCE, max(0.0, until - time.monotonic()))
    try:
        answer = call(there, shared_token(tenant, there, token_patience))
    except rest.TenantError as error:
        event = _about_all_calls(error, tenant)
        if event:
            note_call(tenant, event, times())
        if isinstance(error, NO_ANSWER) and (words := because(error)):
            note_silence(tenant, words, LEFT_ALONE)
        raise
    note_answer(tenant)
    return answer


def leave_alone_if_silent(tenant: Tenant) -> None:
    """Raises LeftAlone."""
    if because := silence_of(tenant):
        raise LeftAlone(because, phase="look-up", reason="left alone")


@contextmanager
def the_only_one() -> Iterator[None]:
    """Raises Occupied at once where this process looks something up already: a thread that waits
    for the one that waits is lost to saves as well."""
    if not _under_way.acquire(blocking=False):
        text = _t("Somebody else is looking something up. Look again in a moment.")
        raise Occupied(text, phase="look-up", reason="occupied")
    try:
        yield
    finally:
        _under_way.release()


def _about_all_calls(error: rest.TenantError, tenant: Tenant) -> Event | None:
    values = {"text": explain(error).text}
    if isinstance(error, rest.TokenRefused):
        return Event(Result.CREDENTIALS_REFUSED, values=values)
    if isinstance(error, rest.Unauthorized):
        tenant.turn_down_token(tenant.token_generation, now())
        return Event(Result.UNAUTHORISED, generation=tenant.token_generation)
    if isinstance(error, rest.Busy):
        return Event(
            Result.BUSY, retry_after=error.retry_after or 0, blocked=error.blocked, values=values
        )
    return Event(Result.BUSY, retry_after=error.retry_after) if error.retry_after else None
