import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.models import Journey, Review
from tests.people import ada, foreign_journey, foreign_tenant, journey, maya, miles, people, rob, tenant  # noqa: F401


@pytest.fixture
def browser_of():
    """A signed-in client for a person."""

    def signed_in(user: User, **options: object) -> Client:
        client = Client(**options)
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def as_maya(browser_of, maya: User) -> Client:  # noqa: F811
    return browser_of(maya)


@pytest.fixture
def as_rob(browser_of, rob: User) -> Client:  # noqa: F811
    return browser_of(rob)


@pytest.fixture
def as_ada(browser_of, ada: User) -> Client:  # noqa: F811
    return browser_of(ada)


@pytest.fixture
def review(journey: Journey, maya: User) -> Review:  # noqa: F811
    return journey.request_review(maya)
