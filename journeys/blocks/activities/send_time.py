"""Send-time optimisation: holds each contact until the hour at which they are likeliest to react.

All 27 real ones are followed directly by the message, an email; `params.nextActivity` {id, key,
type} repeats which one, where `id` is the server's and stands only in what it served.
"""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from journeys.blocks.base import Block, new_path, new_step
from journeys.blocks.facts import Facts
from journeys.blocks.fields import FlagField, NumberField
from journeys.blocks.places import MISSING, bind, get, text, write
from journeys.blocks.values import counted, whole
from journeys.spec.graph import Walk, next_of, outcomes
from journeys.spec.problem import Problem
from journeys.spec.timing import Length

PARAMS = "configurationArguments.params"
WINDOW = f"{PARAMS}.slidingWindowHours"
NEXT = f"{PARAMS}.nextActivity"
MESSAGES = (
    "EMAILV2",
    "SMSSYNC",
    "PUSHNOTIFICATIONACTIVITY",
    "INAPPSYNCACTIVITY",
    "PUSHINBOXACTIVITY",
    "WHATSAPPACTIVITY",
    "SENDTOLINESYNC",
)


class SendTimeOptimisation(Block):
    slug = "send-time"
    types = ("STOWAIT",)
    family = "flow"
    label = _("Send-time optimisation")
    icon = "send-time"
    prefix = "STOWAIT"
    one_way = True
    names_steps = (f"{NEXT}.key",)
    server_made = {
        "arguments": (
            *(
                "contactKey",
                "contactTagsIn",
                "executionMode",
                "jbActivityId",
                "jbJourneyId",
                "jbJourneyVersion",
            ),
            *(
                "scheduledExpireTimeIn",
                "startActivityKey",
                "waitDefinitionId",
                "waitForEventId",
                "waitQueueId",
            ),
        ),
        NEXT: ("id",),
    }

    window = NumberField(
        WINDOW,
        label=_("Longest hold, in hours"),
        counts=_("hours"),
        low=1,
        help_text=_("The message is sent within that time; 12 is usual."),
    )
    random_time = FlagField(
        f"{PARAMS}.enableRandomTime",
        label=_("Random time for contacts who cannot be predicted"),
    )

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        params = {
            "slidingWindowHours": 12,
            "enableRandomTime": False,
            "version": 2,
            "definitionType": "Multistep",
        }
        settings = {
            "applicationExtensionKey": "f828061a-5f0e-46a9-975e-18c414192d17",
            "params": params,
            "overrideDateTime": "0001-01-01T06:00:00Z",
            "disableStoRestValidation": False,
            "disableFollowedByEmailValidation": False,
            "disableFollowedByPushNValidation": False,
            "waitForEventKey": "",
        }
        meta = {"category": "flow", "backgroundColor": "#032e61"}
        return new_step(
            key, "STOWAIT", [new_path()], configurationArguments=settings, metaData=meta
        )

    @classmethod
    def followed(cls, block: dict, steps: dict[str, dict]) -> dict:
        """`nextActivity` says what the outcome leads to; where the path ends, only what it holds
        besides stays."""
        if not cls.fits(block) or not isinstance(get(block, NEXT, {}), dict):
            return block
        target = steps.get(_next(block) or "")
        others = {
            name: value
            for name, value in get(block, NEXT, {}).items()
            if name not in ("id", "key", "type")
        }
        if target is None:
            return write(block, bind(NEXT), others or MISSING)
        said = {"id": target["id"]} if isinstance(target.get("id"), str) else {}
        return write(
            block,
            bind(NEXT),
            {**said, "key": target["key"], "type": text(target, "type"), **others},
        )

    @classmethod
    def sentence(cls, block: dict) -> str:
        hours = whole(get(block, WINDOW))
        if cls.name_of(block) or hours is None:
            return cls.name_of(block) or _now("Send-time optimisation")
        said = ngettext(
            "Best time within %(hours)s hour", "Best time within %(hours)s hours", hours
        )
        return said % {"hours": hours}

    @classmethod
    def holds(cls, block: dict) -> bool:
        return True

    @classmethod
    def lasts(cls, block: dict) -> Length:
        hours = counted(get(block, WINDOW))
        return None if hours is None else (0, hours / 24)

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        hours = get(block, WINDOW)
        if hours is None:
            sentence = _(
                "The longest hold is not set, so Marketing Cloud decides. Enter a number of hours."
            )
            return [cls.advice("send-time-window-missing", block, WINDOW, sentence)]
        if (whole(hours) or 0) < 1:
            sentence = _("The longest hold is no whole number of hours. Enter 1 or more.")
            return [cls.blocking("send-time-window", block, WINDOW, sentence)]
        return []

    @classmethod
    def flow_problems(cls, block: dict, walk: Walk) -> list[Problem]:
        target = walk.steps.get(_next(block) or "")
        if target is None or text(target, "type").strip().upper() not in MESSAGES:
            sentence = _(
                "No message follows directly, so there is no sending to time. Put the message"
                " after it."
            )
            return [cls.advice("send-time-message", block, "outcomes", sentence)]
        named = get(block, f"{NEXT}.key")
        if named is not None and named != target["key"]:
            sentence = _(
                "It is set for “%(named)s”, but leads to “%(target)s”. Lead it there, or correct"
                " its JSON."
            )
            keys = {"named": str(named)[:60], "target": target["key"][:60]}
            return [cls.advice("send-time-next", block, f"{NEXT}.key", sentence % keys)]
        return []


def _next(block: dict) -> str | None:
    return next((next_of(outcome) for outcome in outcomes(block)), None)
