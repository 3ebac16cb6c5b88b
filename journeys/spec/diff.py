"""What changed between two documents: as data, and (merge.py) as something that can be done to a
third one.

In words: change_text.py. Blocks are matched by kind and key, items of lists by their `key` where
all have one that is their own.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from journeys.spec import address, graph
from journeys.spec.address import Address
from journeys.spec.document import LISTS, MEMBER_OF, block_list
from journeys.spec.merge import Conflict as Conflict
from journeys.spec.merge import changed_blocks as changed_blocks
from journeys.spec.merge import overlap as overlap
from journeys.spec.merge import patch as patch
from journeys.spec.parts import UNIT_OF, by_key, differ, longest_rising, same_order
from journeys.spec.split_paths import is_share as is_share

CRITERIA = "configurationArguments.criteria."
# What is counted, and the member beside it that says in what; both ways round.
COUNTED = UNIT_OF | {unit: number for number, unit in UNIT_OF.items()}


@dataclass(frozen=True)
class Change:
    """`kind`: "added", "removed", "changed" or "moved", at an `address`.

    `old` and `new` are the values (blocks for added and removed ones), None where there is none.
    For words: `item` is what people call the item of a list that the place is in, `member` the
    place's own name, and `beside` the old and the new value of the number's unit, or of the unit's
    number. Of the blocks' own making (blocks/comparing.py): `is_off`, another setting switches it
    off; `in_words`, the old and the new value of what it stands in, where its type has words.
    """

    kind: str
    address: Address
    old: object = None
    new: object = None
    item: str = field(default="", compare=False)
    member: str = field(default="", compare=False)
    beside: tuple[object, object] = field(default=(None, None), compare=False)
    is_off: bool = field(default=False, compare=False)
    in_words: tuple[str, str] | None = field(default=None, compare=False)

    @property
    def inside(self) -> str:
        return self.address.inside


def compare(old: dict, new: dict) -> list[Change]:
    """In the order of the new document; what is gone comes last."""
    changes = list(_members_of_journey(old, new))
    for kind in MEMBER_OF:
        changes += _blocks(kind, block_list(old, kind), block_list(new, kind))
    return changes


def compare_blocks(old: dict, new: dict, block: Address | None = None) -> list[Change]:
    """The changed places inside one block."""
    return list(_values(old, new, Change("", block or Address())))


def _members_of_journey(old: dict, new: dict) -> Iterator[Change]:
    mine = {name: value for name, value in old.items() if name not in LISTS}
    theirs = {name: value for name, value in new.items() if name not in LISTS}
    yield from _values(mine, theirs, Change("", Address()))


def _blocks(kind: str, old: list[dict], new: list[dict]) -> Iterator[Change]:
    mine, theirs = by_key(kind, old), by_key(kind, new)
    for place, block in theirs.items():
        where = Address(kind, place[1])
        if place not in mine:
            yield Change("added", where, None, block)
        elif differ(mine[place], block):
            ways = _named_ways(block, mine[place])
            changes = _values(mine[place], block, Change("", where))
            yield from (_with_path(change, ways) for change in changes)
    for place, block in mine.items():
        if place not in theirs:
            yield Change("removed", Address(kind, place[1]), block, None)
    yield from _moved(
        kind,
        [place for place in mine if place in theirs],
        [place for place in theirs if place in mine],
    )


def _with_path(change: Change, ways: dict[str, dict]) -> Change:
    """The criteria of a split stand apart from its paths, under their keys."""
    steps = (change.inside.startswith(CRITERIA) and address.steps(change.inside)) or ()
    way = ways.get(steps[2]) if len(steps) == 3 else None
    return replace(change, item=_called(way), member="criteria") if way else change


def _named_ways(new: dict, old: dict) -> dict[str, dict]:
    """The outcomes of a block by the keys that no other has; the old version's where the new one
    has none."""
    ways_by_key: dict[str, dict] = {}
    for block in (old, new):
        ways = graph.outcomes(block)
        count = Counter(map(graph.outcome_key, ways))
        ways_by_key |= {
            graph.outcome_key(way): way for way in ways if count[graph.outcome_key(way)] == 1
        }
    return ways_by_key


def _moved(kind: str, old: list[tuple[str, str]], new: list[tuple[str, str]]) -> Iterator[Change]:
    """Blocks that stand elsewhere in the list although the others kept their order: the fewest that
    explain it."""
    if old == new:
        return
    place, target = (
        {name: index for index, name in enumerate(old)},
        {name: index for index, name in enumerate(new)},
    )
    kept = longest_rising([place[name] for name in new])
    for name in new:
        if place[name] not in kept:
            yield Change("moved", Address(kind, name[1]), place[name], target[name])


def _values(old: object, new: object, at: Change) -> Iterator[Change]:
    """The differences below one place, which `at` tells."""
    if old is new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _named(old, new, lambda name: _member(at, name, _beside(name, old, new)))
        if not same_order(old, new):
            yield _members_moved(at)
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
    several = at.inside == "outcomes" and max(len(old), len(new)) > 1
    called = {name: _called(one) if several else "" for name, one in (theirs | mine).items()}
    yield from _named(mine, theirs, lambda name: replace(_item(at, name), item=called[name]))
    if not same_order(mine, theirs):
        yield replace(at, kind="moved")


def _member(at: Change, name: str, beside: tuple[object, object]) -> Change:
    inside = address.member(at.inside, name)
    return replace(at, address=_inside(at, inside), member=name, beside=beside)


def _item(at: Change, name: str) -> Change:
    inside = address.item(at.inside, name)
    return replace(at, address=_inside(at, inside), member="", beside=(None, None))


def _members_moved(at: Change) -> Change:
    """The order of a whole block's members is told as a change of "members": "" would say that the
    block was moved."""
    where = _inside(at, at.inside or "members")
    return replace(at, kind="moved", address=where, member=at.member or "members")


def _inside(at: Change, inside: str) -> Address:
    where = at.address
    return Address(where.kind, where.key, inside)


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
