"""What the three kinds of wait share: `WaitBlock`, and what the members of a wait say.

They all have the type WAIT; the server goes by what is filled in.

Real 1.0 journeys write `specifiedTime` and `timeZone`; the names `specificTime` and `timeZoneId` of
the Journey Spec pages were in none of 480.
"""

import re
from datetime import time

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from journeys.blocks.base import Block, new_path, new_step
from journeys.blocks.fields import ChoiceField, FlagField, TextField
from journeys.blocks.places import MISSING, get, text
from journeys.blocks.timezones import TIME_ZONES
from journeys.blocks.values import counted, whole
from journeys.spec.problem import Problem
from journeys.spec.timing import Length, Wait

TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
UNITS = [
    ("MINUTES", _("minutes")),
    ("HOURS", _("hours")),
    ("DAYS", _("days")),
    ("WEEKS", _("weeks")),
    ("MONTHS", _("months")),
]
DAYS = {"MINUTES": 1 / 1440, "HOURS": 1 / 24, "DAYS": 1, "WEEKS": 7, "MONTHS": 30}
MONTH = (28, 31)  # days, at least and at most
ZONES = [(zone, zone) for zone in TIME_ZONES]

KINDS = DURATION, ATTRIBUTE, DATE = "WAITBYDURATION", "WAITBYATTRIBUTE", "WAITUNTILDATE"
FILLED_IN = {ATTRIBUTE: "waitEndDateAttributeExpression", DATE: "specificDate"}
OLD = ("duration", "durationUnits")  # the names of Spec 0.5
EVENT = "waitForEventKey"  # reserved: "" wherever it was seen

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

SETTINGS = "configurationArguments"
EXTENDED_PLACE = "metaData.isExtended"
DURATION_PLACE = "configurationArguments.waitDuration"
UNIT_PLACE = "configurationArguments.waitUnit"
TIME_PLACE = "configurationArguments.specifiedTime"
ZONE_PLACE = "configurationArguments.timeZone"


class ExtendedField(FlagField):
    """Ticked also where only `waitType` says that the wait is extended."""

    def attach(self, block: object, row: str | int | None = None) -> bool:
        self.is_extended = is_extended(block)
        return super().attach(block, row)

    def show(self, found: object) -> str:
        return "true" if self.is_extended and found in (MISSING, None, "") else super().show(found)


def require_time(value: str) -> None:
    if not TIME.fullmatch(value):
        raise ValidationError(_("Enter a time such as 09:00."))


def variant(block: dict) -> str:
    """Which wait it is, by what is filled in and by `metaData.uiType`; "" where these differ or say
    something else."""
    settings = _settings(block)
    if any(_is_set(settings, name) for name in (EVENT, *OLD)):
        return ""
    filled = _filled_in(settings)
    named = _named(block, filled)
    if named not in KINDS or any(name != named for name in filled):
        return ""
    is_plain = get(block, "metaData.waitType", "") in ("", "duration", "durationTime")
    return named if named != DURATION or is_plain else ""


def _settings(block: dict) -> dict:
    settings = get(block, SETTINGS)
    return settings if isinstance(settings, dict) else {}


def _is_set(settings: dict, name: str) -> bool:
    return settings.get(name) not in (None, "")


def _filled_in(settings: dict) -> list[str]:
    """The kinds whose date is filled in."""
    return [kind for kind, member in FILLED_IN.items() if _is_set(settings, member)]


def _named(block: dict, filled: list[str]) -> object:
    named = get(block, "metaData.uiType", "")
    if named in ("", "WAIT"):
        return filled[0] if filled else DURATION
    return named


def is_extended(block: dict) -> bool:
    """Whether it holds until a time of day in the end; where `isExtended` is missing, `waitType`
    says it too."""
    mark = get(block, EXTENDED_PLACE, "")
    return mark in (True, "true") or (
        mark == "" and get(block, "metaData.waitType") == "durationTime"
    )


def time_of(block: dict) -> str:
    return text(block, TIME_PLACE) or "?"


def as_set(block: dict) -> Wait:
    """Of any wait, also of those that have no form."""
    number, unit = counted(get(block, DURATION_PLACE)), text(block, UNIT_PLACE).upper()
    is_plain = variant(block) == DURATION and not is_extended(block)
    return Wait(
        days=number * DAYS[unit] if number is not None and unit in DAYS else None,
        minutes=number if unit == "MINUTES" and is_plain else None,
        until=_time_of_day(block),
    )


def _time_of_day(block: dict) -> time | None:
    """It counts in a wait that is extended to a time of day, and in one until a date."""
    match = TIME.fullmatch(text(block, TIME_PLACE))
    if not match or not (is_extended(block) or text(block, f"{SETTINGS}.{FILLED_IN[DATE]}")):
        return None
    return time(int(match[1]), int(match[2]))


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
    """How long a wait by duration is, in days: months are not equally long, and a time of day may
    be almost a day away."""
    number, unit = counted(get(block, DURATION_PLACE)), text(block, UNIT_PLACE).upper()
    if number is None or unit not in DAYS:
        return None
    least, most = MONTH if unit == "MONTHS" else (DAYS[unit],) * 2
    return number * least, number * most + (1 if is_extended(block) else 0)


