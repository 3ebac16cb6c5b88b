"""Two changes of the same path, put together: where others have put steps in, taken some out or
moved them since, a change is done around these.

Where each path leads is merged for itself, path by path, as is what the steps hold. A step that one
side takes out is first put back on the path that it stood in, so that it can be seen what the other
side did there; then paths lead past it.
"""

from journeys.spec import graph
from journeys.spec.document import block_list
from journeys.spec.edit import with_next
from journeys.spec.merge import Conflict, Places, faults, put_together
from journeys.spec.parts import MISSING, differ

Slot = tuple[str, str]  # (key of a step, key of one of its outcomes), or graph.START
Links = dict[Slot, str | None]


def rerouted(before: dict, after: dict, onto: dict) -> dict:
    """`merge.patch`, for changes that meet in where paths lead; raises Conflict where they meet in
    more than that, or where it cannot be told what is meant."""
    versions = (before, after, onto)
    bare = [_without_links(document) for document in versions]
    merged = put_together(*bare)
    routes = Routes(*map(_links, versions), set(graph.steps(merged)))
    known = [graph.steps(document) for document in (onto, after)]
    steps = [_led(step, routes, known) for step in block_list(merged, "activity")]
    result = {**merged, "activities": steps} if "activities" in merged else merged
    torn = {(kind, key) for kind, key, *_fault in faults(result) - faults(onto) - faults(after)}
    torn |= _adrift(before, after, result, routes.target(graph.START))
    if torn:
        raise Conflict(torn)
    return result


def _adrift(before: dict, after: dict, result: dict, first: str | None) -> Places:
    """What led to the steps that are put back, where nothing leads to them now; `first` is the step
    with which the journey is to begin."""
    led, leads = graph.predecessors(after), graph.predecessors(result)
    back = graph.steps(result).keys() - graph.steps(before).keys() - {first}
    return {
        ("activity", key) for one in back if one not in leads for key, _outcome in led.get(one, ())
    }


class Routes:
    """Where the paths lead in the result, which holds the steps `kept`. `links` of the three
    versions are by slot."""

    def __init__(self, base: Links, mine: Links, theirs: Links, kept: set[str]) -> None:
        self.base, self.mine, self.theirs, self.kept = base, mine, theirs, kept
        self.ways = {id(links): _ways(links) for links in (base, mine, theirs)}
        self.past: dict[str, str | None] = {}  # a split that was taken out -> where paths lead now
        self.behind: Links = {}  # ends of what they put in -> what I put in there
        self.wanted = {slot: self._wanted(slot) for slot in {**base, **mine, **theirs}}

    def target(self, slot: Slot) -> str | None:
        target, seen = self._of(slot), set()
        while target is not None and target not in self.kept and self._is_known(target):
            if target in seen:
                raise _conflict(slot)
            seen.add(target)
            target = self._behind(target, slot)
        return target

    def _of(self, slot: Slot) -> str | None:
        return self.behind.get(slot, self.wanted[slot])

    def _is_known(self, key: str) -> bool:
        """A path in the air stays there."""
        return any(key in ways for ways in self.ways.values())

    def _behind(self, gone: str, slot: Slot) -> str | None:
        """Where a path leads that led to a step which is taken out."""
        if gone in self.past:
            return self.past[gone]
        slots = next(ways[gone] for ways in self.ways.values() if gone in ways)
        if len(slots) > 1:
            raise _conflict(slot)
        return self._of(slots[0]) if slots else None

    def _wanted(self, slot: Slot) -> str | None:
        base, mine, theirs = (
            links.get(slot, MISSING) for links in (self.base, self.mine, self.theirs)
        )
        mine = self._put_back(self.mine, base, mine)
        theirs = self._put_back(self.theirs, base, theirs)
        if theirs is MISSING:
            return base if mine is MISSING else mine
        if mine is MISSING or mine in (base, theirs):
            return theirs
        if theirs == base:
            return mine
        end = None if base is MISSING else self._end(theirs, base, set())
        is_settled = end is not None and self.behind.setdefault(end, mine) == mine
        if not is_settled and slot != graph.START:  # several first steps are a fault of the result
            raise _conflict(slot)
        return theirs

    def _put_back(self, links: Links, base: object, now: object) -> object:
        """What the path led to before that was taken out; `now` where it was not."""
        ways = self.ways[id(links)]
        if base in (MISSING, None, now) or now is MISSING or base in ways:
            return now
        if now not in self._behind_in(links, base):
            return now
        if (
            len(self.ways[id(self.base)].get(base, ())) > 1
            and self.past.setdefault(base, now) != now
        ):
            return now
        return base

    def _behind_in(self, links: Links, gone: str) -> set[str | None]:
        """The first steps behind it that this version still has; None where a path ends."""
        left, seen, work = set(), set(), [gone]
        while work:
            key = work.pop()
            if key is None or key in self.ways[id(links)]:
                left.add(key)
            elif key not in seen:
                seen.add(key)
                work += [self.base[slot] for slot in self.ways[id(self.base)].get(key, ())] or [
                    None
                ]
        return left

    def _end(self, start: str | None, goal: str | None, seen: set[str]) -> Slot | None:
        """The first path of what they put in that leads on to `goal`."""
        work = [start]
        while work:
            key = work.pop()
            if key is None or key == goal or key in seen:
                continue
            seen.add(key)
            slots = self.ways[id(self.theirs)].get(key, ())
            theirs = [slot for slot in slots if self.base.get(slot, MISSING) != self.theirs[slot]]
            ends = [slot for slot in theirs if self.theirs[slot] == goal]
            ends = [
                slot
                for slot in ends
                if self.mine.get(slot, MISSING) == self.base.get(slot, MISSING)
            ]
            if ends:
                return ends[0]
            work += [self.theirs[slot] for slot in reversed(theirs)]
        return None


