"""The rows of a Sales and Service Cloud activity: the fields it sets, and the criteria that find
what is updated.

Members and values as in real activities; the server takes flags and numbers in them as texts
("true", "1").
"""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.fields import ChoiceField, LinesField, NumberField, TextField
from journeys.blocks.form_parts import Row, RowList
from journeys.blocks.places import get, read, text, write

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
ADJUSTMENT = {
    "SubProcessor": "dateAdjustment",
    "Units": "Days",
    "TimeDirection": "after",
}  # in 14 of 14
OVERWRITTEN = {"UpdateType": "OverWriteNewValue", "Updateable": "true"}
ADJUSTING = ("number", "unit", "direction")


class SetField(Row):
    field = TextField(f"{FIELDS}[*].FieldName", label=_("Field"), help_text=_("Its API name."))
    value = TextField(f"{FIELDS}[*].FieldValue", label=_("Value"), expressions=True)
    kind = ChoiceField(f"{FIELDS}[*].FieldType", KINDS, label=_("Kind of field"))
    source = ChoiceField(f"{FIELDS}[*].Processor", SOURCES, label=_("Set to"))
    overwrite = ChoiceField(f"{FIELDS}[*].UpdateType", OVERWRITING, label=_("Overwrite"))
    label_ = TextField(f"{FIELDS}[*].FieldLabel", label=_("Label of the field"))
    value_label = TextField(f"{FIELDS}[*].FieldValueLabel", label=_("Label of the value"))
    referred = LinesField(
        f"{FIELDS}[*].ReferenceObjectNames",
        label=_("Objects that it refers to"),
        help_text=_("API names such as User, one a line."),
    )
    referred.widget.attrs.update({"rows": 2, "spellcheck": "false"})
    number = NumberField(
        f"{FIELDS}[*].FieldAdjustment.NumUnits", label=_("Move the date by"), low=0, as_text=True
    )
    unit = ChoiceField(f"{FIELDS}[*].FieldAdjustment.Units", UNITS, label=_("Unit"))
    direction = ChoiceField(
        f"{FIELDS}[*].FieldAdjustment.TimeDirection", DIRECTIONS, label=_("Direction")
    )
    together = (
        ("field", "value"),
        ("kind", "source"),
        ("number", "unit", "direction"),
        ("label_", "value_label"),
    )
    advanced = ("kind", "source", "overwrite", "label_", "value_label", "referred", *ADJUSTING)

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        for name in not_for(self.item):
            del self.fields[name]

    @property
    def title(self) -> str:
        if self.is_new:
            return _now("One more field")
        return title_of(self.item)

    def follow(self, block: dict, changed: set[str]) -> dict:
        """Labels follow what they name while they were the same; a new field gets what every real
        one has."""
        item = read(block, self._path)
        if self.is_new:
            made = {**new_field(item), **item}
            return write(
                block, self._path, with_missing(made, OVERWRITTEN) if is_update(block) else made
            )
        adjustment = get(item, "FieldAdjustment")
        if adjustment and changed & set(ADJUSTING):
            block = write(block, (*self._path, "FieldAdjustment"), completed(adjustment))
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

    @classmethod
    def left_out(cls, block: dict) -> list[tuple[str, ...]]:
        """The inputs that each row has no use for."""
        items = get(block, FIELDS, [])
        return [not_for(items[index]) for index in cls.row_keys(block)]


class Criterion(Row):
    field = TextField(
        f"{CRITERIA}[*].FieldName", label=_("Field"), help_text=_("Its API name, such as Id.")
    )
    value = TextField(f"{CRITERIA}[*].FieldValue", label=_("is"), expressions=True)
    kind = ChoiceField(f"{CRITERIA}[*].FieldType", KINDS, label=_("Kind of field"))
    value_label = TextField(f"{CRITERIA}[*].FieldValueLabel", label=_("Label of the value"))
    together = (("field", "value"), ("kind", "value_label"))
    advanced = ("kind", "value_label")

    @property
    def title(self) -> str:
        name = text(self.item, "FieldName") or _now("A criterion without a field")
        return _now("One more criterion") if self.is_new else name

    def follow(self, block: dict, changed: set[str]) -> dict:
        path = self.fields["field"].path[:-1]
        if not self.is_new:
            return block
        item = read(block, path)
        name, value = text(item, "FieldName"), text(item, "FieldValue")
        made = {
            "FieldName": name,
            "FieldType": "id" if name == "Id" else "string",
            "FieldValue": value,
        }
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


def title_of(item: dict) -> str:
    return text(item, "FieldLabel") or text(item, "FieldName") or _now("a field without a name")


def lacks_value(item: dict) -> bool:
    """Whether the CRM asks for the field and it is empty; what comes from elsewhere (a date) is not
    entered here."""
    is_static = text(item, "Processor") in ("", "static")
    return (
        is_static and get(item, "Required") in (True, "true") and get(item, "FieldValue", "") == ""
    )


def not_for(item: dict) -> tuple[str, ...]:
    """The inputs that mean nothing for a field of this kind, unless it has their members."""
    is_moved = text(item, "Processor") == "dateContactEnters" or "FieldAdjustment" in item
    is_reference = text(item, "FieldType") == "reference" or "ReferenceObjectNames" in item
    return (*(() if is_moved else ADJUSTING), *(() if is_reference else ("referred",)))


def completed(adjustment: dict) -> dict:
    """How a date is moved, with what all real ones have besides the number. SubProcessor stands
    first."""
    first = {} if "SubProcessor" in adjustment else {"SubProcessor": ADJUSTMENT["SubProcessor"]}
    return with_missing({**first, **adjustment}, ADJUSTMENT)


def overwriting(fields: list) -> list:
    """The fields of an object that is updated from now on: those that do not say so overwrite what
    they find."""
    return [
        with_missing(field, OVERWRITTEN) if isinstance(field, dict) else field for field in fields
    ]


def with_missing(members: dict, standard: dict) -> dict:
    return {
        **members,
        **{name: value for name, value in standard.items() if members.get(name) in (None, "")},
    }


def is_update(block: dict) -> bool:
    return text(block, f"{OBJECT}.action").lower() == "update"
