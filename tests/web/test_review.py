from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.gallery.samples import samples
from journeys.models import Journey
from tests.people import started

pytestmark = pytest.mark.one_database


def test_it_asks_for_a_review(as_maya: Client, journey: Journey, maya: User):
    answer = as_maya.post(f"/journeys/{journey.pk}/review/", follow=True)
    review = journey.reviews.get()
    assert (review.revision.number, review.asked_by, review.sha256) == (
        1,
        maya,
        journey.head.sha256,
    )
    page = answer.content.decode()
    assert page.count("waits for a reviewer") == 1  # one notice, not two that say the same
    assert "Revision 1 waits for a reviewer. Any change ends this review" in page


def test_it_tells_why_it_cannot(as_maya: Client, tenant, maya: User):
    unfinished = started(samples()[2], tenant, maya)
    answer = as_maya.post(f"/journeys/{unfinished.pk}/review/", follow=True)
    assert "Something has to be put right first" in answer.content.decode()
    assert not unfinished.reviews.exists()


def test_it_asks_once(as_maya: Client, journey: Journey):
    as_maya.post(f"/journeys/{journey.pk}/review/")
    answer = as_maya.post(f"/journeys/{journey.pk}/review/", follow=True)
    assert "Only a draft can be sent to review" in answer.content.decode()
    assert journey.reviews.count() == 1


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"view": "list", "kind": "activity", "key": "WAITBYDURATION-1"}, "list WAITBYDURATION-1"),
        ({"view": "text", "kind": "journey", "key": ""}, "json "),
        ({"view": "list", "kind": "activity", "key": "no such"}, "list "),
        ({"view": "//elsewhere.example", "kind": "activity"}, ""),
        ({}, ""),
    ],
)
def test_it_comes_back_to_the_view_and_the_block(
    as_maya: Client, journey: Journey, asked: dict, shown: str
):
    for _ in range(2):  # the second time it is refused
        url = urlsplit(as_maya.post(f"/journeys/{journey.pk}/review/", asked)["Location"])
        assert (url.netloc, url.path) == ("", f"/journeys/{journey.pk}/")
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        assert " ".join([query.get("view", ""), query.get("key", "")]).strip() == shown.strip()
