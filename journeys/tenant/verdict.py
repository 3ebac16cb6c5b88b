"""The one function that decides what came of a call.

Only an error that the endpoint itself wrote (JSON in one of its forms) counts as its word; the same
status from a proxy or a login page is unclear.
"""

from .bodies import Said, flaw_of_created, is_token, retry_after, said
from .errors import (
    Absent,
    Busy,
    NotSent,
    Refused,
    TenantError,
    TokenRefused,
    Unauthorized,
    Unclear,
)

ABSENT = "30003"  # "Interaction not found."

# Turned down before it is carried out. 408 tells of time, not of will, so it is not here.
REFUSALS = frozenset(
    {400, 402, 403, 404, 405, 406, 409, 410, 411, 412, 413, 414, 415, 417, 422, 428, 431}
)


def decide(phase: str, outcome, key: str = "") -> TenantError | None:
    """None for success, else the error. `outcome` is an Answer or a Fault; `key` is the journey's,
    on create.

    Pure: an answer that was stored can be asked about again.
    """
    if not hasattr(outcome, "status"):
        return (Unclear if outcome.sent else NotSent)(phase=phase, reason=outcome.reason)
    if outcome.flaw:
        return Unclear(outcome, phase=phase, reason=outcome.flaw)
    if 200 <= outcome.status < 300:
        return _of_success(phase, outcome, key)
    if outcome.status < 200:
        return Unclear(outcome, phase=phase, reason="status", flaw="unexpected-status")
    if outcome.status < 400:
        return Unclear(outcome, phase=phase, reason="redirect")
    return _of_error_status(phase, outcome)


def _of_success(phase: str, answer, key: str) -> TenantError | None:
    if phase == "delete":  # answered with the id as a JSON string
        return None
    if not isinstance(answer.json, dict):
        return Unclear(answer, phase=phase, reason="not_json", flaw=_flaw_of_page(answer))
    flaw, values = _flaw_of_success(phase, answer.json, key)
    if not flaw:
        return None
    return Unclear(answer, phase=phase, reason="wrong_answer", flaw=flaw, values=values)


def _flaw_of_success(phase: str, body: dict, key: str) -> tuple[str, dict]:
    if phase == "token":
        return ("" if is_token(body) else "no-token"), {}
    if phase == "list":
        return ("" if isinstance(body.get("items"), list) else "no-journeys"), {}
    return flaw_of_created(body, key) if phase == "create" else ("", {})


def _of_error_status(phase: str, answer) -> TenantError:
    body = said(answer.json)
    facts = _facts(phase, answer, body)
    if answer.status >= 500:
        return Unclear(answer, reason="server", **facts)
    if body is None:
        return Unclear(answer, reason="not_json", flaw=_flaw_of_page(answer), **facts)
    if answer.status == 429:
        return Busy(answer, reason="busy", **facts)
    if answer.status == 401 and phase != "token":
        return Unauthorized(answer, reason="unauthorized", **facts)
    if answer.status == 404 and phase in ("get", "delete"):
        return _of_absence(answer, body, facts)
    if answer.status not in REFUSALS | {401}:
        return Unclear(answer, reason="status", **facts)
    if phase == "token":
        return TokenRefused(answer, reason="token", **facts)
    return Refused(answer, reason="refused", **facts)


def _facts(phase: str, answer, body: Said | None) -> dict:
    facts = {"phase": phase, "retry_after": retry_after(answer.headers, body)}
    if body is not None:
        facts |= {"code": body.code, "message": body.message, "details": body.details}
    return facts


def _of_absence(answer, body: Said, facts: dict) -> TenantError:
    """Only the endpoint's own code proves absence; any server on the way can say 404."""
    if body.code == ABSENT:
        return Absent(answer, reason="absent", **facts)
    return Unclear(answer, reason="status", flaw="not-absent", **facts)


def _flaw_of_page(answer) -> str:
    """What it is instead of JSON."""
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        return "compressed"
    kind = answer.headers.get("content-type", "")
    if "html" in kind.lower() or answer.body[:200].lstrip().lower().startswith(
        (b"<!doctype", b"<html")
    ):
        return "web-page"
    return "no-json"