def kind_problems(lens: type[Block], block: dict) -> list[Problem]:
    """Of a wait that is none of the three kinds. One that is not known here is kept: Journey
    Builder may know it."""
    if variant(block):
        return []
    settings = _settings(block)
    if any(_is_set(settings, name) for name in OLD):
        return [_old_names(lens, block, settings)]
    filled = _filled_in(settings)
    named = _named(block, filled)
    others = [FILLED_IN[kind] for kind in filled if kind != named]
    if named in KINDS and others and not _is_set(settings, EVENT):
        sentence = _(
            "“%(name)s” belongs to another kind of wait than its other settings. Keep one kind in"
            " its JSON."
        )
        return [
            lens.blocking(
                "wait-kind", block, f"{SETTINGS}.{others[0]}", sentence % {"name": others[0]}
            )
        ]
    place = f"{SETTINGS}.{EVENT}" if _is_set(settings, EVENT) else "metaData.uiType"
    if named in KINDS and not _is_set(settings, EVENT):
        place = "metaData.waitType"
    sentence = _(
        "By its %(name)s it is a kind of wait that is not known here. It is kept and sent as it is;"
        " check it."
    )
    return [lens.advice("wait-kind", block, place, sentence % {"name": place.rpartition(".")[2]})]


def _old_names(lens: type[Block], block: dict, settings: dict) -> Problem:
    name = next(name for name in OLD if _is_set(settings, name))
    report = lens.advice if _is_set(settings, "waitDuration") else lens.blocking
    sentence = _(
        "“%(name)s” is a name of Spec 0.5; 1.0 has waitDuration and waitUnit. Write those in its"
        " JSON."
    )
    return report("wait-kind", block, f"{SETTINGS}.{name}", sentence % {"name": name})


def has_length_only(block: dict) -> bool:
    """Whether nothing but a length says when the wait ends."""
    settings = _settings(block)
    return _is_set(settings, "waitDuration") and not _filled_in(settings)


def unit_problems(lens: type[Block], block: dict) -> list[Problem]:
    if text(block, UNIT_PLACE).upper() in dict(UNITS):
        return []
    sentence = _("The wait has no unit. Choose minutes, hours, days, weeks or months.")
    return [lens.blocking("wait-unit", block, UNIT_PLACE, sentence)]


def time_problems(lens: type[Block], block: dict) -> list[Problem]:
    problems = []
    if not TIME.fullmatch(text(block, TIME_PLACE)):
        sentence = _now(
            "The wait holds until a time of day, but the time is missing or wrong. Enter one such"
            " as 09:00."
        )
        problems.append(lens.blocking("wait-time", block, TIME_PLACE, sentence))
    zone = text(block, ZONE_PLACE)
    if not zone:
        sentence = _now("The wait holds until a time of day, but in no time zone. Choose one.")
        problems.append(lens.blocking("wait-time-zone", block, ZONE_PLACE, sentence))
    elif zone not in TIME_ZONES:
        sentence = _now(
            "“%(zone)s” is not a time zone that Journey Builder lists. Choose one from the list."
        )
        problems.append(
            lens.advice("wait-time-zone-unknown", block, ZONE_PLACE, sentence % {"zone": zone[:60]})
        )
    return problems


class WaitBlock(Block):
    """A kind of wait: its `prefix` is the name that `variant` gives to blocks of that kind."""

    types = ("WAIT",)
    family = "flow"
    one_way = True
    server_made = SERVER_MADE

    @classmethod
    def opens(cls, block: dict) -> bool:
        return variant(block) == cls.prefix

    @classmethod
    def waits(cls, block: dict) -> bool:
        return True

    @classmethod
    def wait(cls, block: dict) -> Wait:
        return as_set(block)

    @classmethod
    def lasts(cls, block: dict) -> Length:
        return None

    @classmethod
    def new_wait(cls, key: str, settings: dict, **meta: object) -> dict:
        return new_step(
            key,
            cls.types[0],
            [new_path()],
            configurationArguments=settings,
            metaData={**meta, "uiType": cls.prefix},
        )


def unit_field() -> ChoiceField:
    return ChoiceField(UNIT_PLACE, UNITS, label=_("Unit"))


def extended_field() -> ExtendedField:
    return ExtendedField(EXTENDED_PLACE, label=_("Then hold until a time of day"))


def time_field() -> TextField:
    return TextField(
        TIME_PLACE, label=_("Time of day"), check=require_time, help_text=_("Such as 09:00.")
    )


def time_zone_field() -> ChoiceField:
    return ChoiceField(ZONE_PLACE, ZONES, label=_("Time zone"), picks="time-zone")
