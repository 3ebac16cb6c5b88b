"""Several steps at once: copied, pasted, duplicated, moved, removed; and one step replaced by
another.

A split brings what only it leads to until its paths meet, and a step that opens a capsule the one
that closes it: the step and all of these are a unit. The units of a selection follow each other in
the order of the journey.
"""

from collections.abc import Iterable

from journeys.spec import document as doc
from journeys.spec import edit, graph
from journeys.spec.capsules import NAMES
from journeys.spec.foreign import FORMAT, is_one_activity
from journeys.spec.graph import GraphError, next_of, outcomes

MOST = 1000  # steps in one paste
# Steps of a selection for each of which the whole journey has to be looked at: in one of 300 steps
# that may be all.
MOST_TANGLED, MOST_LOOKED_AT = 100, 100_000


def branch_of(document: dict, key: str, outcome: str) -> list[str]:
    """The steps that only this path of a split leads to, in the order of the document."""
    return graph.only_through(document, key, outcome)


def units(document: dict, keys: Iterable[str]) -> list[list[str]]:
    """The steps that these keys stand for, unit by unit in the order of the journey; each begins
    with its own step."""
    walk, wanted, tangled = graph.Walk(document), set(keys), 0
    following = walk.following
    most = max(MOST_TANGLED, MOST_LOOKED_AT // max(1, len(following)))
    unknown = wanted - following.keys()
    if unknown or not wanted:
        raise (
            GraphError("These steps are no longer in the journey.")
            if unknown
            else GraphError("No step is selected.")
        )
    units, seen = [], set()
    for key in graph.reverse_postorder(following, graph.starts_in(following)):
        if key in wanted and key not in seen:
            _require_its_start(walk, key)
            tangled += walk.is_tangled(key)
            if tangled > most:
                raise GraphError(
                    "The paths behind these steps cross too often. Choose fewer steps at once."
                )
            units.append([key, *(name for name in walk.moves_with(key) if name != key)])
            seen.update(units[-1])
    return _with_left_alone(walk, units)


def _with_left_alone(walk: graph.Walk, found: list[list[str]]) -> list[list[str]]:
    """The units, with the steps that only several of them together lead to: they come with the last
    that does."""
    following, leads, chosen = (
        walk.following,
        _leads(walk, found),
        {key for unit in found for key in unit},
    )
    begun = [leads.get(key, key) for key in graph.starts_in(following)]
    healed = edit.without(walk.document, chosen, leads)
    kept = graph.reached(graph.following_of(healed), [key for key in begun if key is not None])
    alone = {
        key: index for index, key in enumerate(following) if key not in kept and key not in chosen
    }
    seen: set[str] = set()
    for unit in reversed(found) if alone else ():
        behind = [key for key in _newly_reached(following, unit, seen) if key in alone]
        unit += sorted(behind, key=alone.__getitem__)
    return found


def _newly_reached(following: dict[str, list[str]], starts: list[str], seen: set[str]) -> list[str]:
    """What is come to from there and was not `seen` before, where it is noted."""
    keys, work = [], list(starts)
    while work:
        key = work.pop()
        if key not in seen:
            seen.add(key)
            keys.append(key)
            work += following.get(key, [])
    return keys


def copied(document: dict, keys: Iterable[str]) -> list[dict]:
    """The steps on their own, one unit leading to the next, the first step first.

    What leads out of the last unit still names the step that it led to: where the steps are pasted,
    it leads on.
    """
    steps = _chained(document, units(document, keys))
    present = {step["key"] for step in steps}
    return [_out_of_its_capsule(step, present) for step in steps]


def as_text(steps: list[dict]) -> str:
    """For the clipboard. JSON that says what it is, so that other text is told from it."""
    return doc.pretty({"format": FORMAT, "steps": steps})


def from_text(text: str) -> list[dict]:
    """The steps that `as_text` told; also one activity as a file has it, or a list of such. Raises
    GraphError for anything else."""
    try:
        value = doc.loads_value(text)
    except doc.DocumentError as error:
        raise _no_steps() from error
    alone = value if isinstance(value, list) else [value]
    if alone and all(isinstance(one, dict) and is_one_activity(one) for one in alone):
        steps = alone
    elif isinstance(value, dict) and value.get("format") == FORMAT:
        steps = value.get("steps")
    else:
        raise _no_steps()
    require_steps(steps)
    return steps


def paste(document: dict, gap: tuple[str, str], steps: list[dict]) -> dict:
    """Puts copied steps, whose keys must be free, into a gap. What led out of them leads on from
    there."""
    _require_free(document, steps)
    return _put(document, gap, steps)


def duplicate(document: dict, keys: Iterable[str], copies: list[dict]) -> dict:
    """Puts copies, whose keys are free, right behind the last unit of the steps; they lead on where
    it led."""
    _require_free(document, copies)
    last = units(document, keys)[-1]
    named = graph.steps(document)
    moved = [edit.with_way_out(named[key]) for key in last]
    closed = edit.closed(moved, set(last), copies[0]["key"])
    led = {id(named[step["key"]]): step for step in closed}
    known = named.keys() | {copy["key"] for copy in copies}
    copies = [edit.led(copy, lambda target: target if target in known else None) for copy in copies]
    listed = doc.block_list(document, "activity")
    behind = max(index for index, step in enumerate(listed) if id(step) in led)
    before, after = listed[: behind + 1], listed[behind + 1 :]
    return {
        **document,
        "activities": [*(led.get(id(step), step) for step in before), *copies, *after],
    }


def move(document: dict, keys: Iterable[str], gap: tuple[str, str]) -> dict:
    """Moves the steps into a gap, one behind the other."""
    chain = units(document, keys)
    if any(gap[0] in unit for unit in chain):
        raise GraphError("Steps cannot be moved behind themselves or into their own paths.")
    return _put(_healed(document, chain), gap, _chained(document, chain))


def remove(document: dict, keys: Iterable[str], *, heal: bool) -> dict:
    """Takes the steps out. With `heal` what led to them leads on behind them, else all that only
    they lead to goes."""
    if not heal:
        return edit.without(document, behind(document, keys), {})
    return _healed(document, units(document, keys))


def behind(document: dict, keys: Iterable[str]) -> set[str]:
    """The steps, and all that could not be come to any more without them."""
    gone = {key for unit in units(document, keys) for key in unit}
    walk = graph.Walk(document)
    following = walk.following
    cut = {key: [] if key in gone else targets for key, targets in following.items()}
    kept = graph.reached(cut, [key for key in graph.starts_in(following) if key not in gone])
    lost = gone | (graph.reached(following, list(gone)) - kept)
    for key in lost:
        start = walk.capsule_start(key)
        if start is not None and start not in lost:
            raise GraphError(
                "The step that closes what “%(start)s” opens would go, too. Select that step as"
                " well.",
                start=start,
            )
    return lost


def lost_by_replacing(document: dict, key: str, ways: int) -> tuple[int, list[str]]:
    """How many paths that lead on would be lost if a step had only so many ways out, and the steps
    that would go."""
    step = _step(document, key)
    led = [way for way in outcomes(step) if next_of(way)]
    lost = led[ways:]
    return len(lost), graph.only_through_any(document, key, lost) if lost else []


def replace(document: dict, key: str, steps: list[dict], *, drop: bool) -> dict:
    """Puts a new step, and those that come with it, in the place of another; its paths lead where
    the old ones led.

    Paths of the old step that lead on and find no path of the new one are lost, with the steps that
    only they lead to: refused without `drop`.
    """
    old = _step(document, key)
    if graph.capsule_end(document, key) or graph.capsule_start(document, key):
        raise GraphError(
            "This step and the one that closes it belong together. Remove them, and add the new"
            " step."
        )
    new, *others = [edit.with_way_out(step) for step in steps]
    count = 1 if others else len(outcomes(new))
    lost, gone = lost_by_replacing(document, key, count)
    if lost and not drop:
        raise GraphError(
            "The new step has fewer paths than this one. Some of what comes behind it would be"
            " lost."
        )
    targets = [next_of(way) for way in outcomes(old)]
    if len(targets) > count:
        targets = [target for target in targets if target][:count]
    group = edit.closed(
        [new, *others], {step["key"] for step in steps}, targets[0] if targets else None
    )
    if not others:
        ways = iter([*targets, *[None] * len(outcomes(new))])
        group = [{**new, "outcomes": [edit.with_next(way, next(ways)) for way in outcomes(new)]}]
    document = edit.without(document, set(gone), {})
    return _in_place_of(document, key, group)


def _chained(document: dict, chain: list[list[str]]) -> list[dict]:
    """The steps of these units, one unit leading to the next."""
    named, following = graph.steps(document), [unit[0] for unit in chain[1:]]
    steps: list[dict] = []
    for index, unit in enumerate(chain):
        own = [edit.with_way_out(named[key]) for key in unit]
        steps += edit.closed(own, set(unit), following[index]) if index < len(following) else own
    return steps


def _put(document: dict, gap: tuple[str, str], steps: list[dict]) -> dict:
    steps = [edit.with_way_out(step) for step in steps]
    document, target = edit.open_gap(document, gap, steps[0]["key"])
    return edit.place(document, gap[0], edit.closed(steps, {step["key"] for step in steps}, target))


def _healed(document: dict, found: list[list[str]]) -> dict:
    """Without these units: what led to one leads to what came behind it, and behind the ones that
    follow it."""
    gone = {key for unit in found for key in unit}
    return edit.without(document, gone, _leads(graph.Walk(document), found))


def _leads(walk: graph.Walk, found: list[list[str]]) -> dict[str, str | None]:
    """By the first step of each unit: what is led to instead of it."""
    gone, leads = {key for unit in found for key in unit}, {}
    for unit in reversed(found):
        ways = outcomes(walk.steps[unit[0]])
        meets = len(ways) > 1 or walk.capsule_end(unit[0])
        target = walk.meeting(unit[0]) if meets else next(map(next_of, ways), None)
        leads[unit[0]] = leads.get(target) if target in gone else target
    return leads


def _in_place_of(document: dict, key: str, group: list[dict]) -> dict:
    listed: list[dict] = []
    for step in doc.block_list(document, "activity"):
        if step.get("key") == key:
            listed += group
        else:
            listed.append(
                edit.led(step, lambda target: group[0]["key"] if target == key else target)
            )
    return {**document, "activities": listed}


def _no_steps() -> GraphError:
    return GraphError(
        "This is no copied step. Copy steps of a journey first, here or in another one. The JSON of"
        " an activity can be pasted, too."
    )


def _step(document: dict, key: str) -> dict:
    step = graph.steps(document).get(key)
    if step is None:
        raise GraphError("This step is no longer in the journey.")
    return step


def _require_its_start(walk: graph.Walk, key: str) -> None:
    """A step that closes a capsule comes with the one that opens it, which stands before it and
    brings it along."""
    start = walk.capsule_start(key)
    if start is not None:
        raise GraphError(
            "This step closes what “%(start)s” opens, and stays with it. Select that step instead.",
            start=start,
        )


def require_steps(steps: object) -> None:
    """Raises GraphError for what cannot be put into a journey: other JSON, keys that are missing or
    twice, a circle."""
    if (
        not isinstance(steps, list)
        or not steps
        or not all(isinstance(step, dict) for step in steps)
    ):
        raise _no_steps()
    if len(steps) > MOST:
        raise GraphError(
            "These are more than %(most)s steps. Import them as a journey instead.", most=MOST
        )
    if len(graph.steps({"activities": steps})) < len(steps):
        raise GraphError("The copied steps need a key each, and no two the same.")
    if graph.find_cycle({"activities": steps}):
        raise GraphError("The copied steps lead in a circle: contacts would never leave it.")


def _require_free(document: dict, steps: list[dict]) -> None:
    require_steps(steps)
    taken = graph.keys_of(doc.block_list(document, "activity"))
    if any(step["key"] in taken for step in steps):
        raise GraphError("The new step needs a key that no other step has.")


def _out_of_its_capsule(step: dict, present: set[str]) -> dict:
    """Without what says that it stands in a capsule, or is one end of it, where the ends do not
    come along."""
    meta = step.get("metaData")
    if not isinstance(meta, dict):
        return step
    left = [
        name
        for name in NAMES
        if isinstance(meta.get(name), dict) and not _whole(meta[name], present)
    ]
    return (
        {**step, "metaData": {name: meta[name] for name in meta if name not in left}}
        if left
        else step
    )


def _whole(capsule: dict, present: set[str]) -> bool:
    ends = [capsule.get("startId"), capsule.get("endId")]
    return all(isinstance(end, str) and end in present for end in ends)
