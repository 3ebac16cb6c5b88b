"""Results that a process keeps, bounded by bytes: one entry may be a letter or a document of
megabytes.

What is weighed are estimates on the safe side; `document_weight` was held against what Python's
objects really take.
"""

import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock

ENTRY = 250  # bytes of an entry besides what is kept: the keys' tuple, and its place in the order
MISSING = object()
STORES: list["Store"] = []  # all of this process: their bounds together are what it may keep


class Store:
    """The least used go first. Safe to be used by several threads; two may work out the same at the
    same time."""

    def __init__(self, name: str, most: int) -> None:
        self.name, self.most, self.used = name, most, 0
        self.entries: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self.lock = Lock()
        STORES.append(self)

    def get(self, key: Hashable) -> object:
        with self.lock:
            entry = self.entries.get(key)
            if entry is None:
                return MISSING
            self.entries.move_to_end(key)
            return entry[0]

    def put(self, key: Hashable, value: object, weight: int) -> None:
        """What is heavier than the whole store is not kept."""
        weight += ENTRY
        with self.lock:
            if weight > self.most:
                return
            before = self.entries.pop(key, None)
            self.used += weight - (before[1] if before else 0)
            self.entries[key] = value, weight
            while self.used > self.most:
                _key, (_value, gone) = self.entries.popitem(last=False)
                self.used -= gone

    def clear(self) -> None:
        with self.lock:
            self.entries.clear()
            self.used = 0


def kept(megabytes: float, weigh: Callable[..., int]) -> Callable:
    """Keeps what a function gives for its arguments. `weigh(value, *arguments)` tells the bytes of
    both."""

    def decorate(function: Callable) -> Callable:
        store = Store(
            f"{function.__module__}.{function.__qualname__}", int(megabytes * 1024 * 1024)
        )

        @wraps(function)
        def found(*arguments: Hashable) -> object:
            value = store.get(arguments)
            if value is MISSING:
                value = function(*arguments)
                store.put(arguments, value, weigh(value, *arguments))
            return value

        found.store, found.cache_clear = store, store.clear
        found.has = lambda *arguments: store.get(arguments) is not MISSING
        return found

    return decorate


def document_weight(data: bytes) -> int:
    """Bytes that a document takes as Python's objects: from one to some twenty-five times those of
    its text."""
    letters = len(data) * (1 if data.isascii() else 4)
    members = 60 * (data.count(b",") + data.count(b":") + data.count(b"["))
    return letters + members + 150 * data.count(b"{")


def texts_weight(*values: object) -> int:
    """Bytes of texts and byte strings; other values count as small."""
    return sum(sys.getsizeof(value) if isinstance(value, str | bytes) else 64 for value in values)
