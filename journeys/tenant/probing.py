"""Finds out how a tenant really behaves: what the composer may rely on there. This only reads;
experiments.py asks what needs a few drafts. What is found is data: journeys/explaining/findings.py
tells it in words.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from uuid import uuid4

from .auth import Token
from .client import Client
from .errors import Absent, TenantError
from .wire import Answer

NEEDED = ("journeys_read", "journeys_write")
USEFUL = ("saved_content_read", "data_extensions_read", "list_and_subscribers_read")
USUAL = {*NEEDED, *USEFUL, "journeys_execute", "email_read", "documents_and_images_read"}
CLOCK_TOLERANCE = 60.0  # seconds; a Retry-After date is read against our own clock
OURS = "composer-check-"


@dataclass(frozen=True)
class Finding:
    """What was found out about `name`, in one word. `ok` is None where it could not be found out.
    `facts` are for machines, and for the words; `error` is what a call ended with."""

    name: str
    ok: bool | None
    what: str
    facts: dict = field(default_factory=dict)
    error: TenantError | None = None


def inspect(
    client: Client, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Iterator[Finding]:
    """Credentials, scopes, look-ups, clock. Ends after the first finding when there is no token."""
    started = time.monotonic()
    try:
        token = client.fetch_token()
    except TenantError as error:
        facts = {"code": error.code, "status": error.status}
        yield Finding("credentials", False, "refused", facts, error)
        return
    took = round(time.monotonic() - started, 1)
    facts = {"expires_in": token.expires_in, "seconds": took}
    what = "names-another-address" if token.names_another else "good"
    yield Finding("credentials", True, what, facts)
    yield scopes(token)
    answer, finding = _list(client, token)
    yield finding
    yield _absence(client, token)
    if answer is not None:
        yield clock(answer, now())


def scopes(token: Token) -> Finding:
    granted = token.scope.split()
    if not granted:
        return Finding("scopes", None, "not-told", {"granted": []})
    missing = [name for name in NEEDED if name not in granted]
    facts = {"granted": granted, "missing": missing}
    if missing:
        return Finding("scopes", False, "missing", facts)
    facts["without"] = [name for name in USEFUL if name not in granted]
    facts["unneeded"] = [name for name in granted if name not in USUAL]
    return Finding("scopes", True, "there", facts)


def clock(answer: Answer, here: datetime) -> Finding:
    try:
        there = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return Finding("clock", None, "not-told")
    off = (here - there).total_seconds()
    is_close = abs(off) <= CLOCK_TOLERANCE
    return Finding("clock", is_close, "close" if is_close else "off", {"seconds": off})


def _list(client: Client, token: Token) -> tuple[Answer | None, Finding]:
    try:
        answer = client.list_interactions(token, page_size=1)
    except TenantError as error:
        facts = {"code": error.code}
        return error.answer, Finding("look-ups", False, "refused", facts, error)
    return answer, Finding("look-ups", True, "good", {"count": answer.json.get("count")})


def _absence(client: Client, token: Token) -> Finding:
    """An unclear submission is sent again only when the tenant can prove that it is not there."""
    try:
        client.get_interaction(f"{OURS}{uuid4()}", token)
    except Absent as error:
        return Finding("absence", True, "proven", {"code": error.code})
    except TenantError as error:
        facts = {"code": error.code, "status": error.status}
        return Finding("absence", False, "not-proven", facts, error)
    return Finding("absence", False, "claimed")
