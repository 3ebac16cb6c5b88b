"""One value out of two versions of it: what either of two people changed goes in, and where both
changed the same, somebody has to choose.

Members of objects are merged by their names, items of lists by their keys, else by what surrounds
them. A number and its unit are one thing: nobody wrote "5 weeks" where one made 5 days of 3 and the
other weeks of days.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from journeys.spec import address
from journeys.spec.address import Address
from journeys.spec.document import dumps
from journeys.spec.parts import MISSING, UNIT_OF, differ, longest_rising, merged_names, same_order

MINE, THEIRS = "mine", "theirs"
UNITS = tuple(UNIT_OF.items())


@dataclass(frozen=True)
class Clash:
    """Both changed what stands at `address`, otherwise than the other; MISSING where there is
    nothing. Of a number with a unit the values are objects of both."""

    address: Address
    old: object
    mine: object
    theirs: object

    def is_like(self, other: "Clash") -> bool:
        """Whether the same was made of the same: some values stand twice in a block."""
        pairs = zip(self.values, other.values, strict=True)
        return self.address.block == other.address.block and not any(
            differ(*pair) for pair in pairs
        )

    @property
    def values(self) -> tuple[object, object, object]:
        return self.old, self.mine, self.theirs


# The place, and what stood there before, in mine and in theirs -> what shall stand there.
Choose = Callable[[str, object, object, object], object]


def merged(old: object, mine: object, theirs: object, place: str, choose: Choose) -> object:
    if not differ(old, theirs) or not differ(mine, theirs):
        return mine
    if not differ(old, mine):
        return theirs
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return _members(old if isinstance(old, dict) else {}, mine, theirs, place, choose)
    if isinstance(mine, list) and isinstance(theirs, list):
        return _items(old if isinstance(old, list) else [], mine, theirs, place, choose)
    return choose(place, old, mine, theirs)


def _members(old: dict, mine: dict, theirs: dict, place: str, choose: Choose) -> dict:
    tied = dict(_of_numbers(old, mine, theirs, place, choose))

    def value(name: str) -> object:
        if name in tied:
            return tied[name]
        three = (one.get(name, MISSING) for one in (old, mine, theirs))
        return merged(*three, address.member(place, name), choose)

    return _in_order(old, mine, theirs, value)


def _of_numbers(
    old: dict, mine: dict, theirs: dict, place: str, choose: Choose
) -> Iterator[tuple[str, object]]:
    """Numbers and their units, of which both people changed one."""
    for number, unit in UNITS:
        before, own, other = (
            {name: one[name] for name in (number, unit) if name in one}
            for one in (old, mine, theirs)
        )
        if differ(before, own) and differ(before, other) and differ(own, other):
            chosen = choose(address.member(place, number), before, own, other)
            yield from ((name, chosen.get(name, MISSING)) for name in (number, unit))


def _in_order(old: dict, mine: dict, theirs: dict, value: Callable[[str], object]) -> dict:
    made = {name: value(name) for name in {**theirs, **mine, **old}}
    kept = {name: one for name, one in made.items() if one is not MISSING}
    names = (
        merged_names([*old], [*theirs], [*mine], keep=kept)
        if not same_order(old, mine) and same_order(old, theirs)
        else merged_names([*old], [*mine], [*theirs], keep=kept)
    )
    return {name: kept[name] for name in names if name in kept}


def _items(old: list, mine: list, theirs: list, place: str, choose: Choose) -> list:
    keyed = [_by_key(one) for one in (old, mine, theirs)]
    if None in keyed:
        return _stretches(old, mine, theirs, place, choose)
    before, own, other = keyed
    if not same_order(own, other) and not (same_order(before, own) or same_order(before, other)):
        return choose(place, old, mine, theirs)  # each put them into another order

    def value(key: str) -> object:
        three = (one.get(key, MISSING) for one in keyed)
        return merged(*three, address.item(place, key), choose)

    return list(_in_order(before, own, other, value).values())


def _by_key(items: list) -> dict[str, dict] | None:
    """None where keys do not tell the items apart."""
    if not all(isinstance(item, dict) and isinstance(item.get("key"), str) for item in items):
        return None
    by_key = {item["key"]: item for item in items}
    return by_key if len(by_key) == len(items) and "" not in by_key else None


def _stretches(old: list, mine: list, theirs: list, place: str, choose: Choose) -> list:
    """Items without keys: what both left alone parts the list into stretches, and each of them is
    merged for itself."""
    texts = [[dumps(item) for item in one] for one in (old, mine, theirs)]
    own, other = _same_in(texts[0], texts[1]), _same_in(texts[0], texts[2])
    result, at = [], (0, 0, 0)
    meeting = [(index, own[index], other[index]) for index in own if index in other]
    for here in [*meeting, (len(old), len(mine), len(theirs))]:
        part = [one[a:b] for one, a, b in zip((old, mine, theirs), at, here, strict=True)]
        stretch = _stretch(*part, at[0], place, choose)
        if stretch is None:
            return choose(place, old, mine, theirs)
        result += [*stretch, *old[here[0] : here[0] + 1]]
        at = tuple(index + 1 for index in here)
    return result


def _stretch(
    old: list, mine: list, theirs: list, begin: int, place: str, choose: Choose
) -> list | None:
    """None where nobody can tell which item became which."""
    if not differ(old, theirs) or not differ(mine, theirs):
        return mine
    if not differ(old, mine):
        return theirs
    if not old:
        known = {dumps(item) for item in theirs}
        return [*theirs, *(item for item in mine if dumps(item) not in known)]
    if not len(old) == len(mine) == len(theirs):
        return None
    items = enumerate(zip(old, mine, theirs, strict=True), begin)
    return [merged(*three, address.item(place, index), choose) for index, three in items]


def _same_in(old: list[bytes], new: list[bytes]) -> dict[int, int]:
    """Which items of the old list stand in the new one, by their positions: those at both ends, and
    between them those that stand once in each, as far as they kept their order."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    rest = shorter - head
    tail = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    same = {at: at for at in range(head)}
    same |= _once_in(old, new, range(head, len(old) - tail), range(head, len(new) - tail))
    return same | {at: at + len(new) - len(old) for at in range(len(old) - tail, len(old))}


def _once_in(old: list[bytes], new: list[bytes], within: range, new_within: range) -> dict:
    counts = Counter(old[at] for at in within), Counter(new[at] for at in new_within)
    places = {new[at]: at for at in new_within}
    pairs = [
        (at, places[old[at]])
        for at in within
        if counts[0][old[at]] == 1 and counts[1][old[at]] == 1
    ]
    rising = longest_rising([target for _at, target in pairs])
    return {at: target for at, target in pairs if target in rising}
