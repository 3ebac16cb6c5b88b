"""An accepted problem stays accepted until what stands at its place changes."""

from journeys.checks import Accepted, check, fingerprint, sort_out
from tests.checks.test_rules import email, journey, step

UNCONFIGURED = {**email("E", "W"), "metaData": {"isConfigured": False}}


def split_up(document: dict, accepted: list[Accepted]) -> tuple[list[str], list[str]]:
    still_open, settled = sort_out(document, check(document), accepted)
    return [problem.id for problem in still_open], [problem.id for problem, _one in settled]


def accept_all(document: dict) -> list[Accepted]:
    found = check(document)
    return [
        Accepted(p.id, p.severity, p.address, fingerprint(document, p.address), "Agreed.", "Rob")
        for p in found
    ]


def test_it_settles_what_was_accepted() -> None:
    document = journey(UNCONFIGURED, step("W"))
    assert split_up(document, accept_all(document)) == ([], ["step-not-configured"])


def test_it_opens_again_with_a_change_of_the_block() -> None:
    accepted = accept_all(journey(UNCONFIGURED, step("W")))
    assert split_up(journey({**UNCONFIGURED, "name": "Other"}, step("W")), accepted)[1] == []
    assert split_up(journey(UNCONFIGURED, {**step("W"), "name": "Other"}), accepted)[0] == []


def test_it_opens_again_with_a_change_of_the_journeys_member() -> None:
    accepted = accept_all(journey(entryMode=""))
    assert split_up(journey(entryMode="", name="Other"), accepted) == ([], ["entry-mode-missing"])
    assert split_up(journey(entryMode="NotSet"), accepted) == (["entry-mode-missing"], [])


def test_it_does_not_settle_advice_that_became_blocking() -> None:
    document = journey(entryMode="")
    accepted = [
        Accepted(one.problem, "blocking", one.address, one.sha256, "", "")
        for one in accept_all(document)
    ]
    assert split_up(document, accepted) == (["entry-mode-missing"], [])
