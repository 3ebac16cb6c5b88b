"""What every entry source shares: the event that lets contacts in, and the entry filter.

The event is named in `metaData.eventDefinitionKey` and must exist in the tenant; the server drops
the documented `eventDefinitionKey` beside `type` (recorded answers of the API).
"""

from typing import ClassVar

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.base import Block
from journeys.blocks.conditions import ConditionsField, follow_words
from journeys.blocks.criteria import criteria_problems
from journeys.blocks.criteria_repairs import CRITERIA_REPAIRS
from journeys.blocks.facts import AUDIENCE, EVENT, Facts, event_key_of
from journeys.blocks.fields import TextField
from journeys.blocks.places import bind, get, text
from journeys.blocks.registry import type_of
from journeys.blocks.triggers.event_kinds import source_label, types_by_key
from journeys.blocks.values import reference
from journeys.spec.problem import Problem

KEY = "TRIGGER"  # in 154 of 154 real journeys
CRITERIA = "configurationArguments.criteria"
NOWHERE = "00000000-0000-0000-0000-000000000000"


class EntrySource(Block):
    kind = "trigger"
    family = "entry"
    prefix = KEY
    entry = EVENT
    repairs = CRITERIA_REPAIRS
    event_place = "metaData.eventDefinitionKey"
    server_made = {
        "arguments": (
            "startActivityKey",
            "dequeueReason",
            "lastExecutedActivityKey",
            "filterResult",
        )
    }
    meta: ClassVar[dict] = {}  # what metaData has besides in real journeys
    needs_event: ClassVar[bool] = True
    any_event: ClassVar[bool] = False  # whether events of every type can start it
    event_prefix: ClassVar[str] = "APIEvent-"  # how Journey Builder begins the keys of such events

    event_key = TextField(
        "metaData.eventDefinitionKey",
        label=_("Event definition key"),
        picks="event",
        fills={"id": "event_id"},
        help_text=_("The key of the entry event in the tenant, such as %(prefix)s1234."),
    )
    event_id = TextField("metaData.eventDefinitionId", label=_("Event definition id"))
    criteria = ConditionsField(CRITERIA, label=_("Entry filter"), empty=_("Everybody enters."))
    advanced = ("event_id",)

    def follow(self, block: dict, changed: set[str]) -> dict:
        """Some real entry sources say their filter in words; it is not begun where it is
        missing."""
        if "criteria" not in changed:
            return block
        words = bind("metaData.criteriaDescription")
        return follow_words(block, self.fields["criteria"], self.cleaned_data["criteria"], words)

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        if "event_key" in self.fields:
            field = self.fields["event_key"]
            field.help_text = field.help_text % {"prefix": self.event_prefix}
            if not self.any_event:
                field.widget.attrs["data-fits"] = self.types[0]

    @classmethod
    def new_key(cls, document: dict) -> str:
        return (
            KEY
            if all(block.get("key") != KEY for block in document.get("triggers") or [])
            else super().new_key(document)
        )

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        return {
            "key": key,
            "name": "TRIGGER",
            "description": "",
            "type": cls.types[0],
            "outcomes": [],
            "arguments": {},
            "configurationArguments": {
                "schemaVersionId": 0,
                "criteria": "",
                "filterDefinitionId": NOWHERE,
            },
            "metaData": {
                "eventDefinitionId": "",
                "eventDefinitionKey": "",
                "chainType": "None",
                "configurationRequired": False,
                **cls.meta,
                "sourceInteractionId": NOWHERE,
            },
        }

    @classmethod
    def sentence(cls, block: dict) -> str:
        name = cls.name_of(block)
        return _now("Entered by %(name)s") % {"name": name} if name else str(cls.label)

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        xml = get(block, CRITERIA)
        whose = _now("The entry source")
        keys = (event_key_of(block),) if event_key_of(block) else ()
        odd = criteria_problems(cls, block, CRITERIA, xml, keys, whose, may_be_empty=True)
        return cls._event_problems(block) + cls._other_event_problems(block) + odd

    @classmethod
    def _other_event_problems(cls, block: dict) -> list[Problem]:
        """Whatever type the block writes is in `cls.types`, but for its capitals."""
        place = "metaData.eventDefinitionKey"
        types = types_by_key(text(block, place))
        if cls.any_event or not types or set(cls.types) & set(types):
            return []
        values = {"other": source_label(types[0]), "own": cls.label}
        if cls.entry == AUDIENCE == type_of({"type": types[0]}, "trigger").entry:
            sentence = _(
                "By its key the event is one for “%(other)s”. Choose an event for “%(own)s”, or"
                " replace the entry source by “%(other)s”."
            )  # another schedule may have been chosen for it since
            return [cls.advice("trigger-event-audience", block, place, sentence % values)]
        sentence = _(
            "Its event is one for “%(other)s”, so nobody can enter by it. Choose an event for"
            " “%(own)s”, or replace the entry source by “%(other)s”."
        )
        return [cls.blocking("trigger-event-kind", block, place, sentence % values)]

    @classmethod
    def _event_problems(cls, block: dict) -> list[Problem]:
        place = "metaData.eventDefinitionKey"
        if get(block, place, "") != "":
            return []
        if reference(block, "metaData", "event"):
            sentence = _(
                "The event is named by a deployment tool's reference, which the endpoint does not"
                " know. Enter its key."
            )
            return [cls.advice("trigger-event-reference", block, place, sentence)]
        if get(block, "eventDefinitionKey", "") != "":
            sentence = _(
                "The event key stands beside the type, where the server drops it. Enter it here."
            )
            return [cls.advice("trigger-event-place", block, place, sentence, "move-event-key")]
        sentence = _(
            "No event is chosen, so nobody can enter. Enter the key of an event definition."
        )
        report = cls.blocking if cls.needs_event else cls.advice
        return [report("trigger-event", block, place, sentence)]
