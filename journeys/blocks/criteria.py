"""What is odd about the criteria of a block."""

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _t

from journeys.spec import condition_text, filters
from journeys.spec.filters import Condition, Locked
from journeys.spec.problem import Problem

if TYPE_CHECKING:
    from journeys.blocks.base import Block

MANY = 20  # Marketing Cloud's help advises fewer
FILLED_IN = re.compile(r"\{\{|%%")  # an expression, a personalisation string
NUMBER = re.compile(r"[-+]?[.,]?[0-9][0-9.,\s]*(?:[eE][-+]?[0-9]{1,3})?")
MONTH, DAY = "(?:0?[1-9]|1[0-2])", "(?:0?[1-9]|[12][0-9]|3[01])"
# The year first, or the month first as in America; a time may follow. No fixed date was seen in a
# real filter.
DATE = re.compile(
    r"(?:[0-9]{4}([-/])M\1D|M/D/[0-9]{4})(?:[T ].*)?".replace("M", MONTH).replace("D", DAY)
)


def criteria_problems(
    lens: type["Block"],
    block: dict,
    place: str,
    xml: object,
    event_keys: tuple[str, ...],
    whose: str,
    *,
    may_be_empty: bool = False,
) -> list[Problem]:
    """What is odd about criteria at a place of a block; all of it advice. `whose`: "The goal",
    "Path “Gold”"; `event_keys` are those whose data contacts have.

    An entry source has a filter without conditions when everybody enters, as real ones do.
    """
    if not isinstance(xml, str):
        return []
    tree = filters.parse(xml)
    conditions = filters.conditions(tree)
    said = [
        ("criteria-empty", "" if may_be_empty else _of_nothing(xml, tree), ""),
        ("criteria-locked", _of_locked(tree), ""),
        ("criteria-many", _of_count(conditions), ""),
        ("criteria-event", _of_events(conditions, event_keys), ""),
        ("criteria-not-journey-data", _of_kinds(conditions), "mark-journey-data"),
        ("criteria-field", _of_fields(conditions), ""),
        ("criteria-relation", _of_relations(conditions), ""),
        ("criteria-operator", _of_operators(conditions), "write-known-operators"),
        ("criteria-value", _of_values(conditions), ""),
        ("criteria-date", _of_dates(conditions), "write-relative-dates"),
    ]
    return [
        lens.advice(rule, block, place, f"{whose} {text}", repair)
        for rule, text, repair in said
        if text
    ]


def _of_nothing(xml: str, tree: filters.Tree) -> str:
    is_empty = xml.strip() and not filters.conditions(tree) and not filters.locked_parts(tree)
    return _t("has criteria without any condition. Add one.") if is_empty else ""


def _of_locked(tree: filters.Tree) -> str:
    if isinstance(tree, Locked):
        return _t(
            "has criteria that cannot be shown as conditions. They are kept and sent as they are."
        )
    if filters.locked_parts(tree):
        return _t(
            "has a part in its criteria that is not known here. It is kept and sent as it is."
        )
    return ""


def _of_count(conditions: list[Condition]) -> str:
    text = _t("has %(count)s conditions. Fewer than 20 are advised.")
    return text % {"count": len(conditions)} if len(conditions) >= MANY else ""


def _of_events(conditions: list[Condition], event_keys: tuple[str, ...]) -> str:
    own = tuple(f"Event.{key}." for key in event_keys)
    others = [one for one in conditions if one.is_journey_data and not one.key.startswith(own)]
    named = next(
        (event for event in (filters.event_of(condition.key) for condition in others) if event), ""
    )
    text = _t(
        "asks for data of the event “%(event)s”, which is not the one of the entry source. Choose"
        " its data."
    )
    return text % {"event": named} if named and event_keys else ""


def is_unmarked(condition: Condition) -> bool:
    """Whether a field of an event is not marked as journey data, which all 144 in real journeys
    are."""
    return (
        not condition.is_journey_data
        and not condition.by_id
        and bool(filters.event_of(condition.key))
    )


