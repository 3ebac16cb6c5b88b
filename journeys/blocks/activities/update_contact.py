"""Update contact: sets fields of a data extension for the contact in the journey."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.base import Block, new_path, new_step
from journeys.blocks.facts import Facts
from journeys.blocks.fields import TextField
from journeys.blocks.form_parts import Row
from journeys.blocks.places import get, text
from journeys.spec.problem import Problem

FIELDS = "arguments.activityData.updateContactFields"
NEEDED = [
    (
        "dataExtensionId",
        "dataExtension",
        _("Field %(number)s names no data extension. Enter its id."),
    ),
    ("field", "Field", _("Field %(number)s is not chosen. Enter the id of the field to set.")),
    ("value", "value", _("Field %(number)s has no value. Enter the value to set.")),
]
REFERENCE = _(
    "Field %(number)s is named by a deployment tool's reference, which the endpoint does not know."
    " Enter the ids."
)


class UpdatedField(Row):
    data_extension = TextField(
        f"{FIELDS}[*].dataExtensionId", label=_("Data extension"), picks="data-extension"
    )
    field = TextField(f"{FIELDS}[*].field", label=_("Field"), picks="field", of="data_extension")
    value = TextField(
        f"{FIELDS}[*].value",
        label=_("Value"),
        expressions=True,
        help_text=_("Text, or an expression such as {{DateTime.Now}}."),
    )

    @property
    def title(self) -> str:
        return (
            _now("One more field")
            if self.is_new
            else _now("Field %(number)s") % {"number": self.row_key + 1}
        )


class UpdateContact(Block):
    slug = "update-contact"
    types = ("UPDATECONTACTDATA",)
    family = "data"
    label = _("Update contact")
    icon = "update-contact"
    prefix = "UPDATECONTACTDATA"
    one_way = True
    row = UpdatedField
    row_place = FIELDS
    rows_label = _("Fields to set")
    rows_by_key = False
    rows_grow = True

    data_extension_name = TextField(
        "metaData.dataExtensionName",
        label=_("Name of the data extension"),
        help_text=_("Shown in Journey Builder; the ids decide."),
    )
    contact_key = TextField("arguments.contactKey", label=_("Contact key"), expressions=True)
    advanced = ("data_extension_name", "contact_key")

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        return new_step(
            key,
            "UPDATECONTACTDATA",
            [new_path()],
            arguments={
                "activityData": {"updateContactFields": []},
                "contactKey": "{{Context.ContactKey}}",
            },
            configurationArguments={"isActivityBatchValidated": True},
        )

    @classmethod
    def sentence(cls, block: dict) -> str:
        if cls.name_of(block):
            return cls.name_of(block)
        name = text(block, "metaData.dataExtensionName").strip()
        return (
            _now("Update contact in %(name)s") % {"name": name} if name else _now("Update contact")
        )

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        rows = get(block, FIELDS, [])
        if not rows:
            sentence = _("No field is set. Name a data extension, a field and a value.")
            return [cls.blocking("update-contact-empty", block, FIELDS, sentence)]
        return [
            problem
            for index in cls.row_keys(block)
            for problem in cls._row_problems(block, index, rows[index])
        ]

    @classmethod
    def _row_problems(cls, block: dict, index: int, row: dict) -> list[Problem]:
        """An empty value may be meant (it clears the field); a deployment tool's reference stands
        in for an id."""
        problems = []
        for member, word, sentence in NEEDED:
            value = row.get(member)
            if value not in (None, "", [], {}):
                continue
            by_reference = any(name.startswith("r__") and word in name for name in row)
            sentence = REFERENCE if by_reference else sentence
            report = (
                cls.advice if by_reference or (value == "" and member == "value") else cls.blocking
            )
            place = f"{FIELDS}[{index}].{member}"
            problems.append(
                report(
                    f"update-contact-{member.lower()}",
                    block,
                    place,
                    sentence % {"number": index + 1},
                )
            )
        return problems
