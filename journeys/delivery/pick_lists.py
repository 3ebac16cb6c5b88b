"""What there is to choose from: what a tenant holds, looked up there and kept for a few minutes,
and time zones.

Somebody waits for each answer in a form, so a look-up has seconds, and a tenant that just did not
answer, or wanted no more calls, is left alone for a moment: the id can be typed meanwhile.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.core.cache import cache
from django.utils.translation import gettext as _t

from journeys import tenant as rest
from journeys.blocks.timezones import CITIES
from journeys.delivery.lookups import look_up
from journeys.delivery.rate_limit import NoSlot, NotCalled
from journeys.delivery.unusable import why_not
from journeys.explaining import sentence
from journeys.models import Tenant
from journeys.models.use import TooMuch, count_use, running
from journeys.tenant import lookups
from journeys.tenant.lookups import PAGE_SIZE, Choice, Found

KEPT = 5 * 60  # seconds
A_MINUTE, AT_A_TIME = 60, 10  # look-ups of one person in the tenants, over all processes
LEFT_ALONE = 15  # seconds after a look-up without an answer
CONNECT, ANSWER = 2.0, 6.0  # seconds
ZONES = [Choice(zone, zone, detail=cities) for zone, cities in CITIES.items()]


@dataclass(frozen=True)
class Kind:
    """Either `searched` over there by words and page, or a `whole` list that is searched here (of
    something)."""

    searched: Callable | None = None
    whole: Callable | None = None
    needs_words: bool = False
    needs_of: bool = False


KINDS = {
    "email": Kind(searched=lookups.emails),
    "data-extension": Kind(searched=lookups.data_extensions, needs_words=True),
    "field": Kind(whole=lookups.fields_of, needs_of=True),
    "event": Kind(whole=lookups.events),
    "send-classification": Kind(whole=lookups.send_classifications),
    "sender-profile": Kind(whole=lookups.sender_profiles),
    "delivery-profile": Kind(whole=lookups.delivery_profiles),
    "folder": Kind(whole=lookups.folders),
    "crm-object": Kind(whole=lookups.crm_objects),
    "time-zone": Kind(),
}


@dataclass
class Asker:
    """Who waits for it. `anew`: wants it from the tenant although its answer is known, which is
    done once a minute for a person, tenant and kind; else `age` tells afterwards how many seconds
    ago what they got was looked up."""

    person: int
    anew: bool = False
    age: int | None = None


def choose(
    tenant: Tenant,
    kind: str,
    query: str = "",
    page: int = 1,
    of: str = "",
    asker: Asker | None = None,
) -> Found:
    """One page of what matches; raises TenantError, and TooMuch where the asker looked up too much
    of late.

    `of` is the data extension whose fields are wanted, or the type that events have to be of. What
    cannot be used comes last (unusable.py says why).
    """
    what = KINDS[kind]
    if what.searched:
        if what.needs_words and not query:
            return Found([], count=0)
        return _kept(
            tenant,
            (kind, query.casefold(), page),
            lambda *call: what.searched(*call, query, page),
            asker,
        )
    listed = every(tenant, kind, of, asker)
    matches = [choice for choice in listed if _matches(choice, query)]
    matches.sort(key=lambda choice: bool(why_not(kind, choice, of)))
    start = (page - 1) * PAGE_SIZE
    return Found(
        matches[start : start + PAGE_SIZE], page, len(matches), len(matches) > page * PAGE_SIZE
    )


def every(tenant: Tenant, kind: str, of: str = "", asker: Asker | None = None) -> list[Choice]:
    """The whole of a list that is searched here; raises TenantError and TooMuch."""
    what = KINDS[kind]
    if not what.whole:
        return ZONES
    if what.needs_of and not of:
        return []
    more = (of,) if what.needs_of else ()
    return _kept(tenant, (kind, *more), lambda *call: what.whole(*call, *more), asker)


def event_fields(tenant: Tenant, event_key: str, asker: Asker | None = None) -> list[str]:
    """Names of the fields that contacts bring along with an event, where its data extension is
    known."""
    event = next(
        (choice for choice in every(tenant, "event", asker=asker) if choice.value == event_key),
        None,
    )
    source = event.more.get("data_extension", "") if event else ""
    return (
        [choice.more["name"] for choice in every(tenant, "field", source, asker)] if source else []
    )


def _matches(choice: Choice, query: str) -> bool:
    """Every word stands somewhere in what is shown of it."""
    shown = " ".join((choice.name, choice.value, choice.folder, choice.detail)).casefold()
    return all(word in shown for word in query.casefold().split())


def _kept(tenant: Tenant, about: tuple, call: Callable, asker: Asker | None) -> object:
    """From the cache, else from the tenant."""
    digest = hashlib.sha256(repr(about).encode()).hexdigest()[:32]
    name, silent = f"choices:{tenant.pk}:{digest}", f"choices-silent:{tenant.pk}"
    answer, asked_at = cache.get(name) or (None, 0.0)
    anew = asker is not None and asker.anew
    if answer is not None and anew and not _may_ask_anew(asker.person, tenant, about[0]):
        anew, asker.age = False, round(time.time() - asked_at)
    if answer is not None and not anew:
        return answer
    if not anew and (said := cache.get(silent)):
        raise LeftAlone(said, phase="look-up", reason="left alone")
    try:
        answer = _asked_by(asker, tenant, call)
    except (rest.NotSent, rest.Unclear, rest.Busy, rest.TokenRefused) as error:
        cache.set(silent, what_to_do(error), LEFT_ALONE)
        raise
    cache.set(name, (answer, time.time()), KEPT)
    cache.delete(silent)
    return answer


def _may_ask_anew(person: int, tenant: Tenant, kind: str) -> bool:
    try:
        count_use(person, f"anew:{tenant.pk}:{kind}", 1)
    except TooMuch:
        return False
    return True


def _asked_by(asker: Asker | None, tenant: Tenant, call: Callable) -> object:
    if asker is None:
        return _asked(tenant, call)
    with running(asker.person, "look-up", A_MINUTE, AT_A_TIME):
        return _asked(tenant, call)


class LeftAlone(NotCalled):
    """The tenant was not called: a look-up a moment ago came to nothing. `text` is what that one
    was answered with."""


def _asked(tenant: Tenant, call: Callable) -> object:
    """Once more with another token where the shared one is no good any more."""
    client = _client(tenant.credentials())
    try:
        return look_up(tenant, client, call)
    except rest.Unauthorized:
        return look_up(tenant, client, call)


@lru_cache(maxsize=64)
def _client(credentials: rest.Credentials) -> rest.Client:
    return rest.Client(credentials, ANSWER, CONNECT, lookup_timeout=ANSWER, token_timeout=ANSWER)


def what_to_do(error: rest.TenantError) -> str:
    """For people who are in the middle of something else."""
    if isinstance(error, LeftAlone):
        return error.text
    if isinstance(error, rest.Refused | NoSlot):
        return _t("%(why)s The id can be typed all the same.") % {"why": sentence(error)}
    if isinstance(error, rest.TokenRefused | rest.BadAddress):
        return _t(
            "The tenant's credentials are not accepted: tell an admin. The id can be typed all the"
            " same."
        )
    if isinstance(error, rest.Busy):
        return _t("The tenant takes no more calls at the moment. Type the id, or look again later.")
    return _t("The tenant does not answer. Type the id, or look again later.")
