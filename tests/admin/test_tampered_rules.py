"""What an admin sees and does when SQL has changed a tenant's rules."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from journeys.gallery.samples import samples
from journeys.models import AuditEntry, Journey, Review, Submission, Tenant, WrongState
from tests.admin.test_house_rules import EMPTY
from tests.admin.test_second_admin import ben, errors  # noqa: F401
from tests.admin.test_tenants import PAGE, change, north  # noqa: F401
from tests.people import approved, started

CHANGED = "were changed in the database past the composer"


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def page(client: Client, tenant: Tenant) -> str:
    return client.get(f"{PAGE}{tenant.pk}/change/").content.decode()


@pytest.fixture
def submitted(north: Tenant, maya: User, rob: User) -> Submission:  # noqa: F811
    north.members.add(maya, rob)
    return approved(started(samples()[0], north, maya), maya, rob).submit(maya)


def test_it_is_accepted_by_saving_it_anew(
    as_ada: Client,
    north: Tenant,  # noqa: F811
    submitted: Submission,
) -> None:
    assert CHANGED not in page(as_ada, north)
    sql("UPDATE journeys_tenant SET account_id = '511'")
    assert CHANGED in page(as_ada, north)
    assert change(as_ada, north, account_id="511").status_code == 302
    assert Tenant.objects.get().is_sealed() and CHANGED not in page(as_ada, north)
    entry = AuditEntry.objects.get(action="tenant.changed")
    assert (CHANGED in entry.data["altered"], entry.data["approvals_ended"]) == (True, 1)


def test_to_save_what_sql_lifted_takes_a_second_admin(
    as_ada: Client,
    ben: User,  # noqa: F811
    north: Tenant,  # noqa: F811
) -> None:
    sql("UPDATE journeys_tenant SET review_required = %s", False)
    assert errors(change(as_ada, north, review_required="")) == ["reason"]
    assert not Tenant.objects.get().is_sealed()
    assert change(as_ada, north).status_code == 302  # with the box ticked again
    assert Tenant.objects.get().is_sealed() and Tenant.objects.get().review_required


def test_its_approvals_do_not_come_back_with_it(
    as_ada: Client,
    north: Tenant,  # noqa: F811
    maya: User,
    rob: User,
) -> None:
    """How often it moved was set back, so that an old approval would fit again once that is
    sealed."""
    journey = approved(started(samples()[0], north, maya), maya, rob)
    assert change(as_ada, north, client_id="other", secret="x").status_code == 302
    assert change(as_ada, north, client_id="client", secret="x").status_code == 302
    sql("UPDATE journeys_tenant SET moves = 0")
    assert change(as_ada, north).status_code == 302
    sql("UPDATE journeys_review SET decision = 'approved', ended_at = NULL")
    assert Journey.objects.get(pk=journey.pk).approval() is None


def test_a_change_of_house_rules_in_the_admin_is_sealed(
    as_ada: Client,
    north: Tenant,  # noqa: F811
    maya: User,
) -> None:
    rules = EMPTY | {"house_rules-0-naming_pattern": "[A-Z].+", "house_rules-0-quiet_from": "21:00"}
    assert change(as_ada, north, **rules, **{"house_rules-0-quiet_to": "08:00"}).status_code == 302
    assert Tenant.objects.get().house_sha256 and Tenant.objects.get().why_altered(house=True) == ""
    sql("UPDATE journeys_houserules SET naming_pattern = ''")
    assert "house rules" in Tenant.objects.get().why_altered(house=True)


def test_two_admins_at_once_seal_what_both_wrote(as_ada: Client, north: Tenant) -> None:  # noqa: F811
    change(as_ada, north, rate="5")
    change(as_ada, north, name="North again")
    assert Tenant.objects.get().is_sealed()


def test_admins_read_on_their_pages_what_was_found(
    as_ada: Client,
    as_maya: Client,
    as_rob: Client,
    north: Tenant,  # noqa: F811
    submitted: Submission,
) -> None:
    sql("UPDATE journeys_tenant SET allowed_domain = 'x.marketingcloudapis.com'")
    where = f"/journeys/{submitted.journey_id}/submit/"
    assert CHANGED in as_maya.get(where).content.decode()
    assert as_maya.post(where).status_code == 409
    found = AuditEntry.objects.get(action="tampering.found")
    assert (CHANGED in found.data["text"], found.actor.username, found.tenant) == (
        True,
        "maya",
        north,
    )
    assert 'id="tampering"' in as_ada.get("/", follow=True).content.decode()
    assert 'id="tampering"' not in as_maya.get("/", follow=True).content.decode()


def test_a_decision_that_is_refused_for_it_is_told(
    as_rob: Client,
    north: Tenant,  # noqa: F811
    maya: User,
    rob: User,
) -> None:
    north.members.add(maya, rob)
    review = started(samples()[0], north, maya).request_review(maya)
    sql("UPDATE journeys_revision SET writers = '{}'")
    desk = f"/admin/journeys/review/{review.pk}/"
    assert "it may have been anybody" in " ".join(
        as_rob.get(f"{desk}change/").content.decode().split()
    )
    assert as_rob.post(f"{desk}approve/", {"sha256": review.sha256}).status_code == 403
    assert Review.objects.get().state == "requested"
    assert AuditEntry.objects.get(action="tampering.found").journey == review.journey


def test_nobody_asks_for_a_review_under_such_rules(north: Tenant, maya: User) -> None:  # noqa: F811
    journey = started(samples()[0], north, maya)
    sql("UPDATE journeys_tenant SET review_required = %s", False)
    with pytest.raises(WrongState, match=CHANGED):
        Journey.objects.get(pk=journey.pk).request_review(maya)
