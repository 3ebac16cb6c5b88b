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
    found = []
    for key, step in graph.steps(document).items():
        end = graph.capsule_end(document, key) if _member(step, "capsule") else None
        if end is not None:
            found.append(Capsule(str(_member(step, "capsule").get("id", "")), key, end))
    return found


def inside(document: dict, capsule: Capsule) -> set[str]:
    """The steps between its ends. One on a path that was cut is inside still; one behind the closing step is not."""
    walk = graph.Walk(document)
    between = walk.reachable_without(capsule.start, capsule.end)
    return between - walk.reachable_without(capsule.end, capsule.start) - {capsule.start, capsule.end}


def in_step(before: dict, after: dict) -> dict:
    """`after`, in which the steps that a change brought into a capsule say so, and those it took out do not."""
    was, now = ({c: inside(document, c) for c in capsules(document)} for document in (before, after))
    for capsule in was:
        for key in was[capsule] - now.get(capsule, set()):
            after = _marked(after, key, capsule, inside_it=False)
    for capsule in now:
        for key in sorted(now[capsule] - was.get(capsule, set())):
            after = _marked(after, key, capsule, inside_it=True)
    return after


def new_id(document: dict) -> str:
    """The next one that is free: "CAPSULE-2"."""
    taken, number = ids(document), 1
    while f"CAPSULE-{number}" in taken:
        number += 1
    return f"CAPSULE-{number}"


def ids(document: dict) -> set[str]:
    named = [_member(step, name).get("id") for step in block_list(document, "activity") for name in NAMES]
    return {name for name in named if isinstance(name, str) and name}


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
