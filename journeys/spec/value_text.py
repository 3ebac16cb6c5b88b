"""Values in words: a change of one, its member's name, a number with its unit."""

import re
from dataclasses import replace

from journeys.spec import condition_text
from journeys.spec.diff import COUNTED, Change

LONGEST_VALUE = 48
LONGEST_CONDITIONS = 120  # they name their sources
SPACES = re.compile(r"[ \t\r\n]+")  # other spaces are a difference that somebody has to see

# Names that people use for members, where the member's own name says something else.
WORDS = {
    "waitDuration": "duration",
    "waitUnit": "duration",
    "engagementPeriod": "evaluated after",
    "engagementPeriodUnits": "evaluated after",
    "conversionValue": "target",
    "conversionUnit": "target",
    "specifiedTime": "time of day",
    "emailSubject": "subject",
    "preHeader": "preheader",
    "emailId": "email",
    "next": "leads to",
    "workflowApiVersion": "spec version",
    "entryMode": "re-entry",
    "eventDefinitionKey": "event",
    "metaData": "details",
    "isExitCriteria": "leave on reaching the goal",
    "dynamicEmailSubject": "subject",
    "criteria": "conditions",
    "criteriaDescription": "conditions",
    "outcomes": "paths",
    "label": "name",
}
# The same for values that are chosen from a list.
CHOICES = {
    "entryMode": {
        "OnceAndDone": "no re-entry",
        "SingleEntryAcrossAllVersions": "re-entry only after exiting",
        "MultipleEntries": "re-entry at any time",
    },
    "definitionType": {
        "Multistep": "several steps",
        "Quicksend": "single send",
        "Transactional": "transactional send",
    },
}
UNITS = {
    "waitUnit": {
        "MINUTES": "minutes",
        "HOURS": "hours",
        "DAYS": "days",
        "WEEKS": "weeks",
        "MONTHS": "months",
    },
    "engagementPeriodUnits": {"Hours": "hours", "Days": "days"},
    "conversionUnit": {"percentage": "%", "wholenumber": "contacts"},
}
CHOICES |= UNITS
# What people see as nothing; 0 and false are something.
EMPTY = (None, "", [], {})


def from_to(change: Change) -> str:
    """ "1 → 3"; only "changed" where the values would say nothing to people, or look the same when
    cut."""
    if change.in_words:
        return _turned(*change.in_words)
    if change.kind == "moved":
        return "in another order"
    change = _without_placeholders(change)
    old, new = _counted(change) or (
        _chosen(change.member, value) or _value(value) for value in (change.old, change.new)
    )
    if change.old in EMPTY and isinstance(change.new, bool):
        return f"set to {new}"
    if change.old in EMPTY and change.new not in EMPTY:
        return f"{new} added".lstrip()
    if change.new in EMPTY and change.old not in EMPTY:
        return f"{old} removed".lstrip()
    return f"{old} → {new}" if old and new and old != new else "changed"


def _turned(old: str, new: str) -> str:
    old, new = (cut(text, LONGEST_CONDITIONS) for text in (old, new))
    if not (old and new):
        return f"“{new}” added" if new else f"“{old}” removed" if old else "changed"
    return f"“{old}” → “{new}”" if old != new else "changed"


def _without_placeholders(change: Change) -> Change:
    """A name that is only the key again, as Marketing Cloud makes some, is none."""
    old, new = ("" if name == change.address.key else name for name in (change.old, change.new))
    return replace(change, old=old, new=new) if change.inside == "name" else change


def _counted(change: Change) -> tuple[str, str] | None:
    """Numbers with their units: ("1 day", "3 weeks"); None where it is about none, or says them in
    some odd way."""
    if change.member == "percentage":
        numbers, units = (change.old, change.new), ("%", "%")
    elif change.member in UNITS:
        numbers, units = change.beside, _units(change.member, change.old, change.new)
    elif change.member in COUNTED:
        numbers, units = (change.old, change.new), _units(COUNTED[change.member], *change.beside)
    else:
        return None
    pairs = zip(numbers, units, strict=True)
    old, new = ("" if number in EMPTY else _with_unit(number, unit) for number, unit in pairs)
    is_odd = any(
        not text and number not in EMPTY for text, number in zip((old, new), numbers, strict=True)
    )
    return None if is_odd or not (old or new) else (old, new)


def _units(member: str, *found: object) -> list[str]:
    return [UNITS[member].get(unit, "") if isinstance(unit, str) else "" for unit in found]


def _with_unit(number: object, unit: str) -> str:
    """ "" where one of both says nothing."""
    is_number = isinstance(number, int | float | str) and not isinstance(number, bool)
    if not is_number or not unit:
        return ""
    text = cut(str(number), LONGEST_VALUE)
    return f"{text} {unit.removesuffix('s') if text == '1' else unit}"


def member_in_words(member: str) -> str:
    """A member's name as people would say it: "waitDuration" is "duration", "sendFlow" is "send
    flow"."""
    last = member.rpartition(".")[2].partition("[")[0] or member
    # Names with underscores are somebody's own, such as r__asset_key.
    return WORDS.get(last) or (
        last if "_" in last else re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", last).lower()
    )


def value_in_words(member: str, value: object) -> str:
    """A text, a number or a flag as people say it, whole."""
    if isinstance(value, str):
        return _chosen(member, value) or condition_text.words_of(value) or value
    return _value(value) if value is not None else ""


def _value(value: object) -> str:
    """A value as people would say it; "" for nothing, and for what they would not want to read."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str) and value.startswith("<"):
        conditions = condition_text.words_of(value)
        return f"“{cut(conditions, LONGEST_CONDITIONS)}”" if conditions else ""
    if isinstance(value, str):
        return f"“{cut(value, LONGEST_VALUE)}”" if value else ""
    if isinstance(value, dict):
        return (
            _value(value.get("name") or value.get("key"))
            if isinstance(value.get("name"), str | None)
            else ""
        )
    texts = [_value(item) for item in value or []]
    return cut(", ".join(texts), LONGEST_VALUE) if all(texts) else ""


def _chosen(member: str, value: object) -> str:
    """ "" where the field is no choice, or the value none that is offered."""
    return CHOICES.get(member, {}).get(value, "") if isinstance(value, str) else ""


def cut(text: str, longest: int) -> str:
    text = SPACES.sub(" ", text).strip(" ")
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
