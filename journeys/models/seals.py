"""The seal of what decides: an HMAC over it, made with a key that the database does not hold.

Whoever writes to the database can change bytes, their hash, a decision, whose it was, a rule, a
state or an author; the seal no longer fits then. A seal is of one row and one place, so a copy of
it fits nowhere else. It is made where the composer itself writes these columns, and a new one never
covers what the old one did not fit.
"""

import hmac
import json
from datetime import UTC, datetime

from django.conf import settings

VERSION = "v1"
as_json = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
HALF = 32  # letters of a code that are left of it once what it permits has begun


def sealed(kind: str, facts: dict) -> str:
    return f"{VERSION}:{_code(settings.APPROVAL_KEYS[0], kind, facts)}"


def fits(seal: str, kind: str, facts: dict, *, halved: bool = False) -> bool:
    """Whether any of the keys made this seal, or the half of it that is left, of these facts."""
    version, _colon, code = seal.partition(":")
    if version != VERSION or not code.isascii():
        return False
    length = HALF if halved else None
    return any(
        hmac.compare_digest(code, _code(key, kind, facts)[:length])
        for key in settings.APPROVAL_KEYS
    )


def halved(seal: str) -> str:
    """What is left of a seal that was used: nobody can make the whole one of it again."""
    return seal[:-HALF]


def at(moment: datetime | None) -> str | None:
    """A moment as it stands in a seal: the same whichever database it was read from."""
    return moment and moment.astimezone(UTC).isoformat(timespec="microseconds")


def _code(key: str, kind: str, facts: dict) -> str:
    message = as_json([VERSION, kind, facts])
    return hmac.digest(key.encode(), message.encode(), "sha256").hex()
