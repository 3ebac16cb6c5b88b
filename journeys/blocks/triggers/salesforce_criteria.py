"""Criteria in the form of the CRM: {operand "AND"|"OR", conditions […]}. A condition is one
comparison or a group."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.fields import ChoiceField, TextField
from journeys.blocks.form_parts import Row, RowList
from journeys.blocks.places import MISSING, get, read, text, write

CONFIGURATION = "configurationArguments"
PRIMARY = f"{CONFIGURATION}.primaryObjectFilterCriteria"
RELATED = f"{CONFIGURATION}.relatedObjectFilterCriteria"
OPERANDS = [("AND", _("all of these")), ("OR", _("any of these"))]
OPERATORS = [
    ("EQUALS", _("is")),
    ("NOTEQUALTO", _("is not")),
    ("GREATERTHAN", _("is greater than")),
    ("STARTSWITH", _("begins with")),
    ("WASSET", _("has a value")),
    ("ISNULL", _("is empty")),
]
# Told alike, but not offered: in no real journey seen.
ALIKE = {
    "LESSTHAN": _("is less than"),
    "GREATERTHANOREQUALTO": _("is at least"),
    "LESSTHANOREQUALTO": _("is at most"),
    "CONTAINS": _("contains"),
    "NOTCONTAINS": _("does not contain"),
    "NOTSTARTSWITH": _("does not begin with"),
    "ENDSWITH": _("ends with"),
    "NOTENDSWITH": _("does not end with"),
    "ISNOTNULL": _("is not empty"),
}
WITHOUT_VALUE = ("WASSET", "ISNULL", "ISNOTNULL")
DATA_TYPES = [
    ("string", _("Text")),
    ("picklist", _("Picklist")),
    ("reference", _("Reference")),
    ("boolean", _("Checkbox")),
    ("datetime", _("Date and time")),
    ("email", _("Email")),
    ("url", _("URL")),
]
ABOUT_THE_FIELD = (
    "id",
    "folderId",
    "_length",
    "precision",
    "scale",
)  # of the CRM's field that was chosen before
RELATION = ("referenceObjectName", "relationshipName", "relationshipIdName")
DEEPEST = 64  # of groups that are told in words: no document is deeper


class Condition(Row):
    """One comparison; a group is locked text."""

    field = TextField(
        f"{PRIMARY}.conditions[*].fieldName",
        label=_("Field"),
        help_text=_("Its API name in the CRM."),
    )
    operator = ChoiceField(f"{PRIMARY}.conditions[*].operator", OPERATORS, label=_("Comparison"))
    value = TextField(f"{PRIMARY}.conditions[*].value", label=_("Value"))
    data_type = ChoiceField(
        f"{PRIMARY}.conditions[*].dataType", DATA_TYPES, label=_("Kind of field")
    )
    together = (("field", "operator"), ("value", "data_type"))

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        self.is_locked = "conditions" in self.item
        if self.is_locked:
            self.fields.clear()

    @property
    def title(self) -> str:
        if self.is_new:
            return _now("One more condition")
        words = condition_in_words(self.item)
        return (
            _now("Group, edited as JSON: %(group)s") % {"group": words} if self.is_locked else words
        )

    @property
    def whole(self) -> tuple[str, str]:
        is_any = text(self.item, "operand").upper() == "OR"
        label = _now("Group: any of these") if is_any else _now("Group: all of these")
        return (label, condition_in_words(self.item)[1:-1]) if self.is_locked else ("", "")

    def follow(self, block: dict, changed: set[str]) -> dict:
        """A condition on another field drops what was said of the old one."""
        path = self.fields["field"].path[:-1]
        item = read(block, path)
        if self.is_new:
            return write(block, path, {**item, **self.made(block)})
        return write(block, path, _about_another(item)) if "field" in changed else block

    def made(self, block: dict) -> dict:
        """A new condition is one on the object itself."""
        return {"referenceObjectName": object_name(block), "isPolymorphic": False}


class RelatedCondition(Condition):
    field = TextField(f"{RELATED}.conditions[*].fieldName", label=_("Field"))
    operator = ChoiceField(f"{RELATED}.conditions[*].operator", OPERATORS, label=_("Comparison"))
    value = TextField(f"{RELATED}.conditions[*].value", label=_("Value"))
    data_type = ChoiceField(
        f"{RELATED}.conditions[*].dataType", DATA_TYPES, label=_("Kind of field")
    )
    related_object = TextField(
        f"{RELATED}.conditions[*].referenceObjectName",
        label=_("Related object"),
        help_text=_("Such as Account."),
    )
    relationship = TextField(
        f"{RELATED}.conditions[*].relationshipName",
        label=_("Relationship"),
        help_text=_("Such as Account."),
    )
    relationship_id = TextField(
        f"{RELATED}.conditions[*].relationshipIdName",
        label=_("Field of the reference"),
        help_text=_("Such as AccountId."),
    )
    together = (*Condition.together, ("relationship", "relationship_id"))

    def made(self, block: dict) -> dict:
        return {"isPolymorphic": False}


class Conditions(RowList):
    slug = "conditions"
    row = Condition
    row_place = f"{PRIMARY}.conditions"
    rows_label = _("Who may enter: conditions on the object")


class RelatedConditions(RowList):
    slug = "related"
    row = RelatedCondition
    row_place = f"{RELATED}.conditions"
    rows_label = _("Conditions on related objects")
    folded = True


def condition_in_words(condition: object, depth: int = 0, sources: bool = True) -> str:
    """ "Status is Open", "Account: Type is Partner", groups in brackets. Never fails."""
    inner = get(condition, "conditions")
    if isinstance(inner, list):
        if depth >= DEEPEST:
            return "(…)"
        joint = _now(" or ") if text(condition, "operand").upper() == "OR" else _now(" and ")
        return f"({joint.join(condition_in_words(one, depth + 1, sources) for one in inner)})"
    operator = text(condition, "operator").upper()
    word = dict(OPERATORS).get(operator) or ALIKE.get(operator, operator.lower())
    stored = get(condition, "value", "")
    value = "" if operator in WITHOUT_VALUE or isinstance(stored, dict | list) else str(stored)
    parts = (_field_of(condition, sources), str(word), value)
    return " ".join(part for part in parts if part) or _now("an empty condition")


def _field_of(condition: object, sources: bool) -> str:
    """The field, with the related object that it is one of."""
    name = text(condition, "text") or text(condition, "fieldName")
    related = text(condition, "relationshipName").strip() if sources else ""
    return f"{related}: {name}" if related and name and not name.startswith(f"{related}:") else name


def criteria_in_words(criteria: object, sources: bool = True) -> str:
    """The conditions side by side, without the brackets of a group; "" when there are none."""
    conditions = get(criteria, "conditions")
    if not isinstance(conditions, list) or not conditions:
        return ""
    return condition_in_words(criteria, sources=sources)[1:-1]


def object_name(block: dict) -> str:
    """Older triggers spell it objectAPIName."""
    return text(block, f"{CONFIGURATION}.objectApiName") or text(
        block, f"{CONFIGURATION}.objectAPIName"
    )


def is_complete(condition: dict) -> bool:
    """Whether a comparison names its field, how it compares, and with what. Groups are taken as
    they are."""
    if "conditions" in condition:
        return True
    operator = text(condition, "operator").upper()
    has_value = operator in WITHOUT_VALUE or get(condition, "value", MISSING) is not MISSING
    return bool(text(condition, "fieldName")) and bool(operator) and has_value


def lacks_relation(condition: dict) -> list[str]:
    """The members without which nobody knows to which object a condition belongs. All real related
    ones have them."""
    if "conditions" in condition:
        return []
    return [name for name in RELATION if not text(condition, name).strip()]


def _about_another(condition: dict) -> dict:
    kept = {name: value for name, value in condition.items() if name not in ABOUT_THE_FIELD}
    said = {
        name: text(condition, "fieldName")
        for name in ("name", "text")
        if isinstance(kept.get(name), str)
    }
    return {**kept, **said}
