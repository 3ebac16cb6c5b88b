"""The page that asks again who it is: what for, all ways in one look, the way back, and what waits
in other tabs."""

import html
import json
import re
import threading

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group, User
from django.contrib.messages.storage import default_storage
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import resolve

from composer.identity.confirming import go_on
from composer.identity.session_store import WAITING
from journeys.models import Journey
from tests.people import confirm
from tests.web.test_sudo import CONFIRM, posted_on, waits_at

pytestmark = pytest.mark.one_database

ADD = "/admin/auth/group/add/"
FROM = {"headers": {"Referer": "http://testserver/admin/auth/group/"}}


@pytest.fixture
def ada_asked(browser_of, ada: User) -> Client:
    return browser_of(ada, confirmed=False)


@pytest.fixture
def with_all(ada: User) -> None:
    TOTP.activate(ada, generate_totp_secret())
    Authenticator.objects.create(
        user=ada, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": {}}
    )


def words(answer) -> str:
    main = answer.content.decode().partition('<main id="main"')[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_it_says_what_it_asks_for_and_that_nothing_is_lost(ada_asked: Client):
    address = waits_at(ada_asked.post(ADD, {"name": "New"}))
    assert "about to look after groups in the administration" in words(
        ada_asked.get(f"{CONFIRM}?next={address}")
    )
    assert "What you entered is kept" in words(ada_asked.get(f"{CONFIRM}?next={address}"))
    page = words(ada_asked.get(f"{CONFIRM}?next=/account/second-factor/webauthn/add/"))
    assert "about to add a passkey" in page and "is kept" not in page
    assert "about to" not in words(ada_asked.get(f"{CONFIRM}?next=https://example.org/"))


@pytest.mark.parametrize("page", ["confirm/", "second-factor/reauthenticate/"])
def test_it_offers_every_way_in_one_look(ada_asked: Client, with_all: None, page: str, monkeypatch):
    monkeypatch.setattr(
        "composer.identity.passkeys.begin_authentication", lambda user: {"publicKey": {}}
    )
    answer = ada_asked.post(f"/account/{page}", {"password": "wrong", "code": "1", "next": ADD})
    shown = words(answer)
    assert all(
        button in shown
        for button in ["Confirm by password", "Confirm by code", "Use a passkey", "Cancel"]
    )
    assert answer.content.decode().count(" autofocus") == 1
    assert answer.content.decode().count('aria-invalid="true"') == 1


def test_it_stays_there_when_a_passkey_is_refused(ada_asked: Client, with_all: None, monkeypatch):
    for place in ("composer.identity.passkeys", "allauth.mfa.webauthn.internal.auth"):
        monkeypatch.setattr(f"{place}.begin_authentication", lambda user=None: {"publicKey": {}})
    address = "/account/second-factor/webauthn/reauthenticate/"
    answer = ada_asked.post(
        address, {"credential": '{"id": "x"}', "next": ADD, "back": "/account/"}
    )
    assert answer.status_code == 200
    assert (
        "This passkey was not taken" in words(answer)
        and f'value="{ADD}"' in answer.content.decode()
    )


def cancelled(client: Client, answer) -> str:
    """Where **Cancel** on the question leads to."""
    address = waits_at(answer)
    page = client.get(f"{CONFIRM}?next={address}").content.decode()
    back = html.unescape(re.search(r'name="back" value="([^"]+)"', page)[1])
    assert (
        client.post(f"{CONFIRM}cancel/", {"next": address, "back": back}).headers["Location"]
        == back
    )
    return back


def test_it_leads_back_and_carries_nothing_out_that_was_cancelled(ada_asked: Client):
    asked = ada_asked.post(ADD, {"name": "Cancelled"}, **FROM)
    assert cancelled(ada_asked, asked) == "/admin/auth/group/"
    answer = ada_asked.post(CONFIRM, {"password": "ada", "next": ADD})
    assert answer.status_code == 302 and not Group.objects.filter(name="Cancelled").exists()
    answer = ada_asked.get(waits_at(asked))
    assert "data-go-on" not in answer.text and "Save it now" in answer.text


def test_it_brings_a_cancelled_comment_back_into_its_form(
    browser_of, rob: User, maya: User, journey: Journey
):
    review, client = journey.request_review(maya), browser_of(rob, confirmed=False)
    desk = f"/admin/journeys/review/{review.pk}/change/"
    comment = {"comment": "The <b>third</b> wait is too long.", "sha256": review.sha256}
    sent = {"headers": {"Referer": f"http://testserver{desk}"}}
    assert (
        cancelled(
            client, client.post(f"/admin/journeys/review/{review.pk}/send-back/", comment, **sent)
        )
        == desk
    )
    client.get("/")  # another tab
    page = client.get(desk).text
    told = json.loads(
        re.search(r'<script id="typed" type="application/json">(.*?)</script>', page)[1]
    )
    assert (
        told["path"].endswith("/send-back/") and ["comment", comment["comment"]] in told["fields"]
    )
    assert "What you had entered was not sent." in page
    assert "What you had entered was not sent." not in client.get(desk).text


def test_it_leads_back_to_no_form_that_would_ask_again_and_loses_nothing(ada_asked: Client):
    asked = ada_asked.post(
        ADD, {"name": "Four words of it"}, headers={"Referer": f"http://testserver{ADD}"}
    )
    assert cancelled(ada_asked, asked) == "/admin/"
    assert "Four words of it" in ada_asked.get("/admin/").text
    assert posted_on(ada_asked.post(waits_at(asked)).text) == (ADD, {"name": "Four words of it"})


def test_it_shows_no_secret_of_what_was_cancelled(ada_asked: Client, tenant):
    address = f"/admin/journeys/tenant/{tenant.pk}/change/"
    typed = {"name": "Other", "secret": "kept from all eyes", "pin": "four seven eleven"}
    cancelled(ada_asked, ada_asked.post(address, typed, **FROM))
    page = ada_asked.get("/admin/auth/group/").text
    assert "Other" in page and "kept from all eyes" not in page and "four seven eleven" not in page


ELSEWHERE = [
    "https://example.org/",
    "//example.org",
    "javascript:alert(1)",
    "",
    "%s%n{0}",
    "nowhere",
]
ELSEWHERE += [
    "http://testserver//example.org",
    "http://testserver/\\example.org",
    "http://testserver",
]


@pytest.mark.parametrize("back", ELSEWHERE)
def test_it_leads_back_to_no_other_host(ada_asked: Client, back: str):
    assert (
        ada_asked.post(f"{CONFIRM}cancel/", {"next": ADD, "back": back}).headers["Location"] == "/"
    )
    page = ada_asked.post(
        CONFIRM, {"password": "wrong", "next": ADD, "back": back}
    ).content.decode()
    assert 'name="back" value="/admin/"' in page


def test_it_does_not_mix_up_tabs(ada_asked: Client, ada: User):
    user = f"/admin/auth/user/{ada.pk}/change/"
    sent = [(ADD, {"name": "One"}), (user, {"first_name": "Two"}), (ADD, {"name": "Three"})]
    waiting = [waits_at(ada_asked.post(address, fields)) for address, fields in sent]
    ada_asked.get(ADD)
    for address, expected in zip(waiting, sent, strict=True):
        answer = ada_asked.post(CONFIRM, {"password": "ada", "next": address}, follow=True)
        assert posted_on(answer.content.decode()) == expected


@pytest.mark.django_db(transaction=True)
def test_it_goes_on_once_however_many_ask_at_a_time(ada_asked: Client, ada: User):
    """Each has read the session before another one has taken what waits out of it."""
    address = waits_at(ada_asked.post(ADD, {"name": "Once"}))
    confirm(ada_asked, ada)
    asking, got = [asks(ada_asked, ada, address) for _ in range(6)], []

    def ask(request: HttpRequest) -> None:
        got.append("data-go-on" in go_on(request, **resolve(address).kwargs).text)
        connection.close()

    threads = [threading.Thread(target=ask, args=(request,)) for request in asking]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(got) == [False] * 5 + [True]
    late = asks(ada_asked, ada, address)  # a session that another tab wrote back as it had read it
    late.session[WAITING] = asking[0].session_as_read
    assert go_on(late, **resolve(address).kwargs).status_code == 302


def asks(client: Client, person: User, address: str) -> HttpRequest:
    request = RequestFactory().get(address)
    request.user, request.session = person, client.session
    request.session_as_read = request.session.get(WAITING)
    request._messages = default_storage(request)
    return request


def test_it_keeps_three_and_no_more(ada_asked: Client):
    waiting = [waits_at(ada_asked.post(ADD, {"name": str(number)})) for number in range(4)]
    ada_asked.post(CONFIRM, {"password": "ada", "next": "/admin/"})
    assert ["data-go-on" in ada_asked.get(one, follow=True).text for one in waiting] == [
        False,
        True,
        True,
        True,
    ]


def test_it_keeps_what_was_posted_to_the_library_sealed(browser_of, maya: User):
    TOTP.activate(maya, generate_totp_secret())
    client, page = browser_of(maya, confirmed=False), "/account/second-factor/totp/deactivate/"
    asked = client.post(
        page, {"canary": "seen-by-nobody"}, headers={"Referer": "http://testserver/account/"}
    )
    assert "seen-by-nobody" not in str(dict(client.session.items()))
    answer = client.post(CONFIRM, {"password": "maya", "next": waits_at(asked)}, follow=True)
    assert posted_on(answer.content.decode()) == (page, {"canary": "seen-by-nobody"})


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_it_goes_on_to_no_other_host(ada_asked: Client, wanted: str):
    ada_asked.post(ADD, {"name": "New"})
    answer = ada_asked.post(CONFIRM, {"password": "ada", "next": wanted})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
