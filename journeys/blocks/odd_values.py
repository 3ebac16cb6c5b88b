"""Lists and objects where one value belongs, which the form could only show raw."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _t

from journeys.blocks.fields import ChoiceField, NumberField, TextField
from journeys.blocks.json_texts import opened
from journeys.blocks.places import get
from journeys.spec.problem import Problem

if TYPE_CHECKING:
    from journeys.blocks.base import Block

OF_ONE_VALUE = (TextField, NumberField, ChoiceField)  # and none of their kinds


def odd_values(lens: type["Block"], block: dict) -> list[Problem]:
    """Of the fields of the block itself; a form that cannot hold the block says so otherwise."""
    if not lens.editable:
        return []
    plain, problems = opened(block, lens.json_texts), []
    for field in lens.base_fields.values():
        if type(field) not in OF_ONE_VALUE:
            continue
        value = get(plain, field.place)
        if isinstance(value, dict | list) and value:
            sentence = (
                _t("“%(label)s” holds a list, but one value belongs there. Correct its JSON.")
                if isinstance(value, list)
                else _t(
                    "“%(label)s” holds an object, but one value belongs there. Correct its JSON."
                )
            )
            words = sentence % {"label": field.label}
            problems.append(lens.advice("value-shape", block, field.place, words))
    return problems
