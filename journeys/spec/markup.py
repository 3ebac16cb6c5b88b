"""A small reader of XML that keeps every byte: what is not changed is written back as it was read.

Only elements, attributes, text, CDATA, comments and the five predefined entities are read, and one
XML declaration at the start. A document type, a named entity or a processing instruction is
refused: nothing is ever expanded or fetched.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

LONGEST = 200_000  # characters
DEEPEST = 32  # elements inside each other

NAME = r"[^\W\d][\w:.-]*"
PAIR = rf"""(?<!\s)\s++({NAME})\s*=\s*("[^"<]*"|'[^'<]*')"""
START = re.compile(rf"""<({NAME})((?:\s+{NAME}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*+)\s*(/?)>""")
END = re.compile(rf"</({NAME})\s*>")
CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
COMMENT = re.compile(r"<!--.*?-->", re.S)
TEXT = re.compile(r"[^<]+")
DECLARATION = re.compile(r"\ufeff?\s*(?:<\?xml\s[^?<>]*\?>)?")
ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9a-fA-F]{1,6}));")
NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class MarkupError(ValueError):
    """The text is not XML that is read here; `text` says why."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True)
class Text:
    """Text, a CDATA section or a comment: as it stands (`raw`), and what it says."""

    raw: str
    said: str
    kind: str = "text"

    @property
    def is_blank(self) -> bool:
        return self.kind == "comment" or (self.kind == "text" and not self.said.strip())


@dataclass(frozen=True)
class Element:
    name: str
    attributes: dict[str, str]
    tag: str  # the start tag as it stands
    children: tuple["Element | Text", ...] = ()
    close: str = ""  # the end tag as it stands; "" for <Name/>

    @property
    def raw(self) -> str:
        return self.tag + "".join(child.raw for child in self.children) + self.close

    def all(self, name: str) -> list["Element"]:
        """The elements of a name below this one, in their order."""
        elements = []
        for child in self.children:
            if isinstance(child, Element):
                elements += ([child] if child.name == name else []) + child.all(name)
        return elements


def read(text: str) -> tuple[str, Element, str]:
    """The one element, and what stands before and after it; raises MarkupError."""
    if len(text) > LONGEST:
        raise MarkupError(f"It is longer than {LONGEST:,} characters.")
    if NOT_XML.search(text):
        raise MarkupError("It holds a control character.")
    at = DECLARATION.match(text).end()
    before, roots = text[:at], []
    open_: list[tuple[str, dict, str, list]] = []  # elements that are not closed yet
    while at < len(text):
        at = _next(text, at, open_, roots)
    if open_:
        raise MarkupError(f"<{open_[-1][0]}> is not closed.")
    elements = [index for index, node in enumerate(roots) if isinstance(node, Element)]
    if len(elements) != 1 or not all(node.is_blank for node in roots if isinstance(node, Text)):
        raise MarkupError("It is not one element.")
    at = elements[0]
    return (
        before + "".join(n.raw for n in roots[:at]),
        roots[at],
        "".join(n.raw for n in roots[at + 1 :]),
    )


def _next(text: str, at: int, open_: list, roots: list) -> int:
    """Takes the piece that begins at a position; gives the position after it."""
    siblings = open_[-1][3] if open_ else roots
    if match := TEXT.match(text, at):
        siblings.append(Text(match[0], plain(match[0])))
    elif match := CDATA.match(text, at):
        siblings.append(Text(match[0], match[1], "cdata"))
    elif match := COMMENT.match(text, at):
        siblings.append(Text(match[0], "", "comment"))
    elif match := END.match(text, at):
        if not open_ or open_[-1][0] != match[1]:
            raise MarkupError(f"{match[0]} closes nothing.")
        name, attributes, tag, children = open_.pop()
        (open_[-1][3] if open_ else roots).append(
            Element(name, attributes, tag, tuple(children), match[0])
        )
    elif match := START.match(text, at):
        attributes = _attributes(match[2])
        if match[3]:
            siblings.append(Element(match[1], attributes, match[0]))
        elif len(open_) == DEEPEST:
            raise MarkupError(f"It is more than {DEEPEST} levels deep.")
        else:
            open_.append((match[1], attributes, match[0], []))
    elif text.startswith("<!", at) or text.startswith("<?", at):
        raise MarkupError("It holds a document type or an instruction, which are never read.")
    else:
        raise MarkupError(f"It cannot be read at “{text[at : at + 20]}”.")
    return match.end()


def _attributes(written: str) -> dict[str, str]:
    pairs = re.findall(PAIR, written)
    attributes = {name: plain(value[1:-1]) for name, value in pairs}
    if len(attributes) != len(pairs):
        raise MarkupError("An attribute is there twice.")
    return attributes


def plain(written: str) -> str:
    """What text says, its entities replaced; raises MarkupError for an entity that is not
    predefined."""
    if written.count("&") != len(ENTITY.findall(written)):
        raise MarkupError("It holds an & that names no predefined entity.")
    return ENTITY.sub(_character, written)


def _character(match: re.Match) -> str:
    if match[1]:
        return NAMED[match[1]]
    number = int(match[2]) if match[2] else int(match[3], 16)
    if number > 0x10FFFF or NOT_XML.match(chr(number)):
        raise MarkupError(f"{match[0]} is not a character.")
    return chr(number)


def attribute(value: str) -> str:
    """A value between double quotes."""
    for character, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot")):
        value = value.replace(character, f"&{name};")
    return re.sub("[\t\n\r]", lambda match: f"&#{ord(match[0])};", value)


def cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def with_attribute(tag: str, name: str, value: str | None) -> str:
    """A start tag in which one attribute has a value, or is gone with None; the others stay as they
    stand."""
    pair = next((match for match in re.finditer(PAIR, tag) if match[1] == name), None)
    if pair and value is None:
        return tag[: pair.start()] + tag[pair.end() :]
    if pair:
        return f'{tag[: pair.start(2)]}"{attribute(value)}"{tag[pair.end(2) :]}'
    if value is None:
        return tag
    end = len(tag) - (2 if tag.endswith("/>") else 1)
    return f'{tag[:end].rstrip()} {name}="{attribute(value)}"{tag[end:]}'


def opened(element: Element) -> Element:
    """<Name/> as <Name></Name>, so that something can be put into it."""
    if element.close:
        return element
    return replace(element, tag=element.tag[:-2].rstrip() + ">", close=f"</{element.name}>")


def mapped(element: Element, name: str, change: Callable[[Element], Element]) -> Element:
    """The element with every element of a name below it changed."""
    children = []
    for child in element.children:
        if isinstance(child, Element):
            child = change(child) if child.name == name else mapped(child, name, change)
        children.append(child)
    return replace(element, children=tuple(children))
