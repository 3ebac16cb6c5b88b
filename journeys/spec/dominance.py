"""What lies on every path to a step, and what can be come to from where: asked often, worked out
once for a journey.

`following` is what each step leads to, `starts` where contacts begin (graph.py); None stands for
the time before.
"""

from collections.abc import Iterable

Following = dict[str, list[str]]


def dominators(following: Following, starts: list[str], order: list[str]) -> dict[str, str | None]:
    """The nearest step that every path to a step goes through, by Lengauer and Tarjan: n log n for
    any shape.

    `order` are the steps that can be come to. Their iteration by depth, as simpler algorithms have
    it, takes n² where many steps are come to from both ends of a line.
    """
    number, parent, before = _searched({**following, None: starts})
    vertex = list(number)
    semi = list(range(len(vertex)))
    label, ancestor = list(range(len(vertex))), [-1] * len(vertex)
    buckets: list[list[int]] = [[] for _ in vertex]
    nearest = [0] * len(vertex)
    for at in range(len(vertex) - 1, 0, -1):
        for earlier in before[at]:
            semi[at] = min(semi[at], semi[_evaluated(earlier, label, ancestor, semi)])
        buckets[semi[at]].append(at)
        ancestor[at] = parent[at]
        for waiting in buckets[parent[at]]:
            best = _evaluated(waiting, label, ancestor, semi)
            nearest[waiting] = best if semi[best] < semi[waiting] else parent[at]
        buckets[parent[at]].clear()
    for at in range(1, len(vertex)):
        if nearest[at] != semi[at]:
            nearest[at] = nearest[nearest[at]]
    return {key: vertex[nearest[number[key]]] for key in order}


def _searched(following: dict) -> tuple[dict, list[int], list[list[int]]]:
    """Depth first from None: each step's number, by number the parent in the search and what leads
    there directly."""
    number, parent, before = {None: 0}, [0], [[]]
    trail = [(0, iter(following[None]))]
    while trail:
        at, rest = trail[-1]
        for target in rest:
            known = target in number
            if not known:
                number[target] = len(parent)
                parent.append(at)
                before.append([])
                trail.append((number[target], iter(following[target])))
            before[number[target]].append(at)
            if not known:
                break
        else:
            trail.pop()
    return number, parent, before


def _evaluated(at: int, label: list[int], ancestor: list[int], semi: list[int]) -> int:
    """The step with the smallest `semi` on the way up the forest; the way is shortened for the next
    time."""
    if ancestor[at] < 0:
        return at
    way = []
    while ancestor[ancestor[at]] >= 0:
        way.append(at)
        at = ancestor[at]
    last = at
    for one in reversed(way):
        above = ancestor[one]
        if semi[label[above]] < semi[label[one]]:
            label[one] = label[above]
        ancestor[one] = ancestor[last]
    return label[way[0]] if way else label[last]


class Tree:
    """The tree of dominators: who stands above whom is told by two numbers of each."""

    def __init__(self, dominator: dict[str, str | None]) -> None:
        self.children: dict[str | None, list[str]] = {None: []}
        for key, above in dominator.items():
            self.children.setdefault(above, []).append(key)
        self._enter: dict[str | None, int] = {}
        self._leave: dict[str | None, int] = {}
        work: list[tuple[str | None, bool]] = [(None, False)]
        while work:
            key, done = work.pop()
            if done:
                self._leave[key] = len(self._enter)
                continue
            self._enter[key] = len(self._enter)
            work.append((key, True))
            work += [(child, False) for child in self.children.get(key, ())]

    def is_above(self, first: str, key: str) -> bool:
        """Whether every path to `key` goes through `first`, which is another step."""
        if first not in self._enter or key not in self._enter:
            return False
        return self._enter[first] < self._enter[key] < self._leave[first]

    def below(self, key: str) -> list[str]:
        """The step, and all that can be come to only through it."""
        keys, work = [], [key]
        while work:
            one = work.pop()
            keys.append(one)
            work += self.children.get(one, ())
        return keys


class Reach:
    """Which of some steps lead to which others, for many questions at once.

    Each step gets a set of bits, one for each step that is asked from: that is quick for as many
    steps as a document can hold. Circles are taken together first.
    """

    def __init__(
        self, following: Following, sources: Iterable[str], together: list[list[str]]
    ) -> None:
        """`together` are the `circles` of it."""
        self._bit = {key: 1 << index for index, key in enumerate(dict.fromkeys(sources))}
        self._come: dict[str, int] = {}
        for circle in reversed(together):
            come = 0
            for key in circle:
                come |= self._come.get(key, 0)
            own = 0
            for key in circle:
                own |= self._bit.get(key, 0)
            if len(circle) > 1 or circle[0] in following[circle[0]]:
                come |= own
            for key in circle:
                self._come[key] = come
                for target in following[key]:
                    self._come[target] = self._come.get(target, 0) | come | own

    def leads(self, first: str, key: str) -> bool:
        """Whether a contact can come from `first`, one of the sources, to `key`; to itself only in
        a circle."""
        return bool(self._come.get(key, 0) & self._bit.get(first, 0))


def circles(following: Following) -> list[list[str]]:
    """The steps, those of a circle together; what a step leads to stands before it (Tarjan's
    algorithm)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    done: set[str] = set()
    stack: list[str] = []
    groups: list[list[str]] = []
    for start in following:
        trail = [] if start in number else [(start, iter(following[start]))]
        while trail:
            key, rest = trail[-1]
            if key not in number:
                number[key] = low[key] = len(number)
                stack.append(key)
            target = next((one for one in rest if one not in done), None)
            if target is None:
                trail.pop()
                if trail:
                    low[trail[-1][0]] = min(low[trail[-1][0]], low[key])
                if low[key] == number[key]:
                    groups.append(_taken(stack, key))
                    done.update(groups[-1])
            elif target in number:
                low[key] = min(low[key], number[target])
            else:
                trail.append((target, iter(following[target])))
    return groups


def _taken(stack: list[str], key: str) -> list[str]:
    circle = []
    while not circle or circle[-1] != key:
        circle.append(stack.pop())
    return circle
