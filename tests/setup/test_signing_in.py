import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core import signing
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from pytest_django import Settings

from composer.identity import devices, guessing
from composer.identity.address import client_address
from journeys.models import AuditEntry

TRIES = {"login": "maya", "password": "wrong"}


@pytest.fixture
def guarded(db: None, settings: Settings) -> None:
    settings.AXES_ENABLED = True
    User.objects.create_user("maya", password="right")


def test_it_stops_guessing_after_five_tries_and_says_why(guarded: None, client: Client) -> None:
    assert [client.post("/sign-in/", TRIES).status_code for _ in range(5)] == [
        200,
        200,
        200,
        200,
        429,
    ]
    answer = client.post("/sign-in/", {"login": "maya", "password": "right"})
    assert answer.status_code == 429
    assert re.search(
        r"Too many attempts. Wait 1[45] seconds, then try again.", answer.content.decode()
    )


def test_it_locks_out_one_address_only(guarded: None, client: Client) -> None:
    for _ in range(6):
        client.post("/sign-in/", TRIES, REMOTE_ADDR="192.0.2.1")
    answer = client.post(
        "/sign-in/", {"login": "maya", "password": "right"}, REMOTE_ADDR="192.0.2.2"
    )
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/")


@pytest.mark.parametrize(("behind_proxy", "address"), [(False, "192.0.2.1"), (True, "192.0.2.9")])
def test_it_believes_a_proxy_only_when_told_of_one(
    settings: Settings, behind_proxy: bool, address: str
) -> None:
    settings.BEHIND_PROXY = behind_proxy
    request = RequestFactory().get(
        "/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="198.51.100.7, 192.0.2.9"
    )
    assert client_address(request) == address


def test_it_signs_in_and_out(client: Client, people: dict[str, User]) -> None:
    answer = client.post("/sign-in/?next=/templates/", {"login": "maya", "password": "maya"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/templates/")
    assert client.get("/").status_code == 200
    assert client.get("/sign-out/").status_code == 200 and client.get("/").status_code == 200
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/").headers["Location"] == "/sign-in/?next=/"


def test_it_offers_nobody_an_account_of_their_own(client: Client, db: None) -> None:
    found = [
        client.get(address).status_code
        for address in ["/signup/", "/sign-in/signup/", "/account/signup/"]
    ]
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


def wrong(client: Client, name: str = "maya", address: str = "192.0.2.1") -> int:
    return client.post(
        "/sign-in/", {"login": name, "password": "wrong"}, REMOTE_ADDR=address
    ).status_code


def right(client: Client, address: str = "192.0.2.1") -> int:
    return client.post(
        "/sign-in/", {"login": "maya", "password": "right"}, REMOTE_ADDR=address
    ).status_code


def test_it_stops_many_names_from_one_address(guarded: None) -> None:
    found = [wrong(Client(), f"name-{number}") for number in range(60)]
    assert found == [200] * 19 + [429] * 41


def test_it_stops_many_addresses_for_one_name(guarded: None) -> None:
    found = [wrong(Client(), address=f"192.0.2.{number}") for number in range(30)]
    assert found == [200] * 9 + [429] * 21


def test_it_takes_one_network_for_one_address(guarded: None) -> None:
    found = [wrong(Client(), address=f"2001:db8::{number}") for number in range(1, 8)]
    assert found == [200] * 4 + [429] * 3


def test_it_locks_nobody_out_from_elsewhere(guarded: None, client: Client) -> None:
    assert right(client) == 302
    client.post("/sign-out/")
    assert {wrong(Client(), address=f"192.0.2.{number}") for number in range(2, 30)} == {200, 429}
    assert {wrong(Client(), address="192.0.2.1") for _ in range(10)} == {429}
    assert right(Client(), "198.51.100.1") == 429  # a stranger's browser
    assert right(client, "198.51.100.1") == 302  # the device on which she signed in before


def test_it_counts_for_a_known_device_too(guarded: None, client: Client) -> None:
    assert right(client) == 302
    client.post("/sign-out/")
    assert [wrong(client) for _ in range(6)] == [200] * 4 + [429] * 2


def test_it_believes_no_device_that_it_did_not_mark(guarded: None) -> None:
    forger = Client()
    forger.cookies["device"] = signing.dumps(
        {"device": "x", "people": ["maya"]}, key="guessed", salt=devices.SALT
    )
    for _ in range(6):
        wrong(Client())
    assert right(forger) == 429


def test_it_clears_no_address_by_an_account_of_ones_own(guarded: None) -> None:
    User.objects.create_user("mallory", password="own")
    for number in range(19):
        wrong(Client(), f"name-{number}")
    Client().post("/sign-in/", {"login": "mallory", "password": "own"}, REMOTE_ADDR="192.0.2.1")
    assert wrong(Client(), "another") == 429


def test_it_makes_one_wait_longer_and_longer() -> None:
    assert [guessing.delay(failures, 4) for failures in range(3, 13)] == [
        0,
        0,
        15,
        30,
        60,
        120,
        240,
        480,
        900,
        900,
    ]


def test_it_lets_in_after_the_wait(guarded: None, client: Client) -> None:
    for _ in range(5):
        wrong(client)
    assert right(client) == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(seconds=16))
    assert right(client) == 302


def test_it_shows_and_lifts_lock_outs(guarded: None, client: Client) -> None:
    for _ in range(5):
        wrong(client)
    assert [(one.name, one.address, one.failures) for one in guessing.lockouts()] == [
        ("maya", "192.0.2.1", 5)
    ]
    assert guessing.lift(name="maya") == 1 and guessing.lockouts() == []
    assert right(client) == 302


def test_it_records_who_and_never_what_was_typed(guarded: None, client: Client, caplog) -> None:
    wrong(client)
    wrong(client, "my password, by mistake")
    for _ in range(6):
        wrong(client)
    entries = list(AuditEntry.objects.order_by("pk").values_list("action", "data"))
    assert entries[0] == ("sign-in.failed", {"address": "192.0.2.1", "person": "maya"})
    assert (
        entries[1][1]["name"].startswith("#")
        and [action for action, _ in entries].count("sign-in.locked") == 1
    )
    kept = (
        f"{entries} {list(AccessAttempt.objects.values())}"
        f" {[vars(record) for record in caplog.records]}"
    )
    assert "by mistake" not in kept and "wrong" not in kept


@pytest.mark.parametrize(
    ("page", "field"), [("/password/", "oldpassword"), ("/account/confirm/", "password")]
)
def test_it_counts_wrong_passwords_of_who_is_signed_in(
    guarded: None, page: str, field: str
) -> None:
    client = Client()
    right(client)
    new = {"password1": "nine-otters-play-chess", "password2": "nine-otters-play-chess"}
    tries = [
        client.post(page, {field: "wrong", **new}, REMOTE_ADDR="192.0.2.1").status_code
        for _ in range(6)
    ]
    assert tries == [200] * 4 + [429] * 2
    assert client.post(page, {field: "right", **new}, REMOTE_ADDR="192.0.2.1").status_code == 429


def test_it_limits_mails_that_somebody_asks_for(
    guarded: None, client: Client, mailoutbox: list
) -> None:
    User.objects.filter(username="maya").update(email="maya@example.com")
    texts = [
        client.post("/password/reset/", {"email": "maya@example.com"}).status_code for _ in range(8)
    ]
    assert texts == [302] * 5 + [200] * 3 and len(mailoutbox) == 5
