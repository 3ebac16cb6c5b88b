"""20,000 simulated lives of a submission; `make simulate` lives a million. Each safeguard is taken away once."""

import pytest

from tests.chaos.simulator import broken, report, told
from tests.chaos.world import CONTROLS


@pytest.mark.parametrize("part", range(4))
def test_nothing_is_lost_doubled_or_wrongly_recorded_in_any_order_of_events(part: int) -> None:
    found = broken(range(part * 5_000, (part + 1) * 5_000))
    assert not found, report(found)


@pytest.mark.parametrize("safeguard", CONTROLS)
def test_it_sees_what_happens_without_a_safeguard(safeguard: str) -> None:
    """Each seed leads to the same life again, so these are few: some out of the first thousands."""
    assert broken(range(3_000), safeguard)


def test_it_lives_the_same_life_again() -> None:
    assert told(7) == told(7) != told(8)
