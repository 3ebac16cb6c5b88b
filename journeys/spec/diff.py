"""What changed between two documents: as data, in words, and as something that can be done to a third one.

Blocks are matched by kind and key, items of lists by their `key` where all have one that is their own.
"""

import bisect
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from journeys.spec.document import LISTS, MEMBER_OF, block_list, dumps
from journeys.spec.problem import Place

LONGEST_VALUE = 48
LONGEST_HEADLINE = 96
MISSING = object()

# Names that people use for members, where the member's own name says something else.
WORDS = {
    "waitDuration": "duration",
    "waitUnit": "unit",
    "specifiedTime": "time of day",
    "emailSubject": "subject",
    "preHeader": "preheader",
    "emailId": "email",
    "next": "leads to",
    "workflowApiVersion": "spec version",
    "entryMode": "re-entry",
    "eventDefinitionKey": "event",
    "metaData": "details",
    "isExitCriteria": "leave on reaching the goal",
}

# (kind, key) of a block -> its sentence before and after; "" where it is missing.
Sentences = Callable[[str, str], tuple[str, str]]


@dataclass(frozen=True)
class Change:
    """`kind`: "added", "removed", "changed" or "moved". `field` is a path like that of a Place, "" for a whole block.

    `old` and `new` are the values (blocks for added and removed ones), None where there is none.
    """

    kind: str
    place: Place
    field: str
    old: object
    new: object


class Conflict(Exception):
    """The third document has other versions of these (kind, key) blocks."""

    def __init__(self, blocks: set[tuple[str, str]]) -> None:
        super().__init__(f"changed otherwise: {sorted(blocks)}")
        self.blocks = blocks


def compare(old: dict, new: dict) -> list[Change]:
    """In the order of the new document; what is gone comes last."""
    changes = list(_members_of_journey(old, new))
    for kind in MEMBER_OF:
        changes += _blocks(kind, block_list(old, kind), block_list(new, kind))
    return changes


def compare_blocks(old: dict, new: dict, place: Place | None = None) -> list[Change]:
    """The changed places inside one block."""
    return list(_values(old, new, "", place or Place()))


def changed_blocks(old: dict, new: dict) -> set[tuple[str, str]]:
    """(kind, key) of every block whose bytes differ, and ("journey", name) of every differing member of the journey."""
    mine, theirs = _parts(old), _parts(new)
    return {place for place in mine.keys() | theirs.keys() if _bytes(mine.get(place)) != _bytes(theirs.get(place))}


def patch(before: dict, after: dict, onto: dict) -> dict:
    """Does to `onto` what was done to get from `before` to `after`, block by block; raises Conflict.

    Done to `before` it gives `after`, byte for byte.
    """
    if dumps(before) == dumps(onto):
        return after
    old, new, now = _parts(before), _parts(after), _parts(onto)
    touched = changed_blocks(before, after)
    clash = {p for p in touched if _bytes(now.get(p)) not in (_bytes(old.get(p)), _bytes(new.get(p)))}
    if clash:
        raise Conflict(clash)
    result = {}
    for name in _merged_names(list(before), list(after), list(onto)):
        if name in LISTS:
            result[name] = _patched_list(before.get(name), after.get(name), onto.get(name), LISTS[name], touched)
        else:
            part = new if ("journey", name) in touched else now
            result[name] = part["journey", name]
    return result


def words(changes: list[Change], sentences: Sentences) -> list[str]:
    """One sentence for each change: "Wait 1 day: duration 1 → 3"."""
    return [_sentence(change, sentences) for change in changes]


def headline(changes: list[Change], sentences: Sentences) -> str:
    """A line for the history and for Undo: "Wait 1 day → Wait 3 days"."""
    if not changes:
        return "No change"
    main = _main_changes(changes)
    text, told = _sentence(main[0], sentences), 1
    before, after = sentences(main[0].place.kind, main[0].place.key)
    if main[0].kind == "changed" and main[0].place.kind != "journey" and before != after:
        text = f"{before} → {after}"
        told = sum((change.place.kind, change.place.key) == (main[0].place.kind, main[0].place.key) for change in main)
    more = len(main) - told
    return _cut(text, LONGEST_HEADLINE) + (f" (and {more} more)" if more else "")


def _main_changes(changes: list[Change]) -> list[Change]:
    """Without the links and positions that follow from an added or removed step."""
    own = [change for change in changes if change.kind in ("added", "removed") and not change.field]
    other = [change for change in changes if change not in own]
    links = [change for change in other if change.kind == "moved" or change.field.endswith("].next")]
    rest = [change for change in other if change not in links]
    if own:
        return own + rest
    return rest or links


def _sentence(change: Change, sentences: Sentences) -> str:
    if change.place.kind == "journey":
        return f"{_capital(_label(change.field))}: {_from_to(change)}"
    before, after = sentences(change.place.kind, change.place.key)
    if not change.field:
        return f"{change.kind.capitalize()} {after or before}"
    return f"{before or after}: {_label(change.field)} {_from_to(change)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _from_to(change: Change) -> str:
    if change.kind == "added":
        return f"{_value(change.new)} added"
    if change.kind == "removed":
        return f"{_value(change.old)} removed"
    if change.kind == "moved":
        return "in another order"
    return f"{_value(change.old)} → {_value(change.new)}"


def _label(field: str) -> str:
    """The last part of a path in words: "configurationArguments.waitDuration" is "duration"."""
    path = re.findall(r"\[([^\]]*)\]$", field)
    if path:
        return f"path “{path[0]}”" if field.startswith("outcomes") else f"“{path[0]}”"
    last = field.rpartition(".")[2].partition("[")[0]
    label = WORDS.get(last) or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", last).lower()
    inside = re.match(r"outcomes\[([^\]]*)\]", field)
    return f"path “{inside[1]}” {label}" if inside else label


