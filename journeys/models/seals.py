"""The seal of a decision: an HMAC over what was decided, made with a key that the database does not hold.

Whoever writes to the database can change bytes, their hash, a decision or whose it was; the seal no longer fits then.
A seal is of one row and one place, so a copy of it fits nowhere else.
"""

import hmac
import json
from datetime import UTC, datetime

from django.conf import settings

VERSION = "v1"


def sealed(kind: str, facts: dict) -> str:
    return f"{VERSION}:{_code(settings.APPROVAL_KEYS[0], kind, facts)}"


def fits(seal: str, kind: str, facts: dict) -> bool:
    """Whether any of the keys made this seal of these facts."""
    version, _colon, code = seal.partition(":")
    if version != VERSION:
        return False
    return any(hmac.compare_digest(code, _code(key, kind, facts)) for key in settings.APPROVAL_KEYS)


def at(moment: datetime) -> str:
    """A moment as it stands in a seal: the same whichever database it was read from."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _code(key: str, kind: str, facts: dict) -> str:
    message = json.dumps([VERSION, kind, facts], sort_keys=True, separators=(",", ":"))
    return hmac.digest(key.encode(), message.encode(), "sha256").hex()
