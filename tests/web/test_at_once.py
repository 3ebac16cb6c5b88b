"""What is taken from a person is gone with their next click, however long their session has still
to live."""

from django.contrib.auth.models import Group, User
from django.test import Client

from journeys.models import Journey, Tenant


def test_who_is_made_inactive_is_out(as_maya: Client, maya: User, journey: Journey):
    address = f"/journeys/{journey.pk}/"
    assert as_maya.get(address).status_code == 200
    User.objects.filter(pk=maya.pk).update(is_active=False)
    assert as_maya.get(address).url.startswith("/sign-in/")
    assert as_maya.post(f"{address}undo/").url.startswith("/sign-in/")


def test_who_leaves_a_group_has_its_rights_no_more(as_maya: Client, maya: User, tenant: Tenant):
    assert as_maya.get("/journeys/new/").status_code == 200
    maya.groups.remove(Group.objects.get(name="Marketer"))
    assert as_maya.get("/journeys/new/").status_code == 403


def test_who_leaves_a_tenant_sees_nothing_of_it(as_maya: Client, maya: User, journey: Journey):
    journey.tenant.members.remove(maya)
    assert as_maya.get(f"/journeys/{journey.pk}/").status_code == 404


def test_signing_in_leads_to_no_other_site(client: Client, maya: User):
    for elsewhere in (
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
    ):
        answer = client.post("/sign-in/", {"login": "maya", "password": "maya", "next": elsewhere})
        assert answer.url == "/"
        client.logout()
