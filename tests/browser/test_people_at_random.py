"""Two and three people at once in one journey: whatever was accepted is in it, and whatever was not
is told to whoever wanted it."""

import random

import pytest
from playwright.sync_api import Browser

from journeys.models import Journey
from tests.browser.acting import come_in
from tests.browser.playing import Player, play
from tests.browsing import listen
from tests.depth import deep, has_turn

pytestmark = pytest.mark.django_db(transaction=True)
SEEDS = [seed for seed in range(20) if has_turn(f"seed {seed}", 4)]
ROUNDS = deep(5, 40)


@pytest.fixture
def window(browser: Browser, base_url: str, complaints: list[str]):
    opened = []

    def of(name: str):
        shape = {"viewport": {"width": 1280, "height": 720}, "reduced_motion": "reduce"}
        opened.append(browser.new_context(base_url=base_url, **shape))
        listen(opened[-1], base_url, complaints)
        page = opened[-1].new_page()
        come_in(page, name)
        return page

    yield of
    for context in opened:
        context.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_it_does_what_each_of_them_meant_and_nothing_else(
    journey: Journey, people, window, seed: int
) -> None:
    names = ["maya", "miles", "ada"][: 2 + seed % 2]
    players = {}
    for number, name in enumerate(names):
        page = window(name)
        page.goto(f"/journeys/{journey.pk}/?view={'list' if seed % 3 else 'path'}")
        players[people[name].pk] = Player(name, page, random.Random(seed * 10 + number))
    done = sum(play(journey, players, ROUNDS))
    assert done > ROUNDS // 2
