import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.people import (  # noqa: F401
    ada,
    foreign_journey,
    foreign_tenant,
    journey,
    maya,
    miles,
    people,
    rob,
    tenant,
)


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
