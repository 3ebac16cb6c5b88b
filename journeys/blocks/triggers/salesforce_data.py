"""Salesforce data: contacts enter when an object of Sales or Service Cloud is created or updated.

Shapes as in 56 real triggers. The object is `objectApiName` (38) or, in older ones, `objectAPIName`
(18); in the older ones contactKey, eventDataConfig, passThroughArgument and the two criteria are
texts of JSON and stay texts.
"""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.facts import Facts
from journeys.blocks.fields import ChoiceField, FlagField, LinesField, TextField
from journeys.blocks.form_parts import Row, RowList
from journeys.blocks.json_texts import closed, opened
from journeys.blocks.places import get, text, write
from journeys.blocks.triggers.entry_source import EntrySource
from journeys.blocks.triggers.salesforce_criteria import (
    CONFIGURATION,
    OPERANDS,
    PRIMARY,
    RELATED,
    Conditions,
    RelatedConditions,
    criteria_in_words,
    is_complete,
    lacks_relation,
    object_name,
)
from journeys.blocks.triggers.salesforce_person import PEOPLE, contradicts, key_for, words_for
from journeys.spec.problem import Problem

EVENTS = [
    ("Created", _("created")),
    ("Updated", _("updated")),
    ("CreatedUpdated", _("created or updated")),
]
SUMMARIES = {"Created": "Created;", "Updated": "Updated;", "CreatedUpdated": "Created;Updated;"}
TEXTS = tuple(
    f"{CONFIGURATION}.{name}"
    for name in (
        "contactKey",
        "eventDataConfig",
        "passThroughArgument",
        "primaryObjectFilterCriteria",
        "relatedObjectFilterCriteria",
    )
)
OBJECTS = f"{CONFIGURATION}.eventDataConfig.objects"
CONTACT_KEY = f"{CONFIGURATION}.contactKey"
KEY_FIELDS = ("key_object", "key_relationship", "key_relationship_id")
PASSED = f"{CONFIGURATION}.passThroughArgument.fields"


class EventObject(Row):
    reference_object = TextField(f"{OBJECTS}[*].referenceObject", label=_("Object"))
    relationship = TextField(f"{OBJECTS}[*].relationshipName", label=_("Relationship"))
    prefix_ = TextField(
        f"{OBJECTS}[*].dePrefix", label=_("Prefix of its fields in the data extension")
    )
    names = LinesField(
        f"{OBJECTS}[*].fields", label=_("Fields"), help_text=_("API names, one a line.")
    )
    names.widget.attrs.update({"rows": 3, "spellcheck": "false"})
    together = (("reference_object", "relationship"),)

    @property
    def title(self) -> str:
        return _now("One more object") if self.is_new else self._object() or _now("An object")

    def _object(self) -> str:
        """What it is called; the object that is watched itself need not be named in its row."""
        names = (text(self.item, name) for name in ("referenceObject", "relationshipName"))
        prefix = text(self.item, "dePrefix").rstrip(":")
        return next(filter(None, (*names, prefix)), "") or object_name(self.block)


class EventData(RowList):
    slug = "event-data"
    row = EventObject
    row_place = OBJECTS
    rows_label = _("Data that comes with the contact")
    folded = True


