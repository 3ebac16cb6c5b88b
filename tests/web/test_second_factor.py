import json
import re
import time
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import Group, User
from django.test import Client, RequestFactory
from pytest_django import Settings

from composer.identity.people import take_factors_away
from journeys.models import AuditEntry, GroupRules
from tests.web.test_confirming import words

pytestmark = pytest.mark.one_database

NEEDED = "/account/second-factor/needed/"


def code(secret: str, ago: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 - ago))


@pytest.fixture
def secret(maya: User) -> str:
    """Maya has an authenticator app."""
    secret = generate_totp_secret()
    TOTP.activate(maya, secret)
    return secret


@pytest.fixture
def required(maya: User) -> None:
    group = Group.objects.get(name="Marketer")
    GroupRules.objects.create(group=group, second_factor=True)


def test_it_asks_for_the_code_after_the_password(client: Client, secret: str):
    first = client.post("/sign-in/", {"login": "maya", "password": "maya"})
    assert first.headers["Location"] == "/account/second-factor/authenticate/"
    assert client.get("/").status_code == 302
    assert client.post(first.headers["Location"], {"code": code(secret)}).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    entry = AuditEntry.objects.get(action="sign-in.succeeded")
    assert (entry.actor.username, entry.data) == (
        "maya",
        {"address": "127.0.0.1", "method": "password and totp"},
    )


def test_it_takes_a_code_once(client: Client, secret: str):
    for expected in (302, 200):
        client.post("/sign-out/")
        client.post("/sign-in/", {"login": "maya", "password": "maya"})
        assert (
            client.post("/account/second-factor/authenticate/", {"code": code(secret)}).status_code
            == expected
        )


def test_it_does_not_take_the_code_again_that_set_the_app_up(as_maya: Client, client: Client):
    page = as_maya.get("/account/second-factor/totp/activate/").text
    secret = re.search(r'data-copy="(\w+)"', page)[1]
    shown = re.search(r'id="authenticator_secret"[^>]*>([^<]+)<', page)[1].split()
    assert "".join(shown) == secret and {len(group) for group in shown} == {4}
    used, newer = code(secret), code(secret, ago=-1)
    assert as_maya.post("/account/second-factor/totp/activate/", {"code": used}).status_code == 302
    client.post("/sign-in/", {"login": "maya", "password": "maya"})
    answers = [
        client.post("/account/second-factor/authenticate/", {"code": one}) for one in (used, newer)
    ]
    assert [answer.status_code for answer in answers] == [200, 302]


def test_a_second_sign_in_takes_the_place_of_one_that_waits_for_its_code(
    client: Client, secret: str
):
    asking = "/account/second-factor/authenticate/"
    client.post("/sign-in/", {"login": "maya", "password": "maya"})
    assert "signing in as Maya Marketer" in words(client.get(asking))
    assert client.post("/sign-in/", {"login": "maya", "password": "wrong"}).status_code == 200
    assert client.get(asking).status_code == 302  # nobody’s code is asked for any more
    client.post("/sign-in/", {"login": "maya", "password": "maya"})
    assert client.post("/sign-in/", {"login": "rob", "password": "rob"}).url == "/"
    assert client.post(asking, {"code": code(secret)}).status_code == 302
    assert client.get("/account/").context["user"].username == "rob"


def test_it_lets_nobody_guess_codes(client: Client, secret: str, settings: Settings):
    settings.AXES_ENABLED = True
    client.post("/sign-in/", {"login": "maya", "password": "maya"})
    answers = [
        client.post("/account/second-factor/authenticate/", {"code": "000000"}) for _ in range(5)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 15
    right = client.post("/account/second-factor/authenticate/", {"code": code(secret)})
    assert "Too many attempts" in right.content.decode() and client.get("/").status_code == 302


def test_it_keeps_the_secret_sealed(secret: str, maya: User):
    kept = Authenticator.objects.get(user=maya).data["secret"]
    assert secret not in kept and Authenticator.objects.get(user=maya).wrap().validate_code(
        code(secret)
    )


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/account/",
        "/journeys/new/",
        "/admin/",
        "/account/second-factor/",
        "/account/sessions/",
    ],
)
def test_it_leads_who_needs_one_to_set_it_up(as_maya: Client, required: None, page: str):
    assert as_maya.get(page).headers["Location"] == NEEDED
    assert as_maya.post(page).headers["Location"] == NEEDED
    assert as_maya.get(page, headers={"HX-Request": "true"}).headers["HX-Redirect"] == NEEDED


