"""Parts of the picture that look the same from one answer to the next, rendered once."""

from itertools import count

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from journeys.spec.cache import MISSING, Store, texts_weight
from journeys.spec.cache import kept as kept_in_memory

register = template.Library()


@register.simple_tag
def card_inside(look: object) -> SafeString:
    return _card_inside(look, get_language())


@kept_in_memory(12, lambda shown, *_: 1500 + 2 * texts_weight(shown))
def _card_inside(look: object, language: str) -> SafeString:
    return render_to_string("journeys/_path_card.html", {"look": look, "card": look.card})


@register.tag
def kept(parser: template.base.Parser, token: template.base.Token) -> "Kept":
    """`{% kept shape can_add %}…{% endkept %}`: rendered once for these values, which tell all that
    stands inside."""
    values = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    inside = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(values, inside)


_rendered = Store(f"{__name__}.kept", 16 * 1024 * 1024)
_nodes = count()


class Kept(template.Node):
    def __init__(self, values: list, nodelist: template.NodeList) -> None:
        self.values, self.nodelist = values, nodelist
        self.number = next(_nodes)  # no other node has it, also after this one is gone

    def render(self, context: template.Context) -> SafeString:
        key = (self.number, get_language(), *(value.resolve(context) for value in self.values))
        markup = _rendered.get(key)
        if markup is MISSING:
            markup = self.nodelist.render(context)
            _rendered.put(key, markup, 600 + 2 * texts_weight(markup))
        return markup