def _of_kinds(conditions: list[Condition]) -> str:
    for condition in conditions:
        if is_unmarked(condition):
            text = _t(
                "looks for “%(field)s”, a field of an event, in the contact data. Choose “Journey"
                " data” for it."
            )
            return text % {"field": condition_text.bare_name(condition.key)}
    return ""


def _of_relations(conditions: list[Condition]) -> str:
    """All 78 conditions on contact data in real journeys have the id, apart from old ones with the
    attribute's own."""
    for condition in conditions:
        attribute_set = filters.set_of(condition)
        if not attribute_set or condition.relation or "<AttributePath" in condition.source:
            continue
        if filters.event_of(condition.key) or condition.key.startswith("Interaction."):
            continue
        text = _t(
            "names the contact data “%(field)s” without the id of the relationship to the attribute"
            " set “%(set)s”, which Journey Builder writes with it. Enter the relationship id below"
            " the field."
        )
        return text % {"field": condition.key, "set": attribute_set}
    return ""


def _of_operators(conditions: list[Condition]) -> str:
    for condition in conditions:
        if condition.operator not in condition_text.BY_NAME:
            text = _t(
                "compares “%(field)s” by “%(operator)s”, which is not known here. It may be"
                " refused, or match nobody. Choose another comparison."
            )
            return text % {
                "field": condition_text.field_name(condition),
                "operator": condition.operator[:40],
            }
    return ""


def _of_values(conditions: list[Condition]) -> str:
    for condition in conditions:
        text = _wrong_value(condition)
        if text:
            return text % {
                "field": condition_text.field_name(condition),
                "value": condition_text.value_words(condition),
            }
    return ""


def _wrong_value(condition: Condition) -> str:
    """What cannot be compared. Dates are judged by `_of_dates`; nobody knows what an unknown
    operator takes."""
    if condition.operator not in condition_text.BY_NAME:
        return ""
    kind, value = condition_text.kind_of(condition.operator), condition.value.strip()
    if condition.value == "":
        text = _t("compares “%(field)s” with nothing. Enter a value, or choose “is empty”.")
        return "" if kind == "nothing" else text
    if condition.is_reference or FILLED_IN.search(value):
        return ""
    if kind == "flag" and value.lower() not in ("true", "false"):
        return _t(
            "asks if “%(field)s” is true or false, but compares it with “%(value)s”. "
            "Choose true or false, or the comparison “is”."
        )
    if kind == "number" or condition.operator in ("Equal", "NotEqual"):
        if condition_text.says_relative(value):
            return _t(
                "compares “%(field)s” with the words “%(value)s”, not with that day. "
                "Choose a comparison of dates, such as “is on or after”."
            )
    if kind == "number" and not (NUMBER.fullmatch(value) or is_date(value)):
        return _t(
            "compares “%(field)s” with “%(value)s”, which is no number. Enter one, or choose"
            " another comparison."
        )
    return ""


def is_date(value: str) -> bool:
    return bool(
        condition_text.RELATIVE.fullmatch(value) or DATE.fullmatch(value) or FILLED_IN.search(value)
    )


def _of_fields(conditions: list[Condition]) -> str:
    for condition in conditions:
        if not condition.is_journey_data and not condition.by_id and "." not in condition.key:
            text = _t(
                "names the contact data “%(field)s” without its attribute set. Write it as"
                " Orders.Total."
            )
            return text % {"field": condition.key}
    return ""


def _of_dates(conditions: list[Condition]) -> str:
    for condition in conditions:
        is_asked = (
            condition_text.kind_of(condition.operator) == "date" and not condition.is_reference
        )
        if is_asked and condition.value and not is_date(condition.value.strip()):
            text = _t(
                "compares a date with “%(value)s”, which is not written as one. "
                "Enter one such as 2026-01-31, or such as 14 days ago."
            )
            return text % {"value": condition_text.value_words(condition)}
    return ""
