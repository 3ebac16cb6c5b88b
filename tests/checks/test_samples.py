"""A rule that a published real journey breaks is advice: no sample is blocked."""

from pathlib import Path

import pytest

from journeys.checks import check
from journeys.spec.document import loads_value, strip_server_assigned

EXAMPLES = Path(__file__).parents[3] / "shared" / "examples" / "journeys"


def samples() -> dict[str, dict]:
    found = {path.name: loads_value(path.read_bytes()) for path in sorted(EXAMPLES.glob("*.json"))}
    return {
        name: document
        for name, document in found.items()
        if document.get("key") and document.get("name")
    }


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the folder of sample journeys is absent")
def test_it_blocks_no_real_journey() -> None:
    blocked = {}
    for name, document in samples().items():
        stripped, _names = strip_server_assigned(document)
        blocked[name] = [
            (problem.id, str(problem.address)) for problem in check(stripped) if problem.blocks
        ]
    # A deployment tool's template, no journey yet: its {{{prefix}}} would be saved as it stands.
    assert [problem for problem, _place in blocked.pop("mcdev-template.json")] == ["placeholder"]
    assert len(blocked) > 10
    assert blocked == {name: [] for name in blocked}
