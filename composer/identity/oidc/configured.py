"""What the environment says of the provider. Read by the settings: imports nothing of Django's
models."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

DISCOVERY = "/.well-known/openid-configuration"
LONGEST_ISSUER = 200  # a column of allauth's holds it


@dataclass(frozen=True)
class Configured:
    """`issuer` has no slash at its end; `groups` are ours by the provider's name for them."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    groups_claim: str
    groups: dict[str, list[str]]
    second_factors: frozenset[str]

    @property
    def ours(self) -> set[str]:
        """The names of the groups that the provider decides about."""
        return {name for names in self.groups.values() for name in names}


def configured(
    issuer: str,
    client_id: str,
    client_secret: str,
    name: str,
    groups_claim: str,
    groups: str,
    factors: list[str],
) -> Configured | None:
    if not issuer:
        return None
    if not client_id or not client_secret or not groups:
        raise ImproperlyConfigured(
            "OIDC_ISSUER needs OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and OIDC_GROUPS: who has none of"
            " its groups stays out."
        )
    issuer = issuer.removesuffix(DISCOVERY).rstrip("/")
    if urlsplit(issuer).scheme not in ("https", "http") or len(issuer) > LONGEST_ISSUER:
        raise ImproperlyConfigured(
            "OIDC_ISSUER must be an https address of at most 200 characters."
        )
    return Configured(
        issuer, client_id, client_secret, name, groups_claim, pairs(groups), frozenset(factors)
    )


def pairs(text: str) -> dict[str, list[str]]:
    """`theirs=ours; theirs=ours`: names of directories hold commas and equals signs, so the last
    one counts."""
    groups: dict[str, list[str]] = {}
    for pair in filter(None, (part.strip() for part in text.split(";"))):
        theirs, equals, ours = (part.strip() for part in pair.rpartition("="))
        if not equals or not theirs or not ours:
            raise ImproperlyConfigured(
                "OIDC_GROUPS holds pairs: provider's group=our group; another=another."
            )
        groups.setdefault(theirs, []).append(ours)
    return groups


def require_a_way_in(oidc: Configured | None, local: bool, emergency: str, demo: bool) -> None:
    if oidc and not demo and urlsplit(oidc.issuer).scheme != "https":
        raise ImproperlyConfigured("OIDC_ISSUER must be an https address.")
    if not local and not (oidc and emergency):
        raise ImproperlyConfigured(
            "LOCAL_SIGN_IN=0 needs OIDC_ISSUER and its neighbours, and EMERGENCY_USER: who gets in"
            " while the provider is away."
        )
