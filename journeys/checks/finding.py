"""How a rule reports."""

from journeys.blocks.places import text
from journeys.spec.address import Address
from journeys.spec.problem import ADVICE, BLOCKING, Problem


def blocking(rule: str, sentence: str, address: Address | None = None, repair: str = "") -> Problem:
    return Problem(rule, BLOCKING, str(sentence), address or Address(), repair)


def advice(rule: str, sentence: str, address: Address | None = None, repair: str = "") -> Problem:
    return Problem(rule, ADVICE, str(sentence), address or Address(), repair)


def member(name: str) -> Address:
    """A member of the journey itself."""
    return Address(inside=name)


def at(kind: str, block: dict, inside: str = "") -> Address:
    return Address(kind, text(block, "key"), inside)
