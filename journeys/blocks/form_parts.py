"""The parts of a block's form: the fields of the block itself, and rows for what repeats in it."""

import hashlib
import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet, ManagementForm
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from journeys.blocks.condition_data import ConditionData
from journeys.blocks.fields import PlacedField
from journeys.blocks.inputs import Inputs
from journeys.blocks.layout import Folded, helper_for, lines_of
from journeys.blocks.outcomes import numbered
from journeys.blocks.places import bind, get, holds, obstacle, placed, read, write
from journeys.spec.address import written

if TYPE_CHECKING:
    from journeys.blocks.base import Block

UNIT = "unit"  # the name of a field in whose unit the number before it is counted
SAFE_IN_HTML = re.compile(r"[A-Za-z0-9_-]{1,60}")


class Part(forms.Form):
    """Fields of one block, or of one row in it. `row` is the row's key, its index, or None."""

    default_renderer = Inputs()
    together: ClassVar[tuple[tuple[str, ...], ...]] = ()  # fields that stand on one line

    def __init__(
        self,
        data: dict | None = None,
        *,
        block: dict,
        row: str | int | None = None,
        **options: object,
    ) -> None:
        super().__init__(data, **options)
        self.block = block
        self.row_key = row
        for name, field in list(self.fields.items()):
            if not field.attach(block, row):
                del self.fields[name]
                continue
            self.initial[name] = field.shown

    def see(self, known: ConditionData) -> None:
        for field in self.fields.values():
            if isinstance(field, PlacedField):
                field.see(known)
                field.offer_choices(self.add_prefix, self.fields)
        for name in self.counted:
            self.fields[name].unit_chosen = self._unit_chosen

    @property
    def counted(self) -> list[str]:
        """The fields whose number is counted in the one called `unit`, right before which they
        stand on one line."""
        lines = [line for line in self.together if UNIT in line[1:] and UNIT in self.fields]
        return [name for line in lines if (name := line[line.index(UNIT) - 1]) in self.fields]

    def _unit_chosen(self) -> str:
        field = self.fields[UNIT]
        sent = self.data.get(self.add_prefix(UNIT)) or field.shown
        return str(dict(field.widget.choices).get(sent, "")) if sent else ""

    def wrong(self) -> list[tuple[str, str]]:
        """(HTML name, what is wrong) of each input that cannot be stored as it was sent; "" for the
        form as a whole."""
        errors = []
        for name, texts in self.errors.items():
            inside = (
                getattr(self.fields[name].widget, "wrong", None) if name in self.fields else None
            )
            html_name = self.add_prefix(name) if name in self.fields else ""
            errors += (inside(html_name) if inside else []) or [(html_name, text) for text in texts]
        return errors

    def touched(self) -> list[str]:
        """The places of the fields that the user changed, whether they can be stored or
        not."""
        places = self.places()
        named = [self.add_prefix(name) for name in self.changed_data]
        return [places[name] for name in named if name in places]

    def shown(self) -> dict[str, str]:
        """HTML name of each input -> the text in it, as it was found in the block."""
        placed = {
            name: field for name, field in self.fields.items() if isinstance(field, PlacedField)
        }
        return {self.add_prefix(name): field.shown for name, field in placed.items()}

    def fresh(self) -> list[SafeString]:
        """Out-of-band fragments of an open form that say anew what was saved; inputs in use are not
        among them."""
        bound_fields = [
            self[name] for name in self.fields if hasattr(self.fields[name].widget, "fresh")
        ]
        return [bound.field.widget.fresh(bound.html_name, bound.auto_id) for bound in bound_fields]

    @property
    def must_be_redrawn(self) -> bool:
        """Whether the open form no longer shows what it saved."""
        return any(getattr(field, "redraw", False) for field in self.fields.values())

    def write(self, block: dict) -> dict:
        """The block with this part's changes in it."""
        sound = [
            name for name in self.changed_data if name in self.cleaned_data
        ]  # the rest waits for the user
        changed = {name for name in sound if isinstance(self.fields[name], PlacedField)}
        for name, field in self.fields.items():
            if name in changed:
                block = write(block, placed(self.block, field.path), self.cleaned_data[name])
        return self.follow(block, changed) if changed else block

    def follow(self, block: dict, changed: set[str]) -> dict:
        """For members that the user does not see but that must keep step with the changed ones."""
        return block

    def places(self) -> dict[str, str]:
        """HTML name of each field -> its place in the block."""
        placed = {
            name: field for name, field in self.fields.items() if isinstance(field, PlacedField)
        }
        return {self.add_prefix(name): written(field.path) for name, field in placed.items()}


