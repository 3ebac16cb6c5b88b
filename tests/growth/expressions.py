"""All regular expressions of ours, how they are asked, and texts that are made to keep each
busy."""

import ast
import importlib
import pkgutil
import re
import re._constants as kinds
import re._parser as parser
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

import composer
import journeys

SIZE = 100_000  # characters
METHODS = ("match", "fullmatch", "search", "findall", "finditer", "sub", "split")
PIECES = [
    '"',
    "\\",
    '"\\',
    '\\"',
    "{",
    "}",
    "{{",
    "{{ ",
    "{{{",
    " ",
    "\n",
    "\t\n",
    "0",
    "9.",
    "a",
    "aB",
    "a.",
    "_a",
    "-1",
]
PIECES += [
    "[",
    "[0]",
    "<",
    "<!--",
    "<![CDATA[",
    "<a ",
    " a=",
    "&",
    "&#1",
    "=",
    "'",
    ":",
    ";",
    ",",
    '"a":',
    "é",
    "\0",
    "/",
]


@dataclass(frozen=True)
class Used:
    """An expression, where it stands, and the methods by which it is asked."""

    where: str
    pattern: re.Pattern
    methods: tuple[str, ...]


@cache
def all_used() -> list[Used]:
    modules = [importlib.import_module(name) for name in sorted(names())]
    sources = {module.__name__: Path(module.__file__).read_text() for module in modules}
    found = [used for module in modules for used in _of_module(module, sources)]
    return [
        *found,
        *(Used(f"address {pattern.pattern}", pattern, ("search",)) for pattern in addresses()),
    ]


def names() -> Iterator[str]:
    for package in (composer, journeys):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in module.name:
                yield module.name


def _of_module(module, sources: dict[str, str]) -> Iterator[Used]:
    source = sources[module.__name__]
    for name, value in vars(module).items():
        if isinstance(value, re.Pattern) and re.search(rf"^{name} = re\.compile", source, re.M):
            asking = [
                source,
                *(text for text in sources.values() if _imports(text, module.__name__, name)),
            ]
            methods = {
                found for text in asking for found in re.findall(rf"\b{name}\.(\w+)\(", text)
            }
            yield Used(
                f"{module.__name__}.{name}", value, tuple(methods & {*METHODS}) or ("search",)
            )
    written = ast.walk(ast.parse(source)) if re.search(r"\bre\.\w+\(", source) else ()
    for node in written:
        if _asks_re(node):
            yield from _written_in_place(node, module)


def _imports(text: str, module: str, name: str) -> bool:
    is_near = f"from {module} import " in text and name in text
    return (
        is_near and re.search(rf"from {re.escape(module)} import [^)]*\b{name}\b", text) is not None
    )


def _asks_re(node: ast.AST) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    return (
        isinstance(called, ast.Attribute)
        and isinstance(called.value, ast.Name)
        and called.value.id == "re"
    )


def _written_in_place(node: ast.Call, module) -> Iterator[Used]:
    """Those inside functions. What is put together while the program runs stands in `made_of` of
    the test."""
    if node.func.attr not in METHODS:
        return
    where = f"{module.__name__}:{node.lineno}"
    try:
        written = eval(
            compile(ast.Expression(node.args[0]), where, "eval"), vars(module)
        )  # our own source
    except NameError:
        return
    yield Used(where, re.compile(written), (node.func.attr,))


def addresses(resolver=None) -> Iterator[re.Pattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry.pattern.regex, re.Pattern):
            yield entry.pattern.regex
        if isinstance(entry, URLResolver):
            yield from addresses(entry)
        assert isinstance(entry, URLResolver | URLPattern)


def hostile(pattern: re.Pattern) -> Iterator[str]:
    """Pieces over and over; and the way up to each repetition of the pattern, that repetition, and
    no good end."""
    for piece in PIECES:
        yield piece * (SIZE // len(piece))
    written = (
        pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    )
    for before, often in dict.fromkeys(
        _repeated(parser.parse(written, pattern.flags & ~re.DEBUG), "")[1]
    ):
        yield before + often * SIZE + "\0"
        yield before + (" " * SIZE) + "\0"
        whole = before + often * 3
        yield whole * (SIZE // max(1, len(whole)))
        yield (before or often) * (SIZE // max(1, len(before or often)))


def _repeated(parts, before: str) -> tuple[str, list[tuple[str, str]]]:
    """A text that the pattern takes, and for each repetition what comes before it and what it
    repeats."""
    found: list[tuple[str, str]] = []
    for kind, value in parts:
        if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT):
            low, high, inner = value
            once, deeper = _repeated(inner, before)
            often = once[len(before) :] or "a"
            found += deeper + ([(before, often)] if high > 8 else [])
            before += often * max(1, low)
        elif kind is kinds.SUBPATTERN:
            before, deeper = _repeated(value[-1], before)
            found += deeper
        elif kind is kinds.BRANCH:
            ways = [_repeated(way, before) for way in value[1]]
            found += [one for _text, deeper in ways for one in deeper]
            before = ways[0][0]
        elif kind is kinds.ATOMIC_GROUP:
            before, deeper = _repeated(value, before)
            found += deeper
        else:
            before += _one(kind, value)
    return before, found


CLASSES = {kinds.CATEGORY_DIGIT: "1", kinds.CATEGORY_SPACE: " ", kinds.CATEGORY_WORD: "a"}
CLASSES |= {
    kinds.CATEGORY_NOT_DIGIT: "a",
    kinds.CATEGORY_NOT_SPACE: "a",
    kinds.CATEGORY_NOT_WORD: "!",
}


def _one(kind, value) -> str:
    """A character that a part takes; "" for what takes none, such as the end."""
    if kind is kinds.LITERAL:
        return chr(value)
    if kind is kinds.NOT_LITERAL:
        return "a" if value != ord("a") else "b"
    if kind is kinds.ANY:
        return "a"
    if kind is kinds.IN:
        return _of_class(value)
    return ""


def _of_class(parts: list) -> str:
    if parts[0][0] is kinds.NEGATE:
        inner = re.compile("[" + "".join(map(_as_class, parts[1:])) + "]")
        return next(one for one in " a1!-_=.\n\u00e9\0" if not inner.match(one))
    kind, value = parts[0]
    return (
        CLASSES[value]
        if kind is kinds.CATEGORY
        else chr(value[0] if kind is kinds.RANGE else value)
    )


def _as_class(part: tuple) -> str:
    kind, value = part
    if kind is kinds.CATEGORY:
        return {
            kinds.CATEGORY_DIGIT: r"\d",
            kinds.CATEGORY_SPACE: r"\s",
            kinds.CATEGORY_WORD: r"\w",
        }.get(value, r"\W")
    if kind is kinds.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return re.escape(chr(value))
