"""Wait by duration, on its own or extended to a time of day.

Real 1.0 journeys write `specifiedTime` and `timeZone`; the names `specificTime` and `timeZoneId` of the Journey Spec
pages were in none of 480. Waits by attribute and until a date share the type and are other variants.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from journeys.blocks.base import Block, new_path, new_step, whole
from journeys.blocks.fields import ChoiceField, FlagField, NumberField, TextField
from journeys.blocks.places import get, text, write
from journeys.blocks.timezones import TIME_ZONES
from journeys.spec.problem import Problem

TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
UNITS = [
    ("MINUTES", _("minutes")),
    ("HOURS", _("hours")),
    ("DAYS", _("days")),
    ("WEEKS", _("weeks")),
    ("MONTHS", _("months")),
]
OTHER_VARIANTS = ("waitEndDateAttributeExpression", "specificDate", "waitForEventKey", "duration", "durationUnits")


def require_time(value: str) -> None:
    if not TIME.fullmatch(value):
        raise ValidationError(_("Enter a time such as 09:00."))


class WaitByDuration(Block):
    slug = "wait"
    types = ("WAIT",)
    family = "flow"
    label = _("Wait")
    icon = "wait"
    prefix = "WAITBYDURATION"

    duration = NumberField(
        "configurationArguments.waitDuration",
        label=_("How long"),
        low=1,
        help_text=_("At least 1 hour is advised."),
    )
    unit = ChoiceField("configurationArguments.waitUnit", UNITS, label=_("Unit"))
    extended = FlagField("metaData.isExtended", label=_("Then hold until a time of day"))
    time = TextField(
        "configurationArguments.specifiedTime",
        label=_("Time of day"),
        check=require_time,
        help_text=_("Such as 09:00."),
    )
    time_zone = ChoiceField("configurationArguments.timeZone", [(z, z) for z in TIME_ZONES], label=_("Time zone"))

    together = (("duration", "unit"), ("time", "time_zone"))
    only_with = {"time": "extended"}

    def follow(self, block: dict, changed: set[str]) -> dict:
        if "extended" not in changed:
            return block
        kind = "durationTime" if is_extended(block) else "duration"
        return write(block, ("metaData", "waitType"), kind)

    @classmethod
    def opens(cls, block: dict) -> bool:
        """By duration only."""
        if any(get(block, f"configurationArguments.{name}", "") != "" for name in OTHER_VARIANTS):
            return False
        kinds = get(block, "metaData.waitType", "duration"), get(block, "metaData.uiType", cls.prefix)
        return kinds[0] in ("", "duration", "durationTime") and kinds[1] in ("", "WAIT", cls.prefix)

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        return new_step(
            key,
            "WAIT",
            [new_path()],
            configurationArguments={"waitDuration": 1, "waitUnit": "DAYS"},
            metaData={"isExtended": False, "waitType": "duration", "uiType": "WAITBYDURATION"},
        )

    @classmethod
    def sentence(cls, block: dict) -> str:
        duration = get(block, "configurationArguments.waitDuration")
        if isinstance(duration, dict | list | bool) or duration in (None, ""):
            return cls.name_of(block) or _now("Wait")
        said = _("Wait %(duration)s") % {
            "duration": _duration(duration, text(block, "configurationArguments.waitUnit"))
        }
        if is_extended(block):
            said = _now("%(wait)s, until %(time)s") % {"wait": said, "time": _time(block)}
        return str(said)

    @classmethod
    def problems(cls, block: dict, document: dict) -> list[Problem]:
        found = []
        duration = whole(get(block, "configurationArguments.waitDuration"))
        if duration is None or duration < 1:
            found.append(
                cls.blocking(
                    "wait-duration",
                    block,
                    "configurationArguments.waitDuration",
                    _("The wait has no length. Enter a whole number of 1 or more."),
                )
            )
        if text(block, "configurationArguments.waitUnit").upper() not in dict(UNITS):
            found.append(
                cls.blocking(
                    "wait-unit",
                    block,
                    "configurationArguments.waitUnit",
                    _("The wait has no unit. Choose minutes, hours, days, weeks or months."),
                )
            )
        return found + (cls._time_problems(block) if is_extended(block) else [])

    @classmethod
    def _time_problems(cls, block: dict) -> list[Problem]:
        found = []
        if not TIME.fullmatch(text(block, "configurationArguments.specifiedTime")):
            sentence = _(
                "The wait holds until a time of day, but the time is missing or wrong. Enter one such as 09:00."
            )
            found.append(cls.blocking("wait-time", block, "configurationArguments.specifiedTime", sentence))
        zone = text(block, "configurationArguments.timeZone")
        if not zone:
            sentence = _("The wait holds until a time of day, but in no time zone. Choose one.")
            found.append(cls.blocking("wait-time-zone", block, "configurationArguments.timeZone", sentence))
        elif zone not in TIME_ZONES:
            sentence = _("“%(zone)s” is not a time zone that Journey Builder lists. Choose one from the list.")
            found.append(
                cls.advice(
                    "wait-time-zone-unknown", block, "configurationArguments.timeZone", sentence % {"zone": zone[:60]}
                )
            )
        return found


def is_extended(block: dict) -> bool:
    return get(block, "metaData.isExtended") in (True, "true")


def _time(block: dict) -> str:
    return text(block, "configurationArguments.specifiedTime") or "?"


def _duration(duration: object, unit: str) -> str:
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
