"""Conditions in words: "Tier (journey data) is Gold and (Orders: Title contains book or Visits: Day
is before 14 days ago)"."""

import re
from collections.abc import Callable
from typing import NamedTuple

from journeys.spec.filters import (
    EVENT,
    Condition,
    Group,
    Locked,
    Part,
    conditions,
    event_of,
    parse,
)


class Operator(NamedTuple):
    """`label` is what a list of operators says; only those that are `offered` stand there, of
    several spellings one. In a sentence `between` stands in its place, where that is something
    else, and `after` behind the value."""

    name: str
    label: str
    kind: str  # what it compares: "text", "number", "date", "flag" (true or false), "nothing"
    builder: str = ""  # what Journey Builder writes for it into descriptions, where that was seen
    between: str = ""
    after: str = ""
    offered: bool = True
    is_list: bool = False  # its value is a list with commas


WHOLE_WORDS = "(whole words)"

# The names are those of 222 conditions in real journeys, and by analogy with them those that
# Journey Builder documents besides. Of "begins with" and "ends with" several spellings are in use.
OPERATORS = [
    Operator("Equal", "is", "text", "equal"),
    Operator("NotEqual", "is not", "text"),
    Operator("Contains", "contains", "text", "contains"),
    Operator("NotContains", "does not contain", "text"),
    Operator("Begins", "begins with", "text"),
    Operator("BeginsWith", "begins with", "text", offered=False),
    Operator("NotBeginsWith", "does not begin with", "text"),
    Operator("NotBegins", "does not begin with", "text", offered=False),
    Operator("EndsWith", "ends with", "text"),
    Operator("Ends", "ends with", "text", offered=False),
    Operator("NotEndsWith", "does not end with", "text"),
    Operator("NotEnds", "does not end with", "text", offered=False),
    Operator("In", "is one of", "text", is_list=True),
    Operator("NotIn", "is not one of", "text", is_list=True),
    Operator("ExistsInString", "exists in", "text"),
    Operator("NotExistsInString", "does not exist in", "text"),
    Operator(
        "ExistsInWholeWord",
        "exists in whole word",
        "text",
        between="is one of",
        after=WHOLE_WORDS,
        is_list=True,
    ),
    Operator(
        "NotExistsInWholeWord",
        "does not exist in whole word",
        "text",
        between="is not one of",
        after=WHOLE_WORDS,
        is_list=True,
    ),
    Operator("GreaterThan", "is more than", "number", "greater than"),
    Operator("GreaterThanOrEqual", "is at least", "number"),
    Operator("LessThan", "is less than", "number"),
    Operator("LessThanOrEqual", "is at most", "number"),
    Operator("Before", "is before", "date"),
    Operator("After", "is after", "date"),
    Operator("AtOrBefore", "is on or before", "date"),
    Operator("AtOrAfter", "is on or after", "date", "is on or after"),
    Operator("Is", "is true or false", "flag", "is", between="is"),
    Operator("IsNull", "is empty", "nothing", "is null"),
    Operator("IsNotNull", "is not empty", "nothing", "is not null"),
]
BY_NAME = {operator.name: operator for operator in OPERATORS}
MEANT = {operator.name.lower(): operator.name for operator in OPERATORS}

JOURNEY_DATA, CONTACT_DATA = "(journey data)", "(contact data)"
RESULT = re.compile(r"Interaction\.([^.]+)\.(.+)", re.S)  # what an earlier step gives

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


def words(tree: Part, name_of: Callable[[str], str] | None = None) -> str:
    """One sentence without an end; "" where there is no condition. `name_of` gives the words for
    the key of a field; without it they name the source, and the event where there are several."""
    name_of = name_of or (named_with_event if len(_events(tree)) > 1 else named)
    if isinstance(tree, Condition):
        return _condition(tree, name_of)
    if isinstance(tree, Locked):
        return "an unknown part"
    texts = [
        (words(item, name_of), isinstance(item, Group) and len(item.items) > 1)
        for item in tree.items
    ]
    texts = [(text, is_group) for text, is_group in texts if text]
    joint = " and " if tree.operator == "AND" else " or "
    return joint.join(
        f"({text})" if is_group and len(texts) > 1 else text for text, is_group in texts
    )


