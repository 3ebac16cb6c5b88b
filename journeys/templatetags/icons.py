"""Icons of the sprite, and a person's initials."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, family: str = "") -> SafeString:
    """An icon as decoration: the words beside it say the same."""
    href = static("img/sprite.svg")
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f"family-{family}" if family else "",
        href,
        name,
    )


@register.filter
def initials(user: object) -> str:
    if user is None:
        return "–"
    name = user.get_full_name() or user.get_username()
    letters = [letter for word in name.split() if (letter := next(filter(str.isalnum, word), ""))]
    return "".join(letters[:2]).upper() or "–"
