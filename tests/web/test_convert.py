"""A journey of spec 0.5: the page says what will change, the button does it, undo takes it back."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.models import Journey, Tenant
from journeys.spec import document as doc
from tests.people import started

pytestmark = pytest.mark.one_database

OLD = {
    "key": "old-welcome",
    "name": "Old welcome",
    "workflowApiVersion": 0.5,
    "triggers": [],
    "activities": [
        {
            "key": "W",
            "type": "Wait",
            "configurationArguments": {"duration": 2, "durationUnits": "days"},
            "zz": 1.0,
        }
    ],
}


@pytest.fixture
def old(tenant: Tenant, maya: User) -> Journey:
    return started(OLD, tenant, maya)


def convert(client: Client, journey: Journey, based_on: int = 1):
    return client.post(f"/journeys/{journey.pk}/convert/", {"based_on": based_on})


def test_it_shows_what_will_change_and_changes_nothing(as_maya: Client, old: Journey):
    page = as_maya.get(f"/journeys/{old.pk}/convert/").content.decode()
    assert "duration becomes waitDuration (2)" in page and "Spec version: 0.5 becomes 1.0." in page
    assert old.revisions.count() == 1


def test_it_converts_as_one_operation_that_undo_takes_back(
    as_maya: Client, old: Journey, maya: User
):
    assert convert(as_maya, old).url == f"/journeys/{old.pk}/"
    old.refresh_from_db()
    step = {
        "key": "W",
        "type": "WAIT",
        "configurationArguments": {"waitDuration": 2, "waitUnit": "DAYS"},
        "zz": 1.0,
    }
    assert old.head.document() == {**OLD, "workflowApiVersion": 1.0, "activities": [step]}
    assert (old.head.number, old.head.operation, old.head.author) == (2, "convert", maya)
    old.undo(maya)
    assert old.head.body == doc.dumps(OLD)


def test_it_offers_the_conversion_where_blocks_are_locked(
    as_maya: Client, as_rob: Client, old: Journey, journey: Journey
):
    link = f"/journeys/{old.pk}/convert/"
    assert link in as_maya.get(f"/journeys/{old.pk}/").content.decode()
    assert link not in as_rob.get(f"/journeys/{old.pk}/").content.decode()
    assert "/convert/" not in as_maya.get(f"/journeys/{journey.pk}/").content.decode()


def test_it_does_not_convert_what_was_not_shown(as_maya: Client, old: Journey, maya: User):
    old.apply("edit journey", {"members": {"name": "New name"}}, based_on=1, author=maya)
    answer = convert(as_maya, old)
    assert (answer.status_code, old.revisions.count()) == (409, 2)
    assert "changed meanwhile" in answer.content.decode()


def test_it_has_nothing_to_convert_in_1_0(as_maya: Client, journey: Journey):
    assert convert(as_maya, journey).url == f"/journeys/{journey.pk}/"
    assert journey.revisions.count() == 1


def test_it_lets_only_marketers_of_the_tenant_convert(
    as_rob: Client, as_maya: Client, old: Journey, foreign_journey: Journey
):
    assert convert(as_rob, old).status_code == 403
    assert convert(as_maya, foreign_journey).status_code == 404
