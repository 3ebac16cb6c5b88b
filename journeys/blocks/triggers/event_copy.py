"""What a journey's JSON holds of the definition of its entry event: data extension and schedule.

They belong to the event definition, which the tenant keeps. Journey Builder leaves a whole copy of
it in `metaData.eventDefinition` of some journeys (4 of 155 real ones), and single members of it in
the entry source (`arguments.dataExtensionId` in 14, `metaData.scheduleState` in 32 of 154); members
and values are those of recorded event definitions. All of it is only shown: it is changed there.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from journeys.blocks.places import get, text
from journeys.blocks.values import whole

COPY = "metaData.eventDefinition"
OWN = ("metaData", "configurationArguments", "arguments")  # of an entry source
NO_SCHEDULE = "no schedule"
NEVER = "2079-06-06"  # the end of what has none
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def with_copy(trigger: dict, document: dict) -> dict:
    """The entry source with the copy that stands in the journey."""
    copy, meta = get(document, COPY), trigger.get("metaData", {})
    if not isinstance(copy, dict) or not isinstance(meta, dict) or "eventDefinition" in meta:
        return trigger
    return {**trigger, "metaData": {**meta, "eventDefinition": copy}}


def data_extension_name(trigger: dict) -> str:
    return _first(trigger, "dataExtensionName")


def data_extension(trigger: dict) -> str:
    """Its name and its id, as far as they are held."""
    name, id_ = _first(trigger, "dataExtensionName"), _first(trigger, "dataExtensionId")
    return f"{name} ({id_})" if name and id_ else name or id_


def schedule(trigger: dict, *, in_full: bool = True) -> str:
    """When its rows enter, in words; "" where nothing is held of it. Else without from when and
    until when, and without what an automation's own schedule is."""
    mode = _first(trigger, "scheduleFlowMode")
    plan = next((get(one, "schedule") for one in _held(trigger) if get(one, "schedule")), None)
    repeated = _repeated(plan, in_full) if isinstance(plan, dict) else ""
    if mode.casefold() == "runonce":
        return _once(_first(trigger, "runOnceScheduleMode"), plan)
    if mode.casefold() == "automation":
        said = _t("When its automation runs")
        return f"{said}: {repeated}" if repeated and in_full else said
    if repeated:
        return repeated
    is_none = _first(trigger, "scheduleState").casefold() == NO_SCHEDULE
    return _t("No schedule") if is_none else mode


def _held(trigger: dict) -> Iterator[dict]:
    """The objects in which members of the definition may stand, the whole copy first; none that
    says it is of another event than the one that is chosen now."""
    chosen = text(trigger, "metaData.eventDefinitionKey")
    for place, *inner in ((COPY, "metaData", "arguments"), *((place,) for place in OWN)):
        one = get(trigger, place)
        if isinstance(one, dict) and text(one, "eventDefinitionKey") in ("", chosen):
            yield from [one, *(below for below in map(one.get, inner) if isinstance(below, dict))]


def _first(trigger: dict, member: str) -> str:
    return next(filter(None, (text(one, member).strip() for one in _held(trigger))), "")


def _once(mode: str, plan: object) -> str:
    begin = _moment(plan, "startDateTime")
    if mode.casefold() == "onpublish" or not begin:
        return _t("Once, when the journey is activated") if mode else _t("Once")
    return _t("Once, on %(moment)s") % {"moment": begin}


def _repeated(plan: dict, in_full: bool) -> str:
    """ "Every 2 weeks on Monday, Friday; from 2026-05-01 09:00 (GMT Standard Time) until …"."""
    every = _every(text(plan, "frequency"), whole(get(plan, "interval")) or 1)
    days = ", ".join(str(_day(name)) for name in DAYS if get(plan, name) in (True, "true"))
    on_day = whole(get(plan, "scheduledDay"))
    if days and every:
        every = _t("%(every)s on %(days)s") % {"every": every, "days": days}
    elif on_day and every:
        every = _t("%(every)s on day %(day)s") % {"every": every, "day": on_day}
    if every and not in_full:
        return every
    begin = _moment(plan, "startDateTime")
    said = [every, _t("from %(moment)s") % {"moment": begin} if begin else "", _end(plan)]
    return ", ".join(part for part in said if part)


def _every(frequency: str, interval: int) -> str:
    number = {"n": interval}
    words = {
        "minutely": ngettext("Every minute", "Every %(n)s minutes", interval),
        "hourly": ngettext("Every hour", "Every %(n)s hours", interval),
        "daily": ngettext("Every day", "Every %(n)s days", interval),
        "weekly": ngettext("Every week", "Every %(n)s weeks", interval),
        "monthly": ngettext("Every month", "Every %(n)s months", interval),
        "yearly": ngettext("Every year", "Every %(n)s years", interval),
    }
    known = words.get(frequency.casefold())
    return known % number if known else frequency


def _day(name: str) -> str:
    words = {
        "monday": _t("Monday"),
        "tuesday": _t("Tuesday"),
        "wednesday": _t("Wednesday"),
        "thursday": _t("Thursday"),
        "friday": _t("Friday"),
        "saturday": _t("Saturday"),
        "sunday": _t("Sunday"),
    }
    return words[name]


def _end(plan: dict) -> str:
    times = whole(get(plan, "occurrences"))
    if text(plan, "endType").casefold() == "occurrences" and times:
        return ngettext("once", "%(n)s times", times) % {"n": times}
    end = _moment(plan, "endDateTime", with_zone=False)
    return _t("until %(moment)s") % {"moment": end} if end and not end.startswith(NEVER) else ""


def _moment(plan: object, member: str, *, with_zone: bool = True) -> str:
    """ "2026-05-01 09:00 (GMT Standard Time)"; whatever else is written, as it is."""
    written, zone = text(plan, member).strip(), text(plan, "timeZone").strip()
    moment = written[:16].replace("T", " ") if written[10:11] == "T" else written
    return f"{moment} ({zone})" if moment and zone and with_zone else moment
