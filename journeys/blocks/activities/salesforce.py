"""Sales and Service Cloud activity: creates or updates one object of the CRM.

Shapes as in 37 real activities: `arguments.objectMap.objects` holds one object with its action, its
fields and, for an update, the lookup that finds it (null for a create). applicationExtensionKey is
"Salesforce_Activity" or the same with the object's name after it; those not seen (Opportunity,
Case, Account) are named by analogy.
"""

from collections.abc import Callable

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.activities.salesforce_fields import (
    FIELDS,
    LOOKUP,
    OBJECT,
    Criteria,
    Fields,
    is_update,
    lacks_value,
    overwriting,
    title_of,
)
from journeys.blocks.base import Block, new_path, new_step
from journeys.blocks.facts import Facts
from journeys.blocks.fields import ChoiceField, TextField
from journeys.blocks.form_parts import RowList
from journeys.blocks.places import bind, get, text, write
from journeys.spec.problem import Problem

APPLICATION = "configurationArguments.applicationExtensionKey"
KEY = "Salesforce_Activity"
NAMED = ("Account", "CampaignMember", "Case", "Contact", "Lead", "Opportunity", "Task")
ACTIONS = [("Create", _("Create")), ("Update", _("Update"))]
KNOWN_ACTIONS = {name.lower() for name, _label in ACTIONS}
LOOKUPS = [
    ("salesforceLookup", _("by the criteria below")),
    ("personInJourney", _("the person in the journey")),
]
SEVERAL = [
    ("UpdateLastModified", _("update the one changed last")),
    ("DoNotUpdate", _("update none")),
]
NONE = [("DoNotUpdate", _("do nothing"))]


