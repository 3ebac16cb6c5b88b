"""Update data extension: the older form of "Update contact", one field of one data extension.

Journey Spec pages write `DataExtensionUpdate`, real journeys DATAEXTENSIONUPDATE. The value stands
in `arguments`, what is set in `configurationArguments`; `metaData` repeats names for the screen.
"""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.base import Block, new_path, new_step
from journeys.blocks.facts import Facts
from journeys.blocks.fields import TextField
from journeys.blocks.places import get, text
from journeys.blocks.values import reference
from journeys.spec.problem import Problem

SETTINGS = "configurationArguments"
TARGETS = [
    ("dataExtensionId", "dataExtension", _("No data extension is chosen. Enter its id.")),
    ("field", "Field", _("No field is chosen. Enter the id of the field to set.")),
]


class DataExtensionUpdate(Block):
    slug = "data-extension-update"
    types = ("DATAEXTENSIONUPDATE",)
    family = "data"
    label = _("Update data extension")
    icon = "data-extension"
    prefix = "DATAEXTENSIONUPDATE"

    data_extension = TextField(
        f"{SETTINGS}.dataExtensionId",
        label=_("Data extension"),
        picks="data-extension",
        fills={"name": "data_extension_name"},
    )
    field = TextField(
        f"{SETTINGS}.field",
        label=_("Field"),
        picks="field",
        of="data_extension",
        fills={"name": "field_name"},
    )
    value = TextField(
        "arguments.value",
        label=_("Value"),
        expressions=True,
        help_text=_("Text, or an expression such as {{DateTime.Now}}."),
    )

    data_extension_name = TextField(
        "metaData.dataExtensionName",
        label=_("Name of the data extension"),
        help_text=_("Shown in Journey Builder; the ids decide."),
    )
    field_name = TextField("metaData.cachedFieldName", label=_("Name of the field"))
    contact_key = TextField("arguments.contactKey", label=_("Contact key"), expressions=True)
    advanced = ("data_extension_name", "field_name", "contact_key")

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        return new_step(
            key,
            "DATAEXTENSIONUPDATE",
            [new_path()],
            arguments={"contactKey": "{{Contact.Key}}", "value": ""},
            configurationArguments={"dataExtensionId": "", "field": ""},
            metaData={"dataExtensionName": "", "cachedFieldName": "", "cachedDisplayValue": ""},
        )

    @classmethod
    def sentence(cls, block: dict) -> str:
        if cls.name_of(block):
            return cls.name_of(block)
        names = {
            name: text(block, f"metaData.{name}").strip()
            for name in ("cachedFieldName", "dataExtensionName")
        }
        if all(names.values()):
            return _now("Set %(cachedFieldName)s in %(dataExtensionName)s") % names
        if names["dataExtensionName"]:
            return _now("Update %(dataExtensionName)s") % names
        return _now("Update data extension")

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        """A deployment tool's reference stands in for an id; an empty value may be meant (it clears
        the field)."""
        problems = []
        for member, word, sentence in TARGETS:
            place = f"{SETTINGS}.{member}"
            if get(block, place, "") == "":
                report = cls.advice if reference(block, SETTINGS, word) else cls.blocking
                problems.append(
                    report(f"data-extension-update-{member.lower()}", block, place, sentence)
                )
        value = get(block, "arguments.value")
        if value in (None, ""):
            sentence = _(
                "No value is set: the field would be emptied. Enter one, unless that is meant."
            )
            report = cls.blocking if value is None else cls.advice
            problems.append(
                report("data-extension-update-value", block, "arguments.value", sentence)
            )
        return problems
