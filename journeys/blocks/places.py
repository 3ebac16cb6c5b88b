"""Where a value stands in one block's JSON: paths, and reading and writing along them.

A path is written `configurationArguments.waitDuration`; `objects[0]` is the first item of a list.
Inside repeating parts `[*]` stands for the item of the row, found in its list by key (a string) or
by index (an int), and `.*` for the member that bears the row's key. As a tuple, a path has strings
for members, ints for list positions and `Item` for list items found by their key.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from functools import lru_cache

from journeys.spec.address import Item, Step, written
from journeys.spec.cache import kept, texts_weight

FEW = 16  # items that are looked through
SHORT = 200  # letters of a place
INDEX = re.compile(r"\[(\*|[0-9]+)\]")


class Absent(Enum):
    """`MISSING` is no JSON value: the member is not there, or (when writing) shall not be there."""

    MISSING = "missing"


MISSING = Absent.MISSING


Path = tuple[Step, ...]


@kept(2, lambda path, place, row=None: 200 + 2 * texts_weight(place, row))
def bind(place: str, row: str | int | None = None) -> Path | None:
    """The tuple for a written path; None where it names a member by a key that the row does not
    have."""
    path: list[str | int | Item] = []
    for part in place.split("."):
        if part == "*":
            if not isinstance(row, str):
                return None
            path.append(row)
            continue
        path.append(part.partition("[")[0])
        for index in INDEX.findall(part):
            if index == "*":
                path.append(Item(row) if isinstance(row, str) else row or 0)
            else:
                path.append(int(index))
    return tuple(path)


@lru_cache(maxsize=1024)
def _bound(place: str) -> Path | None:
    """The same for the places that our code names: checks come by here a hundred thousand times, so
    without a lock."""
    return bind(place)


def read(value: object, path: Path) -> object:
    """What stands there, or MISSING; shapes that do not fit are MISSING too."""
    for step in path:
        if type(step) is str and isinstance(value, dict):  # nearly always
            value = value.get(step, MISSING)
        else:
            value = _step(value, step)
        if value is MISSING:
            return MISSING
    return value


def get(block: object, place: str, default: object = None) -> object:
    """What stands at a written path without row; the default when it is missing or null."""
    for step in (_bound(place) if len(place) <= SHORT else bind(place)) or ():
        if type(step) is str and isinstance(block, dict):  # nearly always
            block = block.get(step)
        else:
            block = _step(block, step)
        if block is None or block is MISSING:
            return default
    return default if block is None else block


def text(block: object, place: str) -> str:
    """The text at a place; "" when there is none or when it is something else."""
    value = get(block, place)
    return value if isinstance(value, str) else ""


def holds(block: object, path: Path) -> bool:
    """Whether a value could be written there without destroying something of another shape."""
    for step in path[:-1]:
        if type(step) is str and isinstance(block, dict):  # nearly always
            block = block.get(step)
        elif isinstance(block, list if isinstance(step, int | Item) else dict):
            block = _step(block, step)
        else:
            return False
        if block is MISSING or block is None:
            return True
    return isinstance(block, list if isinstance(path[-1], int | Item) else dict)


def obstacle(block: object, path: Path) -> Path | None:
    """Where something of another shape stands in the way of `holds`; None where it holds."""
    for depth, step in enumerate(path):
        if not isinstance(block, list if isinstance(step, int | Item) else dict):
            return path[:depth]
        block = _step(block, step)
        if block is MISSING or block is None:
            return None
    return None


def write(value: object, path: Path, new: object) -> object:
    """A copy in which `new` stands at the path. Only what lies on the way is copied; new members go
    to the end."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(step, str):
        return _write_member(value if isinstance(value, dict) else {}, step, rest, new)
    items = _own.copy(value) if isinstance(value, list) else []
    index = step if isinstance(step, int) else _index(value if items else items, step.key)
    if index is None or index > len(items):
        raise LookupError(written(path))
    if index == len(items):
        items.append({})
    items[index] = write(items[index], rest, new)
    return items


