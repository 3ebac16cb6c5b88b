import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from pytest_django import Settings

from composer.signing_in import client_address

TRIES = {"username": "maya", "password": "wrong"}


@pytest.fixture
def guarded(db: None, settings: Settings) -> None:
    settings.AXES_ENABLED = True
    User.objects.create_user("maya", password="right")


def test_it_stops_guessing_after_five_tries_and_says_why(guarded: None, client: Client) -> None:
    assert [client.post("/sign-in/", TRIES).status_code for _ in range(5)] == [200, 200, 200, 200, 429]
    answer = client.post("/sign-in/", {"username": "maya", "password": "right"})
    assert answer.status_code == 429
    assert "Too many attempts to sign in. Wait 15 minutes, then try again." in answer.content.decode()


def test_it_locks_out_one_address_only(guarded: None, client: Client) -> None:
    for _ in range(6):
        client.post("/sign-in/", TRIES, REMOTE_ADDR="192.0.2.1")
    answer = client.post("/sign-in/", {"username": "maya", "password": "right"}, REMOTE_ADDR="192.0.2.2")
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/")


@pytest.mark.parametrize(("behind_proxy", "address"), [(False, "192.0.2.1"), (True, "192.0.2.9")])
def test_it_believes_a_proxy_only_when_told_of_one(settings: Settings, behind_proxy: bool, address: str) -> None:
    settings.BEHIND_PROXY = behind_proxy
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="198.51.100.7, 192.0.2.9")
    assert client_address(request) == address
