"""One change done to another version of the document: undo, redo, and what two people did at the
same time."""

from journeys.spec import graph
from journeys.spec.document import LISTS, block_list, dumps
from journeys.spec.edit import with_next
from journeys.spec.parts import MISSING, by_key, differ, merged_names, parts, same_order

Places = set[tuple[str, str]]


class Conflict(Exception):
    """These (kind, key) blocks are other than they were, or would be torn apart from those that
    are."""

    def __init__(self, blocks: Places) -> None:
        super().__init__(f"changed otherwise: {sorted(blocks)}")
        self.blocks = blocks


def changed_blocks(old: dict, new: dict) -> Places:
    """(kind, key) of every block whose bytes differ, and ("journey", name) of every differing
    member of the journey."""
    mine, theirs = parts(old), parts(new)
    places = mine.keys() | theirs.keys()
    return {
        place for place in places if differ(mine.get(place, MISSING), theirs.get(place, MISSING))
    }


def overlap(before: dict, mine: dict, theirs: dict) -> Places:
    """The blocks in which two changes meet: both set the block, or both lead the same path of it
    elsewhere."""
    both = changed_blocks(before, mine) & changed_blocks(before, theirs)
    pieces = parts(before), parts(mine), parts(theirs)
    return {place for place in both if joined(*(piece.get(place) for piece in pieces)) is None}


def patch(before: dict, after: dict, onto: dict) -> dict:
    """Does to `onto` what was done to get from `before` to `after`, block by block; raises
    Conflict.

    Done to `before` it gives `after`, byte for byte. It conflicts where `onto` has another version
    of a block that was changed, and where the two changes only together leave a path in the air, a
    circle or a second first step.
    """
    result = merged(before, after, onto)
    torn = set() if result is after else faults(result) - faults(onto) - faults(after)
    if torn:
        raise Conflict({("activity", key) for key, *_fault in torn})
    return result


def merged(before: dict, after: dict, onto: dict) -> dict:
    """The same, wherever the paths of both together may lead."""
    if dumps(before) == dumps(onto):
        return after
    old, new, now = parts(before), parts(after), parts(onto)
    touched = changed_blocks(before, after)
    theirs = touched & changed_blocks(before, onto)
    clash = {place for place in theirs if differ(now.get(place, MISSING), new.get(place, MISSING))}
    both = {place: joined(old.get(place), new.get(place), now.get(place)) for place in clash}
    if None in both.values():
        raise Conflict({place for place, block in both.items() if block is None})
    done = now | {place: new[place] for place in touched & new.keys()} | both
    return _put_together(before, after, onto, done, touched)


def joined(old: object, mine: object, theirs: object) -> dict | None:
    """One block out of two versions that changed other things in it; None where they met.

    Where each path leads is one thing, all the rest of the block another: a step put in after this
    one, or into another of its paths, leaves the block itself alone.
    """
    (rest, links), (my_rest, my_links), (their_rest, their_links) = map(
        _without_links, (old, mine, theirs)
    )
    if rest is None or my_rest is None or their_rest is None:
        return None
    if differ(rest, my_rest) and differ(rest, their_rest):
        return None
    base, kept, others = (
        (mine, my_links, their_links) if differ(rest, my_rest) else (theirs, their_links, my_links)
    )
    led = {key: target for key, target in others.items() if target != links.get(key)}
    if any(key not in kept or kept[key] != links.get(key) for key in led):
        return None
    ways = [
        with_next(way, led[way["key"]]) if way["key"] in led else way for way in base["outcomes"]
    ]
    return {**base, "outcomes": ways}


def _without_links(block: object) -> tuple[dict | None, dict[str, str | None]]:
    """The block without its links, and where its paths lead by their keys; None where that cannot
    be told apart."""
    ways = block.get("outcomes") if isinstance(block, dict) else None
    if not isinstance(ways, list) or graph.outcomes(block) != ways:
        return None, {}
    links = {graph.outcome_key(way): graph.next_of(way) for way in ways}
    if len(links) != len(ways) or "" in links:
        return None, {}
    bare = [{name: value for name, value in way.items() if name != "next"} for way in ways]
    return {**block, "outcomes": bare}, links


def _put_together(before: dict, after: dict, onto: dict, done: dict, touched: Places) -> dict:
    """The members in their order, each out of the pieces that are `done`."""
    members = list(before), list(after), list(onto)
    stay, result = set(merged_names(*members)), {}
    for name in merged_names(*members, keep=LISTS):
        if name not in LISTS:
            result[name] = done["journey", name]
            continue
        blocks = [done[place] for place in _order(LISTS[name], before, after, onto)]
        if blocks:
            result[name] = blocks
        elif name in stay:
            # Null or empty, as it was meant.
            meant = after if ("journey", name) in touched and name in after else onto
            result[name] = [] if meant.get(name) else meant.get(name, [])
    return result


def _order(kind: str, before: dict, after: dict, onto: dict) -> list[tuple[str, str]]:
    old, new, now = (by_key(kind, block_list(one, kind)) for one in (before, after, onto))
    if not same_order(old, new) and same_order(old, now):
        return merged_names([*old], [*now], [*new])
    return merged_names([*old], [*new], [*now])


def faults(document: dict) -> set[tuple[str, ...]]:
    """(step, what is wrong): each path in the air, the steps of a circle, the first steps where
    there are several."""
    steps, roots = graph.steps(document), graph.roots(document)
    led = [(key, graph.next_of(way)) for key, step in steps.items() for way in graph.outcomes(step)]
    faults = {(key, "leads to", target) for key, target in led if target and target not in steps}
    faults |= {(key, "in a circle") for key in graph.find_cycle(document)}
    return faults | {(key, "one of several first steps") for key in roots if len(roots) > 1}
