"""Which entry sources an event can start: by its type where that is known, else by how Journey
Builder begins the keys of the events that it makes. Keys that people chose say nothing."""

from journeys.blocks.registry import type_of

STARTS = {
    "apievent-": ("APIEvent",),
    "deaudience-": ("EmailAudience", "AutomationAudience"),
    "automationaud-": ("AutomationAudience",),
    "salesforceobj": ("SalesforceObjectTriggerV2",),
    "contactevent-": ("ContactEvent",),
    "contactaudience-": ("ContactAudience",),
    "dateevent-": ("DateEvent",),
    "cloudpagessma-": ("CloudPagesSmartCapture",),
}


def types_by_key(event_key: str) -> tuple[str, ...]:
    """The types of the entry sources that an event of this key can start, the usual one first; none
    where the key does not tell. Real automations have keys of plain data extensions, too."""
    key = event_key.strip().casefold()
    return next((types for start, types in STARTS.items() if key.startswith(start)), ())


def source_label(spec_type: str) -> str:
    """An entry source of that type, as the palette calls it; the type itself where nobody knows
    it."""
    lens = type_of({"type": spec_type}, "trigger")
    return str(lens.label) if lens.known else spec_type


def can_start(event_type: str, spec_type: str) -> bool:
    """Answers of the API write types in more than one way ("ApiEvent")."""
    return event_type.strip().casefold() == spec_type.strip().casefold()
