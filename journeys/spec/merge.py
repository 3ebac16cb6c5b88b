"""One change done to another version of the document: undo, redo, and what two people did at the
same time."""

from collections.abc import Mapping, Sequence

from journeys.spec import address, graph
from journeys.spec.address import Address
from journeys.spec.document import LISTS, block_list, dumps
from journeys.spec.parts import MISSING, by_key, differ, merged_names, parts, same_order
from journeys.spec.split_paths import kept_or_gone
from journeys.spec.three_way import MINE, Clash, merged

Places = set[tuple[str, str]]
Choices = Mapping[str, str]  # address -> MINE or THEIRS


class Conflict(Exception):
    """These (kind, key) blocks are other than they were, or would be torn apart from those that
    are. `clashes` tell which places were changed twice; there are none where blocks are torn
    apart."""

    def __init__(self, blocks: Places, clashes: Sequence[Clash] = ()) -> None:
        super().__init__(f"changed otherwise: {sorted(blocks)}")
        self.blocks, self.clashes = blocks, tuple(clashes)


def changed_blocks(old: dict, new: dict) -> Places:
    """(kind, key) of every block whose bytes differ, and ("journey", name) of every differing
    member of the journey."""
    mine, theirs = parts(old), parts(new)
    places = mine.keys() | theirs.keys()
    return {
        place for place in places if differ(mine.get(place, MISSING), theirs.get(place, MISSING))
    }


def overlap(before: dict, mine: dict, theirs: dict) -> Places:
    """The blocks in which two changes meet: both changed the same of it, not to the same."""
    return {clash.address.block for clash in clashes_of(before, mine, theirs)}


def clashes_of(before: dict, mine: dict, theirs: dict) -> list[Clash]:
    """The places that two changes of one document made other things of."""
    return _joined(before, mine, theirs, {})[1]


def patch(before: dict, after: dict, onto: dict, choices: Choices | None = None) -> dict:
    """Does to `onto` what was done to get from `before` to `after`, field by field; raises
    Conflict.

    Done to `before` it gives `after`, byte for byte. It conflicts where both changed the same place
    and `choices` do not say whose it shall be (MINE is that of `after`), by the text of its
    address; and where the two changes only together leave a path in the air, a circle or a second
    first step.
    """
    result = put_together(before, after, onto, choices)
    return result if result is after else untorn(result, after, onto)


def untorn(result: dict, after: dict, onto: dict) -> dict:
    """What was put together of both; raises Conflict where only together they tear a path."""
    torn = faults(result) - faults(onto) - faults(after)
    if torn:
        raise Conflict({(kind, key) for kind, key, *_fault in torn})
    return result


def put_together(before: dict, after: dict, onto: dict, choices: Choices | None = None) -> dict:
    """The same, wherever the paths of both together may lead."""
    if dumps(before) == dumps(onto):
        return after
    new, now = parts(after), parts(onto)
    touched = changed_blocks(before, after)
    both, clashes = _joined(before, after, onto, choices or {})
    if clashes:
        raise Conflict({clash.address.block for clash in clashes}, clashes)
    done = now | {place: new.get(place, MISSING) for place in touched} | both
    done = {place: piece for place, piece in done.items() if piece is not MISSING}
    return _put_together(before, after, onto, done, touched)


def _joined(
    before: dict, mine: dict, theirs: dict, choices: Choices
) -> tuple[dict[tuple[str, str], object], list[Clash]]:
    """What becomes of the pieces that both changed, and the places that nobody has chosen of."""
    met = changed_blocks(before, mine) & changed_blocks(before, theirs)
    pieces = [parts(one) for one in (before, mine, theirs)]
    joined: dict[tuple[str, str], object] = {}
    clashes: list[Clash] = []
    for place in sorted(met):
        three = [piece.get(place, MISSING) for piece in pieces]
        if differ(three[1], three[2]):
            joined[place], left = _piece(place, three, choices)
            clashes += left
    return joined, clashes


def _piece(place: tuple[str, str], three: list, choices: Choices) -> tuple[object, list[Clash]]:
    left: list[Clash] = []
    kind, name = place

    def choose(inside: str, *values: object) -> object:
        where = Address(inside=inside) if kind == "journey" else Address(kind, name, inside)
        side = choices.get(str(where))
        if side is None:
            left.append(Clash(where, *values))
        return values[1] if side == MINE else values[2]

    inside = address.member("", name) if kind == "journey" else ""
    if kind != "journey" and MISSING in three:  # a block that one of them removed, or both added
        return choose(inside, *three), left
    if kind == "activity":
        three = kept_or_gone(*three, choose)
    return merged(*three, inside, choose), left


def _put_together(before: dict, after: dict, onto: dict, done: dict, touched: Places) -> dict:
    """The members in their order, each out of the pieces that are `done`."""
    members = list(before), list(after), list(onto)
    kept = {*LISTS, *(name for kind, name in done if kind == "journey")}
    stay, result = set(merged_names(*members)), {}
    for name in merged_names(*members, keep=kept):
        if name not in LISTS:
            if ("journey", name) in done:
                result[name] = done["journey", name]
            continue
        order = _order(LISTS[name], before, after, onto, done)
        blocks = [done[place] for place in order if place in done]
        if blocks:
            result[name] = blocks
        elif name in stay:
            # Null or empty, as it was meant.
            meant = after if ("journey", name) in touched and name in after else onto
            result[name] = [] if meant.get(name) else meant.get(name, [])
    return result


def _order(kind: str, before: dict, after: dict, onto: dict, done: dict) -> list[tuple[str, str]]:
    old, new, now = (by_key(kind, block_list(one, kind)) for one in (before, after, onto))
    if not same_order(old, new) and same_order(old, now):
        return merged_names([*old], [*now], [*new], keep=done)
    return merged_names([*old], [*new], [*now], keep=done)


def faults(document: dict) -> set[tuple[str, ...]]:
    """(kind, key, what is wrong): each path in the air, the steps of a circle, the first steps and
    the entry sources, goals and exits where there are several."""
    steps, roots = graph.steps(document), graph.roots(document)
    led = [(key, graph.next_of(way)) for key, step in steps.items() for way in graph.outcomes(step)]
    faults = {
        ("activity", key, "leads to", target)
        for key, target in led
        if target and target not in steps
    }
    faults |= {("activity", key, "in a circle") for key in graph.find_cycle(document)}
    faults |= {("activity", key, "one of several first steps") for key in roots if len(roots) > 1}
    for kind in ("trigger", "goal", "exit"):
        there = by_key(kind, block_list(document, kind))
        faults |= {(*place, "one of several") for place in there} if len(there) > 1 else set()
    return faults
