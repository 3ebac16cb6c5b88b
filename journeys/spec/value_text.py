"""Members and values of a document as people say them."""

import re

from journeys.spec import condition_text

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


def with_unit(number: object, unit: str) -> str:
    """ "" where one of both says nothing."""
    is_number = isinstance(number, int | float | str) and not isinstance(number, bool)
    if not is_number or not unit:
        return ""
    text = cut(str(number), LONGEST_VALUE)
    return f"{text} {unit.removesuffix('s') if text == '1' else unit}"


def label(member: str) -> str:
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
        return chosen(member, value) or condition_text.words_of(value) or value
    return value_text(value) if value is not None else ""


def value_text(value: object) -> str:
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
            value_text(value.get("name") or value.get("key"))
            if isinstance(value.get("name"), str | None)
            else ""
        )
    texts = [value_text(item) for item in value or []]
    return cut(", ".join(texts), LONGEST_VALUE) if all(texts) else ""


def chosen(member: str, value: object) -> str:
    """ "" where the field is no choice, or the value none that is offered."""
    return CHOICES.get(member, {}).get(value, "") if isinstance(value, str) else ""


def cut(text: str, longest: int) -> str:
    text = SPACES.sub(" ", text).strip(" ")
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
