"""Markup that must stay text, what is full of it, and whether any of it became an element or an
attribute."""

from copy import deepcopy
from html.parser import HTMLParser

from journeys import blocks
from journeys.blocks.base import Block
from journeys.blocks.fields import PlacedField
from journeys.blocks.places import MISSING, bind, get, holds, write
from tests.blocks import test_contract as contract

# Each ends a text in quotes, in apostrophes, in no quotes, in a box of text, in a title and in a
# script.
QUOTED = (
    """x evil=1 "'><x-evil hx-post=/x data-evil="1">"""
    "</textarea></title></script></option></select><x-evil>"
)
UNQUOTED = (
    """x evil=1 ' evil='1' data-hx-get='/x' hx-on:click='x' """
    """evil=" evil="1" hx-get="/x" {{ evil }}"""
)
VARIANTS = [QUOTED, UNQUOTED]
ALL_AT_ONCE = (
    """x evil=1 ' evil='1' " evil="1" '"><x-evil hx-post=/x>"""
    "</textarea></title></script></option><x-evil>"
)


class Elements(HTMLParser):
    """Collects what came from data: elements called `x-evil`, attributes that speak of evil by
    their name."""

    def __init__(self) -> None:
        super().__init__()
        self.from_data: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if "evil" in tag or any("evil" in name or "hx-on" in name for name, _value in attributes):
            self.from_data.append(f"<{tag} {attributes}>"[:300])


def from_data(page: str) -> list[str]:
    parser = Elements()
    parser.feed(page)
    parser.close()
    return parser.from_data


def poisoned(value: object, markup: str) -> object:
    """The markup in place of every text, and as a further name in every object."""
    if isinstance(value, dict):
        return {name: poisoned(one, markup) for name, one in value.items()} | {markup: markup}
    if isinstance(value, list):
        return [poisoned(one, markup) for one in value]
    return markup if isinstance(value, str) else value


def places(value: object, at: tuple = ()) -> list[tuple]:
    """Where texts and objects stand, the outer ones first."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    here = [at] if isinstance(value, str | dict) and at else []
    return here + [place for name, one in inner for place in places(one, (*at, name))]


def as_evil_as_it_opens(lens: type[Block], markup: str) -> dict:
    """The type's complete block with the markup wherever its form still opens: as texts, and as
    names in objects."""
    block = complete(lens, markup)
    for place in sorted(places(block), key=len, reverse=True):
        tried = deepcopy(block)
        holder = tried
        for name in place[:-1]:
            holder = holder[name]
        holder[place[-1]] = evil_one(holder[place[-1]], markup)
        if blocks.lens(tried, lens.kind) is lens:
            block = tried
    return block


def complete(lens: type[Block], markup: str) -> dict:
    """Every field and every list of rows has something."""
    block = deepcopy(contract.case(lens)["block"])
    found = [
        (field.place, markup)
        for field in lens.base_fields.values()
        if isinstance(field, PlacedField)
    ]
    found += [(listed.row_place, [{markup: markup}]) for listed in lens.row_lists()]
    for place, value in found:
        if get(block, place, MISSING) in (MISSING, [], "") and holds(block, bind(place)):
            tried = write(block, bind(place), value)
            block = tried if blocks.lens(tried, lens.kind) is lens else block
    return block


def evil_one(old: str | dict, markup: str) -> str | dict:
    """A name that is the only one of an object says something itself, such as that of an
    argument."""
    if isinstance(old, str):
        return markup
    alone = len(old) == 1 and not isinstance(next(iter(old.values())), dict | list)
    return {markup: markup} if alone else old | {markup: 1}


def evil_journey(markup: str, key: str) -> dict:
    """Every type once, each as evil as its form opens; and one of a type that nobody knows."""
    lists = {"trigger": "triggers", "goal": "goals", "exit": "exits", "activity": "activities"}
    document = {
        "key": key,
        "name": markup,
        "description": markup,
        "workflowApiVersion": 1.0,
        markup: {markup: markup},
    }
    document |= {name: [] for name in lists.values()}
    for lens in blocks.LENSES:
        document[lists[lens.kind]].append(as_evil_as_it_opens(lens, markup))
    for kind, name in lists.items():
        document[name].append(
            poisoned(
                {"key": "", "name": "", "type": "", "outcomes": [{"key": "", "next": ""}]}, markup
            )
        )
        for number, block in enumerate(document[name]):
            block["key"] = f"{kind}{number} {markup}"
    steps = document["activities"]
    for step, following in zip(steps, [*steps[1:], steps[0]], strict=True):
        for outcome in step.get("outcomes") or []:
            if following is not steps[0] and isinstance(outcome, dict):
                outcome["next"] = following["key"]
    return document
