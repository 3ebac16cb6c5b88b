"""A document in the pieces that count as changed or not: its blocks, and its members other than the
lists of blocks."""

import bisect
from collections.abc import Container

from journeys.spec.document import LISTS, dumps

MISSING = object()
BEGIN, END = object(), object()

# What is counted, and the member beside it that says in what.
UNIT_OF = {
    "waitDuration": "waitUnit",
    "engagementPeriod": "engagementPeriodUnits",
    "conversionValue": "conversionUnit",
}


def parts(document: dict) -> dict[tuple[str, str], object]:
    """By (kind, key) and ("journey", member). A list without blocks counts as a member: it may be
    null."""
    parts: dict[tuple[str, str], object] = {
        ("journey", n): value for n, value in document.items() if n not in LISTS
    }
    for name, kind in LISTS.items():
        if name in document:
            parts |= by_key(kind, document[name] or [])
            if not document[name]:
                parts["journey", name] = document[name]
    return parts


def by_key(kind: str, listed: list[dict]) -> dict[tuple[str, str], dict]:
    """Blocks by key; those whose key is missing, no text or taken are told apart by a number."""
    blocks: dict[tuple[str, str], dict] = {}
    numbers: dict[str, int] = {}  # the last one that was given to a key
    for block in listed:
        key = block.get("key")
        name = key = key if isinstance(key, str) else ""
        while (kind, name) in blocks:
            numbers[key] = numbers.get(key, 1) + 1
            name = f"{key} ({numbers[key]})"
        blocks[kind, name] = block
    return blocks


def differ(one: object, other: object) -> bool:
    """By their JSON: 1, 1.0, "1" and true are four values, and a missing member is not null."""
    if one is other:
        return False
    return one is MISSING or other is MISSING or dumps(one) != dumps(other)


def same_order(old: dict, new: dict) -> bool:
    return [name for name in old if name in new] == [name for name in new if name in old]


def merged_names(before: list, after: list, onto: list, keep: Container = ()) -> list:
    """The names of `onto` without what was removed, and what was added after the name that it
    stands behind.

    Those in `keep` are never removed.
    """
    old, new = set(before), set(after)
    names = [name for name in onto if name in new or name not in old or name in keep]
    behind: dict = dict(
        zip([BEGIN, *names], [*names, END], strict=True)
    )  # each name -> the one that follows it
    ahead = BEGIN
    for name in after:
        if name not in behind and (name not in old or name in keep):
            behind[name], behind[ahead] = behind[ahead], name
        if name in behind:
            ahead = name
    return _followed(behind)


def _followed(behind: dict) -> list:
    names, name = [], behind[BEGIN]
    while name is not END:
        names.append(name)
        name = behind[name]
    return names


def longest_rising(numbers: list[int]) -> set[int]:
    """The most of the numbers that stand in rising order."""
    tails: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, number in enumerate(numbers):
        at = bisect.bisect_left(tails, number)
        if at == len(tails):
            tails.append(number)
            last.append(index)
        else:
            tails[at], last[at] = number, index
        before.append(last[at - 1] if at else -1)
    rising, index = set(), last[-1] if last else -1
    while index >= 0:
        rising.add(numbers[index])
        index = before[index]
    return rising
