"""The settings of a block as people read them, without a form: for print."""

from collections.abc import Iterator
from dataclasses import dataclass

from journeys.blocks import lens
from journeys.blocks.fields import PlacedField
from journeys.blocks.form_parts import UNIT, Part, Row
from journeys.spec.address import is_within, written


@dataclass(frozen=True)
class Setting:
    label: str
    value: str


def settings_of(block: dict, kind: str, document: dict) -> list[tuple[str, list[Setting]]] | None:
    """What is set in the block, in the order of its form; None where it has no form.

    First under "" what is set for the block itself, then each row, such as a path of a split, under
    its title.
    """
    opened = lens(block, kind, document)
    if not opened.editable:
        return None
    form = opened(block=block, document=document)
    off = opened.switched_off(form.block)
    groups = [("", list(_settings(form, off)))]
    for rows in form.row_sets.values():
        groups += [_row_settings(row, rows.lens.rows_label, off) for row in rows if not row.is_new]
    return [group for group in groups if group[1]]


def _row_settings(row: Row, label: object, off: tuple[str, ...]) -> tuple[str, list[Setting]]:
    whole, words = row.whole
    if words:
        return str(label), [Setting(whole, words)]
    return str(row.title or label), list(_settings(row, off))


def _settings(part: Part, off: tuple[str, ...]) -> Iterator[Setting]:
    values = {
        name: field.printed().strip()
        for name, field in part.fields.items()
        if isinstance(field, PlacedField) and not _is_off(field, off)
    }
    counted = [name for name in part.counted if values.get(name) and values.get(UNIT)]
    for name, value in values.items():
        field = part.fields[name]
        if name in counted:
            yield Setting(str(field.label), _with_unit(value, values[UNIT]))
        elif value and not (name == UNIT and counted):
            yield Setting(str(field.label), f"{value} {field.unit}".strip())


def _is_off(field: PlacedField, off: tuple[str, ...]) -> bool:
    inside = written(field.path) if off else ""
    return any(is_within(inside, place) for place in off)


def _with_unit(number: str, unit: str) -> str:
    return f"{number} {unit.removesuffix('s') if number == '1' else unit}"
