"""Why a text is no JSON, and what to do about it, for people who do not write JSON by hand."""

import re
from json import JSONDecodeError

from journeys.spec.refusal import DocumentError

LONGEST = 30  # letters of the text that are shown
STRING_OR_BRACKET = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{\]}]', re.DOTALL)
WORD = re.compile(r"[^\s,:\[\]{}\"]+")
NEAR = re.compile(rf'"[^"\n]*"?|{WORD.pattern}|.')
CLOSING = {"{": "}", "[": "]"}
QUOTES = "'`‘’“”„«»"
OTHER_SPELLINGS = {
    "true": "true",
    "false": "false",
    "none": "null",
    "null": "null",
    "nil": "null",
    "undefined": "null",
}


class NotJson(DocumentError):
    """What is wrong at a letter of the text; `near` is what stands there."""

    def __init__(self, sentence: str, text: str, at: int, **values: object) -> None:
        line_start = text.rfind("\n", 0, at) + 1
        place = f"line {text.count(chr(10), 0, at) + 1}, column {at - line_start + 1}"
        match = NEAR.match(text[at : at + LONGEST])
        near = match[0].strip('"') or match[0] if match else ""
        super().__init__(sentence, place, near=near, **values)


def not_json(text: str, error: JSONDecodeError) -> NotJson:
    """`error` is Python's, of which only the place and the kind are used."""
    at = error.pos
    if at >= len(text.rstrip()) and not error.msg.startswith("Unterminated"):
        return _of_end(text, at)
    if _is_trailing_comma(text, error):
        at = at if text[at] == "," else _before(text, at)
        return NotJson("A comma stands before a closing bracket. Remove the comma.", text, at)
    if error.msg.startswith("Extra data"):
        return NotJson(
            "The journey ends before “%(near)s”. Remove what stands after its last bracket.",
            text,
            at,
        )
    if error.msg.startswith("Expecting ',' delimiter"):
        return _of_comma(text, at)
    if error.msg.startswith("Expecting ':' delimiter"):
        return NotJson("A colon is missing before “%(near)s”. Put : after the name.", text, at)
    if error.msg.startswith("Expecting property name"):
        return _of_name(text, at)
    if error.msg.startswith("Expecting value"):
        return _of_value(text, at)
    return _of_string(text, at, error.msg)


def _of_end(text: str, at: int) -> NotJson:
    if not text.strip():
        return NotJson("There is nothing in it.", text, at)
    closers = _open_brackets(text)
    if not closers:
        return NotJson("It ends in the middle. Copy the whole of it again.", text, at)
    return NotJson(
        "It ends in the middle: %(closers)s is missing at the end. Copy the whole of it again, or"
        " close the brackets.",
        text,
        at,
        closers=closers,
    )


def _of_comma(text: str, at: int) -> NotJson:
    if text[at] not in "]}":
        return NotJson("A comma is missing before “%(near)s”. Put one between the two.", text, at)
    expected = _open_brackets(text[:at])[:1]
    return NotJson(
        "“%(near)s” closes a bracket that is not open. Put %(expected)s first, or remove it.",
        text,
        at,
        expected=expected,
    )


def _of_name(text: str, at: int) -> NotJson:
    if text[at] in QUOTES:
        return _of_quotes(text, at)
    if text[at] in "/#":
        return _of_comment(text, at)
    if text[at] == ",":
        return NotJson("Two commas follow each other. Remove one of them.", text, at)
    if text.startswith("{{", at - 1):
        return NotJson(
            "An expression such as {{…}} stands in quotes. Put them around it.", text, at - 1
        )
    return NotJson('The name “%(near)s” needs straight quotes: "name".', text, at)


def _of_value(text: str, at: int) -> NotJson:
    if text[at] in QUOTES:
        return _of_quotes(text, at)
    if text[at] in "/#":
        return _of_comment(text, at)
    if text[at] in "]}," and _char_before(text, at) == ":":
        return NotJson('A value is missing here. Enter one, such as "" or null.', text, at)
    if text[at] == ",":
        return NotJson("Two commas follow each other. Remove one of them.", text, at)
    match = WORD.match(text, at)
    meant = OTHER_SPELLINGS.get(match[0].lower(), "") if match else ""
    if meant:
        return NotJson("“%(near)s” is written %(meant)s here.", text, at, meant=meant)
    if at == len(text) - len(text.lstrip()):
        return NotJson(
            "This is not JSON: it begins with “%(near)s” instead of { or [. Copy the whole of it.",
            text,
            at,
        )
    return NotJson(
        "“%(near)s” is no value. Put quotes around a text; numbers, true, false and null have"
        " none.",
        text,
        at,
    )


def _of_string(text: str, at: int, kind: str) -> NotJson:
    if kind.startswith("Unterminated"):
        return NotJson('A text begins here that never ends. Close it with ".', text, at)
    if kind.startswith("Invalid control character"):
        return NotJson(
            'A text is not closed before the end of its line, or holds a tab. Close it with ",'
            " or write \\n and \\t.",
            text,
            at,
        )
    return NotJson(
        "A backslash stands before “%(near)s”. Write \\\\ for a backslash in a text.",
        text,
        at + (text[at : at + 1] == "\\"),
    )


def _of_quotes(text: str, at: int) -> NotJson:
    return NotJson('“%(near)s” needs straight double quotes: ".', text, at)


def _of_comment(text: str, at: int) -> NotJson:
    return NotJson("“%(near)s” is a comment, which JSON does not have. Remove it.", text, at)


def _is_trailing_comma(text: str, error: JSONDecodeError) -> bool:
    """Newer Pythons say so themselves, at the comma."""
    if error.msg.startswith("Illegal trailing comma"):
        return True
    is_closing = error.msg.startswith("Expecting") and text[error.pos] in "]}"
    return is_closing and _char_before(text, error.pos) == ","


def _before(text: str, at: int) -> int:
    return len(text[:at].rstrip()) - 1


def _char_before(text: str, at: int) -> str:
    before = _before(text, at)
    return text[before] if before >= 0 else ""


def _open_brackets(text: str) -> str:
    """What has to be closed at the end of the text, innermost first."""
    open_ones = []
    for token in STRING_OR_BRACKET.finditer(text):
        if token[0] in CLOSING:
            open_ones.append(CLOSING[token[0]])
        elif token[0] in "]}" and open_ones:
            open_ones.pop()
    return "".join(reversed(open_ones))
