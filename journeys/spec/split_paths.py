"""A path of a step is one thing with what the step holds under the path's key: who takes the one
away takes the other. What both of two people did to it is one question."""

import re
from collections.abc import Callable

from journeys.spec import address, graph
from journeys.spec.address import Address, Item
from journeys.spec.parts import MISSING, differ, merged_names
from journeys.spec.three_way import Choose, Clash

SETTINGS, CRITERIA = "configurationArguments", "criteria"


def is_share(value: object) -> bool:
    """Whether a label only says a percentage."""
    return isinstance(value, str) and re.fullmatch(r"\d+ ?%", value) is not None


def is_path(inside: str) -> bool:
    steps = address.steps(inside) or ()
    return len(steps) == 2 and steps[0] == "outcomes" and isinstance(steps[1], Item)


def criteria_place(inside: str) -> str:
    """Where the step holds the criteria of the path at this place."""
    key = (address.steps(inside) or ())[1].key
    return address.written((SETTINGS, CRITERIA, key))


def share_of(clash: Clash, clashes: list[Clash]) -> Clash | None:
    """Of a label that only repeats the percentage of its path: what is asked about that."""
    where = clash.address
    steps = address.steps(where.inside) or ()
    if len(steps) != 4 or steps[0] != "outcomes" or steps[2:] != ("metaData", "label"):
        return None
    if not all(value is MISSING or is_share(value) for value in clash.values):
        return None
    inside = address.written((*steps[:2], "arguments", "percentage"))
    place = Address(where.kind, where.key, inside)
    return next((one for one in clashes if one.address == place), None)


def kept_or_gone(old: dict, mine: dict, theirs: dict, choose: Choose) -> tuple[dict, dict, dict]:
    """The three versions without paths that one person took away and the other changed: whoever
    was not chosen has them as they were."""
    before, own, other = (_ways(one) for one in (old, mine, theirs))
    for key, way in before.items():
        if (key in own) == (key in other) or not _is_changed(
            key, old, mine if key in own else theirs
        ):
            continue
        values = way, own.get(key, MISSING), other.get(key, MISSING)
        chosen = choose(address.item("outcomes", key), *values)
        if (chosen is MISSING) == (key in own):
            mine = _as_it_was(key, old, mine)
        else:
            theirs = _as_it_was(key, old, theirs)
    return old, mine, theirs


def _ways(step: dict) -> dict[str, dict]:
    """By their keys; none where these do not tell the paths apart."""
    ways = graph.outcomes(step)
    by_key = {graph.outcome_key(way): way for way in ways}
    is_plain = len(by_key) == len(step.get("outcomes") or ()) and "" not in by_key
    return by_key if is_plain else {}


def _criteria(step: dict) -> dict:
    settings = step.get(SETTINGS)
    criteria = settings.get(CRITERIA) if isinstance(settings, dict) else None
    return criteria if isinstance(criteria, dict) else {}


def _is_changed(key: str, old: dict, new: dict) -> bool:
    return any(
        differ(of(old).get(key, MISSING), of(new).get(key, MISSING)) for of in (_ways, _criteria)
    )


def _as_it_was(key: str, old: dict, new: dict) -> dict:
    ways = _restored(key, old, new, _ways)
    step = {**new, "outcomes": list(ways.values())}
    if key not in _criteria(old) and key not in _criteria(new):
        return step
    settings = new.get(SETTINGS) if isinstance(new.get(SETTINGS), dict) else {}
    return {**step, SETTINGS: {**settings, CRITERIA: _restored(key, old, new, _criteria)}}


def _restored(key: str, old: dict, new: dict, of: Callable[[dict], dict]) -> dict:
    """What stands under this key as it was, behind what it stood behind."""
    was, now = of(old), of(new)
    if key not in was:
        return {name: value for name, value in now.items() if name != key}
    names = merged_names([name for name in was if name != key], [*was], [*now], keep=now)
    return {name: was[key] if name == key else now[name] for name in names}
