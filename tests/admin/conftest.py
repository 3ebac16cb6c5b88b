import pytest
from django.contrib.auth.models import User

from journeys.models import Journey, Review


@pytest.fixture
def review(journey: Journey, maya: User) -> Review:
    return journey.request_review(maya)
