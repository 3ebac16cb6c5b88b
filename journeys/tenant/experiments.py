"""Answers what the documentation leaves open, above all what a second create with the same key
does: creates a few drafts under keys of its own and deletes them again.
"""

import math
import time
from collections.abc import Iterator
from uuid import uuid4

from journeys.tenant.experiment_drafts import body, delete_all, found_after, hung_up

from .auth import Token
from .client import Client
from .errors import Refused, TenantError, Unauthorized
from .interactions import Created, read_answer
from .probing import OURS, Finding

HUNG_UP = 3  # journeys whose answer is not waited for
READ_AFTER_WRITE = 30.0  # seconds to wait for a journey that was just created to be found


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


def ids(first: Created) -> Finding:
    facts = {"id": first.id, "definitionId": first.definition_id, "version": first.version}
    is_one = first.is_first_version
    return Finding("ids", is_one, "one" if is_one else "two", facts)


def read_after_write(client: Client, token: Token, key: str) -> Finding:
    started = {key: time.monotonic()}
    seconds = found_after(client, token, started, READ_AFTER_WRITE).get(key)
    if seconds is None:
        return Finding("read-after-write", False, "not-found", {"waited": READ_AFTER_WRITE})
    return Finding("read-after-write", True, "found", {"seconds": round(seconds, 2)})


def same_key(client: Client, token: Token, key: str, first: Created) -> Finding:
    """What a second create does to a draft: refuse, new_version, overwrite, keep or
    second_journey."""
    try:
        second = read_answer(client.create_interaction(body(key, days=2), token, key), key)
    except Refused as error:
        facts = {"mode": "refuse", **_refusal(error)}
        return Finding("same-key", True if error.exists else None, "refuse", facts, error)
    except TenantError as error:
        return Finding("same-key", None, "unclear", error=error)
    mode = _mode(first, second)
    return Finding("same-key", True, mode, {"mode": mode})


def same_name(client: Client, token: Token, name: str, key: str) -> Finding:
    try:
        client.create_interaction(body(key, name), token, key)
    except Refused as error:
        is_clear = True if error.exists else None
        return Finding("same-name", is_clear, "refuse", _refusal(error), error)
    except TenantError as error:
        return Finding("same-name", None, "unclear", error=error)
    return Finding("same-name", True, "taken", {"status": 200})


def _refusal(error: Refused) -> dict:
    return {
        "status": error.status,
        "code": error.code,
        "message": error.message,
        "understood": error.exists,
    }


def two_tokens(client: Client, token: Token, key: str) -> Finding:
    """Whether a token stays good after the same package fetched another one."""
    try:
        client.fetch_token()
        client.get_interaction(key, token)
    except Unauthorized:
        return Finding("two-tokens", False, "ended", {"side_by_side": False})
    except TenantError as error:
        return Finding("two-tokens", None, "unclear", error=error)
    return Finding("two-tokens", True, "good", {"side_by_side": True})


def hanging_up(
    client: Client, impatient: Client, token: Token, patient: float, keys: list[str]
) -> Finding:
    """How late something is carried out whose answer nobody waited for: the least that the settle
    time has to be."""
    sent = {key: time.monotonic() for key in keys if hung_up(impatient, token, key)}
    if not sent:
        return Finding("late-commits", None, "none-cut", {"cut": 0})
    seconds = found_after(client, token, sent, patient)
    latest = round(max(seconds.values(), default=0.0), 2)
    facts = {"cut": len(sent), "latest": latest, "waited": patient}
    return Finding("late-commits", True, "late" if seconds else "none-carried-out", facts)


def deleted(client: Client, token: Token, keys: list[str]) -> Finding:
    """Whatever is found under the keys, all journeys and versions of each."""
    count, left = 0, []
    for key in keys:
        try:
            count += delete_all(client, token, key)
        except TenantError:
            left.append(key)
    if left:
        return Finding("clean-up", False, "left", {"left": left})
    return Finding("clean-up", True, "deleted", {"deleted": count})


def settings(findings: list[Finding], settle: float, timeout: float) -> dict[str, float]:
    """The settings to use, by what was found; `settle` and `timeout` are the safe defaults."""
    seen = max(
        (f.facts.get("latest", 0.0) for f in findings if f.name == "late-commits"), default=0.0
    )
    read_delay = max(
        (f.facts.get("seconds", 0.0) for f in findings if f.name == "read-after-write"), default=0.0
    )
    return {
        "SUBMIT_TIMEOUT_SECONDS": timeout,
        "SUBMIT_SETTLE_SECONDS": float(max(settle, math.ceil((seen + read_delay) * 1.5))),
    }


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
