"""Exit criteria: contacts that meet them leave the journey. They are looked at when a contact
leaves a wait.

`filterDefinitionId` is made by the server, and `filterResult` names it: real drafts lack both.
"""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.base import Block
from journeys.blocks.conditions import ConditionsField, CriteriaWordsField, follow_words, label_of
from journeys.blocks.criteria import criteria_problems
from journeys.blocks.criteria_repairs import CRITERIA_REPAIRS
from journeys.blocks.facts import Facts
from journeys.blocks.fields import NumberField, TextField
from journeys.blocks.places import bind, get, text
from journeys.spec.problem import Problem

KEY = "EXITCRITERIA"
CRITERIA = "configurationArguments.criteria"


class ExitCriteria(Block):
    slug = "exit-criteria"
    types = ("ExitCriteria",)
    kind = "exit"
    family = "goal"
    label = _("Exit criteria")
    icon = "exit"
    prefix = KEY
    repairs = CRITERIA_REPAIRS
    server_made = {
        "arguments": ("filterResult",),
        "configurationArguments": ("filterDefinitionId",),
    }

    criteria = ConditionsField(
        CRITERIA,
        label=_("Contacts leave when"),
        empty=_("No condition yet: nobody leaves early."),
        help_text=_("Looked at whenever a contact comes to the end of a wait."),
    )
    in_app = TextField(
        "configurationArguments.inAppExitCriteria", label=_("Exit criteria for in-app messages")
    )
    criteria_text = CriteriaWordsField(
        "metaData.criteriaDescription", of=CRITERIA, label=_("Criteria in words")
    )
    schema_version = NumberField(
        "configurationArguments.schemaVersionId",
        label=_("Contact model version"),
        low=0,
        expected=_("Enter the number of the contact model's version, a whole number such as 74."),
    )
    advanced = ("in_app", "criteria_text", "schema_version")

    def follow(self, block: dict, changed: set[str]) -> dict:
        if "criteria" not in changed or "criteria_text" in changed:
            return block
        words = bind("metaData.criteriaDescription")
        return follow_words(block, self.fields["criteria"], self.cleaned_data["criteria"], words)

    @classmethod
    def new_key(cls, document: dict) -> str:
        taken = any(block.get("key") == KEY for block in document.get("exits") or [])
        return super().new_key(document) if taken else KEY

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        return {
            "key": key,
            "name": "EXITCRITERIA",
            "description": "",
            "type": cls.types[0],
            "outcomes": [],
            "arguments": {},
            "configurationArguments": {"criteria": ""},
            "metaData": {"criteriaDescription": "", "chainType": "none"},
        }

    @classmethod
    def sentence(cls, block: dict) -> str:
        said = cls.name_of(block) or label_of(get(block, CRITERIA))
        return _now("Leave when %(criteria)s") % {"criteria": said} if said else str(cls.label)

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        if not text(block, CRITERIA).strip():
            sentence = _(
                "There are no exit criteria, so nobody leaves early. Enter them, or remove this."
            )
            return [cls.advice("exit-criteria", block, CRITERIA, sentence)]
        xml = get(block, CRITERIA)
        return criteria_problems(cls, block, CRITERIA, xml, facts.event_keys, _now("The exit"))
