"""Credentials of an installed package, and the token that they are exchanged for."""

import json
import math
from dataclasses import dataclass, field

from .address import ALLOWED_DOMAIN, Addresses, follow

# seconds; a token lives 20 minutes, and no answer may make anybody keep one for longer than 18
LONGEST_LIFE = 1080
ASSUMED_LIFE = 60  # seconds, where the answer names none that makes sense


@dataclass(frozen=True)
class Credentials:
    """One business unit's package. `account_id` is the MID; `practice_url` replaces both hosts by a
    stand-in."""

    subdomain: str
    client_id: str
    client_secret: str = field(repr=False)
    account_id: str = ""
    allowed_domain: str = ALLOWED_DOMAIN
    practice_url: str = ""


@dataclass(frozen=True)
class Token:
    """`expires_in` in seconds, 1 to 1080; `rest_url` is a checked origin; `names_another` that the
    answer names a REST address which is not allowed, and was not followed."""

    access_token: str = field(repr=False)
    expires_in: int
    rest_url: str
    scope: str = ""
    names_another: bool = False


def token_body(credentials: Credentials) -> bytes:
    wanted = {
        "grant_type": "client_credentials",
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
    }
    if credentials.account_id:
        wanted["account_id"] = credentials.account_id
    return json.dumps(wanted).encode()


def read_token(body: dict, known: Addresses) -> Token:
    """`body` is one that `bodies.is_token` took."""
    named = body.get("rest_instance_url")
    followed = follow(named, known)
    scope = body.get("scope")
    return Token(
        access_token=body["access_token"],
        expires_in=_life(body.get("expires_in")),
        rest_url=followed or known.rest,
        scope=scope if isinstance(scope, str) else "",
        names_another=bool(named and not followed),
    )


def _life(value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
        or value < 1
    ):
        return ASSUMED_LIFE
    return int(min(value, LONGEST_LIFE))
