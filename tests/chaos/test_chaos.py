"""`make chaos` in small: real processes that are killed all the time, and nothing is lost or
doubled."""

import os
import subprocess
import sys

import pytest

from tests.chaos.judging import judge
from tests.depth import deep
from tests.serving import CHECKOUT, environment

SUBMISSIONS = deep("12", "40")


@pytest.mark.serve
def test_it_loses_and_doubles_nothing_while_everything_is_killed() -> None:
    command = [sys.executable, "-m", "tests.chaos.run", "--submissions", SUBMISSIONS, "--short"]
    command += [
        "--seconds",
        "3600",
    ]  # what is stuck is judged, how long a busy machine takes is not
    environ = environment(TEST_ROOT=os.environ["TEST_ROOT"])
    ran = subprocess.run(command, cwd=CHECKOUT, env=environ, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Redis restarted empty  1" in ran.stdout and "workers killed" in ran.stdout


ROW = {"key": "a", "state": "succeeded", "sha256": "s", "found_by_look_up": False}
ROW |= {
    "remote_id": "i",
    "remote_definition_id": "d",
    "remote_status": "Draft",
    "remote_version": 1,
}
HELD = {
    "key": "a",
    "id": "i",
    "definition_id": "d",
    "status": "Draft",
    "version": 1,
    "sha256": "s",
    "posts": 1,
}
SENT = {"key": "a", "route": "create", "sha256": "s"}
OTHER = {**HELD, "id": "j", "definition_id": "j"}


@pytest.mark.parametrize(
    ("row", "held", "sent", "wrong"),
    [
        ({}, [HELD], [SENT], {}),
        ({}, [], [SENT], {"lost"}),
        ({"state": "refused"}, [], [SENT], {"lost"}),
        ({"state": "needs-person"}, [HELD], [SENT], {"wrongly_recorded"}),
        ({"state": "unclear"}, [HELD], [SENT], {"stuck"}),
        ({}, [{**HELD, "posts": 2}], [SENT, SENT], {"doubled"}),
        ({}, [HELD, OTHER], [SENT, SENT], {"doubled"}),
        ({"remote_id": "j"}, [HELD], [SENT], {"wrongly_recorded"}),
        ({}, [HELD], [{**SENT, "sha256": "t"}], {"wrongly_recorded"}),
        ({}, [HELD, {**HELD, "key": "b"}], [SENT], {"wrongly_recorded"}),
        ({"key": "altered-1", "state": "tampered"}, [], [], {}),
        ({"key": "altered-1"}, [{**HELD, "key": "altered-1"}], [SENT], {"wrongly_recorded"}),
    ],
)
def test_it_judges_by_what_the_tenant_holds(
    row: dict, held: list[dict], sent: list[dict], wrong: set[str]
) -> None:
    verdict = judge([{**ROW, **row}], held, sent)
    found = {
        name for name in ("lost", "doubled", "wrongly_recorded", "stuck") if getattr(verdict, name)
    }
    assert found == set(wrong)
