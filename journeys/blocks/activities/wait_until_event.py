"""Wait until an API event: contacts stay until the event is posted for them, at most for a while.

Two ways lead out: the event happened, or the time has passed (Journey Builder: "no event"). No
whole block of this type was found in a public journey; the settings are those of people's own
files, and the keys of new outcomes those that its sibling WAITUNTILCHATRESPONSE has in exports. So
files may name their outcomes otherwise: `time_passed` tells which is which.
"""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.activities import waiting
from journeys.blocks.base import Block, new_path, new_step
from journeys.blocks.facts import Facts
from journeys.blocks.fields import NumberField, TextField
from journeys.blocks.form_parts import Row
from journeys.blocks.places import get, text
from journeys.blocks.triggers.event_kinds import source_label, types_by_key
from journeys.blocks.values import reference, whole
from journeys.spec.graph import outcome_key, outcomes
from journeys.spec.problem import Problem
from journeys.spec.timing import Length

SETTINGS = "configurationArguments"
EVENT = f"{SETTINGS}.eventDefinitionKey"
EVENT_TYPE = "APIEvent"
FIRED, NO_EVENT = "EventFired", "no_event"  # keys of outcomes
NO_EVENT_NAMES = ("noevent", "noresponse", "timeout")  # in keys and labels


def time_passed(block: dict) -> dict | None:
    """The way out of those for whom the event did not happen: the one that says so, else the last
    of several."""
    ways = outcomes(block)
    marked = [way for way in ways if get(way, "metaData.defaultOutcome") in (True, "true")]
    by_key = [way for way in ways if _says_no_event(outcome_key(way))]
    by_label = [way for way in ways if _says_no_event(text(way, "metaData.label"))]
    last = ways[-1:] if len(ways) > 1 else []
    return next(iter([*marked, *by_key, *by_label, *last]), None)


def _says_no_event(name: str) -> bool:
    return name.casefold().replace(" ", "").replace("_", "").replace("-", "") in NO_EVENT_NAMES


class Way(Row):
    label = TextField("outcomes[*].metaData.label", label=_("Name of the path"))

    @property
    def title(self) -> str:
        return way_out(self.block, self.item)


def way_out(block: dict, outcome: dict) -> str:
    """When contacts take it."""
    if outcome is time_passed(block):
        return _now("The time has passed")
    return _now("The event happened")


class WaitUntilEvent(Block):
    slug = "wait-until-event"
    types = ("WAITUNTILAPI",)
    family = "flow"
    label = _("Wait until API event")
    icon = "wait-event"
    prefix = "WAITUNTILAPI"
    row = Way
    rows_label = _("Paths")
    event_place = EVENT
    until_event = True

    event = TextField(
        EVENT,
        label=_("Event definition key"),
        picks="event",
        help_text=_("The key of the API event that ends the wait, such as APIEvent-1234."),
    )
    duration = NumberField(
        waiting.DURATION_PLACE,
        label=_("Longest wait"),
        low=1,
        help_text=_("Contacts for whom the event did not happen by then take the other path."),
    )
    unit = waiting.unit_field()

    together = (("duration", "unit"),)

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        self.fields["event"].widget.attrs["data-fits"] = EVENT_TYPE

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        paths = [
            new_path(key=FIRED, metaData={"label": _now("Event"), "invalid": False}),
            new_path(key=NO_EVENT, metaData={"label": _now("No event"), "invalid": False}),
        ]
        settings = {"waitDuration": 1, "waitUnit": "DAYS", "eventDefinitionKey": ""}
        return new_step(key, cls.types[0], paths, configurationArguments=settings)

    @classmethod
    def sentence(cls, block: dict) -> str:
        event = text(block, EVENT).strip()
        said = cls.name_of(block) or (
            _now("Wait until %(event)s") % {"event": event} if event else str(cls.label)
        )
        duration = get(block, waiting.DURATION_PLACE)
        if isinstance(duration, dict | list | bool) or duration in (None, ""):
            return said
        length = waiting.length(duration, text(block, waiting.UNIT_PLACE))
        return _now("%(wait)s, %(length)s at most") % {"wait": said, "length": length}

    @classmethod
    def outcome_label(cls, block: dict, outcome: dict) -> str:
        return super().outcome_label(block, outcome) or way_out(block, outcome)

    @classmethod
    def holds(cls, block: dict) -> bool:
        return True

    @classmethod
    def lasts(cls, block: dict) -> Length:
        length = waiting.lasting(block)
        return None if length is None else (0, length[1])

    @classmethod
    def lasts_by_way(cls, block: dict) -> tuple[Length, ...]:
        """Who takes the path of the time has waited for all of it."""
        passed = time_passed(block)
        return tuple(
            waiting.lasting(block) if way is passed else cls.lasts(block) for way in outcomes(block)
        )

    @classmethod
    def longest_wait(cls, block: dict) -> float | None:
        return waiting.as_set(block).days

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        problems = cls._event_problems(block)
        duration = whole(get(block, waiting.DURATION_PLACE))
        if duration is None or duration < 1:
            sentence = _(
                "It is not said how long the event is waited for. Enter a whole number of 1 or"
                " more."
            )
            problems.append(
                cls.blocking("wait-event-longest", block, waiting.DURATION_PLACE, sentence)
            )
        problems += waiting.unit_problems(cls, block)
        if len(outcomes(block)) < 2:
            sentence = _(
                "Two paths lead out of this wait: one if the event happened, one if the time has"
                " passed. One of them is missing: add the wait anew, or correct its JSON."
            )
            problems.append(cls.advice("wait-event-paths", block, "outcomes", sentence))
        return problems

    @classmethod
    def _event_problems(cls, block: dict) -> list[Problem]:
        if get(block, EVENT, "") != "":
            return cls._kind_problems(block)
        if reference(block, SETTINGS, "event"):
            sentence = _(
                "The event is named by a deployment tool's reference, which the endpoint does not"
                " know. Enter its key."
            )
            return [cls.advice("wait-event-reference", block, EVENT, sentence)]
        sentence = _(
            "No event is chosen, so everybody waits until the time has passed. Enter the key of an"
            " API event."
        )
        return [cls.blocking("wait-event", block, EVENT, sentence)]

    @classmethod
    def _kind_problems(cls, block: dict) -> list[Problem]:
        types = types_by_key(text(block, EVENT))
        if not types or EVENT_TYPE in types:
            return []
        sentence = _(
            "Its event is one for “%(other)s”, which nobody posts, so everybody waits until the"
            " time has passed. Choose an API event."
        )
        other = {"other": source_label(types[0])}
        return [cls.blocking("wait-event-kind", block, EVENT, sentence % other)]
