"""What the endpoint's answers look like: journeys as they are served, list rows, error bodies,
dates."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import count

from journeys.practice.store import Stored
from journeys.practice.wire import Answer, json_answer

NEVER = "0001-01-01T00:00:00"
SERVER_ZONE = timedelta(
    hours=-6
)  # the servers keep Central Standard Time all year and name no zone
DEFAULT_CATEGORY = 1
NO_STATS = {
    "currentPopulation": 0,
    "cumulativePopulation": 0,
    "metGoal": 0,
    "metExitCriteria": 0,
    "goalPerformance": 0,
}
# Members that a list row leaves out unless extras are asked for.
NOT_IN_LISTS = ("activities", "triggers")


def server_time(moment: float) -> str:
    """Milliseconds without trailing zeros, no zone: "2024-04-24T12:18:43.47"."""
    text = (datetime.fromtimestamp(moment, UTC) + SERVER_ZONE).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
    return text.rstrip("0").rstrip(".")


def journey(stored: Stored) -> dict:
    """A stored journey as the endpoint serves it, member order as in recorded answers.

    Unknown top-level members and unknown members of a block (such as a trigger's own
    `eventDefinitionKey`) are kept in the stored body and missing here, as the real endpoint drops
    them. Ids are derived, so that every read agrees.
    """
    sent = stored.document
    answer = {
        "id": stored.id,
        "key": stored.key,
        "name": sent["name"],
        "lastPublishedDate": NEVER,
        "description": sent.get("description") or "",
        "version": stored.version,
        "workflowApiVersion": 0.5 if float(sent["workflowApiVersion"]) == 0.5 else 1,
        "createdDate": server_time(stored.created),
        "modifiedDate": server_time(stored.modified),
    }
    if sent.get("activities") is not None:
        answer["activities"] = _blocks(stored, "activities")
    for member in ("triggers", "goals", "exits"):
        answer[member] = _blocks(stored, member)
    for member in ("notifiers", "tags", "campaigns"):
        if sent.get(member) is not None:
            answer[member] = sent[member]
    answer["entryMode"] = sent.get("entryMode") or "NotSet"
    for member in ("definitionType", "channel"):
        if sent.get(member) is not None:
            answer[member] = sent[member]
    return answer | {
        "defaults": sent.get("defaults") or {"properties": {}},
        "metaData": sent.get("metaData") or {},
        "executionMode": sent.get("executionMode") or "Production",
        "categoryId": sent.get("categoryId") or DEFAULT_CATEGORY,
        "status": stored.status,
        "definitionId": stored.definition_id,
        "scheduledStatus": "Draft",
    }


def list_row(stored: Stored) -> dict:
    row = {name: value for name, value in journey(stored).items() if name not in NOT_IN_LISTS}
    row["stats"] = NO_STATS
    return row


def error(status: int, code: int, message: str, headers: dict[str, str] | None = None) -> Answer:
    return json_answer(
        status, {"message": message, "errorcode": code, "documentation": ""}, headers
    )


def validation_errors(errors: list[tuple[int, str]]) -> Answer:
    """The aggregate: errorcode 10006 with the single errors, each (errorcode, message), in a
    list."""
    body = {
        "message": "Validation Errors Occurred!",
        "errorcode": 10006,
        "documentation": "",
        "validationErrors": [
            {"message": text, "errorcode": code, "documentation": ""} for code, text in errors
        ],
    }
    return json_answer(400, body)


def not_found() -> Answer:
    return error(404, 30003, "Interaction not found.")


def not_authorized() -> Answer:
    return error(401, 0, "Not Authorized")


def _blocks(stored: Stored, member: str) -> list[dict]:
    ids = _ids(stored.definition_id, member)
    return [_block(block, next(ids), member) for block in stored.document.get(member) or ()]


def _block(block: dict, id: str, member: str) -> dict:
    served = {
        "id": id,
        "key": block.get("key") or "",
        "name": block.get("name") or "",
        "description": block.get("description") or "",
        "type": block.get("type") or "",
        "outcomes": [_outcome(outcome) for outcome in block.get("outcomes") or ()],
        "arguments": block.get("arguments") or {},
        "configurationArguments": block.get("configurationArguments") or {},
        "metaData": block.get("metaData") or {},
    }
    if member == "activities" and not served["outcomes"]:
        served["outcomes"] = [{"arguments": {}, "metaData": {}}]
    if block.get("schema") is not None:
        served["schema"] = block["schema"]
    return served


def _outcome(outcome: dict) -> dict:
    """A path that ends has no `next` in answers, even where null was sent."""
    served = {**outcome}
    if served.get("next", "") is None:
        del served["next"]
    served.setdefault("arguments", {})
    served.setdefault("metaData", {})
    return served


def _ids(definition_id: str, member: str) -> Iterator[str]:
    """The ids of a version's blocks of one kind: alike at every read, different everywhere else."""
    digits = blake2b(f"{definition_id} {member}".encode(), digest_size=10).hexdigest()
    start = f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-a{digits[15:18]}-"
    return (f"{start}{number:012x}" for number in count(1))
