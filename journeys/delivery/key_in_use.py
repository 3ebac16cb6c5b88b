"""Asks a tenant for a key while somebody waits for the page: quick, or not at all."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from journeys import tenant as rest
from journeys.delivery.lookups import leave_alone_if_silent, look_up, the_only_one
from journeys.delivery.rate_limit import NotCalled
from journeys.explaining import explain, sentence
from journeys.models import Journey

QUICK = 1.5  # seconds for the look-up, and as many for a token where there is none
PATIENCE = 0.5  # seconds to wait for a slot, and for a token that another process is fetching


@dataclass(frozen=True)
class KeyAnswer:
    """`is_free` is None when the tenant did not say; then `why` tells it. `found` is the journey
    that has the key."""

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
    try:
        client = quick_client(tenant.credentials())
        leave_alone_if_silent(tenant)
        with the_only_one():
            answer = look_up(
                tenant, client, lambda there, token: there.get_interaction(key, token), PATIENCE
            )
        return KeyAnswer(False, rest.read_answer(answer, key))
    except rest.Absent:
        return KeyAnswer(True)
    except (rest.Unauthorized, NotCalled) as error:
        return KeyAnswer(None, why=sentence(error))
    except rest.TenantError as error:
        return KeyAnswer(None, why=explain(error).text)
