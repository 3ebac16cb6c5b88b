"""What stands at places of a block, in the words of its form: the label of the field, and its value
as people read it. For comparisons, where there is no form to look at."""

import copy
from collections.abc import Iterable

from django.utils.translation import gettext as _now

from journeys.blocks.base import Block
from journeys.blocks.fields import FlagField, PlacedField
from journeys.blocks.form_parts import Part, Row
from journeys.blocks.outcomes import label_of
from journeys.blocks.places import MISSING as NOTHING
from journeys.spec import address, graph, value_text
from journeys.spec.address import Item
from journeys.spec.parts import MISSING, UNIT_OF

LONGEST = 600  # letters of one value


class FieldWords:
    """`forms` are those of the versions of one block: a field of any of them has the words."""

    def __init__(self, forms: Iterable[Block], blocks: Iterable[dict]) -> None:
        self.blocks = list(blocks)
        self.fields: dict[str, tuple[Part, PlacedField]] = {}
        for form in forms:
            for part in (form, *(row for row in form.every_row() if not row.is_new)):
                for field in part.fields.values():
                    if isinstance(field, PlacedField):
                        self.fields.setdefault(address.written(field.path), (part, field))

    def has_field(self, inside: str) -> bool:
        return self._above(inside) is not None

    def label(self, inside: str) -> str:
        place = self._above(inside)
        if place is None:
            return self._own_label(inside)
        part, field = self.fields[place]
        title = str(part.title) if isinstance(part, Row) else ""
        return f"{title}: {field.label}" if title else str(field.label)

    def labels_within(self, places: tuple[str, ...]) -> list[tuple[str, str]]:
        """Each field that stands at one of these places or below, and its label alone."""
        return [
            (inside, str(field.label))
            for inside, (_part, field) in self.fields.items()
            if any(address.is_within(inside, place) for place in places)
        ]

    def said(self, inside: str, value: object) -> str:
        """ "" where there is nothing. A number with its unit comes as an object of both."""
        if value is MISSING:
            return ""
        if inside not in self.fields:
            return _cut(_in_words(_member(inside), value))
        name = _member(inside)
        if isinstance(value, dict) and name in UNIT_OF and {*value} <= {name, UNIT_OF[name]}:
            unit = address.member(address.parent(inside), UNIT_OF[name])
            number, counted = value.get(name, MISSING), value.get(UNIT_OF[name], MISSING)
            return _with_unit(self.said(inside, number), self.said(unit, counted))
        return _cut(_said(self.fields[inside][1], value))

    def _above(self, inside: str) -> str | None:
        """The place of the field in which this one stands."""
        while inside and inside not in self.fields:
            inside = address.parent(inside)
        return inside or None

    def _own_label(self, inside: str) -> str:
        steps = address.steps(inside) or ()
        name = value_text.member_in_words(_member(inside))
        if len(steps) < 2 or steps[0] != "outcomes" or not isinstance(steps[1], Item):
            return name[:1].upper() + name[1:]
        path = self._path(steps[1].key)
        if len(steps) == 2:
            return _now("Path “%(path)s”") % {"path": path}
        return _now("Path “%(path)s”: %(field)s") % {"path": path, "field": name}

    def _path(self, key: str) -> str:
        ways = [way for block in self.blocks for way in graph.outcomes(block)]
        named = [label_of(way) for way in ways if graph.outcome_key(way) == key]
        return next((name for name in named if name), key)


def _member(inside: str) -> str:
    names = [step for step in address.steps(inside) or () if isinstance(step, str)]
    return names[-1] if names else inside


def _said(field: PlacedField, value: object) -> str:
    field = copy.deepcopy(field)
    field.take(field.path, NOTHING if value is MISSING else value)
    if isinstance(field, FlagField) and field.shown in ("true", "false"):
        return _now("Yes") if field.shown == "true" else _now("No")
    if isinstance(value, dict | list) and field.shown[:1] in ("{", "["):  # it shows that as JSON
        return _in_words("", value)
    return f"{field.said().strip()} {field.unit}".strip() if field.said().strip() else ""


def _with_unit(number: str, unit: str) -> str:
    return f"{number} {unit.removesuffix('s') if number == '1' else unit}".strip()


def _in_words(member: str, value: object) -> str:
    """Any JSON as people would say it."""
    if isinstance(value, dict):
        listed = ((name, _in_words(name, one)) for name, one in value.items())
        return ", ".join(
            f"{value_text.member_in_words(name)} {said}" for name, said in listed if said
        )
    if isinstance(value, list):
        return ", ".join(said for one in value if (said := _in_words(member, one)))
    return value_text.value_in_words(member, value)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