class SalesforceActivity(Block):
    slug = "salesforce"
    types = ("SALESCLOUDACTIVITY", "OBJECTACTIVITY")
    family = "data"
    label = _("Sales and Service Cloud")
    icon = "crm"
    prefix = "SALESCLOUDACTIVITY"
    one_way = True
    gives = ("salesforceObjectID",)
    more_rows = (Criteria, Fields)

    action = ChoiceField(f"{OBJECT}.action", ACTIONS, label=_("What to do"))
    object_type = TextField(
        f"{OBJECT}.type",
        label=_("Object"),
        suggest=NAMED,
        help_text=_("Its API name; those of your own objects end in __c."),
    )
    lookup = ChoiceField(f"{LOOKUP}.type", LOOKUPS, label=_("Which one to update"))
    lookup_object = TextField(
        f"{LOOKUP}.lookupObject",
        label=_("Look for it among"),
        suggest=NAMED,
        help_text=_("An object's API name."),
    )
    several = ChoiceField(
        f"{LOOKUP}.MultiOutComeOption", SEVERAL, label=_("When several are found")
    )
    none = ChoiceField(f"{LOOKUP}.ZeroOutComeOption", NONE, label=_("When none is found"))
    application = TextField(
        APPLICATION,
        label=_("Application"),
        help_text=_("Salesforce_Activity, with the object's name after it. It follows the object."),
    )
    version = TextField("arguments.version", label=_("Version of the settings"))
    together = (("action", "object_type"), ("lookup", "lookup_object"), ("several", "none"))
    advanced = ("application", "version")

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        if not is_update(self.block):
            for name in ("lookup", "lookup_object", "several", "none"):
                del self.fields[name]

    def lists_shown(self) -> list[type[RowList]]:
        return [Criteria, Fields] if is_update(self.block) else [Fields]

    def reshaped(self, block: dict) -> bool:
        if is_update(block) != is_update(self.block) or super().reshaped(block):
            return True
        return Fields.left_out(block) != Fields.left_out(self.block)

    def follow(self, block: dict, changed: set[str]) -> dict:
        """The application is named after the object, and what an update needs comes and goes with
        the action."""
        if "object_type" in changed and "application" not in changed:
            before, application = self.fields["object_type"].shown, self.fields["application"]
            if application.shown in ("", KEY, application_of(before)):
                block = write(
                    block, application.path, application_of(text(block, f"{OBJECT}.type"))
                )
        return self._follow_action(block) if "action" in changed else block

    def _follow_action(self, block: dict) -> dict:
        """Only an update looks for its object and overwrites; for a create the lookup is null in
        all real ones."""
        lookup = get(block, LOOKUP)
        if not is_update(block):
            return block if lookup is None else write(block, bind(LOOKUP), None)
        if lookup is None:
            block = write(block, bind(LOOKUP), new_lookup(block))
        fields = get(block, FIELDS)
        return (
            write(block, bind(FIELDS), overwriting(fields)) if isinstance(fields, list) else block
        )

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        made = {
            "type": "",
            "subtype": None,
            "order": "1",
            "action": "Create",
            "lookup": None,
            "fields": [],
        }
        return new_step(
            key,
            "SALESCLOUDACTIVITY",
            [new_path()],
            arguments={"objectMap": {"objects": [made]}, "version": "1.0"},
            configurationArguments={"applicationExtensionKey": KEY},
        )

    @classmethod
    def switched_off(cls, block: dict) -> tuple[str, ...]:
        """A create looks for no object, the person in the journey is found without criteria, and
        only a date that is filled in can be moved."""
        fields = get(block, FIELDS, [])
        moved = tuple(
            f"{FIELDS}[{index}].FieldAdjustment"
            for index in Fields.row_keys(block)
            if text(fields[index], "Processor") in ("static", "personInJourney")
        )
        if not is_update(block):
            return (LOOKUP, *moved)
        is_person = get(block, f"{LOOKUP}.type") == "personInJourney"
        return (Criteria.row_place, *moved) if is_person else moved

    @classmethod
    def sentence(cls, block: dict) -> str:
        if cls.name_of(block):
            return cls.name_of(block)
        name = text(block, f"{OBJECT}.type").strip()
        word = dict(ACTIONS).get(text(block, f"{OBJECT}.action"))
        if not name or not word:
            return str(cls.label)
        return _now("%(action)s %(object)s") % {"action": word, "object": name}

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        """A step that Journey Builder marks as not configured may be empty: real drafts have
        such."""
        report = (
            cls.advice if get(block, "metaData.isConfigured") in (False, "false") else cls.blocking
        )
        if not text(block, f"{OBJECT}.type").strip():
            sentence = _(
                "No object is chosen. Name the object of Sales or Service Cloud to create or"
                " update."
            )
            return [report("salesforce-object", block, f"{OBJECT}.type", sentence)]
        problems = []
        action = get(block, f"{OBJECT}.action", "")
        if action == "":
            sentence = _("It is not said what to do with the object. Choose create or update.")
            problems.append(report("salesforce-action", block, f"{OBJECT}.action", sentence))
        elif str(action).lower() not in KNOWN_ACTIONS:
            sentence = _(
                "“%(action)s” was in no journey seen so far. Check that it is right, or choose"
                " create or update."
            )
            words = sentence % {"action": str(action)[:60]}
            problems.append(
                cls.advice("salesforce-action-unknown", block, f"{OBJECT}.action", words)
            )
        if not get(block, FIELDS, []):
            sentence = _("No field is set. Name a field and its value.")
            problems.append(report("salesforce-fields", block, FIELDS, sentence))
        return problems + cls._field_problems(block, report) + cls._lookup_problems(block)

    @classmethod
    def _field_problems(cls, block: dict, report: Callable[..., Problem]) -> list[Problem]:
        problems, fields = [], get(block, FIELDS, [])
        for index in Fields.row_keys(block):
            field, place = fields[index], f"{FIELDS}[{index}]"
            label = {"number": index + 1, "field": title_of(field)[:60]}
            if not text(field, "FieldName").strip():
                sentence = _("Field %(number)s is not chosen. Enter its API name.") % label
                problems.append(report("salesforce-field", block, f"{place}.FieldName", sentence))
            if lacks_value(field):
                sentence = (
                    _("The object cannot do without “%(field)s”, but it has no value. Enter one.")
                    % label
                )
                problems.append(report("salesforce-value", block, f"{place}.FieldValue", sentence))
            if text(field, "FieldType") == "reference" and not get(
                field, "ReferenceObjectNames", []
            ):
                sentence = (
                    _(
                        "It is not said to which object “%(field)s” refers. Enter its API name,"
                        " such as User."
                    )
                    % label
                )
                problems.append(
                    cls.advice(
                        "salesforce-reference", block, f"{place}.ReferenceObjectNames", sentence
                    )
                )
        return problems

    @classmethod
    def _lookup_problems(cls, block: dict) -> list[Problem]:
        if not is_update(block) or get(block, f"{LOOKUP}.type") == "personInJourney":
            return []
        if get(block, Criteria.row_place, []):
            return []
        sentence = _("Nothing says which object is updated. Enter the criteria that find it.")
        return [cls.advice("salesforce-lookup", block, Criteria.row_place, sentence)]


def application_of(object_type: str) -> str:
    """Custom objects, and those without a form of their own in Journey Builder, go by the general
    one."""
    return f"{KEY}_{object_type}" if object_type in NAMED else KEY


def new_lookup(block: dict) -> dict:
    return {
        "type": "salesforceLookup",
        "lookupObject": text(block, f"{OBJECT}.type"),
        "steps": [{"criteria": []}],
        "MultiOutComeOption": "UpdateLastModified",
        "ZeroOutComeOption": "DoNotUpdate",
    }
