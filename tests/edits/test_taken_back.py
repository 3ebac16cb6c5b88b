"""One of many random edits is taken back under all that came later: only that one is gone, or it is
refused for what others changed."""

import random

import pytest

from journeys.blocks.apply import carried_out, taken_back
from journeys.spec import diff
from journeys.spec import document as doc
from journeys.spec.graph import GraphError
from journeys.spec.parts import MISSING, differ, parts
from tests.depth import deep
from tests.edits.choosing import choose
from tests.edits.documents import journey
from tests.edits.keeping import _in_circles, _in_the_air, _without_links

EDITS = 14
SEEDS = range(deep(10, 200))
LISTS = {("journey", name) for name in doc.LISTS}


def edited(chance: random.Random) -> list[dict]:
    """The documents after each of some edits."""
    document, history = journey(chance), []
    documents = [document]
    while len(documents) < EDITS:
        try:
            drawn = choose(chance, document, history)
            after = carried_out(drawn.operation, document, drawn.arguments) if drawn else document
        except (GraphError, diff.Conflict):
            continue
        if doc.dumps(after) == doc.dumps(document):
            continue
        history.append((document, after))
        documents.append(after)
        document = after
    return documents


def alike(one: object, other: object) -> bool:
    """But for where paths lead, which follows what stands there."""
    if isinstance(one, dict) and isinstance(other, dict) and "outcomes" in one:
        return not differ(_without_links(one), _without_links(other))
    return not differ(one, other)


def require_only_that_gone(before: dict, after: dict, newest: dict, result: dict) -> None:
    was, then, now, left = map(parts, (before, after, newest, result))
    mine = diff.changed_blocks(before, after) - LISTS
    theirs = diff.changed_blocks(after, newest) - LISTS
    for place in (was.keys() | now.keys() | left.keys()) - LISTS:
        if place not in mine:
            assert alike(left.get(place, MISSING), now.get(place, MISSING)), f"{place} is theirs"
        elif place not in theirs:
            assert alike(left.get(place, MISSING), was.get(place, MISSING)), f"{place} is mine"
    assert _in_the_air(result) <= _in_the_air(newest) | _in_the_air(before)
    assert not _in_circles(result)


@pytest.mark.parametrize("seed", SEEDS)
def test_only_that_change_is_gone(seed: int) -> None:
    documents = edited(random.Random(seed))
    newest = documents[-1]
    done = 0
    for before, after in zip(documents, documents[1:], strict=False):
        untouched = doc.dumps(newest)
        met = diff.changed_blocks(before, after) & diff.changed_blocks(after, newest)
        try:
            result = taken_back(before, after, newest)
        except diff.Conflict as conflict:
            assert conflict.blocks and (met or not conflict.clashes)
            continue
        done += 1
        assert doc.dumps(newest) == untouched
        require_only_that_gone(before, after, newest, result)
    assert done, "the last one can always be taken back"
    assert doc.dumps(taken_back(*documents[-2:], newest)) == doc.dumps(documents[-2])
