"""How wide a text is, so that the server can break lines in a picture. SVG text knows no line
breaks of its own."""

import unicodedata
from functools import lru_cache

from journeys.spec.hidden import visible

# In hundredths of the letter size, U+0020 to U+007E, of DejaVu Sans: as wide as system fonts get.
ASCII = (
    "32 40 46 84 64 95 78 27 39 39 50 84 32 36 32 34 64 64 64 64 64 64 64 64 64 64 34 34 84 84 84"
    " 53 100 68 69 70 77 63 58 77 75 29 29 66 56 86 75 79 60 79 69 63 61 73 68 99 69 61 69 39 34 39"
    " 84 50 50 61 63 55 63 62 35 63 63 28 28 58 28 97 63 61 63 63 41 52 39 63 59 82 59 59 52 64 34"
    " 64 84"
)
WIDTHS = {chr(32 + index): int(width) for index, width in enumerate(ASCII.split())}
WIDE, CAPITAL, OTHER = 104, 79, 64
ELLIPSIS = "…"


def width(text: str, size: float) -> float:
    """In the unit of `size`, the height of the letters."""
    return sum(map(_width, text)) * size / 100


def cut(text: str, size: float, room: float) -> str:
    """The text, or its beginning with an ellipsis, in one line."""
    text = " ".join(visible(text).split())
    if width(text, size) <= room:
        return text
    return text[: _fitting(text, size, room - size)].rstrip() + ELLIPSIS


def wrap(text: str, size: float, room: float, lines: int = 2) -> tuple[str, ...]:
    """At most so many lines, broken between words where possible; the last one is cut."""
    text = " ".join(visible(text).split())
    full_lines = []
    while text and len(full_lines) < lines - 1 and width(text, size) > room:
        fitting = _fitting(text, size, room)
        space = text.rfind(" ", 0, fitting + 1)
        end = space if space > 0 else fitting
        full_lines.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return (*full_lines, cut(text, size, room)) if text else tuple(full_lines)


def _fitting(text: str, size: float, room: float) -> int:
    """How many characters fit, at least one."""
    left = room * 100 / size
    for index, character in enumerate(text):
        left -= _width(character)
        if left < 0:
            return max(1, index)
    return len(text)


@lru_cache(maxsize=4096)
def _width(character: str) -> int:
    known_width = WIDTHS.get(character)
    if known_width is not None:
        return known_width
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return WIDE
    plain = unicodedata.normalize("NFD", character)[0]
    if plain in WIDTHS:
        return WIDTHS[plain]
    return CAPITAL if character.isupper() or character == ELLIPSIS else OTHER
