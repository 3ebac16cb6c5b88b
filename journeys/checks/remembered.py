"""What the block types find. The problems of a block alone are found once for its bytes.

Most blocks are the same from one revision to the next. A type's `problems` may look at the rest of
the document; what it looked at is watched, and the problems are found again when those members have
changed. Where a step stands is the whole journey's business and asked each time, of the types that
care.
"""

from collections.abc import Iterator

from django.utils.translation import get_language

from journeys.blocks import lens
from journeys.blocks.base import Block
from journeys.blocks.places import text
from journeys.spec.document import blocks, dumps, sha256
from journeys.spec.graph import Walk
from journeys.spec.kept import kept
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
INDIFFERENT = Block.flow_problems.__func__  # of types that may stand anywhere


def block_problems(document: dict) -> list[Problem]:
    """What the blocks' types find in them and in where they stand, in the order of the blocks."""
    found: list[Problem] = []
    watched, members, language = Watched(document), _Members(document), get_language() or ""
    walk = Walk(document)
    for kind, block in blocks(document):
        memory = _memory(kind, dumps(block), language)
        known = memory[0] if memory else None  # read once: another thread may write another
        if known is None or any(members[name] != value for name, value in known[0].items()):
            watched.seen.clear()
            opened = known[2] if known else lens(block, kind)
            problems = opened.problems(block, watched) + opened.outcome_problems(block)
            known = {name: members[name] for name in watched.seen}, problems, opened
            memory[:] = [known]
        found += known[1]
        if (
            known[2].flow_problems.__func__ is not INDIFFERENT
            and walk.steps.get(text(block, "key")) is block
        ):
            found += known[2].flow_problems(block, walk)
    return found


def forget() -> None:
    _memory.cache_clear()


class _Members(dict):
    """The SHA-256 of each of the document's members, made when it is asked for; "" for one that is
    missing."""

    def __init__(self, document: dict) -> None:
        super().__init__()
        self.document = document

    def __missing__(self, name: str) -> str:
        value = list(self.document) if name == ALL else self.document.get(name, Ellipsis)
        self[name] = "" if value is Ellipsis else sha256(dumps(value))
        return self[name]


@kept(16, lambda _memory, _kind, data, _language: 1500 + 2 * len(data))
def _memory(kind: str, data: bytes, language: str) -> list:
    """What is remembered of a block: [] or [(members looked at with their SHA-256, the problems,
    the type)]."""
    return []
