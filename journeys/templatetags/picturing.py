"""Parts of the picture that look the same from one answer to the next, rendered once."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def card_inside(look: object) -> SafeString:
    return _card_inside(look, get_language())


@lru_cache(maxsize=8192)
def _card_inside(look: object, language: str) -> SafeString:
    return render_to_string("journeys/_path_card.html", {"look": look, "card": look.card})
