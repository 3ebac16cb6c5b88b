"""People in the admin: rights come from groups, and nobody makes themselves a superuser."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

PAGE = "/admin/auth/user/"


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root", password="kept")


def change(client: Client, user: User, **changes: object):
    return client.post(f"{PAGE}{user.pk}/change/", {"username": user.username, "is_active": "on"} | changes)


def test_it_puts_people_into_groups(as_ada: Client, maya: User):
    reviewer = Group.objects.get(name="Reviewer")
    assert change(as_ada, maya, groups=[reviewer.pk]).status_code == 302
    assert list(maya.groups.all()) == [reviewer]


def test_it_adds_people(as_ada: Client):
    words = {"password1": "correct horse battery", "password2": "correct horse battery", "usable_password": "true"}
    assert as_ada.post(f"{PAGE}add/", {"username": "noor", **words}).status_code == 302
    assert User.objects.get(username="noor").check_password("correct horse battery")


def test_it_makes_nobody_a_superuser(as_ada: Client, ada: User):
    change(
        as_ada, ada, is_staff="on", is_superuser="on", user_permissions=["1"], groups=[g.pk for g in ada.groups.all()]
    )
    ada.refresh_from_db()
    assert (ada.is_superuser, ada.user_permissions.count(), ada.is_staff) == (False, 0, True)


def test_it_leaves_superusers_alone(as_ada: Client, root: User):
    assert change(as_ada, root, username="mine").status_code == 403
    answer = as_ada.post(f"{PAGE}{root.pk}/password/", {"password1": "taken over 123", "password2": "taken over 123"})
    root.refresh_from_db()
    assert (answer.status_code, root.check_password("kept")) == (403, True)


def test_it_deletes_nobody_and_changes_no_group(as_ada: Client, maya: User):
    group = Group.objects.get(name="Marketer")
    urls = [f"{PAGE}{maya.pk}/delete/", f"/admin/auth/group/{group.pk}/change/", "/admin/auth/group/add/"]
    assert [as_ada.post(url, {"post": "yes", "name": "x"}).status_code for url in urls] == [403] * 3


@pytest.mark.parametrize("person", ["as_maya", "as_rob"])
def test_it_is_closed_to_others(request: pytest.FixtureRequest, maya: User, person: str):
    client = request.getfixturevalue(person)
    assert [client.get(PAGE).status_code, change(client, maya).status_code] == [403, 403]
