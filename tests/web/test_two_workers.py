"""Two workers on one journey: each keeps what it worked out, and neither believes what it kept of a
journey that the other one has changed."""

import re
from collections import OrderedDict

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from journeys.blocks import BY_SLUG
from journeys.blocks.registry import waits
from journeys.models import Journey
from journeys.models.revision import unpacked
from journeys.spec.cache import STORES

OWN = re.compile(r'(csrfmiddlewaretoken" value|X-CSRFToken[^:]*:|data-own|nonce)="?[^"]*"')


class Worker:
    """What one process keeps; the tests' own process lends it its caches."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[OrderedDict, int]] = {}

    def __enter__(self) -> None:
        self._swap()

    def __exit__(self, *_error: object) -> None:
        self._swap()

    def _swap(self) -> None:
        for store in STORES:
            own = self.kept.get(store.name, (OrderedDict(), 0))
            self.kept[store.name] = store.entries, store.used
            store.entries, store.used = own


@pytest.fixture
def workers():
    return Worker(), Worker()


def shown(client: Client, journey: Journey, **query: str) -> str:
    page = client.get(reverse("composer", args=[journey.pk]), query).content.decode()
    return OWN.sub("", page)


def saved(client: Client, journey: Journey, key: str, name: str) -> str:
    journey.refresh_from_db()
    told = {"kind": "activity", "key": key, "name": name, "view": "path"}
    told["based_on"] = journey.head.number
    answer = client.post(reverse("save-block", args=[journey.pk]), told)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("view", ["path", "list", "json"])
def test_both_show_what_a_process_shows_that_keeps_nothing(as_maya, journey, workers, view):
    keys = [step["key"] for step in journey.head.document()["activities"]]
    for number in range(6):
        with workers[number % 2]:
            answer = saved(as_maya, journey, keys[number % 3], f"Name {number}")
            assert f"Name {number}" in answer
        with Worker():
            fresh = shown(as_maya, journey, view=view)
        for worker in workers:
            with worker:
                assert shown(as_maya, journey, view=view) == fresh


def test_both_draw_the_path_as_it_is_when_waits_and_ways_change(
    as_maya: Client, maya: User, journey: Journey, workers
):
    """What a process keeps of pictures and of checks follows days, ways and texts, whoever wrote
    them."""
    [wait, *_] = [one["key"] for one in journey.head.document()["activities"] if waits(one)]
    for number, days in enumerate([3, 4, None, 5]):
        with workers[number % 2]:
            journey.refresh_from_db()
            if days:
                waiting(as_maya, journey, wait, days)
            else:
                with_another_step(journey, maya, "NEW-1")
        with Worker():
            fresh = shown(as_maya, journey, view="path")
        for worker in workers:
            with worker:
                assert shown(as_maya, journey, view="path") == fresh
    assert "Wait 5 days" in fresh and "day 6" in fresh


def waiting(client: Client, journey: Journey, key: str, days: int) -> None:
    told = {"kind": "activity", "key": key, "view": "path", "duration": days}
    told["based_on"] = journey.head.number
    assert client.post(reverse("save-block", args=[journey.pk]), told).status_code == 200


def with_another_step(journey: Journey, maya: User, key: str) -> None:
    step = BY_SLUG["wait"].new(key, {})
    more = {"after": "", "outcome": "", "step": step, "others": []}
    journey.apply("add step", more, based_on=journey.head.number, author=maya)


def test_undo_by_the_other_one_is_seen(as_maya: Client, journey: Journey, workers):
    key = journey.head.document()["activities"][0]["key"]
    first, second = workers
    with first:
        before = shown(as_maya, journey)
        saved(as_maya, journey, key, "Another name")
    with second:
        told = {"kind": "journey", "key": "", "view": "path", "based_on": 2, "number": 2}
        assert as_maya.post(reverse("undo", args=[journey.pk]), told).status_code == 200
    with first:
        after = shown(as_maya, journey)
    assert "Another name" not in re.sub(r"<header.*?</header>", "", after, flags=re.DOTALL)
    cards = re.compile(r'id="card-[^>]*>', re.DOTALL)
    assert cards.findall(after) == cards.findall(before)


def test_what_the_other_one_wrote_shares_its_blocks(as_maya: Client, journey: Journey, workers):
    first, second = workers
    key = journey.head.document()["activities"][0]["key"]
    with first:
        old = unpacked(bytes(journey.head.packed))
    with second:
        saved(as_maya, journey, key, "Another name")
    journey.refresh_from_db()
    with first:
        new = unpacked(bytes(journey.head.packed))
    same = [one is other for one, other in zip(old["activities"], new["activities"], strict=True)]
    assert same == [False] + [True] * (len(same) - 1)
    assert new == journey.head.document()
