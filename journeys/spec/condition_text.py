"""Conditions in words: "Tier is Gold and (Orders contains book or Last visit is before 14 days
ago)"."""

import re
from typing import NamedTuple

from journeys.spec.filters import EVENT, Condition, Group, Locked, Part


class Operator(NamedTuple):
    name: str
    label: str
    kind: str  # what it compares: "text", "number", "date", "flag" (true or false), "nothing"
    builder: str = ""  # what Journey Builder writes for it into descriptions, where that was seen


# The names are those of 222 conditions in real journeys, and LessThan, GreaterThanOrEqual, Before,
# ExistsInWholeWord and In by analogy with them.
OPERATORS = [
    Operator("Equal", "is", "text", "equal"),
    Operator("NotEqual", "is not", "text"),
    Operator("Contains", "contains", "text", "contains"),
    Operator("NotContains", "does not contain", "text"),
    Operator("Begins", "begins with", "text"),
    Operator("ExistsInWholeWord", "contains the word", "text"),
    Operator("In", "is one of", "text"),
    Operator("GreaterThan", "is more than", "number", "greater than"),
    Operator("GreaterThanOrEqual", "is at least", "number"),
    Operator("LessThan", "is less than", "number"),
    Operator("LessThanOrEqual", "is at most", "number"),
    Operator("Before", "is before", "date"),
    Operator("After", "is after", "date"),
    Operator("AtOrBefore", "is on or before", "date"),
    Operator("AtOrAfter", "is on or after", "date", "is on or after"),
    Operator("Is", "is true or false", "flag", "is"),
    Operator("IsNull", "is empty", "nothing", "is null"),
    Operator("IsNotNull", "is not empty", "nothing", "is not null"),
]
BY_NAME = {operator.name: operator for operator in OPERATORS}
MEANT = {operator.name.lower(): operator.name for operator in OPERATORS} | {
    "beginswith": "Begins"
}  # by others

UNITS = ("minute", "hour", "day", "week", "month", "year")
RELATIVE = re.compile(rf";([+-]);([0-9]{{1,6}});({'|'.join(UNITS)})s")
AGO = re.compile(rf"([0-9]{{1,6}}) +({'|'.join(UNITS)})s? +ago", re.I)
AHEAD = re.compile(rf"(?:in +)?([0-9]{{1,6}}) +({'|'.join(UNITS)})s?(?: +from +now)?", re.I)
LENGTH = re.compile(rf"[0-9]{{1,6}} +(?:{'|'.join(UNITS)})s?", re.I)
DAYS = {
    "today": ";+;0;days",
    "yesterday": ";-;1;days",
    "tomorrow": ";+;1;days",
    "now": ";+;0;minutes",
}
LONGEST_VALUE = 60


def kind_of(operator: str) -> str:
    """What an operator compares; "text" for one that is not known."""
    return BY_NAME[operator].kind if operator in BY_NAME else "text"


def meant_operator(operator: str) -> str:
    """The known operator that one which is not known stands for; "" when that is not clear."""
    return "" if operator in BY_NAME else MEANT.get(operator.strip().lower(), "")


def words(tree: Part) -> str:
    """One sentence without an end; "" where there is no condition."""
    if isinstance(tree, Condition):
        return _condition(tree)
    if isinstance(tree, Locked):
        return "an unknown part"
    texts = [(words(item), isinstance(item, Group) and len(item.items) > 1) for item in tree.items]
    texts = [(text, is_group) for text, is_group in texts if text]
    joint = " and " if tree.operator == "AND" else " or "
    return joint.join(
        f"({text})" if is_group and len(texts) > 1 else text for text, is_group in texts
    )


def _condition(condition: Condition) -> str:
    name = field_name(condition)
    operator = BY_NAME.get(condition.operator)
    if operator is None:
        return f"{name} {condition.operator} {said(condition)}".rstrip()
    if operator.kind == "nothing":
        return f"{name} {operator.label}"
    return f"{name} {'is' if operator.kind == 'flag' else operator.label} {said(condition)}"


def field_name(condition: Condition) -> str:
    """The field without the event or the attribute set that it belongs to."""
    if condition.by_id:
        return f"attribute {condition.key[:8]}"
    return _last_name(condition.key)


def _last_name(key: str) -> str:
    match = EVENT.fullmatch(key)
    return match[2] if match else key.rpartition(".")[2] or key


def said(condition: Condition) -> str:
    """The value in words."""
    value = relative_words(condition.value) or condition.value
    if not value:
        return "…"
    if condition.is_reference:
        return f"the value of {_last_name(value)}"
    value = " ".join(value.split())
    return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"


def relative_words(value: str) -> str:
    """ ";-;14;days" as "14 days ago"; "" for any other value."""
    match = RELATIVE.fullmatch(value)
    if not match:
        return ""
    number, unit = int(match[2]), match[3]
    if number == 0:
        return "today" if unit == "day" else "now" if unit in ("minute", "hour") else f"this {unit}"
    length = f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{length} ago" if match[1] == "-" else f"in {length}"


def relative_value(text: str) -> str:
    """ "14 days ago" as ";-;14;days"; "" for text that says no such date."""
    text = text.strip()
    if text.lower() in DAYS:
        return DAYS[text.lower()]
    ago, ahead = AGO.fullmatch(text), AHEAD.fullmatch(text)
    if match := ago or ahead:
        return f";{'-' if ago else '+'};{int(match[1])};{match[2].lower()}s"
    return ""


def says_relative(value: str) -> bool:
    """Whether text says a day as seen from today. A bare "3 days" is a length, and is no such
    text."""
    return bool(relative_value(value)) and not LENGTH.fullmatch(value.strip())


def is_told_by(tree: Part, description: str) -> bool:
    """Whether a description says what the tree says: in these words or in Journey Builder's own.

    Journey Builder's are seen in real journeys: "Date is on or after Today Minus 14 days andStatus
    equal Processed".
    """
    return _bare(description) in (_bare(words(tree)), _bare(_builder_words(tree)))


def _bare(text: str) -> str:
    return "".join(text.lower().split())


def _builder_words(tree: Part) -> str:
    if isinstance(tree, Group):
        return tree.operator.join(_builder_words(item) for item in tree.items)
    if isinstance(tree, Locked) or tree.operator not in BY_NAME:
        return "?"
    operator = BY_NAME[tree.operator]
    match = RELATIVE.fullmatch(tree.value)
    value = tree.value
    if match:
        value = f"today{'minus' if match[1] == '-' else 'plus'}{match[2]}{match[3]}s"
    return f"{field_name(tree)} {operator.builder or '?'} {value}"
