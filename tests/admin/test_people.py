"""People in the administration: one place, rights from groups, and nobody makes themselves more
than they are."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client
from pytest_django import Settings

from composer.identity import guessing
from journeys.admin.people_forms import PersonForm
from journeys.models import AuditEntry, Tenant
from journeys.models.accounts import apart_again
from journeys.models.audit_words import ACTIONS, sentence

PAGE = "/admin/auth/user/"


def group(name: str) -> int:
    return Group.objects.get(name=name).pk


def change(client: Client, user: User, **changes: object):
    kept = {
        "groups": [one.pk for one in user.groups.all()],
        "tenants": [one.pk for one in user.tenants.all()],
    }
    told = {
        name: getattr(user, name) for name in ("username", "first_name", "last_name", "email")
    } | {"is_active": "on"}
    return client.post(f"{PAGE}{user.pk}/change/", told | kept | changes)


def errors(answer) -> list[str]:
    return list(answer.context["adminform"].form.errors)


def test_it_puts_people_into_groups_and_tenants(
    as_ada: Client, maya: User, tenant: Tenant, foreign_tenant: Tenant
):
    assert (
        change(as_ada, maya, groups=[group("Reviewer")], tenants=[foreign_tenant.pk]).status_code
        == 302
    )
    assert [str(one) for one in maya.groups.all()] == ["Reviewer"]
    assert list(maya.tenants.all()) == [foreign_tenant]
    told = AuditEntry.objects.get(action="person.changed").data
    assert told["changes"] == {
        "groups": [["Marketer"], ["Reviewer"]],
        "tenants": [[tenant.name], ["Other unit"]],
    }


def test_it_adds_people_without_a_password(as_ada: Client, foreign_tenant: Tenant):
    words = {
        "username": "noor",
        "is_active": "on",
        "groups": [group("Marketer")],
        "tenants": [foreign_tenant.pk],
    }
    assert (
        as_ada.post(f"{PAGE}add/", words | {"password1": "correct horse battery"}).status_code
        == 302
    )
    noor = User.objects.get(username="noor")
    assert (noor.has_usable_password(), list(noor.tenants.all())) == (False, [foreign_tenant])
    assert AuditEntry.objects.get(action="person.added").data["changes"]["groups"] == [
        None,
        ["Marketer"],
    ]


def test_it_makes_nobody_a_superuser(as_ada: Client, ada: User):
    change(as_ada, ada, is_staff="on", is_superuser="on", user_permissions=["1"])
    ada.refresh_from_db()
    assert (ada.is_superuser, ada.user_permissions.count(), ada.is_staff) == (False, 0, False)


def test_it_leaves_superusers_alone(as_ada: Client, root: User):
    assert change(as_ada, root, username="mine").status_code == 403
    deeds = ["invite", "take-factors-away", "end-sessions", "unlink"]
    assert [as_ada.post(f"{PAGE}{root.pk}/{deed}/").status_code for deed in deeds] == [403] * 4
    root.refresh_from_db()
    assert (root.username, root.check_password("kept")) == ("root", True)
    assert "only a superuser" in as_ada.get(f"{PAGE}{root.pk}/change/").content.decode()


def test_nobody_changes_what_they_themselves_may(as_ada: Client, ada: User, foreign_tenant: Tenant):
    change(
        as_ada,
        ada,
        groups=[group("Reviewer")],
        tenants=[foreign_tenant.pk],
        is_active="",
        first_name="Adele",
    )
    ada.refresh_from_db()
    assert ([str(one) for one in ada.groups.all()], ada.is_active, ada.first_name) == (
        ["Admin"],
        True,
        "Adele",
    )
    assert foreign_tenant not in ada.tenants.all()


def test_nobody_gives_what_they_do_not_have(
    browser_of, helper: User, miles: User, tenant: Tenant, foreign_tenant: Tenant
):
    as_helper = browser_of(helper)
    helper.tenants.add(tenant)
    for name in ("Admin", "Reviewer"):
        assert errors(change(as_helper, miles, groups=[group(name)])) == ["groups"]
    assert errors(change(as_helper, miles, tenants=[foreign_tenant.pk])) == ["tenants"]
    assert change(as_helper, miles, first_name="Milo").status_code == 302


def test_nobody_touches_who_may_more(
    browser_of, helper: User, ada: User, miles: User, foreign_tenant: Tenant
):
    """Else a changed address and a link for a new password would make them that person."""
    as_helper = browser_of(helper)
    miles.tenants.set([foreign_tenant])
    for person in (ada, miles):
        assert change(as_helper, person, email="helga@people.example").status_code == 403
        assert as_helper.post(f"{PAGE}{person.pk}/invite/").status_code == 403
        assert as_helper.get(f"{PAGE}{person.pk}/change/").status_code == 200
    assert not User.objects.filter(email="helga@people.example").exists()


def test_tenants_that_an_admin_does_not_see_stay(
    browser_of, helper: User, miles: User, tenant: Tenant, root: User
):
    helper.tenants.add(tenant)
    change(browser_of(helper), miles, first_name="Milo")
    assert list(miles.tenants.all()) == [tenant]


def filled_in_by(actor: User, person: User, **changes: object) -> dict:
    """The errors of a form that the actor began before somebody else's change."""
    form = type("Form", (PersonForm,), {"user": actor})(
        {"username": person.username, **changes}, instance=person
    )
    return form.errors


