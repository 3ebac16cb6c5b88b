"""Criteria with one condition, as the form writes them."""

from journeys.spec import filters
from journeys.spec.filters import Condition, Group


def in_event(event: str, field: str, operator: str, value: str = "") -> str:
    """On the data that let the contact in."""
    key = f"Event.{event}.{field}"
    return _of(Condition(key, operator, value, is_journey_data=True))


def in_contact(attribute: str, operator: str, value: str = "", *, relation: str) -> str:
    """On contact data; `relation` is the id of the relationship that leads to its attribute set."""
    return _of(Condition(attribute, operator, value, relation=relation))


def _of(condition: Condition) -> str:
    return filters.write(Group(items=(condition,)))