def _write_member(members: dict, name: str, rest: Path, new: object) -> dict:
    if new is MISSING and name not in members:
        return members
    copy = _own.copy(members)
    if not rest and new is MISSING:
        del copy[name]
    else:
        copy[name] = write(members.get(name), rest, new)
    return copy


class _Own(threading.local):
    """The copies that `write` made within `writing_often`: held, so that no other object can be
    taken for one."""

    def __init__(self) -> None:
        self.made: dict[int, list | dict] | None = None

    def copy(self, value: list | dict) -> list | dict:
        if self.made is not None and id(value) in self.made:
            return value
        copy = value.copy()
        if self.made is not None:
            self.made[id(copy)] = copy
        return copy


_own = _Own()


@contextmanager
def writing_often() -> Iterator[None]:
    """Within it each list and object is copied once, however often `write` changes it: a split with
    2,000 paths would else be copied for each of its fields. Nobody may keep a version in
    between."""
    before, _own.made = _own.made, {}
    try:
        yield
    finally:
        _own.made = before


def _step(value: object, step: str | int | Item) -> object:
    if isinstance(step, str):
        return value.get(step, MISSING) if isinstance(value, dict) else MISSING
    if not isinstance(value, list):
        return MISSING
    index = step if isinstance(step, int) else _index(value, step.key)
    return value[index] if index is not None and index < len(value) else MISSING


def write_all(value: object, changes: dict[Path, object]) -> object:
    """A copy in which other values stand at several places that are there, of members and
    positions."""
    if () in changes:
        return changes[()]
    below: dict[str | int, dict[Path, object]] = {}
    for path, new in changes.items():
        below.setdefault(path[0], {})[path[1:]] = new
    if isinstance(value, dict):
        return {
            name: write_all(one, below[name]) if name in below else one
            for name, one in value.items()
        }
    return [
        write_all(one, below[index]) if index in below else one for index, one in enumerate(value)
    ]


def placed(value: object, path: Path) -> Path:
    """The path with the numbers of the items that it names by their keys: for many changes that
    move none of them."""
    steps: list[str | int | Item] = []
    for step in path:
        if (
            isinstance(step, Item)
            and isinstance(value, list)
            and (index := _index(value, step.key)) is not None
        ):
            step = index
        steps.append(step)
        value = _step(value, step)
    return tuple(steps)


def _index(items: list, key: str) -> int | None:
    if len(items) > FEW:
        return _known.index(items, key)
    return next((index for index, item in enumerate(items) if _has_key(item, key)), None)


def _has_key(item: object, key: str) -> bool:
    return isinstance(item, dict) and item.get("key") == key


MOST_LISTS = 4  # of one thread: rows stand in several lists of a block


class _Known(threading.local):
    """Where the items of the long lists that were asked last stand: a split's rows are asked for
    one by one.

    The lists themselves are held, so no other can be taken for one. What is told of it is looked at
    again: in a list that was changed in place since, the items are counted anew.
    """

    def __init__(self) -> None:
        self.lists: list[tuple[list, int, dict[str, int]]] = []

    def index(self, items: list, key: str) -> int | None:
        known = next((one for one in self.lists if one[0] is items and one[1] == len(items)), None)
        at = (known or self._count(items))[2].get(key)
        if known and at is not None and not _has_key(items[at], key):
            at = self._count(items)[2].get(key)
        return at

    def _count(self, items: list) -> tuple[list, int, dict[str, int]]:
        indexes: dict[str, int] = {}
        for index, item in enumerate(items):
            if isinstance(item, dict) and isinstance(key := item.get("key"), str):
                indexes.setdefault(key, index)
        others = [one for one in self.lists if one[0] is not items]
        self.lists = [(items, len(items), indexes), *others[: MOST_LISTS - 1]]
        return self.lists[0]


_known = _Known()
