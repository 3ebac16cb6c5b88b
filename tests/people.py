"""The demo's people, a tenant of theirs and one of somebody else's, and journeys to work with."""

import time

import pytest
from django.contrib.auth.models import User
from django.test import Client

from composer.identity.demo import PEOPLE
from composer.identity.sessions import ACTIVE, BEGUN
from journeys.gallery.samples import samples
from journeys.management.commands.load_demo import add_person, practice_tenant
from journeys.models import Journey, Submission, Tenant, seals


@pytest.fixture
def people(db: None) -> dict[str, User]:
    return {person.username: add_person(person) for person in PEOPLE}


@pytest.fixture
def maya(people: dict[str, User]) -> User:
    return people["maya"]


@pytest.fixture
def with_mail(maya: User) -> User:
    """Maya, who can be written to."""
    User.objects.filter(pk=maya.pk).update(email="maya@example.com")
    maya.refresh_from_db()
    return maya


@pytest.fixture
def miles(people: dict[str, User]) -> User:
    return people["miles"]


@pytest.fixture
def rob(people: dict[str, User]) -> User:
    return people["rob"]


@pytest.fixture
def ada(people: dict[str, User]) -> User:
    return people["ada"]


@pytest.fixture
def tenant(people: dict[str, User]) -> Tenant:
    """All of them belong to it; it is the practice tenant and asks for a review."""
    return practice_tenant()


@pytest.fixture
def foreign_tenant(db: None) -> Tenant:
    """Nobody belongs to it."""
    values = {
        "name": "Other unit",
        "subdomain": "other",
        "client_id": "other",
        "client_secret": "other",
    }
    return Tenant.objects.create(**values).sealed()


@pytest.fixture
def journey(tenant: Tenant, maya: User) -> Journey:
    """Maya's: complete, nothing stops its review."""
    return started(samples()[0], tenant, maya)


@pytest.fixture
def foreign_journey(foreign_tenant: Tenant) -> Journey:
    return started(samples()[0], foreign_tenant, None)


@pytest.fixture
def browser_of():
    """A signed-in client for a person, who showed just now who it is unless a test says
    otherwise."""

    def signed_in(user: User, *, confirmed: bool = True, **options: object) -> Client:
        client = Client(**options)
        client.force_login(user)
        be_active(client)
        if confirmed:
            confirm(client, user)
        return client

    return signed_in


@pytest.fixture
def as_maya(browser_of, maya: User) -> Client:
    return browser_of(maya)


@pytest.fixture
def as_miles(browser_of, miles: User) -> Client:
    return browser_of(miles)


@pytest.fixture
def as_rob(browser_of, rob: User) -> Client:
    return browser_of(rob)


@pytest.fixture
def as_ada(browser_of, ada: User) -> Client:
    return browser_of(ada)


def be_active(client: Client) -> None:
    """As on any page but the first of a minute, which writes down that somebody is there."""
    session = client.session
    session[BEGUN] = session[ACTIVE] = time.time()
    session.save()


def confirm(client: Client, user: User, at: float | None = None) -> None:
    """As if the person had typed their password in this session, at that time or now."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": at or time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def set_rules(**values: object) -> None:
    """As an admin would set them for every tenant."""
    Tenant.objects.update(**values)
    for tenant in Tenant.objects.all():
        tenant.sealed()


def seal_state(row: Submission) -> Submission:
    """As if the composer had written the state that it has in the database."""
    row.refresh_from_db()
    is_sending = row.state == "sending"
    seal = row.seal_of({"state": "waiting"} if is_sending else {})
    Submission.objects.filter(pk=row.pk).update(
        state_seal=seals.halved(seal) if is_sending else seal
    )
    row.refresh_from_db()
    return row


def started(document: dict, tenant: Tenant, owner: User | None) -> Journey:
    return Journey.objects.start(
        document, tenant=tenant, owner=owner, operation="new", summary="Started", key_proposed=True
    )


def approved(journey: Journey, asking: User, deciding: User) -> Journey:
    journey.request_review(asking).approve(deciding, "Good to go.")
    journey.refresh_from_db()
    return journey


def notifications(calls: list) -> int:
    """How many of the calls that wait for the commit notify a worker; others write the log."""
    return sum(getattr(call, "__qualname__", "").startswith("notify.") for call in calls)
