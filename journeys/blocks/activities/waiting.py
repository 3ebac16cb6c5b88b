"""What the three kinds of wait share. They all have the type WAIT; the server goes by what is filled in.

Real 1.0 journeys write `specifiedTime` and `timeZone`; the names `specificTime` and `timeZoneId` of the Journey Spec
pages were in none of 480.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from journeys.blocks.base import Block, whole
from journeys.blocks.places import get, text
from journeys.blocks.timezones import TIME_ZONES
from journeys.spec.problem import Problem
from journeys.spec.timing import Length

TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
UNITS = [
    ("MINUTES", _("minutes")),
    ("HOURS", _("hours")),
    ("DAYS", _("days")),
    ("WEEKS", _("weeks")),
    ("MONTHS", _("months")),
]
DAYS = {"MINUTES": (1 / 1440,) * 2, "HOURS": (1 / 24,) * 2, "DAYS": (1, 1), "WEEKS": (7, 7), "MONTHS": (28, 31)}
ZONES = [(zone, zone) for zone in TIME_ZONES]

DURATION, ATTRIBUTE, DATE = "WAITBYDURATION", "WAITBYATTRIBUTE", "WAITUNTILDATE"
FILLED_IN = {ATTRIBUTE: "waitEndDateAttributeExpression", DATE: "specificDate"}
FOREIGN = ("waitForEventKey", "duration", "durationUnits")  # reserved, and the names of Spec 0.5

SERVER_MADE = {
    "arguments": (
        "executionMode",
        "startActivityKey",
        "waitDefinitionId",
        "waitEndDateAttributeDataBound",
        "waitForEventId",
        "waitQueueId",
    )
}

DURATION_PLACE = "configurationArguments.waitDuration"
UNIT_PLACE = "configurationArguments.waitUnit"
TIME_PLACE = "configurationArguments.specifiedTime"
ZONE_PLACE = "configurationArguments.timeZone"


def require_time(value: str) -> None:
    if not TIME.fullmatch(value):
        raise ValidationError(_("Enter a time such as 09:00."))


def variant(block: dict) -> str:
    """Which wait it is, by what is filled in and by `metaData.uiType`; "" where these differ or say something else."""
    settings = get(block, "configurationArguments")
    settings = settings if isinstance(settings, dict) else {}
    if any(settings.get(name) not in (None, "") for name in FOREIGN):
        return ""
    filled = [name for name, member in FILLED_IN.items() if settings.get(member) not in (None, "")]
    named = get(block, "metaData.uiType", "")
    if named in ("", "WAIT"):
        named = filled[0] if filled else DURATION
    if named not in (DURATION, ATTRIBUTE, DATE) or any(name != named for name in filled):
        return ""
    is_plain = get(block, "metaData.waitType", "") in ("", "duration", "durationTime")
    return named if named != DURATION or is_plain else ""


def is_extended(block: dict) -> bool:
    return get(block, "metaData.isExtended") in (True, "true")


def time_of(block: dict) -> str:
    return text(block, TIME_PLACE) or "?"


def length(duration: object, unit: str) -> str:
    """ "3 days", in words as far as it is understood."""
    number = whole(duration)
    if number is None:
        return f"{duration} {unit.lower()}".strip()
    words = {
        "MINUTES": ngettext("%(n)s minute", "%(n)s minutes", number),
        "HOURS": ngettext("%(n)s hour", "%(n)s hours", number),
        "DAYS": ngettext("%(n)s day", "%(n)s days", number),
        "WEEKS": ngettext("%(n)s week", "%(n)s weeks", number),
        "MONTHS": ngettext("%(n)s month", "%(n)s months", number),
    }
    words_for_unit = words.get(unit.upper())
    return words_for_unit % {"n": number} if words_for_unit else f"{number} {unit.lower()}".strip()


def lasting(block: dict) -> Length:
    """How long a wait by duration is, in days: months have 28 to 31, and a time of day may be almost a day away."""
    number = whole(get(block, DURATION_PLACE))
    days = DAYS.get(text(block, UNIT_PLACE).upper())
    if number is None or days is None:
        return None
    return number * days[0], number * days[1] + (1 if is_extended(block) else 0)


def unit_problems(lens: type[Block], block: dict) -> list[Problem]:
    if text(block, UNIT_PLACE).upper() in dict(UNITS):
        return []
    sentence = _("The wait has no unit. Choose minutes, hours, days, weeks or months.")
    return [lens.blocking("wait-unit", block, UNIT_PLACE, sentence)]


def time_problems(lens: type[Block], block: dict) -> list[Problem]:
    found = []
    if not TIME.fullmatch(text(block, TIME_PLACE)):
        sentence = _now(
            "The wait holds until a time of day, but the time is missing or wrong. Enter one such as 09:00."
        )
        found.append(lens.blocking("wait-time", block, TIME_PLACE, sentence))
    zone = text(block, ZONE_PLACE)
    if not zone:
        sentence = _now("The wait holds until a time of day, but in no time zone. Choose one.")
        found.append(lens.blocking("wait-time-zone", block, ZONE_PLACE, sentence))
    elif zone not in TIME_ZONES:
        sentence = _now("“%(zone)s” is not a time zone that Journey Builder lists. Choose one from the list.")
        found.append(lens.advice("wait-time-zone-unknown", block, ZONE_PLACE, sentence % {"zone": zone[:60]}))
    return found
