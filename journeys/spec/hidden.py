"""Characters that nobody sees, or that look like others: what they are called, and how they are
shown all the same.

Not marked are line ends, tabs, what joins or selects emoji, and the space between a number and its
unit.
"""

import re
import unicodedata

_EMOJI = "\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
_JOINER = f"(?<=[{_EMOJI}\ufe0f])\u200d(?=[{_EMOJI}])"
_EMOJI_STYLE = f"(?<=[{_EMOJI}#*0-9])[\ufe0e\ufe0f]"
_BEFORE_UNIT = "(?<=[0-9])[\u00a0\u202f](?=[A-Za-z%])"
HIDDEN_CLASS = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u08e2\u115f\u1160\u1680\u17b4\u17b5"
    "\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# the class comes first: a page of a megabyte is gone through in milliseconds
HIDDEN = re.compile(f"[{HIDDEN_CLASS}](?<!{_JOINER})(?<!{_EMOJI_STYLE})(?<!{_BEFORE_UNIT})")
NAMES = {
    "\u00a0": "no-break space",
    "\u00ad": "soft hyphen",
    "\u200b": "zero width space",
    "\u200c": "zero width non-joiner",
    "\u200d": "zero width joiner",
    "\u200e": "left-to-right mark",
    "\u200f": "right-to-left mark",
    "\ufeff": "zero width no-break space",
}


def code(character: str) -> str:
    """ "U+202E" """
    return f"U+{ord(character):04X}"


def name(character: str) -> str:
    """ "right-to-left override" """
    return NAMES.get(character) or unicodedata.name(character, "control character").lower()


def visible(text: str) -> str:
    """The text with a mark of plain letters in place of each: "Offer [U+202E]"."""
    return HIDDEN.sub(lambda found: f"[{code(found[0])}]", text)


def found_in(text: str) -> list[str]:
    """Each hidden character once, in the order of the text."""
    return list(dict.fromkeys(HIDDEN.findall(text)))
