"""No regular expression of the scripts can be kept busy by a text that is made for it."""

import re
from pathlib import Path

from playwright.sync_api import Page

from tests.growth.expressions import PIECES, SIZE

SCRIPTS = Path(__file__).parents[2] / "static" / "js"
PART = r"(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])"
LITERAL = re.compile(rf"(?:[=(,:!&|?\[{{;]|return)\s*/(?![*/])({PART}+)/([a-z]*)")
MADE = re.compile(r"\bRegExp\(([^;]*)\);")
PUT_TOGETHER = [
    '`(${JOINED.source}|${DRAWN.source})|(${HIDDEN.source})`, "gu"'
]  # of literals, in hidden.js: asked below as well
LONGEST = 50  # milliseconds for 100 KB, at the better of two looks
TIMED = """([expressions, texts, longest]) =>
expressions.flatMap(([source, flags]) => texts.flatMap((text) => {
  const pattern = new RegExp(source, flags.includes("g") ? flags : `${flags}g`);
  const look = (size) => {
    const begun = performance.now(), part = text.slice(0, size);
    for (const _found of part.matchAll(pattern));
    return performance.now() - begun;
  };
  for (const size of [1000, 10000, text.length])
    if (look(size) > longest && look(size) > longest) return [[source, text.slice(0, 20), size]];
  return [];
}))"""


def literals() -> list[tuple[str, str]]:
    sources = {
        str(path.relative_to(SCRIPTS)): path.read_text() for path in sorted(SCRIPTS.rglob("*.js"))
    }
    assert [made for source in sources.values() for made in MADE.findall(source)] == PUT_TOGETHER
    hidden, joined, drawn = (source for source, _ in LITERAL.findall(sources["common/hidden.js"]))
    found = [literal for source in sources.values() for literal in LITERAL.findall(source)]
    return list(dict.fromkeys([*found, (f"({joined}|{drawn})|({hidden})", "gu")]))


def hostile() -> list[str]:
    texts = [
        piece * (SIZE // len(piece)) for piece in (*PIECES, "true", "csrftoken=", "; ", "1e", "x-")
    ]
    return [*texts, *('"' + text for text in texts[:12]), *('""' + " " * size for size in (SIZE,))]


def test_it_reads_hostile_texts_in_one_go(page: Page):
    expressions = literals()
    assert len(expressions) >= 8 and any(
        "true|false|null" in source for source, _flags in expressions
    )
    assert page.evaluate(TIMED, [expressions, hostile(), LONGEST]) == []


def test_it_notices_an_expression_that_backtracks(page: Page):
    slow = [['"(?:[^"\\\\]|\\\\.)*"', "g"]]
    assert page.evaluate(TIMED, [slow, ['"' + '\\"' * 15_000], LONGEST]) != []
