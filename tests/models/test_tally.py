"""The tally of attempts comes to the same as counting all of them, whenever it was moved on."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from journeys.models import Attempt, Journey
from journeys.models.tally import Tally, added, counted, kept, move_on


@pytest.mark.parametrize("seed", range(5))
def test_it_equals_a_full_count(journey: Journey, foreign_journey: Journey, seed: int) -> None:
    chance = random.Random(seed)
    sent = [one.submit(None, without_review=True) for one in (journey, foreign_journey)]
    started = timezone.now() - timedelta(hours=6)
    for number in range(40):
        started += timedelta(minutes=chance.randrange(18))
        result = chance.choice(["created", "unclear", "failed"])
        phase = chance.choice(["send", "look up"])
        row = {
            "fence": number,
            "phase": phase,
            "started_at": started,
            "seconds": 0.1,
            "result": result,
        }
        Attempt.objects.create(submission=chance.choice(sent), **row)
        if chance.random() < 0.3:
            move_on()
        assert dict(counted(kept())) == dict(added({}, Attempt.objects.all()))
    assert 0 < Tally.objects.get().counted_to < Attempt.objects.latest("pk").pk


def test_it_leaves_what_is_young_to_be_counted(journey: Journey) -> None:
    sent = journey.submit(None, without_review=True)
    Attempt.objects.create(
        submission=sent,
        fence=1,
        phase="send",
        started_at=timezone.now(),
        seconds=0.1,
        result="created",
    )
    move_on()
    assert not Tally.objects.exists()
    assert counted(kept())[str(sent.tenant_id)] == {"sends": 1, "again": 0, "failures": 0}
