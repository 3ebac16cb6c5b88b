"""Six people in front of the same things, and what is nobody's of them."""

import uuid

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from journeys.gallery import TEMPLATES
from journeys.gallery.samples import samples
from journeys.models import (
    Attempt,
    AuditEntry,
    Countersignature,
    Journey,
    JourneyTemplate,
    Review,
    Submission,
    Tenant,
)
from journeys.models.clock import now
from tests.people import approved, started

MISSING = {"pk": 987_654, "object_id": 987_654, "id": 987_654, "content_type_id": 1, "number": 1}
MISSING |= {"kind": "time-zone", "slug": "no-such", "token": "nothing"}


@pytest.fixture
def clients(browser_of, people: dict, tenant: Tenant, strange_tenant: Tenant) -> dict[str, Client]:
    groupless = User.objects.create_user("gil", password="gil")
    tenant.members.add(groupless)
    return {
        "nobody": Client(),
        "groupless": browser_of(groupless),
        "stranger": browser_of(strange_tenant.members.get()),
        "marketer": browser_of(people["maya"]),
        "reviewer": browser_of(people["rob"]),
        "admin": browser_of(people["ada"]),
    }


@pytest.fixture
def strange_tenant(foreign_tenant: Tenant, people: dict) -> Tenant:
    stranger = User.objects.create_user("stella", password="stella")
    stranger.groups.add(Group.objects.get(name="Marketer"))
    foreign_tenant.members.add(stranger)
    return foreign_tenant


@pytest.fixture
def own(tenant: Tenant, maya: User, rob: User) -> dict[str, dict]:
    """The values of the places in a route, by what the address is about."""
    return things(tenant, maya, rob)


@pytest.fixture
def others(strange_tenant: Tenant, people: dict) -> dict[str, dict]:
    """The same of a tenant that neither marketer nor reviewer belongs to."""
    author, reviewer = User.objects.create_user("olga"), User.objects.create_user("otto")
    reviewer.groups.add(Group.objects.get(name="Reviewer"))
    return things(strange_tenant, author, reviewer)


def things(tenant: Tenant, author: User, reviewer: User) -> dict[str, dict]:
    document, waiting = samples()[0], samples()[0] | {"key": "waiting"}
    journey: Journey = started(document, tenant, author)
    submission: Submission = approved(journey, author, reviewer).submit(author)
    submission.answer = b"{}"
    submission.save(update_fields=["answer"])
    attempt = Attempt.objects.create(
        submission=submission, fence=1, phase="send", started_at=now(), seconds=1, text="x"
    )
    review: Review = started(waiting, tenant, author).request_review(author)
    template: JourneyTemplate = JourneyTemplate.objects.keep(
        document, tenant=tenant, name="Kept", description="", by=author
    )
    second = Countersignature.objects.create(
        what=Countersignature.Deed.LIFT_REVIEW,
        of="x",
        told="x",
        tenant=tenant,
        asked_by=author,
        reason="Y",
    )
    keys = {
        "second": second.pk,
        "journey": journey.pk,
        "revision": journey.head_id,
        "review": review.pk,
        "submission": submission.pk,
        "attempt": attempt.pk,
        "template": template.pk,
        "tenant": tenant.pk,
        "entry": AuditEntry.objects.filter(tenant=tenant).first().pk,
        "person": author.pk,
        "group": Group.objects.get(name="Marketer").pk,
        "gallery": 1,
    }
    return {
        of: MISSING | {"pk": pk, "object_id": pk, "id": pk, "slug": TEMPLATES[0].slug}
        for of, pk in keys.items()
    }


@pytest.fixture
def missing() -> dict[str, dict]:
    nowhere = MISSING | {"pk": uuid.uuid4(), "object_id": uuid.uuid4()}
    return {"submission": nowhere}
