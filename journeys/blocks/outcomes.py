"""What the ways out of a step say: when a contact takes one, and what stands on it."""

from django.utils.translation import gettext as _now

from journeys.blocks.places import get, text
from journeys.spec.address import Item, steps
from journeys.spec.graph import outcomes


def when_of(outcome: dict) -> bool | None:
    """Whether it is the way for yes or for no; "true" and "false" count. None where it says
    neither."""
    when = get(outcome, "arguments.when")
    if isinstance(when, str):
        when = {"true": True, "false": False}.get(when.lower())
    return when if isinstance(when, bool) else None


def label_of(outcome: dict) -> str:
    """Its label, else what its arguments say."""
    label = text(outcome, "metaData.label")
    if label.strip():
        return label
    when = when_of(outcome)
    if when is not None:
        return _now("Yes") if when else _now("No")
    percentage = get(outcome, "arguments.percentage")
    if (
        isinstance(percentage, int | float | str)
        and not isinstance(percentage, bool)
        and percentage != ""
    ):
        return f"{percentage} %"
    if get(outcome, "key") == "remainder_path":
        return _now("Remainder")
    result = get(outcome, "arguments.branchResult")
    return result if isinstance(result, str) else ""


def way_at(block: dict, inside: str) -> dict | None:
    """The path of a step that a place is in, by its key, else by its position; None where it is in
    none, or several have that key."""
    step = (steps(inside) or ())[1:2]
    name = step[0].key if step and isinstance(step[0], Item) else ""
    ways = outcomes(block)
    matches = [way for way in ways if way.get("key") == name]
    if not matches and name.isascii() and name.isdigit() and int(name) < len(ways):
        matches = [ways[int(name)]]
    return matches[0] if len(matches) == 1 else None
