"""The picture of a path as an SVG file of its own, for other programs and for print.

It uses neither style sheets nor variables nor links to other files, which not every program
understands: colours and letters stand at each element, and the icons are drawn in. The colours are
those of the light theme in colours.css.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from journeys.drawing.geometry import CARD_HEIGHT, CARD_WIDTH
from journeys.drawing.shapes import Picture, Shape
from journeys.drawing.text_width import wrap

SVG = "http://www.w3.org/2000/svg"
FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif"
INK, QUIET, LINE, EDGE, PAPER = "#1b1b1a", "#5a5a57", "#8b8b86", "#c9c9c4", "#ffffff"
DANGER = "#b3261e"
FAMILIES = {
    "entry": ("#1b6b43", "#e2f3ea"),
    "message": ("#1d5fa8", "#e4eff9"),
    "flow": ("#a34a12", "#faece2"),
    "data": ("#6a3fa0", "#f0e8f8"),
    "goal": ("#8a5300", "#fcf1dc"),
    "other": ("#55554f", "#ececea"),
}
TAG_ROOM, TAG_HEIGHT = 76, 20


@dataclass(frozen=True)
class Tag:
    """What became of a block, told by colour, line and word."""

    text: str
    colour: str
    dashes: str


TAGS = {
    "added": Tag(_("Added"), "#1b6b43", ""),
    "changed": Tag(_("Changed"), "#8a5300", ""),
    "removed": Tag(_("Removed"), "#b3261e", "3 3"),
}

ElementTree.register_namespace("", SVG)


def picture_file(
    picture: Picture,
    title: str,
    tags: Mapping[tuple[str, str], str] | None = None,
    part: tuple[int, int, int] | None = None,
) -> bytes:
    """The picture, or what lies in `part` of it, from left to right in its pixels, on paper of the
    third one's width.

    `tags` say of blocks, by kind and key, whether they were added, changed or removed.
    """
    left, top, width, height = picture.box
    if part:
        left, width = part[0], part[2]
    root = ElementTree.Element(
        f"{{{SVG}}}svg", {"viewBox": f"{left} {top} {width} {height}", "font-family": FONT}
    )
    root.set("width", str(width))
    root.set("height", str(height))
    _child(root, "title").text = _plain(title)
    _child(root, "rect", x=left, y=top, width=width, height=height, fill=PAPER)
    layers = picture.layers
    for shape in layers.get("ways", []):
        _child(
            _group(root, shape),
            "path",
            d=shape.look.data,
            fill="none",
            stroke=LINE,
            stroke_width=1.5,
        )
    for shape in layers.get("ends", []):
        _draw_end(_group(root, shape), shape.look)
    for shape in layers.get("cards", []):
        card = shape.look.card
        _draw_card(_group(root, shape), shape.look, (tags or {}).get((card.kind, card.key), ""))
    for shape in layers.get("labels", []):
        _draw_label(_group(root, shape), shape.look)
    if part and part[1] < left + width:  # what stands in the next part
        _child(
            root, "rect", x=part[1], y=top, width=left + width - part[1], height=height, fill=PAPER
        )
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def sentence_file(sentence: str, title: str) -> bytes:
    """What stands in the place of a picture that is not drawn."""
    lines = wrap(sentence, 14, 560)
    root = ElementTree.Element(f"{{{SVG}}}svg", {"viewBox": "0 0 600 96", "font-family": FONT})
    root.set("width", "600")
    root.set("height", "96")
    _child(root, "title").text = _plain(title)
    _child(root, "rect", width=600, height=96, fill=PAPER)
    for number, line in enumerate(lines):
        _text(root, 20, 44 + 20 * number, 14, QUIET, line)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _draw_card(group: ElementTree.Element, look: object, tag: str) -> None:
    card, tag_style = look.card, TAGS.get(tag)
    colour, soft = FAMILIES.get(card.family, FAMILIES["other"])
    _child(group, "title").text = _plain(f"{card.label}: {card.sentence}")
    edge = (
        {"stroke": tag_style.colour, "stroke_width": 3, "stroke_dasharray": tag_style.dashes}
        if tag_style
        else {"stroke": EDGE}
    )
    _child(group, "rect", width=CARD_WIDTH, height=CARD_HEIGHT, rx=8, fill=PAPER, **edge)
    _child(group, "rect", x=12, y=12, width=28, height=28, rx=6, fill=soft)
    _draw_icon(group, card.icon, colour)
    _text(group, 50, 22, 12, QUIET, look.label)
    struck = {"text_decoration": "line-through"} if tag == "removed" else {}
    for number, line in enumerate(look.lines):
        _text(group, 50, 40 + 18 * number, 14, INK, line, font_weight=500, **struck)
    if look.day:
        _text(group, 50, 75 if len(look.lines) > 1 else 58, 12, QUIET, look.day)
    if tag_style:
        _child(
            group,
            "rect",
            x=CARD_WIDTH - TAG_ROOM,
            y=-10,
            width=TAG_ROOM,
            height=TAG_HEIGHT,
            rx=10,
            fill=tag_style.colour,
        )
        _text(
            group,
            CARD_WIDTH - TAG_ROOM // 2,
            4,
            12,
            PAPER,
            str(tag_style.text),
            text_anchor="middle",
            font_weight=700,
        )


def _draw_icon(group: ElementTree.Element, name: str, colour: str) -> None:
    symbol = _symbols().get(name)
    if symbol is None:
        return
    inside = _child(group, "g", transform="translate(17 17) scale(0.75)")
    for name_, value in symbol.attrib.items():
        if name_ not in ("id", "viewBox"):
            inside.set(name_, colour if value == "currentColor" else value)
    for part in symbol:
        drawn = copy.deepcopy(part)
        for element in drawn.iter():
            for name_, value in element.attrib.items():
                if value == "currentColor":
                    element.set(name_, colour)
        inside.append(drawn)


def _draw_end(group: ElementTree.Element, look: object) -> None:
    _child(group, "title").text = _plain(look.said)
    if look.kind == "end":
        _child(
            group,
            "path",
            d="M0-7v14",
            fill="none",
            stroke=QUIET,
            stroke_width=3,
            stroke_linecap="round",
        )
        return
    _child(group, "path", d="M2-6l12 12M2 6l12-12", fill="none", stroke=DANGER, stroke_width=2)
    _text(group, 22, 4, 12, DANGER, look.shown)


def _draw_label(group: ElementTree.Element, look: object) -> None:
    _child(group, "title").text = _plain(look.text)
    _child(group, "rect", width=look.width, height=22, rx=11, fill=PAPER, stroke=EDGE)
    _text(group, 8, 15, 12, INK, look.shown)


def _group(root: ElementTree.Element, shape: Shape) -> ElementTree.Element:
    return _child(root, "g", transform=f"translate({shape.x} {shape.y})")


def _text(
    group: ElementTree.Element,
    x: int,
    y: int,
    size: int,
    colour: str,
    text: str,
    **attributes: object,
) -> ElementTree.Element:
    element = _child(group, "text", x=x, y=y, font_size=size, fill=colour, **attributes)
    element.text = _plain(text)
    return element


def _child(parent: ElementTree.Element, tag: str, **attributes: object) -> ElementTree.Element:
    named = {
        name.replace("_", "-"): str(value) for name, value in attributes.items() if value != ""
    }
    return ElementTree.SubElement(parent, f"{{{SVG}}}{tag}", named)


def _plain(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(
        sign if sign >= " " or sign in "\t\n" else " "
        for sign in text
        if sign not in "\ufffe\uffff"
    )


@lru_cache(maxsize=1)
def _symbols() -> dict[str, ElementTree.Element]:
    path = Path(settings.BASE_DIR) / "static" / "img" / "sprite.svg"
    sprite = ElementTree.parse(path).getroot()  # noqa: S314  our own file
    return {symbol.get("id", ""): symbol for symbol in sprite.iter(f"{{{SVG}}}symbol")}
