"""The drafts that experiments make at a tenant: sent, looked for, deleted again."""

import json
import time

from journeys.tenant.auth import Token
from journeys.tenant.client import Client
from journeys.tenant.errors import Absent, TenantError, Unclear
from journeys.tenant.interactions import read_answer

MOST_OF_A_KEY = 5  # journeys that one key of ours can have


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


def hung_up(impatient: Client, token: Token, key: str) -> bool:
    try:
        impatient.create_interaction(body(key), token, key)
    except Unclear:
        return True
    except TenantError:
        return False  # nothing was carried out, so there is nothing to wait for
    return False


def found_after(
    client: Client, token: Token, since: dict[str, float], patient: float
) -> dict[str, float]:
    """Seconds from `since` (monotonic times) until the journey of each key was found.

    All are asked for in turn: the time that one never came in is not counted for the others.
    """
    until, pause, seconds = time.monotonic() + patient, 0.1, {}
    while True:
        for key in [key for key in since if key not in seconds]:
            if is_there(client, token, key):
                seconds[key] = time.monotonic() - since[key]
        if len(seconds) == len(since) or time.monotonic() + pause > until:
            return seconds
        time.sleep(pause)
        pause = min(pause * 1.5, 5.0)


def is_there(client: Client, token: Token, key: str) -> bool:
    try:
        read_answer(client.get_interaction(key, token), key)
    except TenantError:
        return False
    return True


def delete_all(client: Client, token: Token, key: str) -> int:
    for count in range(MOST_OF_A_KEY):
        try:
            journey = read_answer(client.get_interaction(key, token), key)
        except Absent:
            return count
        client.delete_interaction(journey.id, token)
    raise Unclear(phase="delete", reason="not_deleted", flaw="there-again")