def test_two_admins_do_not_take_each_other_away(ada: User, people: dict[str, User]):
    ben = User.objects.create_user("ben")
    ben.groups.add(group("Admin"))
    assert (
        filled_in_by(ben, ada)
        == {}
        == filled_in_by(ben, ada, is_active="on", groups=[group("Reviewer")])
    )
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert list(filled_in_by(ben, ada)) == ["is_active"]
    assert list(filled_in_by(ben, ada, is_active="on", groups=[group("Reviewer")])) == ["groups"]
    assert filled_in_by(ben, ada, is_active="on", groups=[group("Admin")]) == {}


def test_a_group_does_not_lose_the_last_admin(as_ada: Client):
    admin = Group.objects.get(name="Admin")
    answer = as_ada.post(
        f"/admin/auth/group/{admin.pk}/change/", {"name": "Admin", "rights": ["auth.view_user"]}
    )
    assert errors(answer) == ["rights"]
    assert admin.permissions.filter(codename="change_tenant").exists()


def test_it_keeps_one_account_for_a_person(as_ada: Client, maya: User, miles: User):
    User.objects.filter(pk=miles.pk).update(email="miles@people.example")
    assert errors(change(as_ada, maya, email="Miles@people.example")) == ["email"]
    assert errors(as_ada.post(f"{PAGE}add/", {"username": "MAYA"})) == ["username"]


def test_the_emergency_name_is_not_to_be_had(as_ada: Client, maya: User, settings: Settings):
    settings.LOCAL_SIGN_IN, settings.EMERGENCY_USER = False, "breakglass"
    assert errors(change(as_ada, maya, username="breakglass")) == ["username"]


def test_it_deletes_nobody_and_has_no_page_for_passwords(as_ada: Client, maya: User):
    assert as_ada.post(f"{PAGE}{maya.pk}/delete/", {"post": "yes"}).status_code == 403
    assert as_ada.get(f"{PAGE}{maya.pk}/password/", follow=True).status_code == 404
    assert as_ada.get("/admin/password_change/").headers["Location"] == "/password/"


@pytest.mark.parametrize("person", ["as_maya", "as_rob"])
def test_it_is_closed_to_others(request: pytest.FixtureRequest, maya: User, person: str):
    client = request.getfixturevalue(person)
    assert [client.get(PAGE).status_code, change(client, maya).status_code] == [403, 403]
    assert [
        client.post(f"{PAGE}{maya.pk}/invite/").status_code,
        client.post(f"{PAGE}lift/").status_code,
    ] == [403, 403]
    assert [client.get(f"{PAGE}99999/{page}/").status_code for page in ("change", "history")] == [
        403,
        403,
    ]


@pytest.mark.parametrize(
    "model", ["auth/user", "auth/group", "journeys/tenant", "journeys/review", "journeys/journey"]
)
def test_what_is_not_there_is_404(as_ada: Client, model: str):
    pages = [
        as_ada.get(f"/admin/{model}/{one}/{page}/")
        for one in (99999, "x")
        for page in ("change", "history")
    ]
    assert [page.status_code for page in pages] == [404] * 4


# Signing in


def test_it_sends_invitations_and_links(as_ada: Client, maya: User, settings: Settings):
    settings.MAIL_GOES_OUT = True
    noor = User.objects.create(username="noor", email="noor@people.example")
    noor.set_unusable_password()
    noor.save()
    User.objects.filter(pk=maya.pk).update(email="maya@people.example")
    for person in (noor, maya):
        as_ada.post(f"{PAGE}{person.pk}/invite/")
    assert [one.to for one in mail.outbox] == [["noor@people.example"], ["maya@people.example"]]
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["person.invited", "password.link-sent"] and set(actions) <= set(
        ACTIONS
    )


