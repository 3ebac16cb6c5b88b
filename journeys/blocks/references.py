"""Where a block names steps: what a renamed or pasted step takes with it.

Besides the `next` of its outcomes, any block may name steps in expressions
("{{Interaction.REST-1.score}}", and "Key" attributes of filters) and in the capsule that it opens,
closes or stands in; a type lists its own places in `names_steps`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from journeys.blocks.places import Path, bind, placed, read, write_all

CAPSULE_ENDS = [
    f"metaData.{member}.{end}"
    for member in ("capsule", "capsuleData")
    for end in ("startId", "endId")
]
CAPSULE_IDS = ["metaData.capsule.id", "metaData.capsuleData.id"]

ATTRIBUTE = r"""\bKey\s*=\s*(?:"[^"]*"|'[^']*')"""
KEY_ATTRIBUTE = re.compile(ATTRIBUTE)
# Where no }} follows, an expression takes all the rest: else each {{ would begin another scan to
# the end.
EXPRESSION = re.compile(rf"\{{\{{[^}}]*+(?:\}}(?!\}})[^}}]*+)*+(?:\}}\}}|\Z)|{ATTRIBUTE}")
BEGIN = re.compile(r"(?<![\w.])Interaction\.")
WORD_ENDS = frozenset(".\"'{}()<>&,;|]")
NAMED = re.compile(r"""(?<![\w.])Interaction\.(?:"([^"]+)"|([^\s."'{}()\[\]<>&,;|]+))""")


@dataclass(frozen=True)
class Reference:
    """`path` leads to a text in the block (places.py): the name itself, or an expression in which
    it stands."""

    path: Path
    key: str
    names: str = "step"  # or "capsule"
    in_expression: bool = False


def references_in(block: dict, more: tuple[str, ...] = ()) -> list[Reference]:
    """Every place that names a step or a capsule; `more` are the written paths that only the
    block's type knows."""
    references = [*_links(block)]
    for places, names in (([*more, *CAPSULE_ENDS], "step"), (CAPSULE_IDS, "capsule")):
        for place in places:
            key = read(block, bind(place) or ())
            if isinstance(key, str) and key:
                references.append(Reference(bind(place) or (), key, names))
    return references + [
        Reference(path, key, in_expression=True)
        for path, said in _texts(block, ())
        for key in _keys(said)
    ]


def lengths_of(keys: Mapping[str, str]) -> list[int]:
    """Of the keys, longest first, for all texts of a journey: what `renamed` looks for in
    expressions."""
    return sorted({len(key) for key in keys}, reverse=True)


def renamed(
    value: object,
    references: list[Reference],
    keys: Mapping[str, str],
    capsules: Mapping[str, str],
    lengths: list[int],
) -> object:
    """A copy in which the references name other steps and capsules; the value itself when none of
    them changes."""
    once = {
        (reference.path, reference.in_expression): reference for reference in references
    }  # a text may name several
    changed: dict[Path, object] = {}
    for reference in once.values():
        others = capsules if reference.names == "capsule" else keys
        path = placed(value, reference.path)
        said = changed[path] if path in changed else read(value, path)
        if not isinstance(said, str) or not others:
            continue
        new_text = (
            in_expressions(said, others, lengths)
            if reference.in_expression
            else others.get(said, said)
        )
        if new_text != said:
            changed[path] = new_text
    return write_all(value, changed) if changed else value


def in_expressions(said: str, keys: Mapping[str, str], lengths: list[int]) -> str:
    """All keys are replaced in one go, so that two can change places. A longer key wins over its
    beginning."""
    if "Interaction." not in said:
        return said
    parts, at = [], 0
    for start, end in _spans(said):
        parts += [said[at:start], _renamed_in(said[start:end], keys, lengths)]
        at = end
    return "".join([*parts, said[at:]])


def _renamed_in(span: str, keys: Mapping[str, str], lengths: list[int]) -> str:
    parts, at = [], 0
    for begin in BEGIN.finditer(span):
        start = begin.end()
        quoted = (
            _named_at(span, start + 1, keys, lengths, '"') if span.startswith('"', start) else ""
        )
        key = quoted or _named_at(span, start, keys, lengths, "")
        if key and begin.start() >= at:
            start += bool(quoted)
            parts += [span[at:start], keys[key]]
            at = start + len(key)
    return "".join([*parts, span[at:]])


def _named_at(
    span: str, start: int, keys: Mapping[str, str], lengths: list[int], quote: str
) -> str:
    """The longest key that stands there as a whole word; "" for none."""
    for length in lengths:
        end = start + length
        if end > len(span) or not span.startswith(quote, end):
            continue
        end += len(quote)
        if (end == len(span) or span[end] in WORD_ENDS or span[end].isspace()) and span[
            start : start + length
        ] in keys:
            return span[start : start + length]
    return ""


def _spans(said: str) -> Iterator[tuple[int, int]]:
    """Where expressions and "Key" attributes stand."""
    at = 0
    while match := EXPRESSION.search(said, at):
        if match[0].startswith("{{") and not match[0].endswith("}}"):  # none ends from here on
            yield from (one.span() for one in KEY_ATTRIBUTE.finditer(said, match.start()))
            return
        yield match.span()
        at = match.end()


def expressions_in(value: object) -> list[Reference]:
    """Only what expressions name: of the journey's own members."""
    return [
        Reference(path, key, in_expression=True)
        for path, said in _texts(value, ())
        for key in _keys(said)
    ]


def _links(block: dict) -> Iterator[Reference]:
    outcomes = block.get("outcomes")
    for index, outcome in enumerate(outcomes if isinstance(outcomes, list) else []):
        target = outcome.get("next") if isinstance(outcome, dict) else None
        if isinstance(target, str) and target:
            yield Reference(("outcomes", index, "next"), target)


def _keys(said: str) -> list[str]:
    if "Interaction." not in said:
        return []
    spans = [said[start:end] for start, end in _spans(said)]
    return list(
        dict.fromkeys(quoted or plain for span in spans for quoted, plain in NAMED.findall(span))
    )


def _texts(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _texts(member, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))
