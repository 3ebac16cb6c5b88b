"""The page that asks again who it is: what for, all ways in one look, the way back, and what waits in other tabs."""

import html
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group, User
from django.test import Client

from tests.web.test_sudo import CONFIRM, posted_on

pytestmark = pytest.mark.one_database

ADD = "/admin/auth/group/add/"
FROM = {"headers": {"Referer": "http://testserver/admin/auth/group/"}}


@pytest.fixture
def ada_asked(browser_of, ada: User) -> Client:
    return browser_of(ada, confirmed=False)


@pytest.fixture
def with_all(ada: User) -> None:
    TOTP.activate(ada, generate_totp_secret())
    Authenticator.objects.create(user=ada, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": {}})


def words(answer) -> str:
    main = answer.content.decode().partition('<main id="main"')[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_it_says_what_it_asks_for_and_that_nothing_is_lost(ada_asked: Client):
    ada_asked.post(ADD, {"name": "New"})
    assert "about to look after groups in the administration" in words(ada_asked.get(f"{CONFIRM}?next={ADD}"))
    assert "What you entered is kept" in words(ada_asked.get(f"{CONFIRM}?next={ADD}"))
    page = words(ada_asked.get(f"{CONFIRM}?next=/account/second-factor/webauthn/add/"))
    assert "about to add a passkey" in page and "is kept" not in page
    assert "about to" not in words(ada_asked.get(f"{CONFIRM}?next=https://example.org/"))


@pytest.mark.parametrize("page", ["confirm/", "second-factor/reauthenticate/"])
def test_it_offers_every_way_in_one_look(ada_asked: Client, with_all: None, page: str, monkeypatch):
    monkeypatch.setattr("composer.identity.passkeys.begin_authentication", lambda user: {"publicKey": {}})
    answer = ada_asked.post(f"/account/{page}", {"password": "wrong", "code": "1", "next": ADD})
    shown = words(answer)
    assert all(button in shown for button in ["Confirm by password", "Confirm by code", "Use a passkey", "Cancel"])
    assert answer.content.decode().count(" autofocus") == 1
    assert answer.content.decode().count('aria-invalid="true"') == 1


def test_it_stays_there_when_a_passkey_is_refused(ada_asked: Client, with_all: None, monkeypatch):
    for place in ("composer.identity.passkeys", "allauth.mfa.webauthn.internal.auth"):
        monkeypatch.setattr(f"{place}.begin_authentication", lambda user=None: {"publicKey": {}})
    address = "/account/second-factor/webauthn/reauthenticate/"
    answer = ada_asked.post(address, {"credential": '{"id": "x"}', "next": ADD, "back": "/account/"})
    assert answer.status_code == 200
    assert "This passkey was not taken" in words(answer) and f'value="{ADD}"' in answer.content.decode()


def test_it_leads_back_and_carries_nothing_out_that_was_cancelled(ada_asked: Client):
    ada_asked.post(ADD, {"name": "Cancelled"}, **FROM)
    page = ada_asked.get(f"{CONFIRM}?next={ADD}").content.decode()
    back = re.search(r'name="back" value="([^"]+)"', page)[1]
    assert back == "/admin/auth/group/"
    assert ada_asked.post(f"{CONFIRM}cancel/", {"next": ADD, "back": back}).headers["Location"] == back
    answer = ada_asked.post(CONFIRM, {"password": "ada", "next": ADD})
    assert answer.status_code == 302 and not Group.objects.filter(name="Cancelled").exists()


ELSEWHERE = ["https://example.org/", "//example.org", "javascript:alert(1)", "", "%s%n{0}", "nowhere"]
ELSEWHERE += ["http://testserver//example.org", "http://testserver/\\example.org", "http://testserver"]


@pytest.mark.parametrize("back", ELSEWHERE)
def test_it_leads_back_to_no_other_host(ada_asked: Client, back: str):
    assert ada_asked.post(f"{CONFIRM}cancel/", {"next": ADD, "back": back}).headers["Location"] == "/"
    page = ada_asked.post(CONFIRM, {"password": "wrong", "next": ADD, "back": back}).content.decode()
    assert 'name="back" value="/admin/"' in page


def test_it_does_not_mix_up_two_tabs(ada_asked: Client, ada: User):
    user = f"/admin/auth/user/{ada.pk}/change/"
    ada_asked.post(ADD, {"name": "One"})
    ada_asked.post(user, {"first_name": "Two"})
    ada_asked.get("/admin/auth/user/add/")
    for address, fields in [(ADD, {"name": "One"}), (user, {"first_name": "Two"})]:
        answer = ada_asked.post(CONFIRM, {"password": "ada", "next": address})
        assert posted_on(answer.content.decode()) == (address, fields)


def test_it_keeps_what_was_posted_to_the_library_sealed(browser_of, maya: User):
    TOTP.activate(maya, generate_totp_secret())
    client, page = browser_of(maya, confirmed=False), "/account/second-factor/totp/deactivate/"
    client.post(page, {"canary": "seen-by-nobody"}, headers={"Referer": "http://testserver/account/"})
    assert "seen-by-nobody" not in str(dict(client.session.items()))
    answer = client.post(CONFIRM, {"password": "maya", "next": page})
    assert posted_on(answer.content.decode()) == (page, {"canary": "seen-by-nobody"})


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_it_goes_on_to_no_other_host(ada_asked: Client, wanted: str):
    ada_asked.post(ADD, {"name": "New"})
    answer = ada_asked.post(CONFIRM, {"password": "ada", "next": wanted})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
