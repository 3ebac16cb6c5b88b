"""A change that a script sends bears for whom its page was made."""

import re

import pytest
from django.test import Client

from journeys.models import Journey


def mark_of(client: Client, journey: Journey) -> str:
    page = client.get(f"/journeys/{journey.pk}/").content.decode()
    return re.search(r'name="own-mark"\s+content="([^"]+)"', page)[1]


def add(client: Client, journey: Journey, mark: str):
    posted = {"based_on": "1", "view": "path", "slug": "wait", "after": "", "outcome": ""}
    headers = {"HX-Request": "true", "X-Page-Of": mark}
    return client.post(f"/journeys/{journey.pk}/block/add/", posted, headers=headers)


def test_it_takes_what_ones_own_page_sends(as_maya: Client, journey: Journey):
    assert add(as_maya, journey, mark_of(as_maya, journey)).status_code == 200
    assert journey.revisions.count() == 2


@pytest.mark.parametrize("mark", ["", "another's", "é"])
def test_it_refuses_what_a_page_of_somebody_else_sends(
    as_maya: Client, as_rob: Client, journey: Journey, mark: str
):
    answer = add(
        as_maya, journey, mark and (mark_of(as_rob, journey) if mark == "another's" else mark)
    )
    assert (answer.status_code, journey.revisions.count()) == ((200, 2) if not mark else (412, 1))
    assert bool(mark) == ("before you signed in as" in answer.content.decode())
