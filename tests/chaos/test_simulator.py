"""4,000 simulated lives of a submission; `make simulate` lives a million. Each safeguard is taken
away once."""

import pytest

from tests.chaos.simulator import broken, report, told
from tests.chaos.world import CONTROLS
from tests.depth import deep

PART = deep(1_000, 5_000)


@pytest.mark.parametrize("part", range(4))
def test_nothing_is_lost_doubled_or_wrongly_recorded_in_any_order_of_events(part: int) -> None:
    found = broken(range(part * PART, (part + 1) * PART))
    assert not found, report(found)


@pytest.mark.parametrize("safeguard", CONTROLS)
def test_it_sees_what_happens_without_a_safeguard(safeguard: str) -> None:
    """Each seed leads to the same life again, so these are few: some out of the first thousands."""
    assert any(broken(range(seed, seed + 1), safeguard) for seed in range(3_000))


def test_it_lives_the_same_life_again() -> None:
    assert told(7) == told(7) != told(8)
