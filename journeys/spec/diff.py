"""What changed between two documents: as data, and (merge.py) as something that can be done to a
third one.

In words: change_words.py. Blocks are matched by kind and key, items of lists by their `key` where
all have one that is their own.
"""

import bisect
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from journeys.spec import graph
from journeys.spec.document import LISTS, MEMBER_OF, block_list
from journeys.spec.merge import Conflict as Conflict
from journeys.spec.merge import changed_blocks as changed_blocks
from journeys.spec.merge import overlap as overlap
from journeys.spec.merge import patch as patch
from journeys.spec.parts import by_key, differ, same_order
from journeys.spec.problem import Place, longer

CRITERIA = "configurationArguments.criteria."
# What is counted, and the member beside it that says in what; both ways round.
COUNTED = {
    "waitDuration": "waitUnit",
    "engagementPeriod": "engagementPeriodUnits",
    "conversionValue": "conversionUnit",
}
COUNTED |= {unit: number for number, unit in COUNTED.items()}


@dataclass(frozen=True)
class Change:
    """`kind`: "added", "removed", "changed" or "moved". `field` is a path like that of a Place, ""
    for a whole block.

    `old` and `new` are the values (blocks for added and removed ones), None where there is none.
    For words: `item` is what people call the item of a list that the field is in, `member` the
    field's own name, and `beside` the old and the new value of the number's unit, or of the unit's
    number.
    """

    kind: str
    place: Place
    field: str
    old: object = None
    new: object = None
    item: str = field(default="", compare=False)
    member: str = field(default="", compare=False)
    beside: tuple[object, object] = field(default=(None, None), compare=False)


def compare(old: dict, new: dict) -> list[Change]:
    """In the order of the new document; what is gone comes last."""
    changes = list(_members_of_journey(old, new))
    for kind in MEMBER_OF:
        changes += _blocks(kind, block_list(old, kind), block_list(new, kind))
    return changes


def compare_blocks(old: dict, new: dict, place: Place | None = None) -> list[Change]:
    """The changed places inside one block."""
    return list(_values(old, new, Change("", place or Place(), "")))


def _members_of_journey(old: dict, new: dict) -> Iterator[Change]:
    mine = {name: value for name, value in old.items() if name not in LISTS}
    theirs = {name: value for name, value in new.items() if name not in LISTS}
    yield from _values(mine, theirs, Change("", Place(), ""))


def _blocks(kind: str, old: list[dict], new: list[dict]) -> Iterator[Change]:
    mine, theirs = by_key(kind, old), by_key(kind, new)
    for place, block in theirs.items():
        where = Place(kind, place[1])
        if place not in mine:
            yield Change("added", where, "", None, block)
        elif differ(mine[place], block):
            ways = _named_ways(block, mine[place])
            changes = _values(mine[place], block, Change("", where, ""))
            yield from (_with_path(change, ways) for change in changes)
    for place, block in mine.items():
        if place not in theirs:
            yield Change("removed", Place(kind, place[1]), "", block, None)
    yield from _moved(
        kind,
        [place for place in mine if place in theirs],
        [place for place in theirs if place in mine],
    )


def _with_path(change: Change, ways: dict[str, dict]) -> Change:
    """The criteria of a split stand apart from its paths, under their keys."""
    way = (
        ways.get(change.field.removeprefix(CRITERIA)) if change.field.startswith(CRITERIA) else None
    )
    return replace(change, item=_called(way), member="criteria") if way else change


def _named_ways(new: dict, old: dict) -> dict[str, dict]:
    """The outcomes of a block by the keys that no other has; the old version's where the new one
    has none."""
    found: dict[str, dict] = {}
    for block in (old, new):
        ways = graph.outcomes(block)
        count = Counter(map(graph.outcome_key, ways))
        found |= {graph.outcome_key(way): way for way in ways if count[graph.outcome_key(way)] == 1}
    return found


def _moved(kind: str, old: list[tuple[str, str]], new: list[tuple[str, str]]) -> Iterator[Change]:
    """Blocks that stand elsewhere in the list although the others kept their order: the fewest that
    explain it."""
    if old == new:
        return
    place, target = (
        {name: index for index, name in enumerate(old)},
        {name: index for index, name in enumerate(new)},
    )
    kept = _longest_rising([place[name] for name in new])
    for name in new:
        if place[name] not in kept:
            yield Change("moved", Place(kind, name[1]), "", place[name], target[name])


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


def _values(old: object, new: object, at: Change) -> Iterator[Change]:
    """The differences below one place, which `at` tells."""
    if old is new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _named(
            old, new, lambda name: _below(at, f".{name}", name, _beside(name, old, new))
        )
        if not same_order(old, new):
            yield replace(
                at, kind="moved", field=at.field or "members", member=at.member or "members"
            )
    elif isinstance(old, list) and isinstance(new, list):
        yield from _items(old, new, at)
    elif differ(old, new):
        yield replace(at, kind="changed", old=old, new=new)


def _items(old: list, new: list, at: Change) -> Iterator[Change]:
    mine, theirs = _keyed(old), _keyed(new)
    if mine is None or theirs is None:
        if differ(old, new):
            yield replace(at, kind="changed", old=old, new=new)
        return
    several = at.field == "outcomes" and max(len(old), len(new)) > 1
    item = {name: _called(one) if several else "" for name, one in (theirs | mine).items()}
    yield from _named(
        mine, theirs, lambda name: replace(_below(at, f"[{name}]", ""), item=item[name])
    )
    if not same_order(mine, theirs):
        yield replace(at, kind="moved")


def _below(
    at: Change, step: str, member: str, beside: tuple[object, object] = (None, None)
) -> Change:
    """One level down."""
    return replace(at, field=longer(at.field, step), member=member, beside=beside)


def _beside(name: str, old: dict, new: dict) -> tuple[object, object]:
    other = COUNTED.get(name, "")
    return (old.get(other), new.get(other)) if other else (None, None)


def _named(old: dict, new: dict, place: Callable[[str], Change]) -> Iterator[Change]:
    for name, value in new.items():
        if name not in old:
            yield replace(place(name), kind="added", new=value)
        elif value is not old[name]:
            yield from _values(old[name], value, place(name))
    for name, value in old.items():
        if name not in new:
            yield replace(place(name), kind="removed", old=value)


def is_share(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d+ ?%", value) is not None


def _called(outcome: dict) -> str:
    """What people call a path: its label, unless that is only the percentage, as in a random
    split."""
    details = outcome.get("metaData") if isinstance(outcome.get("metaData"), dict) else {}
    label = None if is_share(details.get("label")) else details.get("label")
    names = [label, details.get("name"), details.get("pathName"), outcome.get("key")]
    return next((name for name in names if isinstance(name, str) and name), "")


def _keyed(items: list) -> dict | None:
    """The items by their keys, or by their numbers if none has one; None where that cannot tell
    them apart."""
    if not all(isinstance(item, dict) for item in items):
        return None
    if not any("key" in item for item in items):
        return {str(index): item for index, item in enumerate(items)}
    keys = [item.get("key") for item in items]
    if not all(isinstance(key, str) for key in keys) or len(set(keys)) != len(keys):
        return None
    return dict(zip(keys, items, strict=True))
