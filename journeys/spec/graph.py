"""The steps of a journey as a graph: what leads where. Reading only; edit.py changes it.

A gap is named by (step key, outcome key); ("", "") is the gap before the first step. An outcome
without a key of its own is named "" while it is the only one of its step.
"""

from collections import Counter
from functools import cached_property

from journeys.spec.document import block_list, blocks
from journeys.spec.dominance import Reach, Tree, circles, dominators
from journeys.spec.refusal import Refusal

START = ("", "")
DEEPEST = 32  # capsules inside each other, on average over a journey's steps
# steps that are followed at any depth: some 300 that all stand in capsules of each other
FEW_FOLLOWED = 100_000
ASKED_AT_ONCE = 2048  # steps from which the ways are followed together


class GraphError(Refusal):
    """A change that the journey's shape does not allow."""


def steps(document: dict) -> dict[str, dict]:
    """The steps that can be named: those with a key of their own that no other has."""
    listed = block_list(document, "activity")
    by_key = {key: step for step in listed if isinstance(key := step.get("key"), str) and key}
    if len(by_key) == len(listed):  # as in nearly every journey
        return by_key
    count = Counter(key for step in listed if isinstance(key := step.get("key"), str))
    return {key: step for key, step in by_key.items() if count[key] == 1}


def keys_of(blocks: list[dict]) -> set[str]:
    return {key for block in blocks if isinstance(key := block.get("key"), str)}


def outcomes(step: dict) -> list[dict]:
    listed = step.get("outcomes")
    return (
        [outcome for outcome in listed if isinstance(outcome, dict)]
        if isinstance(listed, list)
        else []
    )


def outcome_key(outcome: dict) -> str:
    key = outcome.get("key")
    return key if isinstance(key, str) else ""


def next_of(outcome: dict) -> str | None:
    """Where it leads; None for a missing, null or empty `next`."""
    following = outcome.get("next")
    return following if isinstance(following, str) and following else None


def find_outcome(step: dict, key: str) -> dict | None:
    matches = [outcome for outcome in outcomes(step) if outcome_key(outcome) == key]
    return matches[0] if len(matches) == 1 else None


def predecessors(document: dict) -> dict[str, list[tuple[str, str]]]:
    """For each step that something leads to: the gaps that lead to it, in the order of the
    document."""
    gaps: dict[str, list[tuple[str, str]]] = {}
    for key, step in steps(document).items():
        for outcome in outcomes(step):
            if next_of(outcome):
                gaps.setdefault(next_of(outcome), []).append((key, outcome_key(outcome)))
    return gaps


def roots(document: dict) -> list[str]:
    return _roots(following_of(document))


def root(document: dict) -> str | None:
    first_steps = roots(document)
    return first_steps[0] if len(first_steps) == 1 else None


def starts(document: dict) -> list[str]:
    """The roots, and the first step of each island in which every step has another before it (a
    cycle)."""
    return starts_in(following_of(document))


def reachable(document: dict, start: str) -> set[str]:
    """Every step that can be come to from `start`, with `start` itself."""
    return reached(following_of(document), [start])


def only_through(document: dict, step: str, outcome: str) -> list[str]:
    """The steps that can be come to only through that path, in the order of the document."""
    way = find_outcome(steps(document)[step], outcome)
    return only_through_any(document, step, [way] if way else [])


def only_through_any(document: dict, step: str, paths: list[dict]) -> list[str]:
    """The steps that could not be come to any more without these outcomes of the step, in the order
    of the document."""
    following = following_of(document)
    ways, targets = outcomes(steps(document)[step]), [next_of(path) for path in paths]
    left = [next_of(way) for way in ways if not any(way is path for path in paths)]
    kept = reached(
        {**following, step: [key for key in left if key in following]}, [*starts(document), step]
    )
    through = reached(following, [key for key in targets if key in following])
    return [key for key in following if key in through and key not in kept]


def capsule_end(document: dict, key: str) -> str | None:
    """The step that closes what this one opens (`metaData.capsule`: startId and endId); None where
    it opens nothing."""
    return Walk(document).capsule_end(key)


def capsule_start(document: dict, key: str) -> str | None:
    """The step that opens what this one closes; None where it closes nothing."""
    return Walk(document).capsule_start(key)


