"""What a document says about the data that its conditions can use, found when it is asked for."""

import re
from collections.abc import Iterator
from functools import cached_property

from journeys.blocks.facts import facts_of
from journeys.spec.filters import Condition, conditions, parse, set_of

MOST = 200  # names offered
NAME = r"""(?:"([^"]{1,200})"|([\w:]{1,200}))"""
CONTACT_ATTRIBUTE = re.compile(
    r"""\{\{Contact\.Attribute\."?([^".{}]{1,200})"?\."?([^"{}]{1,200}?)"?\}\}"""
)


class ConditionData:
    """Names are only those that the document uses somewhere: the tenant's own lists are not at hand
    here."""

    def __init__(self, document: dict) -> None:
        self.document = document

    @cached_property
    def event_key(self) -> str:
        return facts_of(self.document).event_key

    @cached_property
    def journey_fields(self) -> list[str]:
        """Fields of the entry event, by the names that expressions and conditions use."""
        if not self.event_key:
            return []
        prefix = f"Event.{self.event_key}."
        expression = re.compile(re.escape(prefix) + NAME)
        names = {
            quoted or plain for text in self._texts for quoted, plain in expression.findall(text)
        }
        keys = [condition.key for condition in self._conditions if condition.is_journey_data]
        return sorted(names | {key.removeprefix(prefix) for key in keys if key.startswith(prefix)})[
            :MOST
        ]

    @cached_property
    def contact_fields(self) -> list[str]:
        attributes = {
            ".".join(pair) for text in self._texts for pair in CONTACT_ATTRIBUTE.findall(text)
        }
        return sorted(
            attributes | {condition.key for condition in self._conditions if set_of(condition)}
        )[:MOST]

    @cached_property
    def relations(self) -> dict[str, Condition]:
        """Attribute set -> a condition on it, which holds the relationship of the contact model to
        the set."""
        set_conditions = [condition for condition in self._conditions if set_of(condition)]
        return {
            set_of(condition): condition
            for condition in sorted(set_conditions, key=lambda one: bool(one.relation))
        }

    @cached_property
    def _texts(self) -> list[str]:
        return [
            text
            for text in _texts(self.document)
            if "Event." in text or "Contact." in text or "<Filter" in text
        ]

    @cached_property
    def _conditions(self) -> list[Condition]:
        return [
            condition
            for text in self._texts
            if text.startswith("<Filter")
            for condition in conditions(parse(text))
        ]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
