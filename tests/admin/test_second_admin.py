"""The admin's pages where one admin is not enough."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from journeys.models import AuditEntry, Countersignature, Journey, Review, Tenant
from tests.admin.test_tenants import FORM, PAGE, change, north  # noqa: F401

LIFTED = {"review_required": ""}
DESK = "/admin/journeys/countersignature/"


@pytest.fixture
def ben(people: dict[str, User]) -> User:
    person = User.objects.create_user("ben", is_staff=True)
    person.groups.add(Group.objects.get(name="Admin"))
    return person


def errors(answer) -> list[str]:
    return list(answer.context["adminform"].form.errors)


def test_a_tenants_reviews_are_lifted_by_two(
    as_ada: Client,
    browser_of,
    ben: User,
    north: Tenant,  # noqa: F811
) -> None:
    assert errors(change(as_ada, north, **LIFTED)) == ["reason"]
    asked = change(as_ada, north, **LIFTED, reason="A trial.")
    assert errors(asked) == ["__all__"] and "notice-error" not in asked.text
    assert (
        "It is asked for, and waits for ben." in asked.text
        and "save it again within a day" in asked.text
    )
    row, as_ben = Countersignature.objects.get(), browser_of(ben)
    assert ('id="confirm"' in as_ada.get(f"{DESK}{row.pk}/change/").content.decode()) is False
    as_ada.post(f"{DESK}{row.pk}/confirm/")
    assert errors(change(as_ada, north, **LIFTED)) == ["reason"]
    assert "A trial." in as_ben.get(f"{DESK}{row.pk}/change/").content.decode()
    assert as_ben.get(f"{DESK}{row.pk}/confirm/").status_code == 405
    as_ben.post(f"{DESK}{row.pk}/confirm/")
    assert Tenant.objects.get().review_required
    assert change(as_ada, north, **LIFTED).status_code == 302
    assert not Tenant.objects.get().review_required


def test_a_list_of_them_names_people_and_moments_as_people_do(as_ada: Client, ada: User) -> None:
    row = Countersignature.objects.create(
        what="administer", of="x", told="x", asked_by=ada, reason="x"
    )
    page = as_ada.get(DESK).text
    assert "Ada Admin</td>" in page and f'<time datetime="{row.asked_at:%Y-%m-%dT%H:%M}' in page
    one = as_ada.get(f"{DESK}{row.pk}/change/").text
    assert (
        f"{row.asked_at + timedelta(days=7):%Y-%m-%dT%H:%M}" in one and "Who may confirm it" in one
    )


def test_a_new_tenant_is_not_without_reviews_either(as_ada: Client, ben: User) -> None:
    refused = as_ada.post(f"{PAGE}add/", FORM | LIFTED)
    assert errors(refused) == ["reason"]
    assert ("Enter it again: pages never show a secret" in refused.text) == bool(FORM["secret"])
    assert not Tenant.objects.exists()


def test_the_only_admin_lifts_it_with_a_reason_and_everybody_reads_it(
    as_ada: Client,
    as_maya: Client,
    north: Tenant,  # noqa: F811
    maya: User,
) -> None:
    assert errors(change(as_ada, north, **LIFTED)) == ["reason"]
    assert change(as_ada, north, **LIFTED, reason="A trial.").status_code == 302
    north.members.add(maya)
    page = as_maya.get("/", follow=True).content.decode()
    assert "Ada" in page and "A trial." in page and 'id="done-alone"' in page


@pytest.mark.parametrize("person", ["as_maya", "as_rob"])
def test_it_is_closed_to_others(request, ada: User, person: str) -> None:
    row = Countersignature.objects.create(
        what="administer", of="x", told="x", asked_by=ada, reason="x"
    )
    client = request.getfixturevalue(person)
    assert client.post(f"{DESK}{row.pk}/confirm/").status_code in (403, 404)
    assert client.get(f"{DESK}ask/").status_code == 403
    assert Countersignature.objects.get().confirmed_at is None


def test_people_are_not_changed_alone_while_a_review_of_ones_own_is_open(
    as_ada: Client, browser_of, ben: User, journey: Journey, ada: User, rob: User
) -> None:
    journey.apply("edit journey", {"members": {"description": "Mine"}}, based_on=1, author=ada)
    journey.request_review(User.objects.get(username="maya"))
    url, form = (
        f"/admin/auth/user/{rob.pk}/change/",
        {"username": "rob", "is_active": "on", "first_name": "New"},
    )
    deeds = [
        f"/admin/auth/user/{rob.pk}/{deed}/"
        for deed in ("invite", "take-factors-away", "end-sessions", "unlink")
    ]
    for where in (url, *deeds):
        assert as_ada.post(where, form).url == f"{DESK}ask/"
    assert User.objects.get(pk=rob.pk).first_name != "New"
    shown = as_ada.get(f"{DESK}ask/").text
    assert "notice-error" not in shown and "What you had entered was not sent." in shown
    as_ada.post(f"{DESK}ask/", {"reason": "Rob cannot sign in."})
    assert as_ada.post(url, form).url == f"{DESK}{Countersignature.objects.get().pk}/change/"
    assert "waits for ben" in as_ada.get(f"{DESK}").text
    browser_of(ben).post(f"{DESK}{Countersignature.objects.get().pk}/confirm/")
    assert as_ada.post(url, form).url != f"{DESK}ask/"
    assert User.objects.get(pk=rob.pk).first_name == "New"
    assert as_ada.post(url, form).url == f"{DESK}ask/"  # once


def test_it_notes_who_changed_whose_account(
    as_ada: Client, ada: User, rob: User, maya: User, journey: Journey
) -> None:
    reviewer = Group.objects.get(name="Reviewer")
    as_ada.post(
        f"/admin/auth/user/{rob.pk}/change/",
        {"username": "rob", "is_active": "on", "groups": [reviewer.pk], "email": "r@example.org"},
    )
    as_ada.post(f"/admin/auth/user/{rob.pk}/invite/")
    as_ada.post("/admin/auth/user/add/", {"username": "noor"})
    noted = [
        (e.action, e.actor, e.data["person"])
        for e in AuditEntry.objects.filter(data__has_key="person_id")
    ]
    assert noted == [
        ("person.added", ada, "noor"),
        ("password.link-shown", ada, "rob"),
        ("person.changed", ada, "rob"),
    ]
    assert "email" in AuditEntry.objects.get(action="person.changed").data["what"]
    journey.apply("edit journey", {"members": {"description": "Mine"}}, based_on=1, author=ada)
    review = journey.request_review(maya)
    assert "that of ada, who wrote some of these changes, are linked" in review.needs_second(rob)


def test_the_desk_says_that_a_second_admin_is_needed(
    as_ada: Client, browser_of, journey: Journey, maya: User, ada: User, rob: User
) -> None:
    journey.apply("edit journey", {"members": {"description": "Mine"}}, based_on=1, author=ada)
    review = journey.request_review(maya)
    as_ada.post(f"/admin/auth/user/{rob.pk}/invite/")
    Review.objects.filter(pk=review.pk).update(decision="", ended_at=None)
    rob.refresh_from_db()
    AuditEntry.objects.create(
        actor=ada, action="password.set", data={"person": "rob", "person_id": rob.pk}
    )
    as_rob, url = browser_of(rob), f"/admin/journeys/review/{review.pk}/"
    assert "are linked" in as_rob.get(f"{url}change/").content.decode()
    answer = as_rob.post(f"{url}approve/", {"comment": "Today."})
    assert (answer.status_code, Review.objects.get().state) == (403, "requested")
    assert Countersignature.objects.get().reason == "Today."


def test_what_waits_and_what_was_confirmed_is_told_to_whom_it_concerns(
    as_ada: Client,
    as_maya: Client,
    browser_of,
    ben: User,
    north: Tenant,  # noqa: F811
    maya: User,
) -> None:
    north.members.add(maya)
    asked, confirmed = "Ada Admin asks for a second admin", "ben confirmed what you asked for"
    change(as_ada, north, **LIFTED, reason="A trial.")
    row, as_ben = Countersignature.objects.get(), browser_of(ben)
    told = as_ben.get("/").text
    assert asked in told and "A trial." in told and f"{DESK}{row.pk}/change/" in told
    assert asked in as_ben.get("/admin/").text
    as_ben.post(f"{DESK}{row.pk}/confirm/")
    where = f"{PAGE}{north.pk}/change/"
    assert confirmed in as_ada.get("/").text and f"{where}?lift=1" in as_ada.get("/").text
    assert f"{where}?lift=1" in as_ada.get(f"{DESK}{row.pk}/change/").text
    assert asked not in as_ben.get("/").text and confirmed not in as_ben.get("/").text
    assert not any(words in as_maya.get("/").text for words in (asked, confirmed, "A trial."))
    plain, filled = as_ada.get(where), as_ada.get(f"{where}?lift=1")
    ticks = [page.context["adminform"].form["review_required"].value() for page in (plain, filled)]
    assert ticks == [True, False] and all(
        "ben confirmed that “North” may go" in one.text for one in (plain, filled)
    )
    assert "may go without" not in as_ben.get(f"{where}?lift=1").text
    assert change(as_ada, north, **LIFTED).status_code == 302
    assert confirmed not in as_ada.get("/").text


def test_a_new_tenant_that_was_confirmed_is_entered_again_with_its_name(
    as_ada: Client, browser_of, ben: User
) -> None:
    as_ada.post(f"{PAGE}add/", FORM | LIFTED | {"reason": "A trial."})
    browser_of(ben).post(f"{DESK}{Countersignature.objects.get().pk}/confirm/")
    form = as_ada.get(f"{PAGE}add/?lift=1").context["adminform"].form
    assert (form["name"].value(), form["review_required"].value()) == ("North", False)
