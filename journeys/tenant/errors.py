"""What can go wrong with a tenant's endpoint, and the one function that decides it.

    TenantError
     ├─ NotSent         not one byte left: name not found, refused, TLS, no connection in time │
     └─ BadAddress  the address itself is refused, before anything is tried ├─ TokenRefused    the
     token route does not give a token to these credentials ├─ Unauthorized    401: the token is
     missing, bad or expired; nothing was done ├─ Busy            429: too many calls; nothing was
     done ├─ Refused         the endpoint says no, for good; nothing was done ├─ Absent          a
     look-up by key: there is no such journey └─ Unclear         it may have been done: time-out,
     reset, 5xx, HTML, redirect, an answer that makes no sense

Catch the top, or recover narrowly. Only an error that the endpoint itself wrote (JSON in one of its
forms) counts as its word; the same status from a proxy or a login page is unclear.
"""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 3600.0  # seconds; no answer may make anybody wait for longer
LONGEST_MESSAGE = 2000
MOST_DETAILS = 200

ABSENT = "30003"  # "Interaction not found."
BLOCKED = "50200"  # 429: temporarily blocked, and never with a Retry-After

# Turned down before it is carried out. 408 tells of time, not of will, so it is not here.
REFUSALS = frozenset(
    {400, 402, 403, 404, 405, 406, 409, 410, 411, 412, 413, 414, 415, 417, 422, 428, 431}
)

TOKEN = re.compile(r"[\x21-\x7e]{1,16384}")  # what may stand in a header
EXISTS = re.compile(
    r"\balready (?:exists|in use|used|taken|been used)|\b(?:must be|is not) unique\b", re.IGNORECASE
)


