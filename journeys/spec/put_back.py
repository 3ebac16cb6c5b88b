"""A block that was removed, put back where it stood: into a journey that went on without it."""

from journeys.spec import edit, graph
from journeys.spec.document import MEMBER_OF, block_list
from journeys.spec.graph import START, GraphError

Gap = tuple[str, str]


def put_back(document: dict, before: dict, kind: str, block: dict) -> dict:
    """`before` is a document in which it stood, `block` what it shall be. Raises GraphError."""
    if any(one.get("key") == block.get("key") for one in block_list(document, kind)):
        raise GraphError("Another block has its key by now.")
    if kind == "activity":
        return _step(document, before, block)
    listed, stood = block_list(document, kind), block_list(before, kind)
    behind = [one.get("key") for one in stood[: _position(stood, block)]]
    at = max((n for n, one in enumerate(listed, 1) if one.get("key") in behind), default=0)
    return {**document, MEMBER_OF[kind]: [*listed[:at], block, *listed[at:]]}


def _position(stood: list[dict], block: dict) -> int:
    return next((n for n, one in enumerate(stood) if one.get("key") == block.get("key")), 0)


def _step(document: dict, before: dict, step: dict) -> dict:
    key = step["key"]
    if graph.capsule_start(before, key) is not None or graph.capsule_end(before, key) is not None:
        raise GraphError(
            "It belongs to steps that are put in and taken out together, so it cannot be put back"
            " alone. Let its removal be undone, and enter your change again."
        )
    gap = _gap(document, before, key)
    document, target = edit.open_gap(document, gap, key)
    step = _leading_on(document, edit.with_way_out(step), target)
    document = edit.place(document, gap[0], [step])
    behind = graph.reachable(document, key)
    for name, outcome in graph.predecessors(before).get(key, []):
        # other paths that met in it were led to what came behind it
        if target and name not in behind and _leads_to(document, (name, outcome), target):
            document = edit.set_next(document, name, outcome, key)
    return document


def _gap(document: dict, before: dict, key: str) -> Gap:
    """Where it stood; behind what is gone as well, where that stood."""
    led_by, here, seen = graph.predecessors(before), graph.steps(document), {key}
    while led_by.get(key):
        for name, outcome in led_by[key]:
            if name in here and graph.find_outcome(here[name], outcome) is not None:
                return name, outcome
        key = led_by[key][0][0]
        if key in seen:
            break
        seen.add(key)
    return START


def _leads_to(document: dict, gap: Gap, target: str) -> bool:
    step = graph.steps(document).get(gap[0])
    way = graph.find_outcome(step, gap[1]) if step else None
    return way is not None and graph.next_of(way) == target


def _leading_on(document: dict, step: dict, target: str | None) -> dict:
    """Its paths lead where they led as far as that is still there and makes no circle; one leads to
    `target`, which was led to from its gap."""
    steps, before = graph.steps(document), _upstream(document, step["key"])
    ways = graph.outcomes(step)
    led = [graph.next_of(way) for way in ways]
    led = [name if name in steps and name not in before else None for name in led]
    if target is not None and not any(_reaches(document, name, target) for name in led if name):
        free = led.index(None) if None in led else 0
        led[free] = target
    links = {id(way): name for way, name in zip(ways, led, strict=True)}
    return {
        **step,
        "outcomes": [
            edit.with_next(way, links[id(way)]) if id(way) in links else way
            for way in step["outcomes"]
        ],
    }


def _reaches(document: dict, key: str, target: str) -> bool:
    return key == target or target in graph.reachable(document, key)


def _upstream(document: dict, key: str) -> set[str]:
    """The steps from which this one is come to."""
    led_by, known, work = graph.predecessors(document), set(), [key]
    while work:
        for name, _outcome in led_by.get(work.pop(), []):
            if name not in known:
                known.add(name)
                work.append(name)
    return known
