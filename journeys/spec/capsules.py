"""Capsules: a step that opens, the step that closes it, and the steps between them.

The two at the ends hold `metaData.capsule` {id, startId, endId}, those between them `metaData.capsuleData` with the
same members (seen in a real journey with a path optimizer). Reading a document never corrects it: a step gets or loses
its `capsuleData` only when a change brings it in or takes it out.
"""

from dataclasses import dataclass

from journeys.spec import graph
from journeys.spec.document import block_list, replace_block

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
    """The steps between its ends. One on a path that was cut is inside still; one behind the closing step is not."""
    between = walk.reachable_without(capsule.start, capsule.end) - {capsule.start, capsule.end}
    if any(walk.ends(key) for key in between):  # a way round the closing step may lead behind it
        between -= walk.reachable_without(capsule.end, capsule.start)
    return between


def in_step(before: dict, after: dict) -> dict:
    """`after`, in which the steps that a change brought into a capsule say so, and those it took out do not."""
    was, now = (_contents(document) for document in (before, after))
    for capsule in was:
        for key in was[capsule] - now.get(capsule, set()):
            after = _marked(after, key, capsule, inside_it=False)
    for capsule in now:
        for key in sorted(now[capsule] - was.get(capsule, set())):
            after = _marked(after, key, capsule, inside_it=True)
    return after


def marked(document: dict, key: str) -> dict:
    """The document in which a step says in which capsule it stands, the innermost one; the same where in none."""
    around = [(inside_it, capsule) for capsule, inside_it in _contents(document).items() if key in inside_it]
    if not around:
        return document
    _inside, capsule = min(around, key=lambda one: len(one[0]))
    return _marked(document, key, capsule, inside_it=True)


def new_id(document: dict) -> str:
    """The next one that is free: "CAPSULE-2"."""
    taken, number = ids(document), 1
    while f"CAPSULE-{number}" in taken:
        number += 1
    return f"CAPSULE-{number}"


def ids(document: dict) -> set[str]:
    named = [_member(step, name).get("id") for step in block_list(document, "activity") for name in NAMES]
    return {name for name in named if isinstance(name, str) and name}


def _contents(document: dict) -> dict[Capsule, set[str]]:
    if not any(_member(step, "capsule") for step in block_list(document, "activity")):
        return {}
    walk = graph.Walk(document)
    return {capsule: inside(walk, capsule) for capsule in _capsules(walk)}


def _capsules(walk: graph.Walk) -> list[Capsule]:
    found = []
    for key, step in walk.steps.items():
        end = walk.capsule_end(key) if _member(step, "capsule") else None
        if end is not None:
            found.append(Capsule(str(_member(step, "capsule").get("id", "")), key, end))
    return found


def _marked(document: dict, key: str, capsule: Capsule, *, inside_it: bool) -> dict:
    step = graph.steps(document).get(key)
    meta = step.get("metaData", {}) if step else None
    if not isinstance(meta, dict):
        return document
    if inside_it:
        data = {"id": capsule.id, "startId": capsule.start, "endId": capsule.end}
        meta = {**meta, "capsuleData": data}
    elif _member(step, "capsuleData").get("id") == capsule.id:
        meta = {name: value for name, value in meta.items() if name != "capsuleData"}
    else:
        return document
    return replace_block(document, "activity", key, {**step, "metaData": meta})


def _member(step: dict, name: str) -> dict:
    meta = step.get("metaData")
    found = meta.get(name) if isinstance(meta, dict) else None
    return found if isinstance(found, dict) else {}