def test_it_asks_everybody_where_the_installation_says_so(as_rob: Client, settings: Settings):
    assert as_rob.get("/").status_code == 200
    settings.REQUIRE_SECOND_FACTOR = True
    assert as_rob.get("/").headers["Location"] == NEEDED


def test_it_leaves_out_members_of_other_groups(as_rob: Client, required: None):
    assert as_rob.get("/").status_code == 200


def test_it_lets_in_who_has_set_one_up(
    as_maya: Client, required: None, maya: User, django_capture_on_commit_callbacks: Callable
):
    page = as_maya.get(NEEDED)
    assert page.status_code == 200
    as_maya.get("/account/second-factor/totp/activate/")
    secret = as_maya.session["mfa.totp.secret"]
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_maya.post("/account/second-factor/totp/activate/", {"code": code(secret)})
    assert (answer.status_code, as_maya.get("/").status_code) == (302, 200)
    assert AuditEntry.objects.filter(action="second-factor.added", actor=maya).exists()


def test_it_lets_who_needs_one_sign_out(as_maya: Client, required: None):
    assert as_maya.post("/sign-out/").headers["Location"] == "/sign-in/"


def test_it_asks_who_it_is_before_a_factor_is_added_or_removed(browser_of, maya: User, secret: str):
    client = browser_of(maya, confirmed=False)
    for page in ["webauthn/add/", "totp/deactivate/", "recovery-codes/generate/"]:
        assert (
            client.get(f"/account/second-factor/{page}")
            .headers["Location"]
            .startswith("/account/confirm/")
        )


def test_it_confirms_by_a_code(browser_of, maya: User, secret: str):
    client = browser_of(maya, confirmed=False)
    answer = client.post(
        "/account/second-factor/reauthenticate/", {"code": code(secret), "next": "/account/"}
    )
    assert answer.headers["Location"] == "/account/"
    assert client.get("/account/second-factor/totp/deactivate/").status_code == 200


def test_it_signs_in_with_a_recovery_code_once(as_maya: Client, secret: str, maya: User):
    as_maya.post("/account/second-factor/recovery-codes/generate/")
    spare = Authenticator.objects.get(user=maya, type="recovery_codes").wrap().get_unused_codes()[0]
    for expected in (302, 200):
        client = Client()
        client.post("/sign-in/", {"login": "maya", "password": "maya"})
        assert (
            client.post("/account/second-factor/authenticate/", {"code": spare}).status_code
            == expected
        )


def test_it_takes_lost_factors_away_and_ends_the_sessions(
    client: Client, secret: str, maya: User, ada: User
):
    client.post("/sign-in/", {"login": "maya", "password": "maya"})
    client.post("/account/second-factor/authenticate/", {"code": code(secret)})
    request = RequestFactory().get("/")
    request.user = ada
    assert take_factors_away(maya, request) == 1
    assert client.get("/").status_code == 302 and not Authenticator.objects.exists()
    entry = AuditEntry.objects.get(action="second-factor.removed")
    assert (entry.actor, entry.data["person"]) == (ada, "maya")


TAMPERED = [
    "{}",
    "[]",
    "1",
    '"x"',
    "null",
    '{"id": "x"}',
    '{"response": []}',
    '{"response": {"userHandle": "MQ"}}',
]
WHOLE = {"id": "eA", "rawId": "eA", "type": "public-key"}
SIGNED = {"clientDataJSON": "e30", "authenticatorData": "eA", "signature": "eA", "userHandle": "MQ"}
TAMPERED += [
    json.dumps({**WHOLE, "response": SIGNED}),
    json.dumps({**WHOLE, "response": {**SIGNED, "userHandle": 1}}),
]


@pytest.mark.parametrize("credential", TAMPERED)
def test_it_refuses_passkeys_that_no_browser_would_send(
    as_maya: Client, people: object, credential: str
):
    answer = Client().post(
        "/account/second-factor/webauthn/login/", {"credential": credential}, follow=True
    )
    assert answer.redirect_chain == [("/sign-in/", 302)]
    answer = as_maya.post(
        "/account/second-factor/webauthn/add/", {"name": "x", "credential": credential}
    )
    assert answer.status_code == 200 and not Authenticator.objects.exists()
