"""Wait by attribute: until a date that the contact brings along, or a while before or after it.

The date is an expression such as {{Event.DEAudience-1."Birthday"}}. Journey Builder shows which
attribute it is by `metaData.attribute`, with ids that only it knows: another date gets the name,
and loses the ids of the former one. Seen once in 480 real waits.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.activities import waiting
from journeys.blocks.facts import Facts
from journeys.blocks.fields import NumberField, TextField
from journeys.blocks.places import get, text, write
from journeys.blocks.values import whole
from journeys.spec.problem import Problem

EXPRESSION = "configurationArguments.waitEndDateAttributeExpression"
BRACED = re.compile(r"\{\{.+\}\}", re.DOTALL)
LAST_NAME = re.compile(r"""(?:\."([^"]+)"|\.([^."{}]++))\s*\}\}$""")


def require_expression(value: str) -> None:
    if not BRACED.fullmatch(value):
        raise ValidationError(
            _(
                "Enter an expression in double braces, such as"
                " {{Contact.Attribute.Orders.Delivery}}."
            )
        )


class WaitByAttribute(waiting.WaitBlock):
    slug = "wait-by-attribute"
    label = _("Wait by attribute")
    icon = "wait-attribute"
    prefix = waiting.ATTRIBUTE

    date = TextField(
        EXPRESSION,
        label=_("Date"),
        check=require_expression,
        expressions=True,
        help_text=_("The field that holds the date, as an expression in double braces."),
    )
    offset = NumberField(
        waiting.DURATION_PLACE,
        label=_("Offset"),
        help_text=_("0 is the date itself; -3 waits until 3 before it, 3 until 3 after."),
    )
    unit = waiting.unit_field()
    extended = waiting.extended_field()
    time = waiting.time_field()
    time_zone = waiting.time_zone_field()

    together = (("offset", "unit"), ("time", "time_zone"))
    only_with = {"time": "extended"}

    def follow(self, block: dict, changed: set[str]) -> dict:
        name = attribute_in(text(block, EXPRESSION))
        if "date" not in changed or not name:
            return block
        source = _("Journey Data") if "{{Event." in text(block, EXPRESSION) else _("Contact Data")
        shown = {
            "displayName": name,
            "displayType": "Date",
            "type": "item",
            "path": {"displayName": str(source)},
        }
        return write(block, ("metaData", "attribute"), shown)

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        settings = {"waitDuration": 0, "waitUnit": "DAYS", "waitEndDateAttributeExpression": ""}
        return cls.new_wait(key, settings, isExtended=False)

    @classmethod
    def sentence(cls, block: dict) -> str:
        name = text(block, "metaData.attribute.displayName").strip() or attribute_in(
            text(block, EXPRESSION)
        )
        if not name:
            return cls.name_of(block) or _now("Wait by attribute")
        offset = whole(get(block, waiting.DURATION_PLACE))
        words = {
            "date": name,
            "length": waiting.length(abs(offset or 0), text(block, waiting.UNIT_PLACE)),
        }
        if not offset:
            said = _now("Wait until %(date)s") % words
        elif offset < 0:
            said = _now("Wait until %(length)s before %(date)s") % words
        else:
            said = _now("Wait until %(length)s after %(date)s") % words
        if waiting.is_extended(block):
            said = _now("%(wait)s, at %(time)s") % {"wait": said, "time": waiting.time_of(block)}
        return str(said)

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        problems = cls._date_problems(block)
        offset = whole(get(block, waiting.DURATION_PLACE))
        if offset is None:
            sentence = _(
                "The offset must be a whole number; negative is before the date, 0 the date itself."
                " Enter one."
            )
            problems.append(cls.blocking("wait-offset", block, waiting.DURATION_PLACE, sentence))
        problems += waiting.unit_problems(cls, block)
        return problems + (waiting.time_problems(cls, block) if waiting.is_extended(block) else [])

    @classmethod
    def _date_problems(cls, block: dict) -> list[Problem]:
        said = text(block, EXPRESSION).strip()
        if not said:
            sentence = _("The wait names no date. Enter the field that holds it.")
            return [cls.blocking("wait-attribute", block, EXPRESSION, sentence)]
        if BRACED.fullmatch(said):
            return []
        sentence = _(
            "The date is not an expression in double braces, so it is the same text for everybody."
            " Check it."
        )
        return [cls.advice("wait-attribute-expression", block, EXPRESSION, sentence)]


def attribute_in(expression: str) -> str:
    """The last name of it: "Birthday" of {{Event.X."Birthday"}}."""
    match = LAST_NAME.search(expression.strip())
    return (match[1] or match[2]).strip() if match else ""
