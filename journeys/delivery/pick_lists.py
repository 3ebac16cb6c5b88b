"""What there is to choose from: what a tenant holds, looked up there and kept for a few minutes,
and time zones.

Somebody waits for each answer in a form, so a look-up has seconds, and a tenant that just did not
answer, or wanted no more calls, is left alone for a moment: the id can be typed meanwhile.
"""

import hashlib
import time
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache, partial

from django.core.cache import cache
from django.utils.translation import gettext as _t

from journeys import tenant as rest
from journeys.blocks.timezones import CITIES
from journeys.delivery.lookups import (
    NO_ANSWER,
    LeftAlone,
    Occupied,
    leave_alone_if_silent,
    look_up,
    the_only_one,
    wait_until,
)
from journeys.delivery.rate_limit import NoSlot, NotCalled
from journeys.delivery.unusable import why_not
from journeys.explaining import sentence
from journeys.models import Tenant
from journeys.models.use import TooMuch, count_use, running
from journeys.tenant import lookups
from journeys.tenant.lookups import PAGE_SIZE, Choice, Found

KEPT = 5 * 60  # seconds
A_MINUTE, AT_A_TIME = 60, 10  # look-ups of one person in the tenants, over all processes
CONNECT, ANSWER = 2.0, 2.5  # seconds
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
    ago what they got was looked up. `until`: they wait so long for all that they ask for."""

    person: int
    anew: bool = False
    age: int | None = None
    until: float = field(default_factory=wait_until)


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
    name = f"choices:{tenant.pk}:{digest}"
    answer, asked_at = cache.get(name) or (None, 0.0)
    anew = asker is not None and asker.anew
    if answer is not None and anew and not _may_ask_anew(asker.person, tenant, about[0]):
        anew, asker.age = False, round(time.time() - asked_at)
    if answer is not None and not anew:
        return answer
    if not anew:
        leave_alone_if_silent(tenant)
    read = cache.get(f"{name}:read") or {}
    pages = Pages(call, read, len(read))
    try:
        with the_only_one():
            answer = _asked_by(asker, tenant, pages)
    except (*NO_ANSWER, NoSlot) as error:
        if not pages.have_grown:
            raise
        cache.set(f"{name}:read", read, KEPT)
        raise StillReading(_t("The list is long and is still being read.")) from error
    cache.set(name, (answer, time.time()), KEPT)
    cache.delete(f"{name}:read")
    return answer


class StillReading(NotCalled):
    """Some pages of a list are there; the rest is for the next request, one has only seconds."""


@dataclass(frozen=True)
class Pages:
    """A call that asks for each page of a list once, although it may take several requests: `read`
    has the answers that came, by their addresses."""

    call: Callable
    read: dict[str, rest.Answer]
    before: int

    @property
    def have_grown(self) -> bool:
        return len(self.read) > self.before

    def __call__(self, client: rest.Client, token: rest.Token) -> object:
        there = copy(client)
        there.look_up = partial(self.page, client)
        return self.call(there, token)

    def page(self, client: rest.Client, method: str, target: str, *more: object) -> rest.Answer:
        if method != "GET":
            return client.look_up(method, target, *more)
        if target not in self.read:
            self.read[target] = client.look_up(method, target, *more)
        return self.read[target]


def _may_ask_anew(person: int, tenant: Tenant, kind: str) -> bool:
    try:
        count_use(person, f"anew:{tenant.pk}:{kind}", 1)
    except TooMuch:
        return False
    return True


def _asked_by(asker: Asker | None, tenant: Tenant, pages: Pages) -> object:
    if asker is None:
        return _asked(tenant, pages, wait_until())
    with running(asker.person, "look-up", A_MINUTE, AT_A_TIME):
        return _asked(tenant, pages, asker.until)


def _asked(tenant: Tenant, pages: Pages, until: float) -> object:
    """Once more with another token where the shared one is no good any more."""
    client = _client(tenant.credentials())

    def because(error: rest.TenantError) -> str:
        return "" if pages.have_grown else what_to_do(error)

    try:
        return look_up(tenant, client, pages, until=until, because=because)
    except rest.Unauthorized:
        return look_up(tenant, client, pages, until=until, because=because)


@lru_cache(maxsize=64)
def _client(credentials: rest.Credentials) -> rest.Client:
    return rest.Client(credentials, ANSWER, CONNECT, lookup_timeout=ANSWER, token_timeout=ANSWER)


def is_soon_there(error: rest.TenantError) -> bool:
    """Whether asking again in a moment gives an answer, most likely."""
    return isinstance(error, Occupied | StillReading)


def what_to_do(error: rest.TenantError) -> str:
    """For people who are in the middle of something else."""
    if isinstance(error, LeftAlone | Occupied | StillReading):
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
