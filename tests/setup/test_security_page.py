"""What SECURITY.md says of the standard: all of its chapters, and only tests that are there."""

import re
from pathlib import Path

from composer.environment import SECRETS

CHECKOUT = Path(__file__).parent.parent.parent
PAGE = (CHECKOUT / "SECURITY.md").read_text()
ROWS = re.findall(r"^\| (V\d+.*) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
WITHOUT = {
    "V4.3, V4.4",
    "V6.6 Out of band",
    "V10.3, V10.4, V10.6, V10.7",
    "V17 WebRTC",
}  # not there at all
WITHOUT |= {"V11.5 Random values", "V11.6 Public keys"}  # not to be asked by a test
ADDRESSES = {
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_HOST_PASSWORD",
}  # passwords of services of the operator's own


def test_it_tells_of_every_chapter():
    told = {
        int(chapter) for group, _how, _tests in ROWS for chapter in re.findall(r"V(\d+)", group)
    }
    assert told == set(range(1, 18))


def test_it_names_only_tests_that_are_there():
    named = {name for _group, _how, tests in ROWS for name in re.findall(r"`(tests/[^`]+)`", tests)}
    assert len(named) > 30
    assert [name for name in sorted(named) if not (CHECKOUT / name).exists()] == []


def test_it_claims_nothing_that_no_test_holds():
    assert {group for group, _how, tests in ROWS if "`tests/" not in tests} == WITHOUT


def test_it_says_what_to_do_about_what_does_not_hold():
    """After what is open comes what an operator can do."""
    open_ones = [
        how.partition("**Open**: ")[2] for _group, how, _tests in ROWS if "**Open**" in how
    ]
    assert (
        0 < len(open_ones) < 6
        and [one for one in open_ones if not re.search(r"(\.|:) \w", one)] == []
    )


def test_it_has_every_key_in_the_inventory():
    told = set(
        re.findall(
            r"^\| `(\w+)` \|", PAGE.partition("## Keys, and what they are for")[2], re.MULTILINE
        )
    )
    assert told >= SECRETS - ADDRESSES
