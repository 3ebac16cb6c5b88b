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
