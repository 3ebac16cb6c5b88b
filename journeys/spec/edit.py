"""Changes of the steps: document in, new document out. Untouched blocks are shared, nothing is
changed in place.

A path that ends has no `next` member at all: the endpoint refuses `next: ""`.
"""

import uuid
from collections.abc import Callable

from journeys.spec.document import block_list
from journeys.spec.graph import (
    START,
    GraphError,
    capsule_end,
    capsule_start,
    find_outcome,
    keys_of,
    meeting,
    moves_with,
    next_of,
    only_through,
    only_through_any,
    outcome_key,
    outcomes,
    predecessors,
    reachable,
    roots,
    steps,
)


def insert(document: dict, gap: tuple[str, str], step: dict, *others: dict) -> dict:
    """Puts a new step into a gap. It stands right after its predecessor, and its first path leads
    where the gap led.

    `others` come with it and are linked with it already; then the first path that ends among them
    leads on.
    """
    added = [step, *others]
    taken = keys_of(block_list(document, "activity"))
    keys = [one.get("key") for one in added]
    if not all(isinstance(key, str) and key and key not in taken for key in keys) or len(
        set(keys)
    ) < len(keys):
        raise GraphError("The new step needs a key that no other step has.")
    step = with_way_out(step)
    document, target = open_gap(document, gap, step["key"])
    if others:
        return place(document, gap[0], closed([step, *others], set(keys), target))
    first, *rest = outcomes(step)
    links = {id(first): target} | dict.fromkeys(map(id, rest))
    return place(document, gap[0], [_led(step, links)])


def remove(document: dict, key: str, keep_outcome: str | None = None) -> dict:
    """Takes a step out; whatever led to it leads to what came after it.

    Of a split, `keep_outcome` names the path that stays; the steps that only its other paths lead
    to go too. With "" all its paths go, up to the step in which they meet. The step that closes a
    split goes with it.
    """
    ways = outcomes(_step(document, key))
    _require_no_end(document, key)
    if len(ways) > 1 and keep_outcome is None:
        raise GraphError("Choose which path of this split stays, or remove all of them.")
    if len(ways) > 1 and keep_outcome == "" and all(outcome_key(way) for way in ways):
        return without(document, set(moves_with(document, key)), {key: meeting(document, key)})
    kept = _outcome(document, key, keep_outcome) if len(ways) > 1 else next(iter(ways), None)
    gone = {key, *only_through_any(document, key, [way for way in ways if way is not kept])}
    links = {key: next_of(kept) if kept else None}
    end = capsule_end(document, key)
    if end is not None:
        gone.add(end)
        links[end] = meeting(document, key)
        links[key] = links[end] if links[key] == end else links[key]
    return without(document, gone, links)


def move(document: dict, key: str, gap: tuple[str, str]) -> dict:
    """Moves a step into another gap; a split with its paths, up to the step in which they meet.

    The paths that went on there go on behind the new gap; when all of them ended, the first one
    does.
    """
    step = _step(document, key)
    _require_no_end(document, key)
    together = moves_with(document, key)
    if gap[0] in together:
        raise GraphError("A step cannot be moved behind itself or into its own paths.")
    if gap == START and key in roots(document)[:1]:
        return document
    if predecessors(document).get(key) == [gap]:
        return document
    moved = [steps(document)[name] for name in together]
    if len(outcomes(step)) < 2 and capsule_end(document, key) is None:
        return insert(remove(document, key), gap, step)
    document = without(document, set(together), {key: meeting(document, key)})
    document, target = open_gap(document, gap, key)
    return place(document, gap[0], closed(moved, set(together), target))


def set_next(document: dict, key: str, outcome: str, target: str | None) -> dict:
    """Leads a path to another step, or ends it with None. Refused when that would make a circle."""
    _outcome(document, key, outcome)
    if target is not None:
        if target not in steps(document):
            raise GraphError("The step that this path should lead to is not in the journey.")
        if key in reachable(document, target):
            raise GraphError("That would lead in a circle: contacts would never leave it.")
    return _change(document, key, lambda step: _leading(step, outcome, target))


def add_outcome(document: dict, key: str, outcome: dict, before: str | None = None) -> dict:
    """Adds a path, before the one named or as the last."""
    step = _step(document, key)
    _require_list(step)
    taken = [outcome_key(way) for way in outcomes(step)]
    new = (
        outcome
        if outcome.get("key") and outcome["key"] not in taken
        else {**outcome, "key": str(uuid.uuid4())}
    )
    ways = list(step.get("outcomes") or [])
    named = [
        index
        for index, way in enumerate(ways)
        if isinstance(way, dict) and outcome_key(way) == before
    ]
    ways.insert(named[0] if before and named else len(ways), new)
    return _change(document, key, lambda step: {**step, "outcomes": ways})


def remove_outcome(document: dict, key: str, outcome: str, with_steps: bool) -> dict:
    """Takes a path away. Steps that only it leads to go with it, or the removal is refused."""
    removed = _outcome(document, key, outcome)
    gone = set(only_through(document, key, outcome))
    if gone and not with_steps:
        raise GraphError("There are steps on this path. Remove or move them first.")

    def drop(step: dict) -> dict:
        return {**step, "outcomes": [way for way in step["outcomes"] if way is not removed]}

    return without(_change(document, key, drop), gone, {})


