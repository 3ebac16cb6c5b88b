"""The problems of a block, found once for its bytes.

Most blocks are the same from one revision to the next. A type's `problems` may look at the rest of the document; what
it looked at is watched, and the problems are found again when those members have changed.
"""

from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import get_language

from journeys.blocks import lens
from journeys.spec.document import blocks, dumps, sha256
from journeys.spec.problem import Problem


class Watched(dict):
    """A document that notes which of its members were looked at."""

    def __init__(self, document: dict) -> None:
        super().__init__(document)
        self.seen: set[str] = set()

    def __getitem__(self, name: str) -> object:
        self.seen.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: object = None) -> object:
        self.seen.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self.seen.add(str(name))
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        """Also what `{**document}` comes by, because this method is not dict's own."""
        self.seen |= {*super().keys()} | {ALL}
        return super().__iter__()

    def keys(self):
        return list(iter(self))

    def items(self):
        return [(name, super(Watched, self).__getitem__(name)) for name in self]

    def copy(self):
        return dict(self.items())

    def values(self):
        return [value for _name, value in self.items()]


ALL = ""  # stands for the names of the members


def block_problems(document: dict) -> list[Problem]:
    """What the blocks' own types find, in the order of the blocks."""
    found: list[Problem] = []
    watched, members, language = Watched(document), _Members(document), get_language() or ""
    for kind, block in blocks(document):
        memory = _memory(kind, dumps(block), language)
        known = memory[0] if memory else None  # read once: another thread may write another
        if known is None or any(members[name] != value for name, value in known[0].items()):
            watched.seen.clear()
            problems = lens(block, kind).problems(block, watched)
            known = {name: members[name] for name in watched.seen}, problems
            memory[:] = [known]
        found += known[1]
    return found


def forget() -> None:
    _memory.cache_clear()


class _Members(dict):
    """The SHA-256 of each of the document's members, made when it is asked for; "" for one that is missing."""

    def __init__(self, document: dict) -> None:
        super().__init__()
        self.document = document

    def __missing__(self, name: str) -> str:
        value = list(self.document) if name == ALL else self.document.get(name, Ellipsis)
        self[name] = "" if value is Ellipsis else sha256(dumps(value))
        return self[name]


@lru_cache(maxsize=16_384)
def _memory(kind: str, data: bytes, language: str) -> list:
    """What is remembered of a block: [] or [(the members looked at with their SHA-256, the problems)]."""
    return []
