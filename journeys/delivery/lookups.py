"""Look-ups that somebody waits for, outside the worker: within the tenant's rate, pauses and
breaker, as all calls are.

What an answer says about all calls (a pause, a refused sign-in) is kept for all. A tenant that does
not answer in a second or two is no failure that would open its breaker: the worker has more
patience.
"""

from collections.abc import Callable

from journeys import tenant as rest
from journeys.delivery.calls import TOKEN_PATIENCE, shared_token
from journeys.delivery.rate_limit import PATIENCE, paced, times
from journeys.explaining import explain
from journeys.lifecycle.results import Result
from journeys.lifecycle.submission_states import Event
from journeys.models import Tenant, TenantStatus
from journeys.models.clock import now
from journeys.models.tenant_status import note_call


def look_up(
    tenant: Tenant,
    client: rest.Client,
    call: Callable[[rest.Client, rest.Token], object],
    patience: float = PATIENCE,
) -> object:
    """What `call` answers, given a client and the shared token; raises TenantError, NoSlot among
    them.

    `patience`: seconds for each wait for a slot, and for a token that another process is fetching.
    """
    there = paced(client, tenant, patience, looks=True)
    try:
        answer = call(there, shared_token(tenant, there, min(patience, TOKEN_PATIENCE)))
    except rest.TenantError as error:
        event = _about_all_calls(error, tenant)
        if event:
            note_call(tenant, event, times())
        raise
    TenantStatus.objects.filter(pk=tenant.pk, turned_down__isnull=False).update(turned_down=None)
    return answer


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
