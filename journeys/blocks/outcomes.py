"""What the ways out of a step say: when a contact takes one, and what stands on it."""

from django.utils.translation import gettext as _now

from journeys.blocks.places import get, text


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
