"""Small helps for the composer's templates."""

import json
from urllib.parse import urlencode

from django import template

register = template.Library()

DEEPEST = 8  # levels of indentation that have room on a 1280 px screen

ROW_ICONS = {"join": "join", "end": "end", "dangling": "alert", "loose": "alert"}


@register.simple_tag
def query(**parameters: object) -> str:
    return urlencode(parameters)


@register.filter
def json_text(value: object) -> str:
    """A text as JSON for `hx-vals`; the template escapes it for the attribute."""
    return json.dumps(str(value))


@register.filter
def depth_class(depth: int) -> int:
    return min(depth, DEEPEST)


@register.filter
def row_icon(kind: str) -> str:
    return ROW_ICONS.get(kind, "end")
