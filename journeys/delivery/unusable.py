"""Why something that a tenant holds cannot be used where it is offered, in words.

It is offered all the same: whoever looks for it shall learn why it is not to be had.
"""

from collections.abc import Callable

from django.utils.translation import gettext as _t

from journeys.blocks.triggers.event_kinds import can_start, source_label
from journeys.tenant.lookups import Choice


def why_not(kind: str, choice: Choice, of: str = "") -> str:
    """ "" where it can be used. `of` is the type that an event has to be of; "" for any."""
    return REASONS[kind](choice, of) if kind in REASONS else ""


def _email(choice: Choice, _of: str) -> str:
    return "" if choice.value else _t("It has no legacy id, by which journeys name their emails.")


def _data_extension(choice: Choice, _of: str) -> str:
    return _t("It is not active.") if choice.more.get("state") == "inactive" else ""


def _event(choice: Choice, of: str) -> str:
    """An event whose type the tenant does not tell is not judged."""
    spec_type = choice.more.get("type", "")
    if not of or not spec_type or can_start(spec_type, of):
        return ""
    return _t("It is an event for “%(other)s”; one for “%(own)s” is needed here.") % {
        "other": source_label(spec_type),
        "own": source_label(of),
    }


REASONS: dict[str, Callable[[Choice, str], str]] = {
    "email": _email,
    "data-extension": _data_extension,
    "event": _event,
}
