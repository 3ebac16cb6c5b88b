"""What SECURITY.md says of the standard: all of its chapters, and only tests that are there."""

import re
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent.parent
ROWS = re.findall(r"^\| (V\d+.*) \| (.+) \| (.+) \|$", (CHECKOUT / "SECURITY.md").read_text(), re.MULTILINE)


def test_it_tells_of_every_chapter():
    told = {int(chapter) for group, _how, _tests in ROWS for chapter in re.findall(r"V(\d+)", group)}
    assert told == set(range(1, 18))


def test_it_names_only_tests_that_are_there():
    named = {name for _group, _how, tests in ROWS for name in re.findall(r"`(tests/[^`]+)`", tests)}
    assert len(named) > 30
    assert [name for name in sorted(named) if not (CHECKOUT / name).exists()] == []
