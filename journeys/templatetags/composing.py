"""Small helps for the composer's templates."""

import json
from functools import lru_cache
from urllib.parse import urlencode

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from journeys.spec.problem import Problem

register = template.Library()

DEEPEST = 8  # levels of indentation that have room on a 1280 px screen

ROW_ICONS = {"join": "join", "end": "end", "dangling": "alert", "loose": "alert"}


@register.simple_tag
def query(**parameters: object) -> str:
    return urlencode(parameters)


@register.simple_tag(takes_context=True)
def card_row(context: dict, card: object) -> SafeString:
    """A card of the list. A journey has many that look the same from one answer to the next, so they are kept."""
    return _card_row(card, reverse("panel", args=[context["journey"].pk]), get_language())


@lru_cache(maxsize=8192)
def _card_row(card: object, panel: str, language: str) -> SafeString:
    return render_to_string("journeys/_card.html", {"card": card, "panel": panel})


@register.filter
def json_text(value: object) -> str:
    """A text as JSON for `hx-vals`; the template escapes it for the attribute."""
    return json.dumps(str(value))


@register.simple_tag
def remedy(problem: Problem) -> str:
    """The problem's id and place for `hx-vals`; "kind" and "key" are what the panel shows."""
    place = problem.place
    return json.dumps({"problem": problem.id, "at_kind": place.kind, "at_key": place.key, "at_field": place.field})


@register.filter
def depth_class(depth: int) -> int:
    return min(depth, DEEPEST)


@register.filter
def row_icon(kind: str) -> str:
    return ROW_ICONS.get(kind, "end")