def _conflict(slot: Slot) -> Conflict:
    return Conflict({("activity", slot[0])})


def _ways(links: Links) -> dict[str, list[Slot]]:
    """The slots of each step."""
    ways: dict[str, list[Slot]] = {}
    for slot in links:
        ways.setdefault(slot[0], []).append(slot)
    return ways


def _is_plain(step: dict) -> bool:
    """Whether its paths can be told apart by their keys, and lead somewhere or say nothing."""
    ways = step.get("outcomes", [])
    if not isinstance(ways, list) or not all(isinstance(way, dict) for way in ways):
        return False
    if any("next" in way and graph.next_of(way) is None for way in ways):
        return False
    keys = [graph.outcome_key(way) for way in ways]
    return len(set(keys)) == len(keys) and "" not in keys


def _links(document: dict) -> Links:
    roots = graph.roots(document)
    links: Links = {graph.START: roots[0] if roots else None}
    for key, step in graph.steps(document).items():
        if _is_plain(step):
            links |= {
                (key, graph.outcome_key(way)): graph.next_of(way) for way in graph.outcomes(step)
            }
    return links


def _without_links(document: dict) -> dict:
    """The document, whose steps say nothing about where their paths lead."""
    if not document.get("activities"):
        return document
    named = {id(step) for step in graph.steps(document).values()}
    steps = [_bare(step) if id(step) in named else step for step in document["activities"]]
    return {**document, "activities": steps}


def _bare(step: dict) -> dict:
    if not _is_plain(step) or not step.get("outcomes"):
        return step
    return {**step, "outcomes": [with_next(way, None) for way in step["outcomes"]]}


def _led(step: dict, routes: Routes, versions: list[dict[str, dict]]) -> dict:
    """The merged step with its paths: the very one of a version that holds the same otherwise."""
    key = step.get("key")
    if not isinstance(key, str) or key not in routes.kept:
        return step
    if not step.get("outcomes") or not _is_plain(step):
        return step
    known = (steps[key] for steps in versions if key in steps)
    step = next((one for one in known if not differ(_bare(one), step)), step)
    targets = [routes.target((key, graph.outcome_key(way))) for way in step["outcomes"]]
    pairs = list(zip(step["outcomes"], targets, strict=True))
    if all(graph.next_of(way) == target for way, target in pairs):
        return step
    ways = [
        way if graph.next_of(way) == target else with_next(way, target) for way, target in pairs
    ]
    return {**step, "outcomes": ways}