def _value(value: object) -> str:
    if isinstance(value, str):
        return f"“{_cut(value, LONGEST_VALUE)}”"
    if value is None or value is MISSING:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return f"“{_cut(str(value.get('name') or value.get('key') or '…'), LONGEST_VALUE)}”" if value else "nothing"
    return _cut(json.dumps(value, ensure_ascii=False), LONGEST_VALUE)


def _cut(text: str, longest: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _members_of_journey(old: dict, new: dict) -> Iterator[Change]:
    place = Place()
    mine = {name: value for name, value in old.items() if name not in LISTS}
    theirs = {name: value for name, value in new.items() if name not in LISTS}
    yield from _values(mine, theirs, "", place)


def _blocks(kind: str, old: list[dict], new: list[dict]) -> Iterator[Change]:
    mine, theirs = _by_key(kind, old), _by_key(kind, new)
    for place, block in theirs.items():
        where = Place(kind, place[1])
        if place not in mine:
            yield Change("added", where, "", None, block)
        else:
            yield from _values(mine[place], block, "", where)
    for place, block in mine.items():
        if place not in theirs:
            yield Change("removed", Place(kind, place[1]), "", block, None)
    yield from _moved(kind, [place for place in mine if place in theirs], [place for place in theirs if place in mine])


def _moved(kind: str, old: list[tuple[str, str]], new: list[tuple[str, str]]) -> Iterator[Change]:
    """Blocks that stand elsewhere in the list although the others kept their order: the fewest that explain it."""
    if old == new:
        return
    place = {name: index for index, name in enumerate(old)}
    kept = _longest_rising([place[name] for name in new])
    for name in new:
        if place[name] not in kept:
            yield Change("moved", Place(kind, name[1]), "", place[name], new.index(name))


def _longest_rising(numbers: list[int]) -> set[int]:
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
    found, index = set(), last[-1] if last else -1
    while index >= 0:
        found.add(numbers[index])
        index = before[index]
    return found


def _values(old: object, new: object, path: str, place: Place) -> Iterator[Change]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _named(old, new, lambda name: f"{path}.{name}" if path else name, place)
    elif isinstance(old, list) and isinstance(new, list) and (_keyed(old) is not None and _keyed(new) is not None):
        yield from _named(_keyed(old), _keyed(new), lambda name: f"{path}[{name}]", place)
        if old and new and [*_keyed(old)] != [*_keyed(new)] and {*_keyed(old)} == {*_keyed(new)}:
            yield Change("moved", place, path, None, None)
    elif _bytes(old) != _bytes(new):
        yield Change("changed", place, path, old, new)


def _named(old: dict, new: dict, path: Callable[[str], str], place: Place) -> Iterator[Change]:
    for name, value in new.items():
        if name not in old:
            yield Change("added", place, path(name), None, value)
        else:
            yield from _values(old[name], value, path(name), place)
    for name, value in old.items():
        if name not in new:
            yield Change("removed", place, path(name), value, None)


def _keyed(items: list) -> dict | None:
    """The items by their keys; None unless every item is an object with a key of its own."""
    keys = [item.get("key") if isinstance(item, dict) else None for item in items]
    if not all(isinstance(key, str) for key in keys) or len(set(keys)) != len(keys):
        return None
    return dict(zip(keys, items, strict=True))


def _parts(document: dict) -> dict[tuple[str, str], object]:
    """The document in the pieces that count as changed or not: its blocks, and its members other than the lists."""
    parts: dict[tuple[str, str], object] = {("journey", n): value for n, value in document.items() if n not in LISTS}
    for name, kind in LISTS.items():
        if name in document:
            parts |= _by_key(kind, document[name] or [])
            if not document[name]:
                parts["journey", name] = document[name]
    return parts


def _by_key(kind: str, listed: list[dict]) -> dict[tuple[str, str], dict]:
    """Blocks by key; those whose key is missing, no text or taken are told apart by their number."""
    found: dict[tuple[str, str], dict] = {}
    count: Counter = Counter()
    for block in listed:
        key = block.get("key")
        key = key if isinstance(key, str) else json.dumps(key, sort_keys=True)
        count[key] += 1
        found[kind, key if count[key] == 1 else f"{key} ({count[key]})"] = block
    return found


def _bytes(value: object) -> bytes | None:
    return None if value is None else dumps(value)


def _merged_names(before: list[str], after: list[str], onto: list[str]) -> list[str]:
    """The names of `onto` without what was removed, and what was added after the name that it stands behind."""
    names = [name for name in onto if name in after or name not in before]
    for index, name in enumerate(after):
        if name in names or name in before:
            continue
        ahead = next((one for one in reversed(after[:index]) if one in names), None)
        names.insert(names.index(ahead) + 1 if ahead is not None else 0, name)
    return names


def _patched_list(before: object, after: object, onto: object, kind: str, touched: set[tuple[str, str]]) -> object:
    if not after and not onto:
        return after if ("journey", MEMBER_OF[kind]) in touched else onto
    old, new, now = _by_key(kind, before or []), _by_key(kind, after or []), _by_key(kind, onto or [])
    names = _merged_names([*old], [*new], [*now])
    if _order_changed([*old], [*new]) and not _order_changed([*old], [*now]):
        names = _merged_names([*old], [*now], [*new])
    return [new[name] if name in touched and name in new else now.get(name, new.get(name)) for name in names]


def _order_changed(old: list, new: list) -> bool:
    """Whether those that are in both stand in another order."""
    return [name for name in old if name in set(new)] != [name for name in new if name in set(old)]
