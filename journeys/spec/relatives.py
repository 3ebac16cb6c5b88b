"""A document that was read, with the very blocks of another revision where these are the same.

A worker that did not write a revision reads it from the database. What it worked out for the blocks
of an earlier one holds for nearly all of these, too, and is found by the blocks.
"""

from collections.abc import Iterator

from journeys.spec.document import LISTS, dumps, written


def with_blocks_of(relative: dict, document: dict, data: bytes) -> dict:
    """`data` are the bytes of `document`. Blocks are known again by where they stand: before the
    first byte that differs, or behind the last one."""
    old = dumps(relative)
    before = _same(old, data, first=True)
    behind = len(old) - _same(old, data, first=False)
    shared = dict(document)
    for name, spans in _spans(relative):
        blocks = shared.get(name)
        if not isinstance(blocks, list):
            continue
        known, most = relative[name], min(len(spans), len(blocks))
        head = min(sum(end <= before for _start, end in spans), most)
        tail = min(sum(start >= behind for start, _end in spans), most - head)
        shared[name] = [
            *known[:head],
            *blocks[head : len(blocks) - tail],
            *known[len(known) - tail :],
        ]
    # Equal ends do not prove that they were read as the same blocks.
    return shared if dumps(shared) == data else document


def _same(one: bytes, other: bytes, *, first: bool) -> int:
    """How many bytes are the same at their beginnings (`first`), or at their ends: by halves, since
    comparing a long piece is one step."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if first:
            is_same = one[:middle] == other[:middle]
        else:
            is_same = one[-middle:] == other[-middle:]
        least, most = (middle, most) if is_same else (least, middle - 1)
    return least


def _spans(document: dict) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """For each list of blocks, where each of them begins and ends in the document's bytes."""
    at = len("{")
    for name, value in document.items():
        at += len(written(name).encode()) + len(":")
        if name in LISTS and isinstance(value, list):
            spans, begin = [], at + len("[")
            for block in value:
                spans.append((begin, begin + len(dumps(block))))
                begin = spans[-1][1] + len(",")
            at = max(begin, at + len("[]"))
            yield name, spans
        else:
            at += len(written(value).encode())
        at += len(",")
