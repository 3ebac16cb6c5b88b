"""Shows in every page what hides in its words: a mark for each character that nobody sees or that
looks like a space.

It works on the finished page, so that no template and no script has to think of it. In running text
the character stays where it is, inside a mark of its own that its direction cannot leave: what is
copied or read by a script is the true text. In titles, pictures and choices, which hold text only,
the mark takes its place. Inputs and boxes keep their true value and get the marks beside them.
"""

import re
from collections.abc import Callable
from html import unescape

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t

from journeys.spec.hidden import HIDDEN, code, found_in, name, visible

# What has no end goes on to the end of the page, so that no beginning is read twice.
INNER = r"""(?:[^"'>]|"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))*+"""
TAG = re.compile(rf"<(/?)([A-Za-z][\w:-]*+)({INNER})(?:>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
READ_OUT = re.compile(
    r"""(\s(?:title|alt|aria-label|aria-description|placeholder|label)=)("[^"]*"|'[^']*')"""
)
VALUE = re.compile(r"""\svalue=(?:"([^"]*)"|'([^']*)')""")
NOT_SHOWN = re.compile(
    r"""\s(?:hidden(?=[\s/=]|$)|type=["']?"""
    r"""(?:hidden|checkbox|radio|submit|button|file|password)\b)"""
)
TEXT_ONLY = {"title", "option", "svg"}
AS_IT_IS = {"script", "style", "textarea"}


def middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def answered(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if (
            response.streaming
            or kind not in ("text/html", "image/svg+xml")
            or response.content.isascii()
        ):
            return response
        page = response.content.decode(response.charset)
        if HIDDEN.search(page):
            response.content = marked(page) if kind == "text/html" else visible(page)
        return response

    return answered


def marked(page: str) -> str:
    """The HTML with all marks in it."""
    parts, inside, at, box = [], [], 0, ""
    for tag in TAG.finditer(page):
        text = page[at : tag.start()]
        parts.append(_text(text, inside))
        box += text if inside and inside[-1] == "textarea" else ""
        parts.append(READ_OUT.sub(lambda found: found[1] + visible(found[2]), tag[0]))
        at, element = tag.end(), (tag[2] or "").lower()
        if element == "input" and not NOT_SHOWN.search(tag[3]):
            value = VALUE.search(tag[3])
            parts.append(_beside(unescape(value[1] or value[2] or "")) if value else "")
        if element not in TEXT_ONLY | AS_IT_IS or tag[0].endswith("/>"):
            continue
        if not tag[1]:
            inside.append(element if not NOT_SHOWN.search(tag[3]) else "script")
        elif inside:
            parts.append(_beside(unescape(box)) if inside.pop() == "textarea" else "")
            box = ""
    return "".join([*parts, _text(page[at:], inside)])


def _text(text: str, inside: list[str]) -> str:
    if inside and inside[-1] in AS_IT_IS:
        return text
    return visible(text) if inside else HIDDEN.sub(lambda found: _mark(found[0]), text)


def _mark(character: str) -> SafeString:
    parts = {"code": code(character), "name": name(character), "character": character}
    mark = (
        '<bdi class="hidden-character" data-code="{code}" title="{code} {name}">{character}</bdi>'
    )
    return format_html(mark, **parts)


def _beside(value: str) -> SafeString | str:
    characters = found_in(value)
    if not characters:
        return ""
    marks = format_html_join(" ", "{}", ((_mark(character),) for character in characters))
    return format_html(
        '<span class="hidden-beside" data-hidden-beside>{} {}</span>', _t("Hidden in it:"), marks
    )