def move_outcome(document: dict, key: str, outcome: str, offset: int) -> dict:
    """Moves a path up (-1) or down (1) among the paths of its step: their order is the order of
    evaluation."""
    moved = _outcome(document, key, outcome)

    def shift(step: dict) -> dict:
        ways = [way for way in step["outcomes"] if way is not moved]
        at = min(max(step["outcomes"].index(moved) + offset, 0), len(ways))
        return {**step, "outcomes": [*ways[:at], moved, *ways[at:]]}

    return _change(document, key, shift)


def _step(document: dict, key: str) -> dict:
    step = steps(document).get(key)
    if step is None:
        raise GraphError("This step is no longer in the journey.")
    return step


def _outcome(document: dict, key: str, outcome: str) -> dict:
    step = _step(document, key)
    match = find_outcome(step, outcome)
    if match is not None:
        return match
    if any(outcome_key(way) == outcome for way in outcomes(step)):
        raise GraphError(
            "Several paths of this step have the same key, or none. Give each its own in the JSON"
            " first."
        )
    raise GraphError("This path is no longer in the journey.")


def _require_no_end(document: dict, key: str) -> None:
    start = capsule_start(document, key)
    if start is not None:
        raise GraphError(
            "This step closes what “%(start)s” opens, and stays with it. Select that step instead.",
            start=start,
        )


def _require_list(step: dict) -> None:
    if not isinstance(step.get("outcomes"), list | None):
        raise GraphError("The outcomes of this step are no list. Correct its JSON first.")


def open_gap(document: dict, gap: tuple[str, str], key: str) -> tuple[dict, str | None]:
    """Leads the gap to `key`; returns what it led to before."""
    if gap == START:
        first = roots(document)
        return document, first[0] if first else None
    step = _step(document, gap[0])
    if not outcomes(step) and gap[1] == "":
        _require_list(step)
        way = {
            "key": str(uuid.uuid4()),
            "next": key,
            "arguments": {},
            "metaData": {"invalid": False},
        }
        return _change(document, gap[0], lambda step: {**step, "outcomes": [way]}), None
    target = next_of(_outcome(document, *gap))
    return _change(document, gap[0], lambda step: _leading(step, gap[1], key)), target


def with_way_out(step: dict) -> dict:
    if outcomes(step):
        return step
    return {
        **step,
        "outcomes": [{"key": str(uuid.uuid4()), "arguments": {}, "metaData": {"invalid": False}}],
    }


def _leading(step: dict, outcome: str, target: str | None) -> dict:
    return _led(step, {id(find_outcome(step, outcome)): target})


def _led(step: dict, links: dict[int, str | None]) -> dict:
    """The step with other targets for some of its outcomes, which are named by their identity: keys
    may be missing."""
    ways = [with_next(way, links[id(way)]) if id(way) in links else way for way in step["outcomes"]]
    return {**step, "outcomes": ways}


def led(step: dict, change: Callable[[str], str | None]) -> dict:
    """The step, with each of its ways that leads on leading where `change` says."""
    ways = [(way, change(next_of(way))) for way in outcomes(step) if next_of(way)]
    links = {id(way): target for way, target in ways if target != next_of(way)}
    return _led(step, links) if links else step


def with_next(outcome: dict, target: str | None) -> dict:
    """`next` stays where it stood, else comes after `key`."""
    if target is None:
        return {name: value for name, value in outcome.items() if name != "next"}
    if "next" in outcome or "key" not in outcome:
        return {**outcome, "next": target}
    members: dict = {}
    for name, value in outcome.items():
        members[name] = value
        if name == "key":
            members["next"] = target
    return members


def closed(moved: list[dict], inside: set[str], target: str | None) -> list[dict]:
    """The moved steps, whose ways out of the group lead to `target`: the first path's end where
    there was none."""
    out = [
        (step, way)
        for step in moved
        for way in outcomes(step)
        if next_of(way) and next_of(way) not in inside
    ]
    if not out and target is not None:
        out = [_first_end(moved)]
    links = {id(way): target for _, way in out}
    return [_led(step, links) if outcomes(step) else step for step in moved]


def _first_end(moved: list[dict]) -> tuple[dict, dict]:
    """The open end that is come to by always taking the first path."""
    named = {step["key"]: step for step in moved}
    step, seen = moved[0], set()
    while True:
        seen.add(step["key"])
        way = outcomes(step)[0]
        following = named.get(next_of(way) or "")
        if following is None or following["key"] in seen or not outcomes(following):
            return step, way
        step = following


def _change(document: dict, key: str, change: Callable[[dict], dict]) -> dict:
    step = _step(document, key)
    changed = [change(one) if one is step else one for one in document["activities"]]
    return {**document, "activities": changed}


def place(document: dict, after: str, added: list[dict]) -> dict:
    listed = block_list(document, "activity")
    at = (
        next((index + 1 for index, step in enumerate(listed) if step.get("key") == after), 0)
        if after
        else 0
    )
    return {**document, "activities": [*listed[:at], *added, *listed[at:]]}


def without(document: dict, gone: set[str], links: dict[str, str | None]) -> dict:
    """Without the steps of `gone`. What led to one leads to what `links` names for it, or ends."""
    links = {key: links.get(key) for key in gone}
    links = {key: None if target in gone else target for key, target in links.items()}

    def healed(step: dict) -> dict:
        led = {id(way): links[next_of(way)] for way in outcomes(step) if next_of(way) in links}
        return _led(step, led) if led else step

    named = steps(document)
    removed = {id(named[key]) for key in gone}
    kept = [healed(step) for step in block_list(document, "activity") if id(step) not in removed]
    return {**document, "activities": kept}
