"""What the ways out of a step say: when a contact takes one, and what stands on it."""

from collections import Counter

from django.utils.translation import gettext as _now

from journeys.blocks.places import get, text
from journeys.spec.address import Item, steps
from journeys.spec.graph import outcome_key, outcomes


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


def titles_of(ways: list[dict], labels: list[str]) -> list[str]:
    """What stands on the paths: their labels, else their keys, else their numbers."""
    return [
        label.strip() or outcome_key(way).strip() or numbered(number)
        for number, (way, label) in enumerate(zip(ways, labels, strict=True), 1)
    ]


def told_apart(titles: list[str]) -> list[str]:
    """The same with their numbers where several are equal."""
    count = Counter(title.casefold() for title in titles)
    return [
        _now("%(path)s (path %(number)s)") % {"path": title, "number": number}
        if count[title.casefold()] > 1
        else title
        for number, title in enumerate(titles, 1)
    ]


def numbered(number: int) -> str:
    return _now("Path %(number)s") % {"number": number}


def without_key(way: dict) -> bool:
    return way.get("key") in (None, "")


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
