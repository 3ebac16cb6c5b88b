"""A draft hands out what is shared by all who look at the same bytes."""

from dataclasses import FrozenInstanceError

import pytest

from journeys.models import Journey
from journeys.screens.draft import Draft


def test_what_drafts_share_cannot_be_changed(journey: Journey) -> None:
    first, second = (Draft(journey, journey.head) for _time in range(2))
    assert first.cards is second.cards and first.rows is second.rows
    with pytest.raises(TypeError):
        first.cards["activity", "X"] = next(iter(first.cards.values()))
    with pytest.raises(FrozenInstanceError):
        next(iter(first.cards.values())).sentence = "Changed"
    assert {type(first.problems), type(first.accepted), type(first.rows)} == {tuple}
