"""Links and codes that are too old, used, changed, somebody else's, or come while somebody is
signed in or out."""

import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.test import Client, RequestFactory

from composer.identity import people as administration
from composer.identity.links import OneUseLink
from tests.web.test_account import NEW, link_of, set_password
from tests.web.test_second_factor import code

DEAD = "This link does not work any more"
CODE = "/account/second-factor/authenticate/"


@pytest.fixture
def link(client: Client, with_mail: User) -> str:
    client.post("/password/reset/", {"email": "maya@example.com"})
    return link_of(mail.outbox[0])


def is_dead(link: str, client: Client | None = None) -> bool:
    return DEAD in (client or Client()).get(link, follow=True).content.decode()


def test_a_link_works_once_also_in_two_tabs(link: str):
    one, two = Client(), Client()
    page = two.get(link, follow=True)
    assert "For the account <strong>maya</strong>" in page.content.decode()
    assert set_password(one, link).headers["Location"] == "/password/reset/done/"
    late = two.post(page.redirect_chain[-1][0], {"password1": f"{NEW}-2", "password2": f"{NEW}-2"})
    assert DEAD in late.content.decode() and is_dead(link)
    assert User.objects.get(username="maya").check_password(NEW)


@pytest.mark.parametrize("where", [-2, 20, 24])
def test_a_link_that_was_changed_is_dead(link: str, where: int):
    other = "1" if link[where] != "1" else "2"
    changed = list(link)
    changed[where] = other
    assert is_dead("".join(changed))


def test_a_link_ends_in_time_and_with_the_account(link: str, with_mail: User, monkeypatch):
    assert not is_dead(link)
    User.objects.filter(pk=with_mail.pk).update(is_active=False)
    assert is_dead(link)
    User.objects.filter(pk=with_mail.pk).update(is_active=True)
    now = OneUseLink()._now()
    monkeypatch.setattr(OneUseLink, "_now", lambda self: now + timedelta(minutes=61))
    assert is_dead(link)


def test_a_link_of_another_address_or_sign_in_is_dead(link: str, with_mail: User):
    User.objects.filter(pk=with_mail.pk).update(email="elsewhere@example.com")
    assert is_dead(link)


def test_an_invitation_that_was_sent_again_leaves_one_password(
    client: Client, people: dict[str, User], ada: User
):
    noor = User.objects.create_user("noor", "noor@example.com")
    request = RequestFactory().get("/")
    request.user = ada
    for _ in range(2):
        administration.invite(noor, request)
    first, second = (link_of(message) for message in mail.outbox)
    assert set_password(client, second).status_code == 302 and is_dead(first)


def test_a_link_opened_by_somebody_else_signs_them_out_first(as_rob: Client, link: str, rob: User):
    assert set_password(as_rob, link).status_code == 302
    assert "_auth_user_id" not in as_rob.session
    assert User.objects.get(username="maya").check_password(NEW) and rob.check_password("rob")


def test_it_says_the_same_of_addresses_that_nobody_has(client: Client, with_mail: User):
    pages = []
    for address in ["maya@example.com", "nobody@example.com"]:
        answer = client.post("/password/reset/", {"email": address}, follow=True)
        pages.append((answer.redirect_chain, answer.content.decode().replace(address, "")))
    assert pages[0] == pages[1] and len(mail.outbox) == 1


def test_it_says_the_same_of_names_that_nobody_has(client: Client, people: dict[str, User]):
    pages = [
        client.post("/sign-in/", {"login": name, "password": "x"}).content.decode()
        for name in ("maya", "none")
    ]
    shown = [
        page.partition("<form")[2].partition("</form>")[0].partition("role=")[2] for page in pages
    ]
    assert (
        shown[0].replace("maya", "none") == shown[1]
        and "user name or the password is wrong" in shown[0]
    )


# Codes


@pytest.fixture
def secret(maya: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(maya, secret)
    return secret


def enter(typed: str) -> int:
    client = Client()
    client.post("/sign-in/", {"login": "maya", "password": "maya"})
    return client.post(CODE, {"code": typed}).status_code


def test_a_code_is_taken_once_by_all_processes(secret: str):
    typed = code(secret)
    assert enter(typed) == 302
    cache.clear()  # as another process, which has a memory of its own
    assert enter(typed) == 200


def test_no_code_is_taken_that_is_older_than_the_last(secret: str):
    before = code(secret, ago=1)
    assert enter(code(secret)) == 302
    assert enter(before) == 200


@pytest.mark.parametrize(("ago", "answer"), [(1, 302), (0, 302), (-1, 302), (3, 200), (-3, 200)])
def test_a_clock_may_be_half_a_minute_wrong(secret: str, ago: int, answer: int):
    assert enter(code(secret, ago)) == answer


def test_a_wrong_code_says_what_to_do(client: Client, secret: str):
    client.post("/sign-in/", {"login": "maya", "password": "maya"})
    page = client.post(CODE, {"code": code(secret, 5)}).content.decode()
    assert "set the clock of your phone" in page and 'aria-invalid="true"' in page


def test_a_recovery_code_is_taken_once_by_all_processes(as_maya: Client, secret: str, maya: User):
    as_maya.post("/account/second-factor/recovery-codes/generate/")
    spare = Authenticator.objects.get(user=maya, type="recovery_codes").wrap().get_unused_codes()[0]
    assert enter(spare) == 302
    cache.clear()
    assert enter(spare) == 200


# Signed out meanwhile


def test_a_form_that_comes_after_the_session_ended_leads_back_to_its_page(
    as_maya: Client, client: Client
):
    as_maya.post("/sign-out/")
    answer = as_maya.post("/account/link/", headers={"Referer": "http://testserver/account/?x=1"})
    asked = urlsplit(answer.headers["Location"])
    assert (asked.path, parse_qs(asked.query)) == ("/sign-in/", {"next": ["/account/?x=1"]})
    page = as_maya.get(answer.headers["Location"]).content.decode()
    assert "what you sent was not stored" in page
    strange = client.post("/account/link/", headers={"Referer": "https://example.org/account/"})
    assert strange.headers["Location"] == "/sign-in/?next=/"


def test_a_page_of_a_second_tab_asks_again_after_the_password_changed(
    as_maya: Client, browser_of, maya: User
):
    other = browser_of(maya)
    as_maya.post("/password/", {"oldpassword": "maya", "password1": NEW, "password2": NEW})
    assert other.get("/account/").headers["Location"] == "/sign-in/?next=/account/"
    assert other.get("/account/", headers={"HX-Request": "true"}).status_code == 401


def test_how_long_to_wait_is_said_where_one_has_to(
    client: Client, secret: str, settings, with_mail: User
):
    settings.AXES_ENABLED = True
    client.post("/sign-in/", {"login": "maya", "password": "maya"})
    for _ in range(6):
        page = client.post(CODE, {"code": "000000"}).content.decode()
    assert "Too many attempts. Wait 1" in page and "seconds" in page
    begun = time.monotonic()
    for _ in range(7):
        page = client.post("/password/reset/", {"email": "maya@example.com"}).content.decode()
    assert "Too many attempts. Wait" in page and time.monotonic() - begun < 30
