"""Capsules: a step that opens, the step that closes it, and the steps between them.

The two at the ends hold `metaData.capsule` {id, startId, endId}, those between them
`metaData.capsuleData` with the same members (seen in a real journey with a path optimizer). Reading
a document never corrects it: a step gets or loses its `capsuleData` only when a change brings it in
or takes it out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from journeys.spec import graph
from journeys.spec.document import block_list, replace_blocks

NAMES = ("capsule", "capsuleData")


@dataclass(frozen=True)
class Capsule:
    id: str
    start: str
    end: str


def capsules(document: dict) -> list[Capsule]:
    """Those whose two ends are in the journey, the first step that opens one first."""
    return _capsules(graph.Walk(document))


def inside(walk: graph.Walk, capsule: Capsule) -> set[str]:
    """The steps between its ends. One on a path that was cut is inside still; one behind the
    closing step is not.

    Empty where the journey's capsules stand inside each other so deep that nobody could have drawn
    them.
    """
    known = walk.between.get((capsule.start, capsule.end))
    if known is not None:
        return known
    walk.between[capsule.start, capsule.end] = between = (
        set() if walk.is_spent else _between(walk, capsule)
    )
    return between


def _between(walk: graph.Walk, capsule: Capsule) -> set[str]:
    between = walk.reachable_without(capsule.start, capsule.end) - {capsule.start, capsule.end}
    if not any(walk.ends(key) for key in between):
        return between
    # A way round the closing step may lead behind it.
    if walk.may_pass(capsule.end, capsule.start):
        return between - walk.reachable_without(capsule.end, capsule.start)
    return {key for key in between if not walk.may_pass(capsule.end, key)}


def in_step(before: dict, after: dict) -> dict:
    """`after`, in which the steps that a change brought into a capsule say so, and those it took
    out do not."""
    was, now = (_contents(document) for document in (before, after))
    if was is None or now is None or not (was or now):
        return after
    steps, marked = graph.steps(after), {}
    for capsule in was:
        for key in was[capsule] - now.get(capsule, set()):
            if key in steps:
                marked[key] = _marked(marked.get(key, steps[key]), capsule, inside_it=False)
    for capsule in now:
        for key in now[capsule] - was.get(capsule, set()):
            marked[key] = _marked(marked.get(key, steps[key]), capsule, inside_it=True)
    return replace_blocks(
        after, "activity", {key: step for key, step in marked.items() if step is not steps[key]}
    )


def marked(document: dict, key: str) -> dict:
    """The document in which a step says in which capsule it stands, the innermost one; the same
    where in none."""
    capsule = innermost(document).get(key)
    if capsule is None:
        return document
    step = graph.steps(document)[key]
    changed = says(step, capsule)
    return document if changed is step else replace_blocks(document, "activity", {key: changed})


def innermost(document: dict) -> dict[str, Capsule]:
    """For each step that stands in a capsule: the one with the fewest steps."""
    by_step: dict[str, Capsule] = {}
    for capsule, inside_it in sorted(
        (_contents(document) or {}).items(), key=lambda one: len(one[1])
    ):
        for key in inside_it:
            by_step.setdefault(key, capsule)
    return by_step


def says(step: dict, capsule: Capsule) -> dict:
    """The step, which says that it stands in the capsule."""
    return _marked(step, capsule, inside_it=True)


def new_id(document: dict) -> str:
    """The next one that is free: "CAPSULE-2"."""
    return next(new_ids(document))


def new_ids(document: dict) -> Iterator[str]:
    """The same for several."""
    taken = ids(document)
    return (name for number in count(1) if (name := f"CAPSULE-{number}") not in taken)


def ids(document: dict) -> set[str]:
    named = [
        _member(step, name).get("id") for step in block_list(document, "activity") for name in NAMES
    ]
    return {name for name in named if isinstance(name, str) and name}


def _contents(document: dict) -> dict[Capsule, set[str]] | None:
    """What stands in each capsule; None where they stand inside each other too deep to tell of
    all."""
    if not any(_member(step, "capsule") for step in block_list(document, "activity")):
        return {}
    walk = graph.Walk(document)
    contents = {capsule: inside(walk, capsule) for capsule in _capsules(walk)}
    return None if walk.is_spent else contents


def _capsules(walk: graph.Walk) -> list[Capsule]:
    capsules = []
    for key, step in walk.steps.items():
        end = walk.capsule_end(key) if _member(step, "capsule") else None
        if end is not None:
            capsules.append(Capsule(str(_member(step, "capsule").get("id", "")), key, end))
    return capsules


def _marked(step: dict, capsule: Capsule, *, inside_it: bool) -> dict:
    meta = step.get("metaData", {})
    if not isinstance(meta, dict):
        return step
    if inside_it:
        data = {"id": capsule.id, "startId": capsule.start, "endId": capsule.end}
        meta = {**meta, "capsuleData": data}
    elif _member(step, "capsuleData").get("id") == capsule.id:
        meta = {name: value for name, value in meta.items() if name != "capsuleData"}
    else:
        return step
    return {**step, "metaData": meta}


def _member(step: dict, name: str) -> dict:
    meta = step.get("metaData")
    member = meta.get(name) if isinstance(meta, dict) else None
    return member if isinstance(member, dict) else {}