def meeting(document: dict, key: str) -> str | None:
    """Where the paths of a split go on together: the first step that is not on one of them alone;
    None when all end.

    The step that closes a split belongs to it: its paths go on together behind that one.
    """
    return Walk(document).meeting(key)


def moves_with(document: dict, key: str) -> list[str]:
    """The step and, when it is a split, what only it leads to until its paths meet: moved or
    removed together."""
    return Walk(document).moves_with(key)


class Walk:
    """What comes before what, worked out once for many questions about one document."""

    def __init__(self, document: dict) -> None:
        self.document = document
        self.steps = steps(document)
        self.following = following_of(document)
        self._reach: dict[int, Reach] = {}
        self._alone: dict[str, tuple[set[str], list[str]]] = {}
        self.between: dict[
            tuple[str, str], set[str]
        ] = {}  # what capsules.py found between two steps
        self.followed = 0  # steps that `reachable_without` looked at

    @cached_property
    def before(self) -> dict[str, list[str]]:
        """For each step that something leads to: the steps that lead to it directly."""
        sources: dict[str, list[str]] = {}
        for key, targets in self.following.items():
            for target in dict.fromkeys(targets):
                sources.setdefault(target, []).append(key)
        return sources

    def upstream(self, key: str) -> list[str]:
        """Every step that a contact may have passed before this one, in the order of the
        document."""
        seen = reached(self.before, self.before.get(key, []))
        return [name for name in self.following if name in seen]

    def reachable_without(self, start: str, barrier: str) -> set[str]:
        """What can be come to from a step, itself included, without going on behind another one."""
        seen, work = set(), [start]
        while work:
            key = work.pop()
            if key not in seen:
                seen.add(key)
                work += self.following.get(key, []) if key != barrier else []
        self.followed += len(seen)
        return seen

    @property
    def is_spent(self) -> bool:
        """Whether so much was followed that capsules must stand inside each other deeper than
        anybody could draw."""
        return self.followed > max(FEW_FOLLOWED, DEEPEST * len(self.steps))

    def ends(self, key: str) -> bool:
        """Whether no outcome of the step leads to another one."""
        return not self.following.get(key)

    def capsule_end(self, key: str) -> str | None:
        """See the function of this name."""
        capsule = _capsule(self.steps.get(key, {}))
        end = capsule.get("endId")
        if (
            capsule.get("startId") != key
            or not isinstance(end, str)
            or end not in self.steps
            or end == key
        ):
            return None
        return end if self.may_pass(key, end) else None

    def capsule_start(self, key: str) -> str | None:
        """See the function of this name."""
        start = _capsule(self.steps.get(key, {})).get("startId")
        return start if isinstance(start, str) and self.capsule_end(start) == key else None

    def meeting(self, key: str) -> str | None:
        """See the function of this name."""
        end = self.capsule_end(key)
        if end is not None:
            return next(iter(self.following[end]), None)
        alone, ways_out = self._paths_alone(key)
        if len(ways_out) < 2:
            return next(iter(ways_out), None)
        return next(
            (name for name in reverse_postorder(self.following, [key]) if name not in alone), None
        )

    def is_tangled(self, key: str) -> bool:
        """Whether the paths of a step meet others before they meet each other: then the whole
        journey is looked at."""
        return len(outcomes(self.steps[key])) > 1 and len(self._paths_alone(key)[1]) > 1

    def moves_with(self, key: str) -> list[str]:
        """See the function of this name."""
        end = self.capsule_end(key)
        if end is None and len(outcomes(self.steps[key])) < 2:
            return [key]
        alone, ways_out = self._paths_alone(key)
        if end is None and len(ways_out) < 2:
            return sorted(alone, key=self._place.__getitem__)
        behind = self.meeting(key)
        kept = reached({**self.following, key: []}, [*self._starts, *([behind] if behind else [])])
        inside = reached(self.following, [key])
        return [
            name for name in self.following if name == key or (name in inside and name not in kept)
        ]

    def may_pass(self, first: str, key: str) -> bool:
        if first not in self._place:
            return False
        part = self._place[first] // ASKED_AT_ONCE
        if part not in self._reach:
            sources = list(self.following)[part * ASKED_AT_ONCE : (part + 1) * ASKED_AT_ONCE]
            self._reach[part] = Reach(self.following, sources, self._circles)
        return self._reach[part].leads(first, key)

    def must_pass(self, first: str, key: str) -> bool:
        """Whether every path to `key` comes through `first`."""
        return self._tree.is_above(first, key)

    def _paths_alone(self, key: str) -> tuple[set[str], list[str]]:
        """The step with those that are on one of its paths alone, and what these lead to
        besides."""
        if key not in self._alone:
            alone = {key}
            for target, count in Counter(self.following[key]).items():
                if count == 1 and self._is_alone(target, key):
                    alone.update(self._tree.below(target))
            led = dict.fromkeys(
                target for one in alone for target in self.following[one] if target not in alone
            )
            self._alone[key] = alone, list(led)
        return self._alone[key]

    def _is_alone(self, target: str, key: str) -> bool:
        """Whether a step can be come to only by the one way from `key`, but for ways back to it."""
        if self._dominator[target] != key:
            return False
        return all(
            one in (key, target) or self._tree.is_above(target, one) for one in self.before[target]
        )

    @cached_property
    def _starts(self) -> list[str]:
        return starts_in(self.following)

    @cached_property
    def _dominator(self) -> dict[str, str | None]:
        return dominators(
            self.following, self._starts, reverse_postorder(self.following, self._starts)
        )

    @cached_property
    def _tree(self) -> Tree:
        return Tree(self._dominator)

    @cached_property
    def _circles(self) -> list[list[str]]:
        return circles(self.following)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {key: index for index, key in enumerate(self.following)}


