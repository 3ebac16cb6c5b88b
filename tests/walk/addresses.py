"""All addresses of the product, as the resolver knows them, and what is declared of each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, get_resolver

SHOW = ("GET", "HEAD")

ANYBODY = frozenset({"nobody", "groupless", "stranger", "marketer", "reviewer", "admin"})
SIGNED_IN = ANYBODY - {"nobody"}
MEMBERS = frozenset({"marketer", "reviewer", "admin"})  # they may look at their tenant's journeys
COMPOSERS = frozenset({"stranger", "marketer", "admin"})
DECIDERS = frozenset({"reviewer", "admin"})
ADMINS = frozenset({"admin"})
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Address:
    """Who may do what at an address.

    `of` names the kind of thing that it is about ("" where there is none); the stranger then sees
    nothing of it, and who looks after all tenants sees everybody's. `show` and `change` are who may
    ask for it with GET and with POST; None: this method is not served (405, or 403 where Django's
    administration asks for the right first).
    """

    of: str = ""
    show: frozenset[str] | None = None
    change: frozenset[str] | None = None
    leads_to_sign_in: bool = True


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Each route as it is written, such as `journeys/<int:pk>/panel/`."""
    yield from _routes(get_resolver(), "")


def _routes(resolver: object, before: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern, route)
        else:
            yield route, pattern


def filled(route: str, values: dict[str, object]) -> str:
    """The route as a path; `values` are by the names of its places."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda place: str(values[place[1]]), route)
