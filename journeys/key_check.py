"""Asks a tenant for a key while somebody waits for the page: quick, or not at all."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _t

from journeys import tenant as rest
from journeys.exchange import shared_token, times
from journeys.models import Journey, policy
from journeys.models.submission import now
from journeys.models.tenant_state import held

QUICK = 1.5  # seconds for the look-up, and as many for a token where there is none
PATIENCE = 0.5  # seconds to wait for a token that another process is fetching


@dataclass(frozen=True)
class KeyAnswer:
    """`is_free` is None when the tenant did not say; then `why` tells it. `found` is the journey that has the key."""

    is_free: bool | None
    found: rest.Created | None = None
    why: str = ""


@lru_cache(maxsize=64)
def quick_client(credentials: rest.Credentials) -> rest.Client:
    connect = min(1.0, settings.SUBMIT_CONNECT_SECONDS)
    return rest.Client(credentials, QUICK, connect, lookup_timeout=QUICK, token_timeout=QUICK)


def ask_for_key(journey: Journey, key: str = "") -> KeyAnswer:
    """Whether the tenant has a journey of the draft's key, or of the one given."""
    tenant, key = journey.tenant, key or journey.key
    if not _may_call(tenant):
        return KeyAnswer(None, why=_t("Calls to this tenant are paused at the moment."))
    try:
        client = quick_client(tenant.credentials())
        answer = client.get_interaction(key, shared_token(tenant, client, PATIENCE))
        return KeyAnswer(False, rest.read_answer(answer, key))
    except rest.Absent:
        return KeyAnswer(True)
    except rest.Unauthorized as error:
        tenant.turn_down_token(tenant.token_generation, now())
        return KeyAnswer(None, why=error.text)
    except rest.TenantError as error:
        return KeyAnswer(None, why=rest.explain(error).text)


@transaction.atomic
def _may_call(tenant) -> bool:
    """Takes one of the tenant's slots."""
    standing, moment, rate = held([tenant.pk])[tenant.pk], now(), tenant.calls_per_second
    if not policy.admits(standing, moment) or not policy.slots(standing, moment, rate):
        return False
    standing.write(policy.reserve(standing, 1, 0, moment, rate, times()))
    return True
