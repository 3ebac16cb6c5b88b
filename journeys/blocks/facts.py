"""What a block's own rules may know of the journey around it."""

from typing import NamedTuple

from journeys.blocks.places import get, text
from journeys.blocks.registry import type_of
from journeys.spec.document import block_list

EVENT = "event"  # contacts enter one by one, whenever something happens
AUDIENCE = "audience"  # many at once
SCHEDULE = "schedule"  # each on a day of theirs
REQUEST = "request"  # whoever a request to the transactional API names


class Facts(NamedTuple):
    """Equal facts and an equal block have equal problems, so these are kept for both
    (journeys/checks/by_block.py): a rule that has to know more gets it from here."""

    event_key: str = ""  # of the entry source
    at_any_hour: bool = False  # whether contacts come one by one, not by a schedule
    waited_for: tuple[str, ...] = ()  # keys of the events that steps wait for

    @property
    def event_keys(self) -> tuple[str, ...]:
        """Of all whose data contacts may have; none where the entry source does not tell its
        own."""
        return (self.event_key, *self.waited_for) if self.event_key else ()


def facts_of(document: dict) -> Facts:
    triggers = block_list(document, "trigger")
    return Facts(
        event_key=next(filter(None, map(event_key_of, triggers)), ""),
        at_any_hour=any(type_of(trigger, "trigger").entry == EVENT for trigger in triggers),
        waited_for=waited_for(document),
    )


def waited_for(document: dict) -> tuple[str, ...]:
    """The keys of the events that steps wait for, each once."""
    places = [(step, type_of(step).event_place) for step in block_list(document, "activity")]
    return tuple(sorted({text(step, place) for step, place in places if place} - {""}))


def event_key_of(trigger: dict) -> str:
    """A deployment tool's file has it as a reference (Accenture/sfmc-devtools)."""
    for place in ("metaData.eventDefinitionKey", "metaData.r__event_key"):
        key = get(trigger, place)
        if isinstance(key, str) and key:
            return key
    return ""
