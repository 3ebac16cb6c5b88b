import re

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from composer.identity.address import client_address

TRIES = {"login": "maya", "password": "wrong"}


@pytest.fixture
def guarded(db: None, settings: Settings) -> None:
    settings.AXES_ENABLED = True
    User.objects.create_user("maya", password="right")


def test_it_stops_guessing_after_five_tries_and_says_why(guarded: None, client: Client) -> None:
    assert [client.post("/sign-in/", TRIES).status_code for _ in range(5)] == [200, 200, 200, 200, 429]
    answer = client.post("/sign-in/", {"login": "maya", "password": "right"})
    assert answer.status_code == 429
    assert re.search(r"Too many attempts. Wait 1[45] seconds, then try again.", answer.content.decode())


def test_it_locks_out_one_address_only(guarded: None, client: Client) -> None:
    for _ in range(6):
        client.post("/sign-in/", TRIES, REMOTE_ADDR="192.0.2.1")
    answer = client.post("/sign-in/", {"login": "maya", "password": "right"}, REMOTE_ADDR="192.0.2.2")
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/")


@pytest.mark.parametrize(("behind_proxy", "address"), [(False, "192.0.2.1"), (True, "192.0.2.9")])
def test_it_believes_a_proxy_only_when_told_of_one(settings: Settings, behind_proxy: bool, address: str) -> None:
    settings.BEHIND_PROXY = behind_proxy
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="198.51.100.7, 192.0.2.9")
    assert client_address(request) == address


def test_it_signs_in_and_out(client: Client, people: dict[str, User]) -> None:
    answer = client.post("/sign-in/?next=/templates/", {"login": "maya", "password": "maya"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/templates/")
    assert client.get("/").status_code == 200
    assert client.get("/sign-out/").status_code == 200 and client.get("/").status_code == 200
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/").headers["Location"] == "/sign-in/?next=/"


def test_it_offers_nobody_an_account_of_their_own(client: Client, db: None) -> None:
    found = [client.get(address).status_code for address in ["/signup/", "/sign-in/signup/", "/account/signup/"]]
    assert found == [404, 404, 404]
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def test_it_gives_a_new_session_at_sign_in(client: Client, people: dict[str, User]) -> None:
    client.get("/sign-in/")
    session = client.session
    session["a"] = "b"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    client.post("/sign-in/", {"login": "maya", "password": "maya"})
    assert client.session.session_key != before and client.session["_auth_user_id"]
