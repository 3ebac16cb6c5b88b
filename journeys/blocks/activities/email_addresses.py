"""Further addresses of an email: Marketing Cloud takes one text with ";" between them."""

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _now

from journeys.blocks.json_texts import closed, opened
from journeys.blocks.places import get, read, write
from journeys.blocks.repair import BlockRepair, StepOf
from journeys.spec import address
from journeys.spec.address import Address
from journeys.spec.problem import Problem

if TYPE_CHECKING:
    from journeys.blocks.base import Block

ADDRESS = re.compile(r"[^@\s;,%{}]+@[^@\s;,%{}]+")
FEW = 60  # characters of the addresses that a label shows


def address_problems(lens: type["Block"], block: dict, places: dict[str, str]) -> list[Problem]:
    """`places` says by its name on the form where each text of addresses stands."""
    problems = []
    for name, place in places.items():
        value = get(block, place)
        if isinstance(value, list) and value:  # an empty one stands in real files
            sentence = _now(
                "The %(name)s addresses are a list. Marketing Cloud takes one text, with “;”"
                " between the addresses."
            )
            problems.append(_told(lens, "list", block, place, sentence % {"name": name}))
        elif isinstance(value, str) and "," in value and joined(value) not in ("", value):
            sentence = _now(
                "The %(name)s addresses have commas between them. Marketing Cloud takes “;”."
            )
            problems.append(_told(lens, "comma", block, place, sentence % {"name": name}))
    return problems


def _told(lens: type["Block"], what: str, block: dict, place: str, words: str) -> Problem:
    """Advice: files of Accenture/sfmc-devtools hold lists, which that tool joins."""
    return lens.advice(f"email-addresses-{what}", block, place, words, "join-addresses")


def joined(value: object) -> str | None:
    """The addresses as one text; None where something else is among them, "" for none."""
    parts = value if isinstance(value, list) else None
    if isinstance(value, str):
        parts = [part for part in re.split(r"[;,]", value) if part.strip()]
        parts = parts if all(ADDRESS.fullmatch(part.strip()) for part in parts) else None
    if parts is None or not all(isinstance(part, str) for part in parts):
        return None
    return ";".join(part.strip() for part in parts if part.strip())


def _join(texts: tuple[str, ...], block: dict, where: Address) -> dict:
    path, plain = address.steps(where.inside), opened(block, texts)
    text = joined(read(plain, path)) if path else None
    return block if text is None else closed(write(plain, path, text), block, texts)


def join_addresses(texts: tuple[str, ...]) -> dict[str, BlockRepair]:
    """The repair for a type with such `json_texts`."""

    def change(block: dict, where: Address, step_of: StepOf) -> dict:
        return _join(texts, block, where)

    def label(block: dict, where: Address) -> str:
        path = address.steps(where.inside)
        text = joined(read(opened(block, texts), path)) if path else None
        if not text or len(text) > FEW:
            return _now("Write the addresses as one text")
        return _now("Write the addresses as “%(addresses)s”") % {"addresses": text}

    return {"join-addresses": BlockRepair(label, change)}