def find_cycle(document: dict) -> list[str]:
    """The keys of one cycle, in order; [] when there is none."""
    following, done = following_of(document), set()
    for start in following:
        path, trail = {}, [(start, iter(following[start]))] if start not in done else []
        if trail:
            path[start] = None
        while trail:
            key, rest = trail[-1]
            target = next((name for name in rest if name not in done), None)
            if target is None:
                trail.pop()
                done.add(key)
                del path[key]
            elif target in path:
                names = list(path)
                return names[names.index(target) :]
            else:
                path[target] = None
                trail.append((target, iter(following[target])))
    return []


def new_key(document: dict, prefix: str) -> str:
    """The next key of the kind that Journey Builder makes, "EMAILV2-3", that no block of the
    journey has."""
    return NewKeys(document).new(prefix)


class NewKeys:
    """The same for many keys of one journey; none is given twice."""

    def __init__(self, document: dict) -> None:
        self.taken = {str(block.get("key")) for _kind, block in blocks(document)}
        self._last: dict[str, int] = {}

    def new(self, prefix: str) -> str:
        number = self._last.get(prefix, 0) + 1
        while f"{prefix}-{number}" in self.taken:
            number += 1
        self._last[prefix] = number
        self.taken.add(f"{prefix}-{number}")
        return f"{prefix}-{number}"


def _capsule(step: dict) -> dict:
    meta = step.get("metaData")
    capsule = meta.get("capsule") if isinstance(meta, dict) else None
    return capsule if isinstance(capsule, dict) else {}


def following_of(document: dict) -> dict[str, list[str]]:
    """What each step leads to, path by path; the functions below walk along it."""
    named = steps(document)
    return {
        key: [t for t in map(next_of, outcomes(step)) if t in named] for key, step in named.items()
    }


def _roots(following: dict[str, list[str]]) -> list[str]:
    led = {target for targets in following.values() for target in targets}
    return [key for key in following if key not in led]


def starts_in(following: dict[str, list[str]]) -> list[str]:
    starts = _roots(following)
    seen = reached(following, starts)
    for key in following:
        if key not in seen:
            starts.append(key)
            reached(following, [key], seen)
    return starts


def reached(
    following: dict[str, list[str]], starts: list[str], seen: set[str] | None = None
) -> set[str]:
    """What can be come to, added to what was `seen` before: nothing is followed twice."""
    seen, work = set() if seen is None else seen, list(starts)
    while work:
        key = work.pop()
        if key not in seen:
            seen.add(key)
            work += following.get(key, [])
    return seen


def reverse_postorder(following: dict[str, list[str]], starts: list[str]) -> list[str]:
    order, seen = [], set()
    for start in reversed(starts):
        trail = [(start, iter(reversed(following[start])))] if start not in seen else []
        seen.add(start)
        while trail:
            key, rest = trail[-1]
            target = next((name for name in rest if name not in seen), None)
            if target is None:
                order.append(key)
                trail.pop()
            else:
                seen.add(target)
                trail.append((target, iter(reversed(following[target]))))
    return order[::-1]
