"""Arguments of a custom activity: a list of objects, {"name": value} each, or several names in one
object.

Each name is a row. A new one becomes an object of its own, as in the Journey Spec; those found stay
where they are.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.fields import PlacedField, TextField
from journeys.blocks.form_parts import Row, RowList
from journeys.blocks.places import MISSING, bind, get, holds, read, text, write

IN = "arguments.execute.inArguments"
OUT = "arguments.execute.outArguments"


def arguments(block: dict, place: str) -> list[tuple[int, str]]:
    """Each argument as the index of its object and its name."""
    objects = get(block, place, [])
    items = enumerate(objects if isinstance(objects, list) else [])
    return [(index, name) for index, item in items if isinstance(item, dict) for name in item]


class NameField(TextField):
    """The name of the argument that the row is about; `at` is where it stands, None for a new
    one."""

    def attach(self, block: object, row: str | int | None = None) -> bool:
        self.at = _at(block, self.place, row)
        index = self.at[0] if self.at else len(get(block, self.place, []))
        self.take((*bind(self.place), index), self.at[1] if self.at else MISSING)
        return True

    def changed(self, sent: str) -> object:
        if not sent.strip():
            raise ValidationError(
                _("An argument needs a name. To drop it, tick “Remove this one”.")
            )
        return sent


class ValueField(TextField):
    def attach(self, block: object, row: str | int | None = None) -> bool:
        at = _at(block, self.place, row)
        index, name = at or (len(get(block, self.place, [])), "")
        path = (*bind(self.place), index, name)
        self.take(path, read(block, path) if at else MISSING)
        return True


class Argument(Row):
    name = NameField(IN, label=_("Name"))
    value = ValueField(IN, label=_("Value"), expressions=True)
    together = (("name", "value"),)

    @property
    def title(self) -> str:
        at = self.fields["name"].at
        return at[1] or _now("An argument without a name") if at else _now("One more argument")

    def clean(self) -> dict:
        cleaned = super().clean()
        field, names = self.fields["name"], self._names()
        name = cleaned.get("name")
        if "name" in self.changed_data and name in names:
            self.add_error("name", _("There is already an argument of this name."))
        if field.at is None and name is MISSING and "value" in self.changed_data:
            self.add_error("name", _("An argument needs a name."))
        return cleaned

    def write(self, block: dict) -> dict:
        """Renames keep the order of the names. A name that is taken meanwhile makes an object of
        its own."""
        changed = {name for name in self.changed_data if isinstance(self.fields[name], PlacedField)}
        if not changed:
            return block
        field, path = self.fields["name"], bind(self.fields["name"].place)
        name, value = self.cleaned_data["name"], self.cleaned_data["value"]
        if field.at is None:
            items = get(block, field.place, [])
            return write(block, (*path, len(items)), {name: "" if value is MISSING else value})
        index, old = field.at
        item = read(block, (*path, index))
        if name != old and name in item:
            block = write(
                block, (*path, index), {key: kept for key, kept in item.items() if key != old}
            )
            return write(block, (*path, len(read(block, path))), {name: value})
        renamed = {
            name if key == old else key: value if key == old else kept for key, kept in item.items()
        }
        return write(block, (*path, index), renamed)

    def _names(self) -> list[str]:
        place, at = self.fields["name"].place, self.fields["name"].at
        return [
            name for index, name in arguments(self.block, place) if at is None or index == at[0]
        ]


class OutArgument(Argument):
    name = NameField(OUT, label=_("Name"))
    value = ValueField(OUT, label=_("Example"))

    def __init__(self, *arguments: object, **options: object) -> None:
        """Says how later steps name it."""
        super().__init__(*arguments, **options)
        at = self.fields["name"].at
        if at:
            expression = {"expression": f"{{{{Interaction.{text(self.block, 'key')}.{at[1]}}}}}"}
            self.fields["value"].help_text = (
                _now("Later steps read it as %(expression)s.") % expression
            )


class InArguments(RowList):
    slug = "in"
    row = Argument
    row_place = IN
    rows_label = _("What is sent (in arguments)")

    @classmethod
    def row_keys(cls, block: dict) -> list[str | int]:
        return list(range(len(arguments(block, cls.row_place))))

    @classmethod
    def new_row_key(cls, block: dict) -> int:
        return len(arguments(block, cls.row_place))

    @classmethod
    def fits(cls, block: dict) -> bool:
        return holds(block, bind(cls.row_place)) and isinstance(get(block, cls.row_place, []), list)

    @classmethod
    def without_rows(cls, block: dict, rows: list[Row]) -> dict:
        """An object that loses its last name goes too."""
        path = bind(cls.row_place)
        gone = {row.fields["name"].at for row in rows}
        touched = {index for index, _name in gone}
        items = []
        for index, item in enumerate(read(block, path)):
            kept = (
                {n: v for n, v in item.items() if (index, n) not in gone}
                if index in touched
                else item
            )
            items += [kept] if kept or index not in touched else []
        return write(block, path, items)


class OutArguments(InArguments):
    slug = "out"
    row = OutArgument
    row_place = OUT
    rows_label = _("What comes back (out arguments)")
    folded = True


def _at(block: object, place: str, row: str | int | None) -> tuple[int, str] | None:
    pairs = arguments(block, place)
    return pairs[row] if isinstance(row, int) and row < len(pairs) else None
