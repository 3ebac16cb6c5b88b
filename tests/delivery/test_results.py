"""What can come of a submission's exchanges has its line wherever something follows from it."""

import pytest

from journeys.lifecycle import limits
from journeys.lifecycle.results import CALLED, FRUITLESS, MADE, NOT_CALLED, Result
from journeys.lifecycle.submission_states import STEPS
from journeys.screens.status_text import ATTEMPTS, SAYS_ITSELF
from tests.chaos.world import World
from tests.delivery.crashing import POSTS, RESULTS, FakeTenant, Points
from tests.delivery.test_crash_points import Stage, real_times, stage  # noqa: F401
from tests.lifecycle.test_submission_states import RESULTS as STATES

OF_SEND = CALLED & STEPS["sending"].keys()
OF_LOOK_UP = CALLED & (STEPS["waiting"].keys() | STEPS["unclear"].keys())
BEFORE_THE_SEND = {Result.CREDENTIALS_REFUSED}  # there is no token, so nothing reaches the tenant
BY_US = {Result.FAILED}


def test_each_leads_somewhere() -> None:
    assert {result for steps in STEPS.values() for result in steps} == set(Result)
    assert OF_SEND | OF_LOOK_UP == CALLED


def test_each_says_something_about_the_tenant_or_nothing_on_purpose() -> None:
    assert limits.MEANS.keys() == set(Result)
    assert {one for one in NOT_CALLED if limits.MEANS[one] != limits.NOTHING} == set()


def test_each_has_words_for_people() -> None:
    written = {(phase, result) for phase, result in ATTEMPTS}
    wanted = {("send", result) for result in OF_SEND} | {("look-up", one) for one in OF_LOOK_UP}
    assert {one for one in wanted - written if one[1] not in SAYS_ITSELF} == set()


def test_each_counts_as_fruitless_or_not() -> None:
    troubled = {one for one in CALLED if limits.MEANS[one] != limits.OK}
    assert set(FRUITLESS) == troubled
    assert set(MADE) - {Result.UNCLEAR} == OF_SEND - set(FRUITLESS)


def test_each_that_a_tenant_can_give_a_send_has_its_crash_points() -> None:
    assert RESULTS.keys() == POSTS.keys()
    assert set(RESULTS.values()) == OF_SEND - BEFORE_THE_SEND - BY_US


@pytest.mark.django_db
@pytest.mark.parametrize("outcome", POSTS)
def test_a_send_learns_what_its_crash_points_say(stage: Stage, outcome: str) -> None:  # noqa: F811
    row = stage.end(FakeTenant(outcome, "new_version", Points()), Points())
    assert row.attempts.filter(phase="send").first().result == RESULTS[outcome]


def test_each_that_a_send_can_come_to_is_simulated() -> None:
    world = World(7)
    world.trouble = 0.9
    drawn = {world.plan()[2].kind for _time in range(3000)}
    assert drawn == OF_SEND - BEFORE_THE_SEND


def test_each_is_drawn_with_the_state_that_it_leads_to() -> None:
    assert {result for results in STATES.values() for result in results} == set(Result)
