"""What the desk tells of others, and what a page that is out of date decides: nothing."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from journeys.gallery.samples import samples
from journeys.models import (
    AuditEntry,
    Countersignature,
    Journey,
    NeedsSecond,
    NotAllowed,
    Review,
    Tenant,
)
from journeys.models.countersignature import ask
from journeys.spec.address import Address
from journeys.spec.problem import Problem
from tests.admin.test_review_desk import approve, desk, send_back, text_of


@pytest.fixture
def olga(foreign_tenant: Tenant) -> User:
    """Of another tenant, where she wrote what Maya brings in."""
    person = User.objects.create_user("olga", first_name="Olga", last_name="Elsewhere")
    person.groups.add(Group.objects.get(name="Marketer"))
    foreign_tenant.members.add(person)
    Journey.objects.start(
        samples()[0] | {"name": "Secret plan"},
        tenant=foreign_tenant,
        owner=person,
        operation="new",
        summary="Started",
    )
    return person


@pytest.fixture
def brought_in(olga: User, tenant: Tenant, maya: User) -> Review:
    journey = Journey.objects.start(
        samples()[0], tenant=tenant, owner=maya, operation="import", summary="Imported"
    )
    return journey.request_review(maya)


def test_it_tells_no_names_of_other_tenants(
    as_rob: Client, brought_in: Review, olga: User, maya: User
) -> None:
    assert brought_in.authors() == {olga.pk, maya.pk}
    answer = as_rob.get(desk(brought_in))
    page = answer.content.decode()
    assert [person.username for person in answer.context["authors"]] == ["maya"]
    assert "Maya Marketer" in page
    assert not any(
        name in page for name in ("olga", "Olga", "Elsewhere", "Secret plan", "Other unit")
    )


def test_who_wrote_it_elsewhere_may_not_decide_all_the_same(
    browser_of, brought_in: Review, olga: User, tenant: Tenant
) -> None:
    olga.groups.add(Group.objects.get(name="Reviewer"))
    tenant.members.add(olga)
    answer = browser_of(olga).post(approve(brought_in), {"sha256": brought_in.sha256})
    assert (answer.status_code, Review.objects.get().state) == (403, "requested")


@pytest.mark.parametrize("url", [approve, send_back])
@pytest.mark.parametrize("shown", ["0" * 64, ""])
def test_a_page_that_showed_other_bytes_decides_nothing(
    as_rob: Client, review: Review, url, shown: str
) -> None:
    answer = as_rob.post(url(review), {"sha256": shown, "comment": "Good."})
    assert (answer.status_code, answer.url) == (302, desk(review))
    assert "was changed after this page was opened" in text_of(as_rob.get(answer.url))
    review.refresh_from_db()
    assert (review.state, review.decided_by) == ("requested", None)


def test_the_page_sends_what_it_showed(as_rob: Client, review: Review) -> None:
    assert f'name="sha256" value="{review.sha256}"' in as_rob.get(desk(review)).content.decode()
    as_rob.post(approve(review), {"sha256": review.sha256})
    review.refresh_from_db()
    assert review.state == "approved"


# A problem of one's own, wherever it stands


def edited(journey: Journey, author: User, how: str) -> None:
    """Ada changes one step, or only where steps stand."""
    document = journey.head.document()
    steps = document["activities"]
    if how == "another block":
        steps = [{**steps[0], "description": "Changed"}, *steps[1:]]
    if how == "the order":
        steps = steps[::-1]
    changed = {**document, "activities": steps}
    journey.replace(changed, based_on=journey.head.number, author=author, operation="edit as text")


@pytest.mark.parametrize("how", ["another block", "the order"])
@pytest.mark.parametrize("at", [-1, "journey"])
def test_a_blocking_problem_is_ones_own_wherever_it_stands(
    journey: Journey, ada: User, rob: User, how: str, at: object
) -> None:
    """What one does to one block may be a problem of another, to which it has moved."""
    edited(journey, ada, how)
    document = journey.head.document()
    place = (
        Address("journey", "", "name")
        if at == "journey"
        else Address("activity", document["activities"][at]["key"], "")
    )
    problem = Problem("flow", "blocking", "Not so.", place)
    User.objects.create_superuser("ben")
    with pytest.raises(NeedsSecond):
        journey.accept(ada, problem, document, "Known.")
    assert not journey.acceptances.exists()
    assert journey.accept(rob, problem, document, "Known.").by == rob


# The second admin


def test_a_second_admin_who_wrote_some_of_it_confirms_nothing(
    journey: Journey, maya: User, rob: User, ada: User
):
    edited(journey, ada, "another block")
    review = journey.request_review(maya)
    AuditEntry.objects.create(
        actor=maya, action="password.set", data={"person": "rob", "person_id": rob.pk}
    )
    ask(rob, **review.second_of("approved", "Today."), reason="Today.").confirm(ada)
    with pytest.raises(NotAllowed, match="wrote some of these changes. Another one has to confirm"):
        review.approve(rob, "Today.")
    assert Countersignature.objects.get().used_at is None


def test_a_confirmation_is_of_the_very_bytes(
    journey: Journey, maya: User, rob: User, ada: User
) -> None:
    review = journey.request_review(maya)
    AuditEntry.objects.create(
        actor=maya, action="password.set", data={"person": "rob", "person_id": rob.pk}
    )
    ask(rob, **review.second_of("approved", "Today."), reason="Today.").confirm(ada)
    edited(journey, maya, "another block")
    with pytest.raises(NeedsSecond):
        journey.request_review(maya).approve(rob, "Today.")
