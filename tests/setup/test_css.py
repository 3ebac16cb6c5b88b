"""Rules of the style sheets: what a selector says stands in one place of its sheet."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.serving import CHECKOUT

SHEETS = sorted((CHECKOUT / "static" / "css").glob("*.css"))


def selectors(text: str) -> list[str]:
    """Of each rule, behind those that it stands in, such as `@media print | .saved`."""
    within: list[str] = []
    rules = []
    for part in re.findall(r"[^{};]*[{};]", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)):
        head = " ".join(part[:-1].split())
        if part.endswith("{"):
            within.append(head)
            rules += [] if head.startswith("@") else [" | ".join(within)]
        elif part.endswith("}"):
            within.pop()
    return rules


def twice(text: str) -> list[str]:
    return [rule for rule, count in Counter(selectors(text)).items() if count > 1]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_selector_stands_twice_in_a_sheet(sheet: Path) -> None:
    assert twice(sheet.read_text()) == []


def test_it_sees_what_stands_twice() -> None:
    assert twice(".a { x: 1; } .b { y: 2 } .a { z: 3; }") == [".a"]
    assert twice(".a { x: 1; } @media print { .a { x: 2; } } .a:hover { x: 3; }") == []
    assert twice("@media print { .a { x: 1 } .a { x: 2 } }") == ["@media print | .a"]
