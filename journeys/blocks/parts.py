"""The parts of a block's form: the fields of the block itself, and rows for what repeats in it."""

import hashlib
import re
from typing import TYPE_CHECKING, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet, ManagementForm
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from journeys.blocks.fields import PlacedField
from journeys.blocks.known import Known
from journeys.blocks.layout import helper_for, lines_of
from journeys.blocks.places import bind, dotted, read, write

if TYPE_CHECKING:
    from journeys.blocks.base import Block

SAFE_IN_HTML = re.compile(r"[A-Za-z0-9_-]{1,60}")


class Part(forms.Form):
    """Fields of one block, or of one row in it. `row` is the row's key, its index, or None."""

    def __init__(
        self, data: dict | None = None, *, block: dict, row: str | int | None = None, **options: object
    ) -> None:
        super().__init__(data, **options)
        self.block = block
        self.row_key = row
        for name, field in list(self.fields.items()):
            if not field.attach(block, row):
                del self.fields[name]
                continue
            self.initial[name] = field.shown

    def see(self, known: Known) -> None:
        for field in self.fields.values():
            if isinstance(field, PlacedField):
                field.see(known)

    def fresh(self) -> list[SafeString]:
        """Out-of-band fragments of an open form that say anew what was saved; inputs in use are not among them."""
        found = [self[name] for name in self.fields if hasattr(self.fields[name].widget, "fresh")]
        return [bound.field.widget.fresh(bound.html_name, bound.auto_id) for bound in found]

    @property
    def must_be_redrawn(self) -> bool:
        """Whether the open form no longer shows what it saved."""
        return any(getattr(field, "redraw", False) for field in self.fields.values())

    def write(self, block: dict) -> dict:
        """The block with this part's changes in it."""
        changed = {name for name in self.changed_data if isinstance(self.fields[name], PlacedField)}
        for name, field in self.fields.items():
            if name in changed:
                block = write(block, field.path, self.cleaned_data[name])
        return self.follow(block, changed) if changed else block

    def follow(self, block: dict, changed: set[str]) -> dict:
        """For members that the user does not see but that must keep step with the changed ones."""
        return block

    def places(self) -> dict[str, str]:
        """HTML name of each field -> its dotted place in the block."""
        placed = {name: field for name, field in self.fields.items() if isinstance(field, PlacedField)}
        return {self.add_prefix(name): dotted(field.path) for name, field in placed.items()}


class Row(Part):
    """One item of a repeating part. `is_new` marks the blank row in which another item can be entered."""

    together: ClassVar[tuple[tuple[str, ...], ...]] = ()  # fields that stand on one line

    def __init__(self, *arguments: object, lens: type["Block"], is_new: bool = False, **options: object) -> None:
        super().__init__(*arguments, **options)
        self.lens = lens
        self.is_new = is_new

    @property
    def item(self) -> dict:
        found = read(self.block, bind(f"{self.lens.row_place}[*]", self.row_key))
        return found if isinstance(found, dict) else {}

    @property
    def title(self) -> str:
        return self.lens.outcome_label(self.block, self.item)

    @cached_property
    def helper(self) -> FormHelper:
        return helper_for(*lines_of(list(self.fields), self.together, {}))


class Rows(BaseFormSet):
    """The rows of a block. How many there are is known from the block, so nothing is asked of a management form."""

    def __init__(self, data: dict | None, *, block: dict, lens: type["Block"], **options: object) -> None:
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
        counts = {"TOTAL_FORMS": self.total_form_count(), "INITIAL_FORMS": self.initial_form_count()}
        form = ManagementForm(
            {f"{self.prefix}-{name}": str(count) for name, count in counts.items()}, prefix=self.prefix
        )
        form.full_clean()
        return form

    def add_prefix(self, index: int | None) -> str:
        return f"{self.prefix}-{html_safe(self._key(index))}"

    def add_fields(self, form: Row, index: int | None) -> None:
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].label = _("Remove this one")

    def get_form_kwargs(self, index: int | None) -> dict:
        is_new = index is None or index >= len(self.keys)
        return {"block": self.block, "row": self._key(index), "lens": self.lens, "is_new": is_new}

    def write(self, block: dict) -> dict:
        removed = self.deleted_forms
        for row in self.forms:
            if row not in removed and row.has_changed():
                block = row.write(block)
        if not removed:
            return block
        path = bind(self.lens.row_place)
        gone = {row.row_key for row in removed}
        return write(block, path, [item for index, item in enumerate(read(block, path)) if index not in gone])

    def _key(self, index: int | None) -> str | int:
        if index is not None and index < len(self.keys):
            return self.keys[index]
        items = read(self.block, bind(self.lens.row_place))
        return len(items) if isinstance(items, list) else 0


def html_safe(key: object) -> str:
    """A key as a part of HTML names and ids: itself where it can be, else a digest of it."""
    written = str(key)
    if SAFE_IN_HTML.fullmatch(written):
        return written
    return "x" + hashlib.sha256(written.encode(errors="replace")).hexdigest()[:12]
