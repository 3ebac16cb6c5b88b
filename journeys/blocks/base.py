"""The lens: a form over one block's JSON that writes back only what the user changed.

A block type is one class in one file:

    class WaitByDuration(Block):
        slug = "wait"
        types = ("WAIT",)
        family = "flow"
        label = _("Wait")
        icon = "wait"
        prefix = "WAITBYDURATION"

        duration = NumberField("configurationArguments.waitDuration", label=_("How long"), low=1)

Each field names its place in the block (places.py) and decides what is a change (fields.py). Saving
an untouched form gives the block back with equal bytes; members that no field names are never
looked at. Cleared text is written as "", a cleared number removes its member. New members, and
parents that are missing, go to the end; all else keeps its order.

Repeating parts are rows (`row`, `row_place`): items of a list, matched by their own `key` where
they have one that is unique, else by their index. Adding or removing a path of a split is an
operation on the journey, not on this form.

What a type says of its blocks besides stands in block_type.py. Of types that are more than one
block's JSON:

* `new_steps`: the steps that are added together, the new one first, linked with each other (a path
  optimizer and the step that closes it). What the two ends hold as `metaData.capsule` is known to
  spec/graph.py: they are moved and removed together, and the steps between them get
  `metaData.capsuleData`.
* `names_steps`: the places where it names other steps, besides those that references.py knows of
  every block.
* `followed`: the block after its outcomes were led elsewhere, for JSON that repeats where they
  lead.
* `flow_problems`: what is wrong with where it stands; `problems` looks at the block and at a few
  facts of the journey.
"""

from copy import deepcopy
from typing import ClassVar

from crispy_forms.helper import FormHelper
from django.forms.formsets import formset_factory
from django.forms.widgets import Textarea
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from journeys.blocks.block_type import BlockType
from journeys.blocks.block_type import new_path as new_path
from journeys.blocks.block_type import new_step as new_step
from journeys.blocks.condition_data import ConditionData
from journeys.blocks.fields import LongTextField, TextField
from journeys.blocks.form_parts import (
    Part,
    Row,
    RowList,
    Rows,
    html_safe,
    new_row_key,
    one_per_parent,
    row_keys,
    rows_fit,
    without_rows,
)
from journeys.blocks.json_texts import closed, opened
from journeys.blocks.layout import Datalist, Folded, RowsLayout, helper_for, lines_of
from journeys.blocks.places import bind, holds, text, write, writing_often
from journeys.blocks.registry import always_gives
from journeys.blocks.shown import ShownField
from journeys.spec import expressions
from journeys.spec.address import is_within