class Row(Part):
    """One item of a repeating part. `is_new` marks the blank row in which another item can be
    entered."""

    advanced: ClassVar[tuple[str, ...]] = ()  # folded away
    # an item that this row cannot show: it is told in the title, and cannot be removed here
    is_locked = False

    def __init__(
        self, *arguments: object, lens: type["Block"], is_new: bool = False, **options: object
    ) -> None:
        super().__init__(*arguments, **options)
        self.lens = lens
        self.is_new = is_new

    @property
    def item(self) -> dict:
        item = read(self.block, bind(f"{self.lens.row_place}[*]", self.row_key))
        return item if isinstance(item, dict) else {}

    @property
    def title(self) -> str:
        label = self.lens.outcome_label(self.block, self.item)
        is_path = self.lens.row_place == "outcomes" and isinstance(self.row_key, int)
        return label or (numbered(self.row_key + 1) if is_path else "")

    @property
    def whole(self) -> tuple[str, str]:
        """Label and words for print where an item is told as a whole, since it has no fields."""
        return "", ""

    @cached_property
    def helper(self) -> FormHelper:
        usual = [name for name in self.fields if name not in self.advanced]
        folded = [name for name in self.fields if name in self.advanced]
        more = [Folded(*lines_of(folded, self.together, {}))] if folded else []
        return helper_for(*lines_of(usual, self.together, {}), *more, fields=self.fields)


class RowList:
    """A further list of rows in a block, besides the `row` that the block declares itself; same
    declaration."""

    slug: ClassVar[str] = ""  # begins the HTML names of its fields
    row: ClassVar[type[Row]]
    row_place: ClassVar[str] = ""
    rows_label: ClassVar[str] = ""
    rows_by_key: ClassVar[bool] = False
    rows_grow: ClassVar[bool] = True
    folded: ClassVar[bool] = False

    @classmethod
    def row_keys(cls, block: dict) -> list[str | int]:
        return row_keys(block, cls.row_place, cls.rows_by_key)

    @classmethod
    def fits(cls, block: dict) -> bool:
        return rows_fit(block, cls)

    @classmethod
    def without_rows(cls, block: dict, rows: list[Row]) -> dict:
        return without_rows(block, cls.row_place, rows)

    @classmethod
    def new_row_key(cls, block: dict) -> int:
        return new_row_key(block, cls.row_place)

    @classmethod
    def outcome_label(cls, block: dict, item: dict) -> str:
        return ""


