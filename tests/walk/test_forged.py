"""Posts that a foreign page could make, at every address that changes something."""

import pytest
from django.test import Client

from tests.depth import deep
from tests.walk.addresses import filled
from tests.walk.conftest import MISSING
from tests.walk.declared import DECLARED

POSTED = [route for route, address in DECLARED.items() if address.change and "?P" not in route]
FOREIGN = {"Origin": "https://elsewhere.example", "Referer": "https://elsewhere.example/"}

pytestmark = pytest.mark.one_database


@pytest.fixture
def guarded(browser_of, people: dict) -> dict[str, Client]:
    names = deep(["ada"], ["maya", "ada"])  # who may do most
    return {name: browser_of(people[name], enforce_csrf_checks=True) for name in names}


def test_it_refuses_what_carries_no_token(guarded: dict, own: dict):
    wrong = []
    for route in POSTED:
        path = filled(route, own.get(DECLARED[route].of, MISSING))
        for name, client in guarded.items():
            for headers in ({}, FOREIGN, {"HX-Request": "true"}, {"X-CSRFToken": "x" * 64}):
                status = client.post(path, {"based_on": "1"}, headers=headers).status_code
                if status != 403:
                    wrong.append((route, name, headers, status))
    assert not wrong, "\n" + "\n".join(map(str, wrong))


def test_it_refuses_nobodys_posts_without_a_token(own: dict):
    stranger = Client(enforce_csrf_checks=True)
    paths = [filled(route, own.get(DECLARED[route].of, MISSING)) for route in POSTED]
    assert {stranger.post(path).status_code for path in paths} == {403}