class Block(BlockType, Part):
    """See the module's docstring for how a type is declared."""

    advanced: ClassVar[tuple[str, ...]] = ()  # folded away
    # Field -> the flag without which it means nothing and is not shown.
    only_with: ClassVar[dict[str, str]] = {}
    row: ClassVar[type[Row] | None] = None
    row_place: ClassVar[str] = "outcomes"
    rows_label: ClassVar[str] = ""
    rows_by_key: ClassVar[bool] = True
    rows_grow: ClassVar[bool] = False  # a blank row to add one, a tick to remove one
    more_rows: ClassVar[tuple[type[RowList], ...]] = ()  # further lists of rows in the block

    name = TextField("name", label=_("Name of the step"))
    description = LongTextField("description", label=_("Description"))
    description.widget.attrs["rows"] = 2

    def __init__(
        self,
        data: dict | None = None,
        *,
        block: dict,
        document: dict,
        prefix: str | None = None,
        **options: object,
    ) -> None:
        auto_id = f"{self.kind}-{html_safe(block.get('key'))}-%s"
        self.as_found = block
        super().__init__(
            data, block=opened(block, self.json_texts), **{"auto_id": auto_id, **options}
        )
        if "name" in self.fields:
            self._show_name(self.fields["name"])
        self.prefix = prefix
        self.document = document
        self._tell_what_is_only_shown()
        self.rows = self._rows(data, type(self), "rows") if self.row else None
        self.row_sets = {"rows": self.rows} if self.row else {}
        self.row_sets |= {
            listed.slug: self._rows(data, listed, listed.slug) for listed in self.lists_shown()
        }
        known = ConditionData(document)
        self.see(known)
        for row in self.every_row():
            row.see(known)

    def _tell_what_is_only_shown(self) -> None:
        only_shown = [(n, f) for n, f in self.fields.items() if isinstance(f, ShownField)]
        block = self.as_read(self.block, self.document) if only_shown else self.block
        for name, field in only_shown:
            self.initial[name] = field.tell(block)
            if not field.shown:
                del self.fields[name]

    def _show_name(self, field: TextField) -> None:
        """A placeholder that only stands in for a name is none to begin with; it stays while nobody
        enters another."""
        if self.kind != "activity":
            field.label = _("Name")
        if isinstance(field.found, str) and not self.name_of(self.block):
            field.shown = self.initial["name"] = ""

    def lists_shown(self) -> list[type[RowList]]:
        """The further lists of rows that this block has a use for."""
        return list(self.more_rows)

    def every_row(self) -> list[Row]:
        return [row for rows in self.row_sets.values() for row in rows]

    def is_valid(self) -> bool:
        valid = [super().is_valid(), *(rows.is_valid() for rows in self.row_sets.values())]
        return all(valid)

    def written(self) -> dict:
        """The new JSON of the block, after `is_valid()`; equal bytes when the user changed nothing.

        Fields that are wrong are left as they were, so that the others are saved meanwhile.
        """
        with writing_often():
            block = self.write(self.block)
            for rows in self.row_sets.values():
                block = rows.write(block)
        return closed(block, self.as_found, self.json_texts)

    def wrong(self) -> list[tuple[str, str]]:
        return super().wrong() + [one for row in self.every_row() for one in row.wrong()]

    def touched(self) -> list[str]:
        return super().touched() + [place for row in self.every_row() for place in row.touched()]

    def shown(self) -> dict[str, str]:
        return super().shown() | {
            name: text for row in self.every_row() for name, text in row.shown().items()
        }

    def followed_in(self, now: "Block") -> dict[str, str]:
        """Inputs that the user left alone and whose values moved with others': HTML name -> the
        text `now`."""
        before, places = self.shown(), set(self.touched())
        touched = {name for name, place in self._places.items() if place in places}
        return {
            n: t
            for n, t in now.shown().items()
            if n in before and n not in touched and before[n] != t
        }

    def reshaped(self, block: dict) -> bool:
        """Whether rows came or went between the block that was opened and this one."""
        now = opened(block, self.json_texts)
        return any(
            rows.lens.row_keys(self.block) != rows.lens.row_keys(now)
            for rows in self.row_sets.values()
        )

    def fresh(self) -> list[SafeString]:
        return super().fresh() + [fragment for row in self.every_row() for fragment in row.fresh()]

    @property
    def must_be_redrawn(self) -> bool:
        return super().must_be_redrawn or any(row.must_be_redrawn for row in self.every_row())

    def field_place(self, name: str) -> str | None:
        """The dotted place of a field, by its name or its HTML name (fields of rows have only the
        latter)."""
        return self._places.get(name) or self._places.get(self.add_prefix(name))

    def field_for(self, inside: str) -> str | None:
        """The HTML name of the field that stands at a place, else of one that stands below
        or above it."""
        for name, place in self._places.items():
            if place == inside:
                return name
        for name, place in self._places.items():
            if inside and (_is_below(place, inside) or _is_below(inside, place)):
                return name
        return None

    @cached_property
    def _places(self) -> dict[str, str]:
        places = self.places()
        for rows in self.row_sets.values():
            for row in rows:
                places.update(row.places())
        return places

    @cached_property
    def helper(self) -> FormHelper:
        if not self.fields:
            return helper_for()
        folded = [name for name in self.fields if name in self.advanced]
        usual = [name for name in self.fields if name not in (*folded, "name", "description")]
        rows = {name: RowsLayout(name) for name in self.row_sets}
        hidden = [
            layout
            for name, layout in rows.items()
            if getattr(self.row_sets[name].lens, "folded", False)
        ]
        shown = [layout for layout in rows.values() if layout not in hidden]
        more = [*lines_of(folded, self.together, self.only_with), *hidden, "description"]
        return helper_for(
            *lines_of(usual, self.together, self.only_with),
            *shown,
            "name",
            Folded(*more),
            *self.datalists(),
            fields=self.fields,
        )

    def datalists(self) -> list[Datalist]:
        """What the inputs offer: one shared list of expressions, and a list for each field with
        texts of its own."""
        datalists: dict[str, Datalist] = {}
        rows = [row for rows in self.row_sets.values() for row in rows]
        for part in (self, *rows):
            for name, field in part.fields.items():
                suggested = getattr(field, "suggest", ())
                if not suggested and not getattr(field, "expressions", False):
                    continue
                key = f"offer-{name}" if suggested else "expressions"
                if key not in datalists:
                    offered = suggested or expressions_offered(
                        self.document, text(self.block, "key")
                    )
                    datalists[key] = Datalist(self.auto_id % key, offered)
                if not isinstance(field.widget, Textarea):
                    field.widget.attrs["list"] = self.auto_id % key
        return list(datalists.values())

    def _rows(self, data: dict | None, listed: "type[Block] | type[RowList]", name: str) -> Rows:
        grows = listed.rows_grow
        made = formset_factory(
            listed.row, formset=Rows, extra=int(grows), can_delete=grows, can_delete_extra=False
        )
        made.absolute_max = 100_000
        return made(
            data, block=self.block, lens=listed, auto_id=self.auto_id, prefix=self.add_prefix(name)
        )

    # Of the type: what its form holds, and its rows.

    @classmethod
    def fits(cls, block: dict) -> bool:
        """Whether every place can be written without destroying something of an unforeseen
        shape."""
        block = opened(block, cls.json_texts)
        if not all(holds(block, bind(place)) for place in one_per_parent(cls)):
            return False
        return all(
            rows_fit(block, cls) if listed is cls else listed.fits(block)
            for listed in cls.row_lists()
        )

    @classmethod
    def switched_off(cls, block: dict) -> tuple[str, ...]:
        """The fields that are shown only with a flag, and those on one line with them."""
        flags = {flag for flag in cls.only_with.values() if not cls._is_on(flag, block)}
        names = {name for name, flag in cls.only_with.items() if flag in flags}
        lines = {other for line in cls.together if names & set(line) for other in line}
        return tuple(cls.base_fields[name].place for name in names | lines)

    @classmethod
    def _is_on(cls, flag: str, block: dict) -> bool:
        field = deepcopy(cls.base_fields[flag])
        return field.attach(block) and field.shown != "false"

    @classmethod
    def row_lists(cls) -> list["type[Block] | type[RowList]"]:
        """What has rows: the block itself, then its further lists."""
        return [*([cls] if cls.row else []), *cls.more_rows]

    @classmethod
    def row_keys(cls, block: dict) -> list[str | int]:
        return row_keys(block, cls.row_place, cls.rows_by_key)

    @classmethod
    def new_row_key(cls, block: dict) -> int:
        return new_row_key(block, cls.row_place)

    @classmethod
    def without_rows(cls, block: dict, rows: list[Row]) -> dict:
        return without_rows(block, cls.row_place, rows)

    @classmethod
    def renamable(cls, block: dict) -> set[str | int]:
        """The keys of the paths that `with_outcome_label` can give another name."""
        field = cls.row.base_fields.get("label") if cls.row and cls.editable else None
        return (
            set(cls.row_keys(block)) if field is not None and cls.row_place == "outcomes" else set()
        )

    @classmethod
    def with_outcome_label(cls, block: dict, outcome_key: str, label: str) -> dict | None:
        """The block with another name on one of its paths; None where its paths bear no name that
        can be written."""
        if outcome_key not in cls.renamable(block):
            return None
        return write(block, bind(cls.row.base_fields["label"].place, outcome_key), label)


def expressions_offered(document: dict, step_key: str = "") -> list[str]:
    """What can be written at a step, or in the journey's settings."""
    return expressions.offers(document, always_gives, step_key)


def _is_below(inside: str, outer: str) -> bool:
    return bool(outer) and inside != outer and is_within(inside, outer)
