"""Every row of the catalogue of faults is a test that is there, or says why it is none."""

import ast
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from tests.serving import CHECKOUT


@dataclass
class Row:
    """`but`: why there is no test, or what the tests do not show."""

    words: str
    tests: list[str] = field(default_factory=list)
    but: str = ""


def read() -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for line in (Path(__file__).parent / "catalogue.txt").read_text().splitlines():
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        if not line.startswith(" "):
            number, words = said.split(" ", 1)
            assert number not in rows, number
            row = rows[number] = Row(words)
        elif said.startswith("but: "):
            row.but = said.removeprefix("but: ")
        else:
            row.tests.append(said)
    return rows


ROWS = read()


@cache
def functions(file: str) -> set[str]:
    tree = ast.parse((CHECKOUT / "tests" / file).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_it_has_every_row() -> None:
    assert list(ROWS) == [f"F{number:02}" for number in range(1, 102)]


@pytest.mark.parametrize("number", ROWS)
def test_a_row_names_tests_that_are_there_or_says_why_not(number: str) -> None:
    row = ROWS[number]
    assert row.tests or row.but
    assert len(set(row.tests)) == len(row.tests)
    for test in row.tests:
        file, name = test.split("::")
        assert name.startswith("test_") and name in functions(file), test


def test_all_but_two_rows_are_tried() -> None:
    assert [number for number, row in ROWS.items() if not row.tests] == ["F12", "F40"]
