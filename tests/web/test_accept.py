import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.models import AuditEntry, HouseRules, Journey, NotAllowed, WrongState

pytestmark = pytest.mark.one_database

HTMX = {"HX-Request": "true"}


@pytest.fixture
def named_wrongly(journey: Journey) -> Journey:
    """A house rule stops it."""
    HouseRules.objects.create(
        tenant=journey.tenant, naming_pattern="X.+", naming_severity="blocking"
    )
    journey.tenant.sealed()
    return Journey.objects.get(pk=journey.pk)


def accept(client: Client, journey: Journey, reason: str = "Agreed with brand."):
    data = {
        "problem": "house-naming",
        "at_kind": "journey",
        "at_key": "",
        "at_field": "name",
        "reason": reason,
    }
    return client.post(
        f"/journeys/{journey.pk}/problem/accept/", data | {"based_on": "1"}, headers=HTMX
    )


def test_it_blocks_until_it_is_accepted(
    as_rob: Client, named_wrongly: Journey, maya: User, rob: User
):
    with pytest.raises(WrongState):
        named_wrongly.request_review(maya)
    answer = accept(as_rob, named_wrongly)
    page = answer.content.decode()
    assert (answer.status_code, 'class="accepted"' in page) == (200, True)
    assert "Accepted by Rob Reviewer: Agreed with brand." in page
    assert named_wrongly.request_review(maya).revision.number == 1
    entry = AuditEntry.objects.get(action="problem.accepted")
    told = {
        "problem": "house-naming",
        "severity": "blocking",
        "place": "journey: name",
        "reason": "Agreed with brand.",
    }
    assert (entry.actor, entry.data) == (rob, told)


def test_it_is_listed_for_everybody(as_rob: Client, as_maya: Client, named_wrongly: Journey):
    accept(as_rob, named_wrongly)
    for address in (f"/journeys/{named_wrongly.pk}/", f"/journeys/{named_wrongly.pk}/submit/"):
        assert (
            "Accepted by Rob Reviewer: Agreed with brand." in as_maya.get(address).content.decode()
        )
    assert "problem/accept/" not in as_maya.get(f"/journeys/{named_wrongly.pk}/").content.decode()


def test_it_falls_with_the_change(as_rob: Client, named_wrongly: Journey, maya: User):
    accept(as_rob, named_wrongly)
    named_wrongly.apply("edit journey", {"members": {"name": "Another"}}, based_on=1, author=maya)
    with pytest.raises(WrongState):
        named_wrongly.request_review(maya)


def test_it_asks_for_a_reason(as_rob: Client, named_wrongly: Journey):
    answer = accept(as_rob, named_wrongly, reason="  ")
    assert (answer.status_code, named_wrongly.acceptances.count()) == (422, 0)


def test_it_needs_the_right(
    as_maya: Client, as_rob: Client, named_wrongly: Journey, foreign_journey: Journey, maya
):
    assert accept(as_maya, named_wrongly).status_code == 403
    assert accept(as_rob, foreign_journey).status_code == 404
    with pytest.raises(NotAllowed):
        named_wrongly.accept(maya, None, {}, "Because.")
    assert not named_wrongly.acceptances.exists()


def test_it_opens_again(as_rob: Client, as_maya: Client, named_wrongly: Journey, maya: User):
    accept(as_rob, named_wrongly)
    address, data = f"/journeys/{named_wrongly.pk}/problem/withdraw/", {"based_on": "1"}
    data["acceptance"] = str(named_wrongly.acceptances.get().pk)
    assert as_maya.post(address, data, headers=HTMX).status_code == 403
    assert as_rob.post(address, data, headers=HTMX).status_code == 200
    assert not named_wrongly.acceptances.exists()
    assert AuditEntry.objects.filter(action="problem.acceptance-withdrawn").count() == 1
    with pytest.raises(WrongState):
        named_wrongly.request_review(maya)
