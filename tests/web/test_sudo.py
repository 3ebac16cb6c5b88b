"""Asking again who it is."""

import html
import re
import time
from urllib.parse import parse_qs

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from journeys.models import Journey, Review, Tenant
from tests.people import confirm

pytestmark = pytest.mark.one_database

CONFIRM = "/account/confirm/"


@pytest.fixture
def review(journey: Journey, maya: User) -> Review:
    return journey.request_review(maya)


@pytest.fixture
def rob_unconfirmed(browser_of, rob: User) -> Client:
    return browser_of(rob, confirmed=False)


@pytest.fixture
def ada_unconfirmed(browser_of, ada: User) -> Client:
    return browser_of(ada, confirmed=False)


def posted_on(page: str) -> tuple[str, dict[str, str]]:
    """Where the page goes on to, and with what."""
    form = re.search(r'<form method="post" action="([^"]+)" data-go-on>(.*?)</form>', page, re.S)
    fields = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', form[2], re.S)
    return form[1], {name: html.unescape(value) for name, value in fields}


def waits_at(answer) -> str:
    """Where what was posted goes on after the question."""
    where, query = answer.headers["Location"].split("?")
    assert where == CONFIRM
    return parse_qs(query)["next"][0]


def test_it_asks_before_a_decision_and_keeps_the_comment(rob_unconfirmed: Client, review: Review):
    address = f"/admin/journeys/review/{review.pk}/approve/"
    asked = rob_unconfirmed.post(address, {"comment": "Good <b>to</b> go."})
    review.refresh_from_db()
    assert review.state == Review.State.REQUESTED
    answer = rob_unconfirmed.post(
        CONFIRM, {"password": "rob", "next": waits_at(asked)}, follow=True
    )
    page = answer.content.decode()
    where, fields = posted_on(page)
    assert (where, fields) == (address, {"comment": "Good <b>to</b> go."})
    rob_unconfirmed.post(where, fields)
    review.refresh_from_db()
    assert (review.state, review.comment) == (Review.State.APPROVED, "Good <b>to</b> go.")


def test_it_asks_again_after_ten_minutes_and_not_before(browser_of, rob: User, review: Review):
    client = browser_of(rob, confirmed=False)
    address = f"/admin/journeys/review/{review.pk}/send-back/"
    confirm(client, rob, time.time() - 601)
    assert client.post(address, {"comment": "No."}).headers["Location"].startswith(CONFIRM)
    confirm(client, rob, time.time() - 590)
    assert client.post(address, {"comment": "No."}).headers["Location"] == "/admin/journeys/review/"


def test_it_asks_no_reader(rob_unconfirmed: Client, review: Review):
    pages = ["/admin/journeys/review/", f"/admin/journeys/review/{review.pk}/change/"]
    assert [rob_unconfirmed.get(page).status_code for page in pages] == [200, 200]


@pytest.mark.parametrize("model", ["auth/user", "journeys/tenant"])
def test_it_asks_before_the_forms_that_give_rights_or_credentials(
    ada_unconfirmed: Client, tenant: Tenant, model: str
):
    address = f"/admin/{model}/add/"
    assert ada_unconfirmed.get(address).headers["Location"].startswith(CONFIRM)
    assert ada_unconfirmed.post(address, {"name": "x"}).headers["Location"].startswith(CONFIRM)
    assert (
        ada_unconfirmed.post(f"/admin/{model}/", {"action": "x"})
        .headers["Location"]
        .startswith(CONFIRM)
    )


def test_it_changes_nothing_while_it_asks(ada_unconfirmed: Client, people):
    ada_unconfirmed.post("/admin/auth/group/add/", {"name": "Sneaked in"})
    assert not Group.objects.filter(name="Sneaked in").exists()


def test_it_does_not_carry_out_what_was_left_alone(ada_unconfirmed: Client, people):
    ada_unconfirmed.post("/admin/auth/group/add/", {"name": "Left alone"})
    answer = ada_unconfirmed.post(CONFIRM, {"password": "ada", "next": "/admin/auth/user/"})
    assert answer.headers["Location"] == "/admin/auth/user/"


def test_it_keeps_what_waits_sealed(ada_unconfirmed: Client, people):
    ada_unconfirmed.post("/admin/journeys/tenant/add/", {"client_secret": "a-secret-of-the-tenant"})
    assert "a-secret-of-the-tenant" not in str(dict(ada_unconfirmed.session.items()))


def test_it_leads_a_fragment_to_the_page(ada_unconfirmed: Client, people):
    answer = ada_unconfirmed.post(
        "/admin/auth/group/add/",
        {"name": "x"},
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/admin/auth/group/"},
    )
    assert answer.headers["HX-Redirect"] == f"{CONFIRM}?next=%2Fadmin%2Fauth%2Fgroup%2F"


def test_it_refuses_a_wrong_password(ada_unconfirmed: Client, people):
    ada_unconfirmed.post("/admin/auth/group/add/", {"name": "x"})
    answer = ada_unconfirmed.post(CONFIRM, {"password": "wrong", "next": "/admin/auth/group/add/"})
    assert "data-go-on" not in answer.content.decode()


def test_it_goes_on_with_nothing_before_the_answer_and_once_after_it(
    ada_unconfirmed: Client, people
):
    address = waits_at(ada_unconfirmed.post("/admin/auth/group/add/", {"name": "x"}))
    assert ada_unconfirmed.get(address).headers["Location"].startswith(CONFIRM)
    assert (
        "data-go-on"
        in ada_unconfirmed.post(CONFIRM, {"password": "ada", "next": address}, follow=True).text
    )
    answer = ada_unconfirmed.get(address, follow=True)
    assert "data-go-on" not in answer.text and "Nothing of yours waits here" in answer.text


def test_it_asks_still_after_a_wrong_password(ada_unconfirmed: Client, people):
    ada_unconfirmed.post(CONFIRM, {"password": "wrong", "next": "/admin/auth/group/add/"})
    assert ada_unconfirmed.get("/admin/auth/user/add/").headers["Location"].startswith(CONFIRM)


def test_it_leads_nobody_elsewhere_after_the_answer(ada_unconfirmed: Client, people):
    answer = ada_unconfirmed.post(CONFIRM, {"password": "ada", "next": "https://example.org/"})
    assert answer.headers["Location"] == "/"


def test_it_counts_a_sign_in_as_the_answer(client: Client, people):
    client.post("/sign-in/", {"login": "ada", "password": "ada"})
    assert client.get("/admin/auth/user/add/").status_code == 200


def test_it_says_when_something_was_too_long_to_be_kept(ada_unconfirmed: Client, people):
    address = "/admin/auth/group/add/"
    from_there = {"headers": {"Referer": "http://testserver/admin/auth/"}}
    asked = ada_unconfirmed.post(address, {"name": "x" * 70_000}, **from_there)
    assert len(str(dict(ada_unconfirmed.session.items()))) < 2_000
    answer = ada_unconfirmed.post(
        CONFIRM, {"password": "ada", "next": waits_at(asked)}, follow=True
    )
    assert answer.redirect_chain[-1][0] == "/admin/auth/"
    assert "was too long to be kept" in answer.content.decode()
