"""Finds out how a tenant really behaves: what the composer may rely on there, and what nobody has
written down.

`inspect` only reads. `experiment` creates a few drafts under keys of its own and deletes them
again; it answers what the documentation leaves open, above all what a second create with the same
key does.
"""

import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from uuid import uuid4

from .auth import Token
from .client import Client
from .errors import Absent, Refused, TenantError, Unauthorized, Unclear
from .interactions import Created, read_answer
from .wire import Answer

NEEDED = ("journeys_read", "journeys_write")
USEFUL = ("saved_content_read", "data_extensions_read", "list_and_subscribers_read")
USUAL = {*NEEDED, *USEFUL, "journeys_execute", "email_read", "documents_and_images_read"}
CLOCK_TOLERANCE = 60.0  # seconds; a Retry-After date is read against our own clock
MOST_OF_A_KEY = 5  # journeys that one key of ours can have
HUNG_UP = 3  # journeys whose answer is not waited for
READ_AFTER_WRITE = 30.0  # seconds to wait for a journey that was just created to be found
OURS = "composer-check-"


@dataclass(frozen=True)
class Finding:
    """`ok` is None where it could not be found out. `facts` are for machines."""

    name: str
    ok: bool | None
    text: str
    facts: dict = field(default_factory=dict)


def inspect(
    client: Client, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Iterator[Finding]:
    """Credentials, scopes, look-ups, clock. Ends after the first finding when there is no token."""
    started = time.monotonic()
    try:
        token = client.fetch_token()
    except TenantError as error:
        yield Finding(
            "credentials", False, error.text, {"code": error.code, "status": error.status}
        )
        return
    took = time.monotonic() - started
    text = f"A token came within {took:.1f} s and is kept for {token.expires_in} s."
    yield Finding(
        "credentials", True, f"{text} {token.note}".strip(), {"expires_in": token.expires_in}
    )
    yield scopes(token)
    answer, finding = _list(client, token)
    yield finding
    yield _absence(client, token)
    if answer is not None:
        yield clock(answer, now())


def scopes(token: Token) -> Finding:
    granted = token.scope.split()
    if not granted:
        return Finding(
            "scopes", None, "The token does not say which scopes it has.", {"granted": []}
        )
    missing = [name for name in NEEDED if name not in granted]
    if missing:
        text = (
            f"Missing: {', '.join(missing)}. Add them to the installed package; without them"
            " nothing can be sent."
        )
        return Finding("scopes", False, text, {"granted": granted, "missing": missing})
    text = f"{', '.join(NEEDED)} are there."
    without, more = [n for n in USEFUL if n not in granted], [n for n in granted if n not in USUAL]
    if without:
        text += f" Without {', '.join(without)}, ids have to be typed instead of picked from lists."
    if more:
        text += f" More than needed, better taken away: {', '.join(more)}."
    return Finding("scopes", True, text, {"granted": granted, "missing": []})


def clock(answer: Answer, here: datetime) -> Finding:
    try:
        there = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return Finding("clock", None, "The tenant's answers name no time.")
    off = (here - there).total_seconds()
    text = f"This machine's clock and the tenant's differ by {abs(off):.0f} s."
    if abs(off) <= CLOCK_TOLERANCE:
        return Finding("clock", True, text, {"seconds": off})
    return Finding(
        "clock",
        False,
        f"{text} Set this machine's clock: waiting times are read against it.",
        {"seconds": off},
    )


def experiment(client: Client, patient: float, impatient: Client) -> Iterator[Finding]:
    """`impatient` hangs up early; what it sent is waited for as long as `patient` (seconds). Raises
    TenantError when not even the first draft can be made. The drafts are deleted whatever
    happens."""
    keys = [f"{OURS}{uuid4()}" for _ in range(2 + HUNG_UP)]
    key, other, *cut = keys
    token = client.fetch_token()
    try:
        first = read_answer(client.create_interaction(body(key), token, key), key)
        yield ids(first)
        yield read_after_write(client, token, key)
        yield same_key(client, token, key, first)
        yield same_name(client, token, key, other)
        yield two_tokens(client, token, key)
        yield hanging_up(client, impatient, token, patient, cut)
    finally:
        last = deleted(client, token, keys)
    yield last


def body(key: str, name: str = "", days: int = 1) -> bytes:
    """A draft that nobody can enter: one wait."""
    wait = {
        "key": "WAITBYDURATION-1",
        "name": "",
        "type": "WAIT",
        "outcomes": [{"key": "out-1", "arguments": {}, "metaData": {"invalid": False}}],
        "arguments": {},
        "configurationArguments": {"waitDuration": days, "waitUnit": "DAYS"},
        "metaData": {"isConfigured": True},
    }
    journey = {
        "key": key,
        "name": name or key,
        "description": "Made by a check of this tenant. It can be deleted.",
        "workflowApiVersion": 1.0,
        "triggers": [],
        "goals": [],
        "activities": [wait],
    }
    return json.dumps(journey).encode()


def ids(first: Created) -> Finding:
    facts = {"id": first.id, "definitionId": first.definition_id, "version": first.version}
    if first.is_first_version:
        return Finding(
            "ids", True, "A first version has one id for the journey and its definition.", facts
        )
    text = (
        "A first version's id and definitionId differ here: every created journey would be shown as"
        " a conflict."
    )
    return Finding("ids", False, text, facts)


def read_after_write(client: Client, token: Token, key: str) -> Finding:
    seconds = _found(client, token, {key: time.monotonic()}, READ_AFTER_WRITE).get(key)
    if seconds is None:
        text = (
            f"A created journey is not found by its key within {READ_AFTER_WRITE:g} s: a look-up"
            " proves little here."
        )
        return Finding("read-after-write", False, text)
    text = f"A created journey is found by its key after {seconds:.1f} s."
    return Finding("read-after-write", True, text, {"seconds": round(seconds, 2)})


def same_key(client: Client, token: Token, key: str, first: Created) -> Finding:
    """What a second create does to a draft: refuse, new_version, overwrite, keep or
    second_journey."""
    try:
        second = read_answer(client.create_interaction(body(key, days=2), token, key), key)
    except Refused as error:
        facts = {
            "mode": "refuse",
            "status": error.status,
            "code": error.code,
            "message": error.message,
        }
        text = f"A second create with the same key is refused ({_in_its_words(error)})."
        return Finding(
            "same-key", True if error.exists else None, text, facts | {"understood": error.exists}
        )
    except TenantError as error:
        return Finding(
            "same-key", None, f"A second create with the same key was not clear: {error.text}"
        )
    mode = _mode(first, second)
    texts = {
        "new_version": (
            "makes a second version. The composer shows that as a conflict and never sends a key"
            " twice."
        ),
        "overwrite": (
            "overwrites the draft. Keys that the composer did not make up are looked up before they"
            " are sent."
        ),
        "keep": "is answered with the draft that is there, unchanged.",
        "second_journey": (
            "makes a second journey of the same key. Keys are looked up before they are sent again."
        ),
    }
    return Finding(
        "same-key", True, f"A second create with the same key {texts[mode]}", {"mode": mode}
    )


def same_name(client: Client, token: Token, name: str, key: str) -> Finding:
    try:
        client.create_interaction(body(key, name), token, key)
    except Refused as error:
        facts = {
            "status": error.status,
            "code": error.code,
            "message": error.message,
            "understood": error.exists,
        }
        text = f"A second journey of the same name is refused ({_in_its_words(error)})."
        return Finding("same-name", True if error.exists else None, text, facts)
    except TenantError as error:
        return Finding(
            "same-name", None, f"A second journey of the same name was not clear: {error.text}"
        )
    return Finding("same-name", True, "Two journeys may have the same name.", {"status": 200})


def two_tokens(client: Client, token: Token, key: str) -> Finding:
    """Whether a token stays good after the same package fetched another one."""
    try:
        client.fetch_token()
        client.get_interaction(key, token)
    except Unauthorized:
        text = "A new token ends the one before it. Use this package in the composer only."
        return Finding("two-tokens", False, text, {"side_by_side": False})
    except TenantError as error:
        return Finding("two-tokens", None, f"Could not be found out: {error.text}")
    return Finding(
        "two-tokens", True, "Several tokens are good side by side.", {"side_by_side": True}
    )


def hanging_up(
    client: Client, impatient: Client, token: Token, patient: float, keys: list[str]
) -> Finding:
    """How late something is carried out whose answer nobody waited for: the least that the settle
    time has to be."""
    sent = {key: time.monotonic() for key in keys if _hung_up(impatient, token, key)}
    if not sent:
        text = "Every answer came before we could hang up, so nothing was learnt of late commits."
        return Finding("late-commits", None, text, {"cut": 0})
    found = _found(client, token, sent, patient)
    latest = max(found.values(), default=0.0)
    text = f"Hung up on {len(sent)} creates; "
    text += (
        f"the last one that was carried out was there after {latest:.1f} s."
        if found
        else "none was carried out."
    )
    return Finding(
        "late-commits",
        True,
        text,
        {"cut": len(sent), "latest": round(latest, 2), "waited": patient},
    )


def deleted(client: Client, token: Token, keys: list[str]) -> Finding:
    """Whatever is found under the keys, all journeys and versions of each."""
    count, left = 0, []
    for key in keys:
        try:
            count += _delete_all(client, token, key)
        except TenantError:
            left.append(key)
    if left:
        text = (
            f"Perhaps not deleted; please look for these keys and do so by hand: {', '.join(left)}"
        )
        return Finding("clean-up", False, text, {"left": left})
    return Finding(
        "clean-up", True, f"The drafts were deleted again ({count}).", {"deleted": count}
    )


def settings(findings: list[Finding], settle: float, timeout: float) -> dict[str, float]:
    """The settings to use, by what was found; `settle` and `timeout` are the safe defaults."""
    seen = max(
        (f.facts.get("latest", 0.0) for f in findings if f.name == "late-commits"), default=0.0
    )
    found = max(
        (f.facts.get("seconds", 0.0) for f in findings if f.name == "read-after-write"), default=0.0
    )
    return {
        "SUBMIT_TIMEOUT_SECONDS": timeout,
        "SUBMIT_SETTLE_SECONDS": float(max(settle, math.ceil((seen + found) * 1.5))),
    }


def _list(client: Client, token: Token) -> tuple[Answer | None, Finding]:
    try:
        answer = client.list_interactions(token, page_size=1)
    except TenantError as error:
        return error.answer, Finding(
            "look-ups", False, f"Journeys cannot be listed: {error.text}", {"code": error.code}
        )
    return answer, Finding(
        "look-ups", True, "Journeys can be listed.", {"count": answer.json.get("count")}
    )


def _absence(client: Client, token: Token) -> Finding:
    """An unclear submission is sent again only when the tenant can prove that it is not there."""
    try:
        client.get_interaction(f"{OURS}{uuid4()}", token)
    except Absent as error:
        return Finding(
            "absence",
            True,
            f"A key that is not there is answered with code {error.code}.",
            {"code": error.code},
        )
    except TenantError as error:
        text = (
            f"That a key is not there is not plainly said ({error.text}) Unclear submissions will"
            " wait for a person."
        )
        return Finding("absence", False, text, {"code": error.code, "status": error.status})
    return Finding(
        "absence", False, "The tenant claims to have a journey of a key that nobody uses."
    )


def _in_its_words(error: TenantError) -> str:
    details = "; ".join(f"{code} {text}" for code, text in error.details)
    return ", ".join(
        part for part in (str(error.status), error.code, error.message, details) if part
    )


def _mode(first: Created, second: Created) -> str:
    if second.id != first.id:
        return "second_journey"
    if not second.is_first_version:
        return "new_version"
    steps = second.raw.get("activities")
    arguments = (
        steps[0].get("configurationArguments", {}) if isinstance(steps, list) and steps else {}
    )
    return "overwrite" if str(arguments.get("waitDuration")) == "2" else "keep"


def _hung_up(impatient: Client, token: Token, key: str) -> bool:
    try:
        impatient.create_interaction(body(key), token, key)
    except Unclear:
        return True
    except TenantError:
        return False  # nothing was carried out, so there is nothing to wait for
    return False


def _found(
    client: Client, token: Token, since: dict[str, float], patient: float
) -> dict[str, float]:
    """Seconds from `since` (monotonic times) until the journey of each key was found.

    All are asked for in turn: the time that one never came in is not counted for the others.
    """
    until, pause, found = time.monotonic() + patient, 0.1, {}
    while True:
        for key in [key for key in since if key not in found]:
            if _is_there(client, token, key):
                found[key] = time.monotonic() - since[key]
        if len(found) == len(since) or time.monotonic() + pause > until:
            return found
        time.sleep(pause)
        pause = min(pause * 1.5, 5.0)


def _is_there(client: Client, token: Token, key: str) -> bool:
    try:
        read_answer(client.get_interaction(key, token), key)
    except TenantError:
        return False
    return True


def _delete_all(client: Client, token: Token, key: str) -> int:
    for count in range(MOST_OF_A_KEY):
        try:
            found = read_answer(client.get_interaction(key, token), key)
        except Absent:
            return count
        client.delete_interaction(found.id, token)
    raise Unclear("It is there again after it was deleted.", phase="delete")