def _condition(condition: Condition, name_of: Callable[[str], str]) -> str:
    name = field_name(condition, name_of)
    operator = BY_NAME.get(condition.operator)
    if operator is None:
        value = value_words(condition, name_of) if condition.value else ""
        return f"{name} {condition.operator} {value}".rstrip()
    if operator.kind == "nothing":
        return f"{name} {operator.label}"
    between, value = operator.between or operator.label, value_words(condition, name_of)
    return f"{name} {between} {value} {operator.after}".rstrip()


def field_name(condition: Condition, name_of: Callable[[str], str] | None = None) -> str:
    """The field, and where it is looked for: "Tier (journey data)", "Orders: Total". What is not
    marked as journey data is looked for in the contact data, whatever its key says."""
    if condition.by_id:
        return f"attribute {condition.key[:8]}"
    if name_of is not bare_name:
        if condition.is_journey_data and "." not in condition.key:
            return f"{condition.key} {JOURNEY_DATA}"
        if EVENT.fullmatch(condition.key) and not condition.is_journey_data:
            return f"{bare_name(condition.key)} {CONTACT_DATA}"
    return (name_of or named)(condition.key)


def named(key: str) -> str:
    """The words for a field of the entry event, of a step's result or of an attribute set. Two
    fields of one name in different places have different words."""
    if match := EVENT.fullmatch(key):
        return f"{match[2]} {JOURNEY_DATA}"
    if match := RESULT.fullmatch(key):
        return f"{match[2]} (result of {match[1]})"
    attribute_set, _dot, field = key.rpartition(".")
    return f"{attribute_set}: {field}" if attribute_set and field else f"{key} {CONTACT_DATA}"


def named_with_event(key: str) -> str:
    match = EVENT.fullmatch(key)
    return f"{match[2]} (journey data of {match[1]})" if match else named(key)


def _events(tree: Part) -> set[str]:
    """The events whose data is compared."""
    keys = [one.key for one in conditions(tree)]
    keys += [one.value for one in conditions(tree) if one.is_reference]
    return {event_of(key) for key in keys} - {""}


def bare_name(key: str) -> str:
    """The field alone, without the event or the attribute set that it belongs to."""
    match = EVENT.fullmatch(key)
    return match[2] if match else key.rpartition(".")[2] or key


def value_words(condition: Condition, name_of: Callable[[str], str] | None = None) -> str:
    """The value in words."""
    value = relative_words(condition.value) or condition.value
    if not value:
        return "…"
    if condition.is_reference:
        return f"the value of {(name_of or named)(value)}"
    value = " ".join(value.split())
    operator = BY_NAME.get(condition.operator)
    if operator and operator.is_list:
        value = ", ".join(filter(None, (item.strip() for item in value.split(",")))) or "…"
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


def words_of(value: object) -> str:
    """A FilterDefinition in words; "" for anything else."""
    tree = _tree_of(value)
    return words(tree) if tree else ""


def tellings_of(value: object) -> set[str]:
    """What descriptions say of a FilterDefinition; nothing for anything else."""
    tree = _tree_of(value)
    return tellings(tree) - {""} if tree else set()


def _tree_of(value: object) -> Group | None:
    tree = parse(value) if isinstance(value, str) and value.startswith("<") else None
    return tree if isinstance(tree, Group) else None


def is_told_by(tree: Part, description: str) -> bool:
    """Whether a description says what the tree says: in these words or in Journey Builder's
    own."""
    return bare(description) in tellings(tree)


def tellings(tree: Part) -> set[str]:
    """What descriptions say of the tree, as `bare` texts: these words, with and without the
    sources, and Journey Builder's.

    Journey Builder's are seen in real journeys: "Date is on or after Today Minus 14 days andStatus
    equal Processed".
    """
    return {bare(text) for text in (words(tree), words(tree, bare_name), _builder_words(tree))}


def bare(text: str) -> str:
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
    return f"{field_name(tree, bare_name)} {operator.builder or '?'} {value}"
