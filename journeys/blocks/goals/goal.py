"""The goal. The Journey Spec pages call its type ContactDecision or ContactEvent; all real ones are
of type Event."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.base import Block
from journeys.blocks.conditions import ConditionsField, CriteriaWordsField, follow_words
from journeys.blocks.criteria import criteria_problems
from journeys.blocks.criteria_repairs import CRITERIA_REPAIRS
from journeys.blocks.facts import Facts
from journeys.blocks.fields import ChoiceField, FlagField, NumberField, TextField
from journeys.blocks.places import bind, get, text
from journeys.blocks.values import whole
from journeys.spec.problem import Problem

KEY = "GOAL"
CRITERIA = "configurationArguments.criteria"
UNITS = [("percentage", _("% of contacts")), ("wholenumber", _("contacts"))]
TYPES = [
    ("Event", _("Event")),
    ("ContactEvent", _("Contact event")),
    ("ContactDecision", _("Contact decision")),
]


class Goal(Block):
    slug = "goal"
    types = ("Event", "ContactEvent", "ContactDecision")
    kind = "goal"
    family = "goal"
    label = _("Goal")
    icon = "goal"
    prefix = KEY
    repairs = CRITERIA_REPAIRS

    value = NumberField("metaData.conversionValue", label=_("Target"), low=1, as_text=True)
    unit = ChoiceField("metaData.conversionUnit", UNITS, label=_("Counted in"))
    leaves = FlagField(
        "metaData.isExitCriteria", label=_("Contacts leave the journey when they reach the goal")
    )
    criteria = ConditionsField(
        CRITERIA, label=_("Criteria"), empty=_("No condition yet: nobody reaches the goal.")
    )
    spec_type = ChoiceField("type", TYPES, label=_("Type in the Journey Spec"))
    criteria_text = CriteriaWordsField(
        "metaData.configurationDescription", of=CRITERIA, label=_("Criteria in words")
    )
    schema_version = NumberField(
        "configurationArguments.schemaVersionId",
        label=_("Contact model version"),
        low=0,
        expected=_("Enter the number of the contact model's version, a whole number such as 74."),
    )
    event_key = TextField(
        "metaData.eventDefinitionKey", label=_("Event definition key"), picks="event"
    )
    together = (("value", "unit"),)
    advanced = ("spec_type", "criteria_text", "schema_version", "event_key")

    def follow(self, block: dict, changed: set[str]) -> dict:
        if "criteria" not in changed or "criteria_text" in changed:
            return block
        words = bind("metaData.configurationDescription")
        return follow_words(block, self.fields["criteria"], self.cleaned_data["criteria"], words)

    @classmethod
    def new_key(cls, document: dict) -> str:
        return (
            KEY
            if all(block.get("key") != KEY for block in document.get("goals") or [])
            else super().new_key(document)
        )

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        return {
            "key": key,
            "name": "GOAL",
            "description": "",
            "type": cls.types[0],
            "outcomes": [],
            "arguments": {},
            "configurationArguments": {"criteria": ""},
            "metaData": {
                "isExitCriteria": False,
                "conversionUnit": "percentage",
                "conversionValue": "",
                "configurationDescription": "",
                "chainType": "none",
                "configurationRequired": False,
                "iconUrl": "",
                "title": "",
            },
        }

    @classmethod
    def sentence(cls, block: dict) -> str:
        name = cls.name_of(block) or _now("Goal")
        value = whole(get(block, "metaData.conversionValue"))
        if value is None:
            return name
        return (
            f"{name}, {value} %"
            if text(block, "metaData.conversionUnit") == "percentage"
            else f"{name}, {value}"
        )

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        problems = cls._target_problems(block)
        if not text(block, CRITERIA).strip():
            sentence = _("The goal has no criteria, so nobody can reach it. Enter them.")
            return [*problems, cls.advice("goal-criteria", block, CRITERIA, sentence)]
        xml = get(block, CRITERIA)
        return problems + criteria_problems(
            cls, block, CRITERIA, xml, facts.event_keys, _now("The goal")
        )

    @classmethod
    def _target_problems(cls, block: dict) -> list[Problem]:
        place = "metaData.conversionValue"
        target = get(block, place, "")
        unit = get(block, "metaData.conversionUnit", "")
        value = whole(target)
        if target == "":
            sentence = _("The goal has no target. Enter how many contacts shall reach it.")
            return [cls.advice("goal-target-missing", block, place, sentence)]
        if value is None or value < 0:
            sentence = _("The goal's target is not a number. Enter a whole number.")
            return [cls.blocking("goal-target", block, place, sentence)]
        if unit == "percentage" and not 1 <= value <= 100:
            sentence = _("The goal's target is a percentage: enter a number from 1 to 100.")
            return [cls.blocking("goal-target", block, place, sentence)]
        if unit not in ("percentage", "wholenumber"):
            sentence = _(
                "The goal does not say whether its target is a percentage or a number of contacts."
                " Choose one."
            )
            return [cls.advice("goal-unit", block, "metaData.conversionUnit", sentence)]
        return []
