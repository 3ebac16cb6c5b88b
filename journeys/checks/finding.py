"""How a rule reports."""

from journeys.blocks.places import text
from journeys.spec.problem import ADVICE, BLOCKING, Place, Problem


def blocking(rule: str, sentence: str, place: Place | None = None, repair: str = "") -> Problem:
    return Problem(rule, BLOCKING, str(sentence), place or Place(), repair)


def advice(rule: str, sentence: str, place: Place | None = None, repair: str = "") -> Problem:
    return Problem(rule, ADVICE, str(sentence), place or Place(), repair)


def member(name: str) -> Place:
    """A member of the journey itself."""
    return Place(field=name)


def at(kind: str, block: dict, field: str = "") -> Place:
    return Place(kind, text(block, "key"), field)