class SalesforceData(EntrySource):
    slug = "salesforce-data"
    types = ("SalesforceObjectTriggerV2",)
    label = _("Salesforce data")
    icon = "crm"
    event_prefix = "SalesforceObj"
    more_rows = (Conditions, EventData, RelatedConditions)
    json_texts = TEXTS

    object_name = TextField(
        f"{CONFIGURATION}.objectApiName",
        label=_("Object"),
        picks="crm-object",
        help_text=_(
            "Its API name, such as Lead or CampaignMember; those of your own objects end in __c."
        ),
    )
    older_object_name = TextField(
        f"{CONFIGURATION}.objectAPIName", label=_("Object"), picks="crm-object"
    )
    event = ChoiceField(
        f"{CONFIGURATION}.salesforceTriggerCriteria", EVENTS, label=_("Enter when it is")
    )
    person = ChoiceField(f"{CONFIGURATION}.contactPersonType", PEOPLE, label=_("Who enters"))
    who = TextField(
        f"{CONFIGURATION}.whoToInject",
        label=_("Found in field"),
        help_text=_("As Journey Builder words it: “Contact ID (Contact)”."),
    )
    operand = ChoiceField(f"{PRIMARY}.operand", OPERANDS, label=_("Conditions that must hold"))
    key_object = TextField(f"{CONTACT_KEY}.referenceObjectName", label=_("Contact key: object"))
    key_field = TextField(f"{CONTACT_KEY}.fieldName", label=_("Contact key: field"))
    key_relationship = TextField(
        f"{CONTACT_KEY}.relationshipName", label=_("Contact key: relationship")
    )
    key_relationship_id = TextField(
        f"{CONTACT_KEY}.relationshipIdName", label=_("Contact key: field of the reference")
    )
    key_polymorphic = FlagField(
        f"{CONTACT_KEY}.isPolymorphic", label=_("The reference can be to several objects")
    )
    passed_key = TextField(f"{PASSED}.ContactKey", label=_("Field with the contact key"))
    passed_email = TextField(f"{PASSED}.Email", label=_("Field with the email address"))
    passed_opted_out = TextField(
        f"{PASSED}.HasOptedOutOfEmail", label=_("Field with the email opt-out")
    )
    summary = TextField(
        f"{CONFIGURATION}.primaryObjectFilterSummary", label=_("Conditions in words")
    )
    related_operand = ChoiceField(
        f"{RELATED}.operand", OPERANDS, label=_("Conditions on related objects: hold")
    )
    related_summary = TextField(
        f"{CONFIGURATION}.relatedObjectFilterSummary",
        label=_("Conditions on related objects, in words"),
    )
    data_summary = TextField(f"{CONFIGURATION}.eventDataSummary", label=_("Data in words"))
    event_summary = TextField(
        f"{CONFIGURATION}.evaluationCriteriaSummary", label=_("Event in words")
    )
    together = (
        ("object_name", "event"),
        ("older_object_name", "event"),
        ("person", "who"),
        ("key_object", "key_field"),
        ("key_relationship", "key_relationship_id"),
    )
    advanced = (
        "event_id",
        "criteria",
        "key_object",
        "key_field",
        "key_relationship",
        "key_relationship_id",
        "key_polymorphic",
        "passed_key",
        "passed_email",
        "passed_opted_out",
        "summary",
        "related_operand",
        "related_summary",
        "data_summary",
        "event_summary",
    )
    field_order = (
        "object_name",
        "older_object_name",
        "event",
        "operand",
        "person",
        "who",
        "event_key",
    )

    def __init__(self, *arguments: object, block: dict, **options: object) -> None:
        super().__init__(*arguments, block=block, **options)
        config = get(block, CONFIGURATION, {})
        older = "objectAPIName" in config and "objectApiName" not in config
        del self.fields["object_name" if older else "older_object_name"]

    def written(self) -> dict:
        return closed(self._in_words(opened(super().written(), TEXTS)), self.as_found, TEXTS)

    def follow(self, block: dict, changed: set[str]) -> dict:
        """Journey Builder keeps the event in words too; it follows while it said the same."""
        block = super().follow(block, changed)
        event, summary = self.fields["event"], self.fields["event_summary"]
        said = SUMMARIES.get(event.shown, "")
        if "event" in changed and "event_summary" not in changed and summary.shown == said:
            block = write(block, summary.path, SUMMARIES.get(self.cleaned_data["event"], ""))
        return self._follow_person(block, changed) if "person" in changed else block

    def _follow_person(self, block: dict, changed: set[str]) -> dict:
        """The contact key and its words go with the person while they were the usual ones."""
        before, person, who = (
            self.fields["person"].shown,
            self.cleaned_data["person"],
            self.fields["who"],
        )
        fields = [self.fields[name] for name in KEY_FIELDS if not changed & set(KEY_FIELDS)]
        values = [*key_for(person, before, tuple(field.shown for field in fields))]
        if "who" not in changed:
            fields, values = [*fields, who], [*values, words_for(person, before, who.shown)]
        for field, value in zip(fields, values, strict=True):
            block = write(block, field.path, value) if value != field.shown else block
        return block

    def _in_words(self, block: dict) -> dict:
        """Conditions that are kept in words too stay so while the words said what they were."""
        for name, place in (("summary", PRIMARY), ("related_summary", RELATED)):
            field, criteria = self.fields[name], get(self.block, place)
            before, now = criteria_in_words(criteria), criteria_in_words(get(block, place))
            is_told = field.found in (before, criteria_in_words(criteria, sources=False))
            if before != now and is_told and name not in self.changed_data:
                block = write(block, field.path, now)
        return block

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        made = super().new(key, document)
        nothing = {"operand": "AND", "conditions": []}
        reference = {"relationshipIdName": "", "relationshipName": "", "isPolymorphic": False}
        configuration = {
            "applicationExtensionKey": cls.types[0],
            "version": "3.0",
            "criteria": "",
            "schemaVersionId": 0,
            "objectApiName": "",
            "salesforceTriggerCriteria": "Created",
            "evaluationCriteriaSummary": SUMMARIES["Created"],
            "eventDataConfig": {"objects": []},
            "eventDataSummary": "",
            "primaryObjectFilterCriteria": nothing,
            "primaryObjectFilterSummary": "",
            "relatedObjectFilterCriteria": {**nothing, "conditions": []},
            "relatedObjectFilterSummary": "",
            "additionalObjectFilterCriteria": "",
            "contactKey": {**reference, "referenceObjectName": "Contact", "fieldName": "Id"},
            "passThroughArgument": {"fields": {}},
            "contactPersonType": "Contact",
            "whoToInject": "Contact ID (Contact)",
        }
        icon = {
            "iconUrl": "/events/js/salesforce-event/images/SF-Event-Icon.svg",
            "title": "",
            "category": "Event",
        }
        return {
            **made,
            "configurationArguments": configuration,
            "metaData": {**made["metaData"], **icon},
        }

    @classmethod
    def criteria_in_words(cls, block: dict) -> dict[str, str]:
        block = opened(block, TEXTS)
        return {place: criteria_in_words(get(block, place)) for place in (PRIMARY, RELATED)}

    @classmethod
    def switched_off(cls, block: dict) -> tuple[str, ...]:
        """How conditions are joined means nothing for less than two of them."""
        block = opened(block, TEXTS)
        joined = ((PRIMARY, Conditions), (RELATED, RelatedConditions))
        few = [place for place, listed in joined if len(comparisons(block, listed)) < 2]
        return tuple(f"{place}.operand" for place in few)

    @classmethod
    def sentence(cls, block: dict) -> str:
        name, event = object_name(block), text(block, f"{CONFIGURATION}.salesforceTriggerCriteria")
        if cls.name_of(block) or not name:
            return super().sentence(block)
        words = dict(EVENTS).get(event)
        return _now("%(object)s %(event)s") % {"object": name, "event": words} if words else name

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        problems = super().problems(block, facts)
        if not object_name(block).strip():
            sentence = _(
                "No object is chosen, so nobody can enter. Name the object of Sales or Service"
                " Cloud."
            )
            problems.append(
                cls.blocking("salesforce-object", block, f"{CONFIGURATION}.objectApiName", sentence)
            )
        if text(block, f"{CONFIGURATION}.salesforceTriggerCriteria") not in SUMMARIES:
            sentence = _(
                "It is not said whether contacts enter when the object is created or updated."
                " Choose one."
            )
            place = f"{CONFIGURATION}.salesforceTriggerCriteria"
            problems.append(cls.blocking("salesforce-event", block, place, sentence))
        block = opened(block, TEXTS)
        return (
            problems
            + cls._condition_problems(block)
            + cls._relation_problems(block)
            + cls._person_problems(block)
        )

    @classmethod
    def _condition_problems(cls, block: dict) -> list[Problem]:
        problems = []
        for listed, sentence in (
            (
                Conditions,
                _(
                    "Condition %(number)s lacks its field, its comparison or its value."
                    " Complete it."
                ),
            ),
            (
                RelatedConditions,
                _(
                    "Related condition %(number)s lacks its field, its comparison or its value."
                    " Complete it."
                ),
            ),
        ):
            for index, condition in comparisons(block, listed):
                if not is_complete(condition):
                    place, words = f"{listed.row_place}[{index}]", sentence % {"number": index + 1}
                    problems.append(cls.blocking("salesforce-condition", block, place, words))
        return problems

    @classmethod
    def _relation_problems(cls, block: dict) -> list[Problem]:
        """All real ones say what they relate to; whether they could leave a part of it empty is not
        known."""
        problems = []
        for index, condition in comparisons(block, RelatedConditions):
            missing = lacks_relation(condition)
            if missing:
                sentence = _(
                    "Related condition %(number)s does not say whose field it is. Name its object"
                    " and relationship."
                )
                place = f"{RelatedConditions.row_place}[{index}].{missing[0]}"
                report = cls.blocking if "referenceObjectName" in missing else cls.advice
                problems.append(
                    report("salesforce-relation", block, place, sentence % {"number": index + 1})
                )
        return problems

    @classmethod
    def _person_problems(cls, block: dict) -> list[Problem]:
        person, key_object = (
            text(block, f"{CONFIGURATION}.contactPersonType"),
            text(block, f"{CONTACT_KEY}.referenceObjectName"),
        )
        other = contradicts(person, key_object, text(block, f"{CONFIGURATION}.whoToInject"))
        if not other:
            return []
        sentence = _(
            "“%(person)s” enters, but the contact key is that of “%(other)s”. Correct who enters or"
            " the contact key."
        )
        place = (
            f"{CONTACT_KEY}.referenceObjectName"
            if other == key_object
            else f"{CONFIGURATION}.whoToInject"
        )
        return [
            cls.advice(
                "salesforce-person", block, place, sentence % {"person": person, "other": other}
            )
        ]


def comparisons(block: dict, listed: type[RowList]) -> list[tuple[int, dict]]:
    conditions = get(block, listed.row_place, [])
    items = enumerate(conditions if isinstance(conditions, list) else [])
    return [(index, condition) for index, condition in items if isinstance(condition, dict)]
