"""No regular expression of ours can be kept busy by a text that is made for it."""

import re
import time

import pytest

from tests.growth.expressions import METHODS, SIZE, all_used, hostile

BOUNDED = {"journeys.checks.house.PART": 100}  # characters that it is ever given
LINE = 4094  # longest request line that the server reads
# seconds of CPU for 100 KB: a scan takes at most 40 ms, one that backtracks seconds to minutes
LONGEST = 0.15
LOOKS = 6
PARTS = 6  # of all expressions, for as many tests


def asked(pattern: re.Pattern, method: str, text: str) -> None:
    if isinstance(pattern.pattern, bytes):
        text = text.encode()
    if method == "sub":
        pattern.sub(text[:0], text)
    elif method == "finditer":
        list(pattern.finditer(text))
    else:
        getattr(pattern, method)(text)


def seconds(pattern: re.Pattern, method: str, text: str) -> float:
    begun = time.process_time()
    asked(pattern, method, text)
    return time.process_time() - begun


def test_it_finds_the_expressions_of_all_modules():
    found = {used.where for used in all_used()}
    assert len(found) > 80
    assert {
        "journeys.spec.document.STRING_OR_WORD",
        "journeys.blocks.references.EXPRESSION",
    } <= found


@pytest.mark.parametrize("part", range(PARTS))
def test_it_reads_hostile_texts_in_one_go(part: int):
    """Looked for when the test runs: to find them takes a second, and each worker of both runs
    collects this file."""
    for used in all_used()[part::PARTS]:
        most = LINE if used.where.startswith("address ") else BOUNDED.get(used.where, SIZE)
        for text in (text[:most] for text in hostile(used.pattern)):
            for method in used.methods:
                assert method in METHODS
                assert not is_slow(used.pattern, method, text), (
                    used.where,
                    used.pattern.pattern,
                    method,
                    text[:60],
                )


def is_slow(pattern: re.Pattern, method: str, text: str) -> bool:
    """Many looks, for others' work slows down each of some; short first, so that it ends."""
    for size in (1_000, 10_000, SIZE):
        for part in (text[-size:], text[:size]):
            if all(seconds(pattern, method, part) > LONGEST for _look in range(LOOKS)):
                return True
    return False


def test_it_notices_an_expression_that_backtracks():
    slow = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{\]}]')
    assert any(is_slow(slow, "findall", text) for text in hostile(slow))