def test_it_shows_the_link_only_where_no_mail_goes_out(
    as_ada: Client, maya: User, ada: User, settings: Settings
):
    settings.MAIL_GOES_OUT = True
    answer = as_ada.post(f"{PAGE}{maya.pk}/invite/", follow=True).content.decode()
    assert "enter an email address first" in answer and "/password/reset/" not in answer
    settings.MAIL_GOES_OUT = False
    answer = as_ada.post(f"{PAGE}{maya.pk}/invite/")
    link = re.search(r'id="link">http://testserver([^<]+)<', answer.content.decode())[1]
    assert f'data-copy="http://testserver{link}"' in answer.text
    assert Client().get(link, follow=True).status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert (
        AuditEntry.objects.get(action="password.link-shown").data["person_id"] == maya.pk
    )  # the two count as one now


def test_an_invitation_is_one_entry_that_names_the_person(
    as_ada: Client, ada: User, rob: User, settings: Settings
):
    settings.MAIL_GOES_OUT = False
    noor = User(username="noor", first_name="Noor", last_name="Newcomer")
    noor.set_unusable_password()
    noor.save()
    as_ada.post(f"{PAGE}{noor.pk}/invite/")
    entry = AuditEntry.objects.get()
    words, more = sentence(entry.action, entry.data)
    assert (
        words == "Invited Noor Newcomer, and was shown the link with which they set their password"
    )
    assert dict(more) == {"person": "noor", "address": "127.0.0.1"}
    assert apart_again(ada, noor) and not apart_again(ada, rob)


def test_links_go_to_the_new_address_only(as_ada: Client, maya: User):
    EmailAddress.objects.create(user=maya, email="old@people.example", verified=True)
    change(as_ada, maya, email="new@people.example")
    Client().post("/password/reset/", {"email": "old@people.example"})
    assert mail.outbox == []
    Client().post("/password/reset/", {"email": "new@people.example"})
    assert [one.to for one in mail.outbox] == [["new@people.example"]]


def test_it_takes_lost_factors_away_and_ends_sessions(as_ada: Client, browser_of, maya: User):
    TOTP.activate(maya, generate_totp_secret())
    other = Client()
    other.force_login(maya)
    UserSession.objects.create(
        user=maya, ip="192.0.2.7", user_agent="Browser", session_key=other.session.session_key
    )
    page = as_ada.get(f"{PAGE}{maya.pk}/change/").content.decode()
    assert "authenticator app" in page and "192.0.2.7" in page
    as_ada.post(f"{PAGE}{maya.pk}/take-factors-away/")
    assert not maya.authenticator_set.exists() and other.get("/").status_code == 302
    assert AuditEntry.objects.filter(action="person.changed", data__person_id=maya.pk).exists()


def test_an_admin_sees_and_lifts_lock_outs(as_ada: Client, maya: User, settings: Settings):
    settings.AXES_ENABLED = True
    for name in ("maya", "typed by mistake"):
        for _ in range(6):
            Client().post(
                "/sign-in/", {"login": name, "password": "wrong"}, REMOTE_ADDR="192.0.2.8"
            )
    listed = as_ada.get(PAGE).content.decode()
    assert "locked: has to wait" in listed and "typed by mistake" not in listed
    assert (
        "has to wait after failed"
        in as_ada.get(f"{PAGE}{maya.pk}/change/").content.decode().lower()
    )
    for one in guessing.lockouts():
        as_ada.post(f"{PAGE}lift/", {"name": one.name, "address": one.address})
    assert guessing.lockouts() == []
    assert {
        entry.data.get("person") for entry in AuditEntry.objects.filter(action="sign-in.unlocked")
    } >= {"maya"}


def test_the_list_tells_what_an_admin_looks_for(
    as_ada: Client, maya: User, tenant: Tenant, django_assert_max_num_queries
):
    TOTP.activate(maya, generate_totp_secret())
    with django_assert_max_num_queries(20):
        page = as_ada.get(PAGE).content.decode()
    row = re.search(r"<tr>(?:(?!</tr>).)*\(maya\).*?</tr>", page, re.S)[0]
    for told in ("Marketer", tenant.name, "never", "authenticator app", "yes"):
        assert told in row
