"""Wait by duration, on its own or extended to a time of day."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.activities import waiting
from journeys.blocks.facts import Facts
from journeys.blocks.fields import NumberField
from journeys.blocks.places import get, text, write
from journeys.blocks.values import whole
from journeys.spec.problem import Problem
from journeys.spec.timing import Length


class WaitByDuration(waiting.WaitBlock):
    slug = "wait"
    label = _("Wait")
    icon = "wait"
    prefix = waiting.DURATION

    duration = NumberField(
        waiting.DURATION_PLACE,
        label=_("How long"),
        low=1,
        help_text=_("At least 1 hour is advised."),
    )
    unit = waiting.unit_field()
    extended = waiting.extended_field()
    time = waiting.time_field()
    time_zone = waiting.time_zone_field()

    together = (("duration", "unit"), ("time", "time_zone"))
    only_with = {"time": "extended"}

    def follow(self, block: dict, changed: set[str]) -> dict:
        if "extended" not in changed:
            return block
        kind = "durationTime" if waiting.is_extended(block) else "duration"
        return write(block, ("metaData", "waitType"), kind)

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        settings = {"waitDuration": 1, "waitUnit": "DAYS"}
        return cls.new_wait(key, settings, isExtended=False, waitType="duration")

    @classmethod
    def sentence(cls, block: dict) -> str:
        duration = get(block, waiting.DURATION_PLACE)
        if isinstance(duration, dict | list | bool) or duration in (None, ""):
            return cls.name_of(block) or _now("Wait")
        said = _now("Wait %(duration)s") % {
            "duration": waiting.length(duration, text(block, waiting.UNIT_PLACE))
        }
        if waiting.is_extended(block):
            said = _now("%(wait)s, until %(time)s") % {"wait": said, "time": waiting.time_of(block)}
        return str(said)

    @classmethod
    def lasts(cls, block: dict) -> Length:
        return waiting.lasting(block)

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        problems = waiting.kind_problems(cls, block)
        if problems and not waiting.has_length_only(block):
            return problems
        duration = whole(get(block, waiting.DURATION_PLACE))
        if duration is None or duration < 1:
            sentence = _("The wait has no length. Enter a whole number of 1 or more.")
            problems.append(cls.blocking("wait-duration", block, waiting.DURATION_PLACE, sentence))
        problems += waiting.unit_problems(cls, block)
        return problems + (waiting.time_problems(cls, block) if waiting.is_extended(block) else [])
