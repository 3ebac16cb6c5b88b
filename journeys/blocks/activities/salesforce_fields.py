"""The rows of a Sales and Service Cloud activity: the fields it sets, and the criteria that find what is updated.

Members and values as in real activities; the server takes flags and numbers in them as texts ("true", "1").
"""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.fields import ChoiceField, NumberField, TextField
from journeys.blocks.parts import Row, RowList
from journeys.blocks.places import read, text, write

OBJECT = "arguments.objectMap.objects[0]"
FIELDS = f"{OBJECT}.fields"
LOOKUP = f"{OBJECT}.lookup"
CRITERIA = f"{LOOKUP}.steps[0].criteria"
KINDS = [
    ("string", _("Text")),
    ("textarea", _("Long text")),
    ("picklist", _("Picklist")),
    ("combobox", _("Picklist or text")),
    ("reference", _("Reference")),
    ("boolean", _("Checkbox")),
    ("date", _("Date")),
    ("datetime", _("Date and time")),
    ("id", _("Id")),
]
SOURCES = [
    ("static", _("the value entered here")),
    ("dateContactEnters", _("the date on which the contact gets here")),
    ("personInJourney", _("the person in the journey")),
]
OVERWRITING = [
    ("OverWriteNewValue", _("always")),
    ("OverWriteIfExistingValueEmpty", _("only when it is empty")),
]
UNITS = [("Days", _("days"))]
DIRECTIONS = [("after", _("after that date"))]


class SetField(Row):
    field = TextField(f"{FIELDS}[*].FieldName", label=_("Field"), help_text=_("Its API name."))
    value = TextField(f"{FIELDS}[*].FieldValue", label=_("Value"), expressions=True)
    kind = ChoiceField(f"{FIELDS}[*].FieldType", KINDS, label=_("Kind of field"))
    source = ChoiceField(f"{FIELDS}[*].Processor", SOURCES, label=_("Set to"))
    overwrite = ChoiceField(f"{FIELDS}[*].UpdateType", OVERWRITING, label=_("Overwrite"))
    label_ = TextField(f"{FIELDS}[*].FieldLabel", label=_("Label of the field"))
    value_label = TextField(f"{FIELDS}[*].FieldValueLabel", label=_("Label of the value"))
    number = NumberField(f"{FIELDS}[*].FieldAdjustment.NumUnits", label=_("Move the date by"), low=0, as_text=True)
    unit = ChoiceField(f"{FIELDS}[*].FieldAdjustment.Units", UNITS, label=_("Unit"))
    direction = ChoiceField(f"{FIELDS}[*].FieldAdjustment.TimeDirection", DIRECTIONS, label=_("Direction"))
    together = (("field", "value"), ("kind", "source"), ("number", "unit", "direction"), ("label_", "value_label"))
    advanced = ("kind", "source", "overwrite", "label_", "value_label", "number", "unit", "direction")

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        if text(self.item, "Processor") != "dateContactEnters" and "FieldAdjustment" not in self.item:
            for name in ("number", "unit", "direction"):
                del self.fields[name]

    @property
    def title(self) -> str:
        if self.is_new:
            return _now("One more field")
        return text(self.item, "FieldLabel") or text(self.item, "FieldName") or "?"

    def follow(self, block: dict, changed: set[str]) -> dict:
        """Labels follow what they name while they were the same; a new field gets what every real one has."""
        item = read(block, self._path)
        if self.is_new:
            block = write(block, self._path, {**new_field(item), **item})
            return block
        for name, label in (("field", "label_"), ("value", "value_label")):
            was, field = self.fields[name], self.fields[label]
            if name in changed and label not in changed and field.found == was.found:
                block = write(block, field.path, self.cleaned_data[name])
        return block

    @property
    def _path(self) -> tuple:
        return self.fields["field"].path[:-1]


class Fields(RowList):
    slug = "fields"
    row = SetField
    row_place = FIELDS
    rows_label = _("Fields to set")


class Criterion(Row):
    field = TextField(f"{CRITERIA}[*].FieldName", label=_("Field"), help_text=_("Its API name, such as Id."))
    value = TextField(f"{CRITERIA}[*].FieldValue", label=_("is"), expressions=True)
    kind = ChoiceField(f"{CRITERIA}[*].FieldType", KINDS, label=_("Kind of field"))
    value_label = TextField(f"{CRITERIA}[*].FieldValueLabel", label=_("Label of the value"))
    together = (("field", "value"), ("kind", "value_label"))
    advanced = ("kind", "value_label")

    @property
    def title(self) -> str:
        return _now("One more criterion") if self.is_new else text(self.item, "FieldName") or "?"

    def follow(self, block: dict, changed: set[str]) -> dict:
        path = self.fields["field"].path[:-1]
        if not self.is_new:
            return block
        item = read(block, path)
        name, value = text(item, "FieldName"), text(item, "FieldValue")
        made = {"FieldName": name, "FieldType": "id" if name == "Id" else "string", "FieldValue": value}
        return write(block, path, {**made, "FieldValueLabel": value, **item})


class Criteria(RowList):
    slug = "lookup"
    row = Criterion
    row_place = CRITERIA
    rows_label = _("Criteria that find the object to update")


def new_field(item: dict) -> dict:
    name, value = text(item, "FieldName"), text(item, "FieldValue")
    return {
        "FieldName": name,
        "FieldLabel": name,
        "FieldType": "string",
        "FieldValue": value,
        "FieldValueLabel": value,
        "MappingType": "Constant",
        "Processor": "static",
        "Required": "false",
    }
