"""What changed between two documents, and what of it another setting switches off."""

from dataclasses import replace
from functools import cache

from journeys.blocks import lens
from journeys.spec import diff
from journeys.spec.address import is_within
from journeys.spec.diff import Change
from journeys.spec.document import LISTS, alone


def compare(before: dict, after: dict) -> list[Change]:
    """As `diff.compare`; a change is `is_off` where it means nothing, before and after it."""
    blocks = _blocks(before), _blocks(after)

    @cache
    def off(kind: str, key: str) -> tuple[set[str], set[str]]:
        if any((kind, key) not in named for named in blocks):
            return set(), set()
        old, new = (named[kind, key] for named in blocks)
        return (
            set(lens(old, kind, before).switched_off(old)),
            set(lens(new, kind, after).switched_off(new)),
        )

    def marked(change: Change) -> Change:
        if not change.inside:
            return change
        places = off(change.address.kind, change.address.key)
        is_off = all(any(is_within(change.inside, place) for place in each) for each in places)
        return replace(change, is_off=True) if is_off else change

    return [marked(change) for change in diff.compare(before, after)]


def _blocks(document: dict) -> dict[tuple[str, str], dict]:
    """The blocks by kind and key, and the journey's own settings."""
    own = {name: value for name, value in document.items() if name not in LISTS}
    return {("journey", ""): own, **alone(document)}