class Rows(BaseFormSet):
    """The rows of a block. How many there are is known from the block, so nothing is asked of a
    management form."""

    def __init__(
        self, data: dict | None, *, block: dict, lens: type["Block"], **options: object
    ) -> None:
        super().__init__(data, **options)
        self.data = {} if data is None else data
        self.block, self.lens = block, lens
        self.keys = lens.row_keys(block)

    def initial_form_count(self) -> int:
        return len(self.keys)

    def total_form_count(self) -> int:
        return len(self.keys) + self.extra

    @cached_property
    def management_form(self) -> ManagementForm:
        counts = {
            "TOTAL_FORMS": self.total_form_count(),
            "INITIAL_FORMS": self.initial_form_count(),
        }
        form = ManagementForm(
            {f"{self.prefix}-{name}": str(count) for name, count in counts.items()},
            prefix=self.prefix,
        )
        form.full_clean()
        return form

    def add_prefix(self, index: int | None) -> str:
        return f"{self.prefix}-{html_safe(self._key(index))}"

    def add_fields(self, form: Row, index: int | None) -> None:
        super().add_fields(form, index)
        if DELETION_FIELD_NAME not in form.fields:
            return
        if form.is_locked:
            del form.fields[DELETION_FIELD_NAME]
        else:
            form.fields[DELETION_FIELD_NAME].label = _("Remove this one")

    def get_form_kwargs(self, index: int | None) -> dict:
        is_new = index is None or index >= len(self.keys)
        return {"block": self.block, "row": self._key(index), "lens": self.lens, "is_new": is_new}

    def write(self, block: dict) -> dict:
        removed = [
            row
            for row in self.forms[: len(self.keys)]
            if self.can_delete and self._should_delete_form(row)
        ]
        gone = set(map(id, removed))
        for row in self.forms:
            if id(row) not in gone and row.has_changed():
                block = row.write(block)
        return self.lens.without_rows(block, removed) if removed else block

    def _key(self, index: int | None) -> str | int:
        if index is not None and index < len(self.keys):
            return self.keys[index]
        return self.lens.new_row_key(self.block)


def html_safe(key: object) -> str:
    """A key as a part of HTML names and ids: itself where it can be, else a digest of it."""
    name = str(key)
    if SAFE_IN_HTML.fullmatch(name):
        return name
    return "x" + hashlib.sha256(name.encode(errors="replace")).hexdigest()[:12]


def row_keys(block: dict, place: str, by_key: bool) -> list[str | int]:
    """What names each row: its own key where that is unique, else its index. Only objects are
    rows."""
    rows = get(block, place, [])
    items = {
        index: item
        for index, item in enumerate(rows if isinstance(rows, list) else [])
        if isinstance(item, dict)
    }
    if not by_key:
        return list(items)
    keys = {index: item.get("key") for index, item in items.items()}
    count = Counter(key for key in keys.values() if isinstance(key, str) and key)
    return [
        key if isinstance(key, str) and count[key] == 1 else index for index, key in keys.items()
    ]


def new_row_key(block: dict, place: str) -> int:
    """The index that a new item gets."""
    items = read(block, bind(place))
    return len(items) if isinstance(items, list) else 0


def rows_fit(block: dict, listed: "type[Block] | type[RowList]") -> bool:
    """Whether every place of the rows, and a new row, can be written without destroying
    something."""
    if not holds(block, bind(listed.row_place)) or not isinstance(
        get(block, listed.row_place, []), list
    ):
        return False
    paths = [
        bind(place, key) for key in listed.row_keys(block) for place in one_per_parent(listed.row)
    ]
    return all(holds(block, path) for path in paths if path is not None)


def obstacle_of(lens: type["Block"], block: dict) -> str:
    """The first place at which a block has another shape than its form needs; "" where there is
    none."""
    paths = [bind(place) for place in one_per_parent(lens)]
    for listed in lens.row_lists():
        paths.append((*bind(listed.row_place), 0))
        paths += [
            bind(place, key)
            for key in listed.row_keys(block)
            for place in one_per_parent(listed.row)
        ]
    obstacles = (obstacle(block, path) for path in paths if path is not None)
    return next((written(path) for path in obstacles if path is not None), "")


def without_rows(block: dict, place: str, rows: list[Row]) -> dict:
    path, gone = bind(place), {row.row_key for row in rows}
    return write(
        block, path, [item for index, item in enumerate(read(block, path)) if index not in gone]
    )


@lru_cache(maxsize=256)
def one_per_parent(part: type[Part]) -> list[str]:
    """Where members can be written depends on their parent only: one place for each is enough to
    ask."""
    places = [field.place for field in part.base_fields.values() if not field.where_held]
    return list({place.rpartition(".")[0]: place for place in places}.values())