class TenantError(Exception):
    """`text` is for people. `phase` is "token", "create", "get", "list", "delete" or "look-up".

    `code` and `message` are the endpoint's own ("" where it gave none), `details` its list of
    (code, message) pairs, `retry_after` is in seconds, `reason` is one word for logs and counts.
    Nothing here ever holds a secret.
    """

    def __init__(
        self,
        text: str,
        answer=None,
        *,
        phase: str = "",
        reason: str = "",
        code: str = "",
        message: str = "",
        details: tuple[tuple[str, str], ...] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(text)
        self.text, self.answer, self.phase, self.reason = text, answer, phase, reason
        self.code, self.message, self.details, self.retry_after = (
            code,
            message,
            list(details),
            retry_after,
        )

    @property
    def status(self) -> int | None:
        return self.answer.status if self.answer else None


class NotSent(TenantError):
    pass


class BadAddress(NotSent, ValueError):
    def __init__(self, text: str, answer=None, **facts) -> None:
        super().__init__(text, answer, **{"reason": "address", **facts})


class TokenRefused(TenantError):
    pass


class Unauthorized(TenantError):
    pass


class Busy(TenantError):
    @property
    def blocked(self) -> bool:
        """Blocked for a while (50200), rather than over the rate."""
        return self.code == BLOCKED


class Refused(TenantError):
    @property
    def exists(self) -> bool:
        """The key or the name is taken, perhaps by an earlier attempt of our own: look before
        giving up."""
        return self.status == 409 or any(
            EXISTS.search(text) for text in (self.message, *(m for _, m in self.details))
        )


class Absent(TenantError):
    pass


class Unclear(TenantError):
    pass


@dataclass(frozen=True)
class Said:
    """What the endpoint said in an error's body, whichever of its forms that had."""

    code: str
    message: str
    details: tuple[tuple[str, str], ...] = ()
    retry_after: float | None = None


def decide(phase: str, outcome, key: str = "") -> TenantError | None:
    """None for success, else the error. `outcome` is an Answer or a Fault; `key` is the journey's,
    on create.

    Pure: an answer that was stored can be asked about again.
    """
    if not hasattr(outcome, "status"):
        return _of_fault(phase, outcome)
    if outcome.flaw:
        return _unclear(phase, outcome, outcome.flaw, FLAWS[outcome.flaw])
    if 200 <= outcome.status < 300:
        return _of_success(phase, outcome, key)
    if outcome.status < 200:
        return _unclear(
            phase,
            outcome,
            "status",
            f"Marketing Cloud answered with an unexpected status, {outcome.status}.",
        )
    if outcome.status < 400:
        return _unclear(phase, outcome, "redirect", _moved(outcome))
    return _of_error_status(phase, outcome)


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


FLAWS = {
    "oversize": (
        "Marketing Cloud sent far more than a journey can hold, so its answer was not read to the"
        " end."
    ),
    "truncated": "The answer of Marketing Cloud broke off before its end.",
    "unframed": (
        "The answer of Marketing Cloud does not say how long it is, so nobody can tell whether all"
        " of it came."
    ),
}

UNSENT = {
    "dns": "The address of the tenant was not found. Check the sub-domain.",
    "refused": "The tenant's server refused the connection.",
    "tls": (
        "No secure connection could be made: the server's certificate is not the right one, or not"
        " valid."
    ),
    "connect": "The tenant's server did not accept the connection in time.",
    "timeout": "The tenant's server did not accept the connection in time.",
}

LOST = {
    "timeout": "Marketing Cloud did not answer in time.",
    "reset": "The connection was cut before an answer came.",
}


def _of_fault(phase: str, fault) -> TenantError:
    if not fault.sent:
        text = UNSENT.get(fault.reason, "No connection to the tenant's server could be made.")
        return NotSent(f"{text} Nothing was sent.", phase=phase, reason=fault.reason)
    text = LOST.get(fault.reason, "The connection failed before an answer came.")
    return Unclear(text + _maybe(phase), phase=phase, reason=fault.reason)


def _of_success(phase: str, answer, key: str) -> TenantError | None:
    if phase == "delete":  # answered with the id as a JSON string
        return None
    if not isinstance(answer.json, dict):
        return _unclear(phase, answer, "not_json", _not_json(answer))
    if phase == "token":
        return (
            None
            if is_token(answer.json)
            else _unclear(phase, answer, "wrong_answer", "The answer holds no token.")
        )
    if phase == "list":
        items = answer.json.get("items")
        text = "The answer to the look-up holds no list of journeys."
        return None if isinstance(items, list) else _unclear(phase, answer, "wrong_answer", text)
    flaw = flaw_of_created(answer.json, key) if phase == "create" else ""
    return _unclear(phase, answer, "wrong_answer", flaw) if flaw else None


def flaw_of_created(body: object, key: str) -> str:
    """What keeps an answer from being the journey of that key, as a sentence; "" when nothing
    does."""
    if not isinstance(body, dict):
        return "The answer of Marketing Cloud is not a journey."
    missing = [
        name for name in ("id", "status", "definitionId") if not _is_short_text(body.get(name))
    ]
    if missing:
        return f"The answer of Marketing Cloud lacks {' and '.join(missing)}."
    if not isinstance(body.get("key"), str):
        return "The answer of Marketing Cloud does not say which key its journey has."
    if body["key"] != key:
        return (
            "The answer of Marketing Cloud is about another journey, with the key"
            f" “{body['key'][:200]}”."
        )
    return ""


def _of_error_status(phase: str, answer) -> TenantError:
    body = said(answer.json)
    wait = retry_after(answer.headers, body)
    if answer.status >= 500:
        text = f"Marketing Cloud is in trouble (it answered {answer.status})."
        return _unclear(phase, answer, "server", text, body, wait)
    if body is None:
        return _unclear(phase, answer, "not_json", _not_json(answer), None, wait)
    facts = {
        "phase": phase,
        "code": body.code,
        "message": body.message,
        "details": body.details,
        "retry_after": wait,
    }
    if answer.status == 429:
        return Busy(
            "Marketing Cloud takes no more calls at the moment. Nothing was done.",
            answer,
            reason="busy",
            **facts,
        )
    if answer.status == 401 and phase != "token":
        return Unauthorized(
            "Marketing Cloud did not accept the token.", answer, reason="unauthorized", **facts
        )
    if answer.status == 404 and phase in ("get", "delete"):
        return _of_absence(answer, body, facts)
    if answer.status not in REFUSALS | {401}:
        return _unclear(
            phase, answer, "status", f"Marketing Cloud answered {answer.status}.", body, wait
        )
    if phase == "token":
        return TokenRefused(
            f"Marketing Cloud gives no token: {body.message}", answer, reason="token", **facts
        )
    return Refused(f"Marketing Cloud refused: {body.message}", answer, reason="refused", **facts)


def _of_absence(answer, body: Said, facts: dict) -> TenantError:
    """Only the endpoint's own code proves absence; any server on the way can say 404."""
    if body.code == ABSENT:
        return Absent(
            "Marketing Cloud holds no journey with this key.", answer, reason="absent", **facts
        )
    return Unclear(
        "Marketing Cloud answered 404, but not that the journey is missing.",
        answer,
        reason="status",
        **facts,
    )


def _unclear(
    phase: str, answer, reason: str, text: str, body: Said | None = None, wait: float | None = None
) -> Unclear:
    facts = {"code": body.code, "message": body.message, "details": body.details} if body else {}
    return Unclear(
        text + _maybe(phase), answer, phase=phase, reason=reason, retry_after=wait, **facts
    )


def _maybe(phase: str) -> str:
    return " The journey may have been created." if phase == "create" else ""


def _moved(answer) -> str:
    if answer.status == 304:
        return "Marketing Cloud answered that nothing has changed, which makes no sense here."
    return f"The tenant's address answers that it has moved ({answer.status}). It was not followed."


def _not_json(answer) -> str:
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        return "The answer came compressed although that was declined, and was not read."
    kind = answer.headers.get("content-type", "")
    if "html" in kind.lower() or answer.body[:200].lstrip().lower().startswith(
        (b"<!doctype", b"<html")
    ):
        return f"A web page came instead of an answer (status {answer.status})."
    return f"The answer is not what Marketing Cloud's API writes (status {answer.status})."


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
