"""Wait until a date: everybody goes on at the same moment; who comes later goes on at once.

The members are known from lists of field names only (MCAPI); no whole sample was found, so the form
of the date is advice: ISO dates, with or without a time, as every other date of a journey is
written.
"""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.activities import waiting
from journeys.blocks.facts import Facts
from journeys.blocks.fields import TextField
from journeys.blocks.places import text
from journeys.spec.problem import Problem

PLACE = "configurationArguments.specificDate"
ISO = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,7})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)


def day_of(written: str) -> date | None:
    """The day of an ISO date; None for anything else."""
    match = ISO.fullmatch(written.strip())
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def require_date(value: str) -> None:
    if day_of(value) is None:
        raise ValidationError(_("Enter a date as year, month and day, such as 2027-03-31."))


class WaitUntilDate(waiting.WaitBlock):
    slug = "wait-until-date"
    label = _("Wait until date")
    icon = "wait-date"
    prefix = waiting.DATE

    date = TextField(PLACE, label=_("Date"), check=require_date, help_text=_("Such as 2027-03-31."))
    time = waiting.time_field()
    time_zone = waiting.time_zone_field()

    together = (("date", "time"),)

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        settings = {"specificDate": "", "specifiedTime": "00:00", "timeZone": ""}
        return cls.new_wait(key, settings)

    @classmethod
    def switched_off(cls, block: dict) -> tuple[str, ...]:
        """Journey Builder writes the members of all kinds of wait."""
        return waiting.DURATION_PLACE, waiting.UNIT_PLACE

    @classmethod
    def sentence(cls, block: dict) -> str:
        written = text(block, PLACE).strip()
        if not written:
            return cls.name_of(block) or _now("Wait until date")
        day, time = day_of(written), text(block, waiting.TIME_PLACE)
        shown = day.isoformat() if day else written
        if not time or time == "00:00":
            return _now("Wait until %(date)s") % {"date": shown}
        return _now("Wait until %(date)s, %(time)s") % {"date": shown, "time": time}

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        problems, written = [], text(block, PLACE).strip()
        if not written:
            sentence = _("The wait names no date. Enter one such as 2027-03-31.")
            problems.append(cls.blocking("wait-date", block, PLACE, sentence))
        elif day_of(written) is None:
            sentence = _(
                "The date is not written as year, month and day, such as 2027-03-31. Check it."
            )
            problems.append(cls.advice("wait-date-format", block, PLACE, sentence))
        return problems + waiting.time_problems(cls, block)
