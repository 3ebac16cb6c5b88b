"""What the endpoint refuses when a journey is created. `refusal` gives the answer of the first rule
that is broken.

Sources: the API page (what must and must never be sent), recorded refusals of live tenants (codes
10004, 10006, 121000, 121072). Where several findings of one kind come together, the real endpoint
lists them under 10006, and so does this. Cycles and several first activities are let through: no
refusal of them was ever recorded.
"""

from collections.abc import Iterator

from journeys.practice import answers
from journeys.practice.wire import Answer

REQUIRED = ("key", "name", "workflowApiVersion")
NEVER_SENT = ("id", "status", "definitionId", "createdDate", "modifiedDate", "lastPublishedDate")
LISTS = ("activities", "triggers", "goals", "exits", "notifiers", "tags", "campaigns")
BLOCK_LISTS = ("activities", "triggers", "goals", "exits")
OBJECTS = ("arguments", "configurationArguments", "metaData", "schema")
TEXT, ARRAY, OBJECT = (str, type(None)), (list, type(None)), (dict, type(None))
BANNED = "&<>\"'/"
LONGEST_KEY = 200
ENUMS = {
    "entryMode": ("OnceAndDone", "SingleEntryAcrossAllVersions", "MultipleEntries", "NotSet"),
    "definitionType": ("Multistep", "Quicksend", "Transactional"),
}

Finding = tuple[int, str]  # errorcode, message


def refusal(document: object, null_next: str = "accept") -> Answer | None:
    """The endpoint's refusal of a body that was read as JSON; None when it would be taken.

    `null_next` "refuse" treats `"next": null` as the empty text. The Journey Spec ends a path with
    null, and Journey Builder itself writes it, so the default takes it.
    """
    misfit = _misfit(document)
    if misfit:
        return answers.error(400, 10004, misfit)
    findings = [
        *_missing(document),
        *_texts(document),
        *_server_made(document),
        *_numbers(document),
    ]
    findings += [*_keys(document), *_triggers(document)]
    if findings:
        return answers.validation_errors(findings)
    broken = next(_links(document, null_next), None)
    return answers.error(400, 121000, broken) if broken else None


def _misfit(document: object) -> str | None:
    """What cannot be read into the endpoint's own types."""
    unreadable = "JSON Deserialization Exception: Location Unknown"
    if not isinstance(document, dict):
        return unreadable
    if not all(_is(document.get(member), str) for member in ("key", "name", "description")):
        return unreadable
    if not all(_is(document.get(member), list) for member in LISTS):
        return unreadable
    if not all(_is(document.get(member), dict) for member in ("defaults", "metaData")):
        return unreadable
    if not all(
        _block_fits(block) for member in BLOCK_LISTS for block in document.get(member) or []
    ):
        return unreadable
    for member, values in ENUMS.items():
        if document.get(member) is not None and document[member] not in values:
            return (
                f"Error converting value \"{document[member]}\" to type '{member}'. Path"
                f" '{member}'."
            )
    return None


def _block_fits(block: object) -> bool:
    """Written for speed: it runs for every block of every journey."""
    if (
        type(block) is not dict
        or type(block.get("key", "")) not in TEXT
        or type(block.get("outcomes")) not in ARRAY
    ):
        return False
    for part in (block, *(block.get("outcomes") or ())):
        if type(part) is not dict:
            return False
        for name in OBJECTS:
            if name in part and type(part[name]) not in OBJECT:
                return False
    return True


def _is(value: object, kind: type) -> bool:
    return value is None or isinstance(value, kind)


def _missing(document: dict) -> Iterator[Finding]:
    for member in REQUIRED:
        value = document.get(member)
        if value is None or (isinstance(value, str) and not value.strip()):
            yield 10002, f"The {member} field is required."


def _texts(document: dict) -> Iterator[Finding]:
    if len(document.get("key") or "") > LONGEST_KEY:
        yield 10005, f"The key must not be longer than {LONGEST_KEY} characters."
    for member in ("name", "description"):
        if any(character in BANNED for character in document.get(member) or ""):
            yield 121072, f"The interaction {member} contains illegal characters: & < > \" ' /"


def _server_made(document: dict) -> Iterator[Finding]:
    for member in NEVER_SENT:
        if member in document:
            yield 10005, f"The {member} field is assigned by the system and must not be provided."


def _numbers(document: dict) -> Iterator[Finding]:
    version = document.get("workflowApiVersion")
    if version is None or (isinstance(version, str) and not version.strip()):
        return  # reported as missing
    if isinstance(version, bool) or version not in (0.5, 1):
        yield 10005, "The workflowApiVersion must be 0.5 or 1.0."


def _keys(document: dict) -> Iterator[Finding]:
    seen = set()
    for place, activity in enumerate(document.get("activities") or []):
        key = activity.get("key")
        if not key:
            yield 10002, f"The key field is required. Path 'activities[{place}].key'."
        elif key in seen:
            yield 10005, f"The activity key '{key}' is used more than once."
        seen.add(key)


def _triggers(document: dict) -> Iterator[Finding]:
    if len(document.get("triggers") or []) > 1:
        yield 10005, "An interaction can have only one trigger."


def _links(document: dict, null_next: str) -> Iterator[str]:
    activities = document.get("activities") or []
    known = {activity["key"] for activity in activities}
    for activity in activities:
        for outcome in activity.get("outcomes") or []:
            target = outcome.get("next")
            if target is None and ("next" not in outcome or null_next == "accept"):
                continue
            if not isinstance(target, str) or target not in known:
                yield (
                    f"The value '{target or ''}' of the next field of activity '{activity['key']}'"
                    " is invalid."
                )
