"""Groups in the administration: they give rights, and only what their maker has."""

from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from journeys.models import AuditEntry, Journey, Tenant
from tests.admin.test_people import PAGE, errors, group


def test_a_group_says_its_rights_in_words_and_asks_for_a_second_factor(
    as_ada: Client, maya: User, ada: User
):
    marketer = Group.objects.get(name="Marketer")
    page = as_ada.get(f"/admin/auth/group/{marketer.pk}/change/").content.decode()
    assert (
        "Submit approved journeys" in page
        and f"{PAGE}{maya.pk}/change/" in page
        and "Can add log entry" not in page
    )
    rights = ["journeys.view_journey", "journeys.approve_review"]
    sent = {"name": "Marketer", "rights": rights, "second_factor": "on"}
    assert as_ada.post(f"/admin/auth/group/{marketer.pk}/change/", sent).status_code == 302
    assert set(marketer.permissions.values_list("codename", flat=True)) == {
        "view_journey",
        "approve_review",
    }
    assert Group.objects.get(name="Marketer").rules.second_factor
    told = AuditEntry.objects.get(action="group.settings-changed").data["changes"]
    assert told["second_factor"] == [False, True] and told["rights"][1] == sorted(rights)
    assert AuditEntry.objects.filter(
        action="group.changed", data__person_id=maya.pk, actor=ada
    ).exists()


def test_a_group_gives_only_what_its_maker_has(browser_of, helper: User, maya: User):
    powers = Permission.objects.filter(codename__in=["add_group", "change_group", "view_group"])
    helper.groups.get(name="Helper").permissions.add(*powers)
    as_helper = browser_of(helper)
    answer = as_helper.post(
        "/admin/auth/group/add/", {"name": "Sneaky", "rights": ["journeys.change_tenant"]}
    )
    assert errors(answer) == ["rights"]
    assert (
        as_helper.post(
            "/admin/auth/group/add/", {"name": "Fine", "rights": ["auth.view_user"]}
        ).status_code
        == 302
    )
    assert (
        as_helper.post(
            f"/admin/auth/group/{group('Admin')}/change/", {"name": "x", "rights": []}
        ).status_code
        == 403
    )


def test_a_group_with_members_is_not_deleted(browser_of, root: User, maya: User):
    as_root = browser_of(root)
    empty = Group.objects.create(name="Empty")
    assert (
        as_root.post(f"/admin/auth/group/{group('Marketer')}/delete/", {"post": "yes"}).status_code
        == 403
    )
    assert as_root.post(f"/admin/auth/group/{empty.pk}/delete/", {"post": "yes"}).status_code == 302
    assert AuditEntry.objects.get(action="group.deleted").data["name"] == "Empty"


def test_a_tenants_page_shows_its_members_and_changes_none(
    as_ada: Client, tenant: Tenant, maya: User, journey: Journey
):
    page = f"/admin/journeys/tenant/{tenant.pk}/change/"
    shown = as_ada.get(page).content.decode()
    assert f"{PAGE}{maya.pk}/change/" in shown and 'name="members"' not in shown


def test_it_opens_the_administration_by_rights_alone(browser_of, miles: User):
    User.objects.filter(pk=miles.pk).update(is_staff=True)
    assert browser_of(miles).get("/admin/").status_code == 403
    miles.user_permissions.add(Permission.objects.get(codename="view_auditentry"))
    assert browser_of(miles).get("/admin/").status_code == 200
