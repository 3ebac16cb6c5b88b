"""What is put right when a journey comes in, for those who ask for it."""

from pathlib import Path

import pytest

from journeys.checks import check
from journeys.checks.on_import import LEFT_TO_PEOPLE, arrival, put_right
from journeys.spec.document import dumps, loads, strip_server_assigned
from tests.checks.test_rules import journey, step

EXAMPLES = Path(__file__).parents[3] / "shared" / "examples" / "journeys"


def test_it_repairs_one_thing_after_another_and_says_each() -> None:
    torn = journey(
        {
            **step("W"),
            "type": "wait",
            "outcomes": [{"key": "out", "next": ""}],
            "schema": {"x": 1},
            "own": 1,
        }
    )
    better, told = put_right({**torn, "workflowApiVersion": "1.0"})
    assert better["activities"] == [{**step("W"), "outcomes": [{"key": "out"}], "own": 1}]
    assert better["workflowApiVersion"] == 1.0
    assert len(told) == 4
    assert told[0] == (
        "Wait 1 day: Leave “next” out, so that the path ends",
        "Wait 1 day: ends here",
    )
    assert [f"Repaired: {one.done}" for one in told] == arrival(better, [], told).lines()[:4]


def test_it_leaves_alone_what_only_people_know_and_what_is_right() -> None:
    unready = journey({**step("W"), "metaData": {"isConfigured": False}})
    assert LEFT_TO_PEOPLE == ("mark-configured",) and any(
        one.repair in LEFT_TO_PEOPLE for one in check(unready)
    )
    assert put_right(unready) == (unready, [])
    assert put_right(unready)[0] is unready


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the folder of sample journeys is absent")
def test_it_puts_every_sample_right_once_and_for_all() -> None:
    for path in sorted(EXAMPLES.glob("*.json")):
        document, _stripped = strip_server_assigned(loads(path.read_bytes()))
        better, told = put_right(document)
        assert told and dumps(better) != dumps(document)
        assert put_right(better) == (better, [])
        blocking = [[one for one in check(version) if one.blocks] for version in (document, better)]
        assert len(blocking[1]) <= len(blocking[0])
