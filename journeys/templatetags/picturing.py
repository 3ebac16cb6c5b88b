"""Parts of the picture that look the same from one answer to the next, rendered once."""

from collections.abc import Hashable
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


@register.tag
def kept(parser: template.base.Parser, token: template.base.Token) -> "Kept":
    """`{% kept shape can_add %}…{% endkept %}`: rendered once for these values, which tell all that stands inside."""
    values = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    inside = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(values, inside)


class Kept(template.Node):
    MOST = 10_000  # some megabytes

    def __init__(self, values: list, nodelist: template.NodeList) -> None:
        self.values, self.nodelist = values, nodelist
        self.rendered: dict[Hashable, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        key = (get_language(), *(value.resolve(context) for value in self.values))
        found = self.rendered.get(key)
        if found is None:
            if len(self.rendered) >= self.MOST:
                self.rendered.clear()
            found = self.rendered[key] = self.nodelist.render(context)
        return found
