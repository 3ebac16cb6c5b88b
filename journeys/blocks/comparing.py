"""What changed between two documents, with what only the blocks know about it."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from journeys.blocks import lens
from journeys.spec import diff
from journeys.spec.address import is_within
from journeys.spec.diff import Change
from journeys.spec.document import LISTS, alone


def compare(before: dict, after: dict) -> list[Change]:
    """As `diff.compare`. A change is `is_off` where it means nothing, before and after it; one in
    criteria that are objects has those `in_words`."""
    documents = before, after
    blocks = _blocks(before), _blocks(after)

    @cache
    def off(kind: str, key: str) -> list[tuple[str, ...]]:
        return [
            lens(named[kind, key], kind, document).switched_off(named[kind, key])
            for named, document in zip(blocks, documents, strict=True)
        ]

    @cache
    def words(kind: str, key: str) -> list[dict[str, str]]:
        return [
            lens(named[kind, key], kind, document).criteria_in_words(named[kind, key])
            for named, document in zip(blocks, documents, strict=True)
        ]

    def marked(change: Change) -> Change:
        block = change.address.block
        if not change.inside or any(block not in named for named in blocks):
            return change
        if all(_around(change, places) for places in off(*block)):
            return replace(change, is_off=True)
        old, new = words(*block)
        place = _around(change, old.keys() & new.keys())
        if not place:
            return change
        return replace(change, member="criteria", item="", in_words=(old[place], new[place]))

    return [marked(change) for change in diff.compare(before, after)]


def _around(change: Change, places: Iterable[str]) -> str:
    """The place among these that the change is in; "" for none."""
    return next((place for place in places if is_within(change.inside, place)), "")


def _blocks(document: dict) -> dict[tuple[str, str], dict]:
    """The blocks by kind and key, and the journey's own settings."""
    own = {name: value for name, value in document.items() if name not in LISTS}
    return {("journey", ""): own, **alone(document)}
