"""What the endpoint wrote: its forms of an error, how long to wait, a token, a created journey."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 3600.0  # seconds; no answer may make anybody wait for longer
LONGEST_MESSAGE = 2000
MOST_DETAILS = 200

TOKEN = re.compile(r"[\x21-\x7e]{1,16384}")  # what may stand in a header


@dataclass(frozen=True)
class Said:
    """What the endpoint said in an error's body, whichever of its forms that had."""

    code: str
    message: str
    details: tuple[tuple[str, str], ...] = ()
    retry_after: float | None = None


def said(body: object) -> Said | None:
    """Reads the endpoint's error forms and OAuth's; None when the JSON is none of them."""
    if not isinstance(body, dict):
        return None
    code = _code(_first(body, "errorcode", "errorCode", "error"))
    message = _text(_first(body, "message", "error_description", "errorDetail"))
    details = tuple(_details(body))[:MOST_DETAILS]
    if not (code or message or details):
        return None
    message = message or (details[0][1] if details else code)
    return Said(
        code or (details[0][0] if details else ""),
        message,
        details,
        _seconds(body.get("retryAfter")),
    )


def retry_after(
    headers: dict[str, str], body: Said | None = None, now: datetime | None = None
) -> float | None:
    """Seconds to wait by the header (a number or an HTTP date) and the body, the longer of both; at
    most an hour."""
    waits = [_header_wait(headers.get("retry-after", ""), now), body.retry_after if body else None]
    given = [wait for wait in waits if wait is not None]
    return min(max(given), LONGEST_WAIT) if given else None


def is_token(body: object) -> bool:
    """Whether the JSON of a token's answer can be used."""
    if not isinstance(body, dict) or not isinstance(body.get("access_token"), str):
        return False
    return (
        bool(TOKEN.fullmatch(body["access_token"]))
        and str(body.get("token_type", "Bearer")).lower() == "bearer"
    )


def flaw_of_created(body: object, key: str) -> tuple[str, dict[str, object]]:
    """What keeps an answer from being the journey of that key, with its values; ("", {}) when
    nothing does."""
    if not isinstance(body, dict):
        return "not-a-journey", {}
    missing = [
        name for name in ("id", "status", "definitionId") if not _is_short_text(body.get(name))
    ]
    if missing:
        return "lacks", {"members": missing}
    if not isinstance(body.get("key"), str):
        return "no-key", {}
    if body["key"] != key:
        return "another-key", {"key": body["key"][:200]}
    return "", {}


def _details(body: dict):
    for name in ("validationErrors", "additionalErrors", "errors"):
        items = body.get(name)
        for item in items if isinstance(items, list) else []:
            if isinstance(item, str):
                yield "", _text(item)
            if isinstance(item, dict):
                code = _code(_first(item, "errorcode", "errorCode"))
                message = _text(_first(item, "message", "errorDetail", "errorMessage"))
                if code or message:
                    yield code, message


def _first(body: dict, *names: str) -> object:
    return next((body[name] for name in names if body.get(name) is not None), None)


def _code(value: object) -> str:
    """10006, 10006.0 and "10006" are one code; OAuth's are words."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ""
    if isinstance(value, float):
        return str(int(value)) if math.isfinite(value) else ""
    return str(value)[:100] if not isinstance(value, int) or abs(value) < 10**12 else ""


def _text(value: object) -> str:
    return value[:LONGEST_MESSAGE] if isinstance(value, str) else ""


def _is_short_text(value: object) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value.strip())
        and len(value) <= 100
        and value.isprintable()
    )


def _seconds(value: object) -> float | None:
    if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,9}\s*", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        return None
    return float(min(value, LONGEST_WAIT))


def _header_wait(text: str, now: datetime | None) -> float | None:
    wait = _seconds(text)
    if wait is not None or not text:
        return wait
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - (now or datetime.now(UTC))).total_seconds(), 0.0)
