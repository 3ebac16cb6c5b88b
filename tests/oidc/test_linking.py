"""Linking an account, asking again who it is, second factors, and an installation without
passwords."""

import re
import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as live
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from composer.identity.oidc.configured import configured, pairs, require_a_way_in
from journeys.models import AuditEntry
from tests.oidc.conftest import Provider, back, go
from tests.oidc.test_signing_in import MARKETER, nora, why

LINKING = "/account/link/"


def linked(person: User) -> None:
    SocialAccount.objects.create(user=person, provider=live.OIDC.issuer, uid="s-1")


def go_on(client: Client):
    address = client.post(LINKING).content.decode()
    return back(client, re.search(r'id="go-on"\s+href="([^"]+)"', address)[1].replace("&amp;", "&"))


def test_its_owner_links_an_account(as_maya: Client, provider: Provider, maya: User):
    assert go_on(as_maya).headers["Location"] == "/account/"
    assert SocialAccount.objects.get().user == maya
    assert AuditEntry.objects.filter(action="person.linked", actor=maya).exists()
    provider.does(person=nora(MARKETER))
    fresh = Client()
    assert go(fresh).status_code == 302 and int(fresh.session["_auth_user_id"]) == maya.pk


def test_it_links_only_after_asking_on_both_sides(
    browser_of, provider: Provider, maya: User, as_maya: Client
):
    asked = browser_of(maya, confirmed=False).post(LINKING)
    assert asked.headers["Location"].startswith("/account/confirm/")
    provider.does(auth_time=int(time.time()) - 3600)
    assert why(go_on(as_maya)) == "not_asked"
    assert as_maya.get(LINKING).status_code == 405 and not SocialAccount.objects.exists()


def test_it_links_nobody_twice(as_maya: Client, as_rob: Client, provider: Provider, rob: User):
    linked(rob)
    assert why(go_on(as_maya)) == "linked"
    provider.does(person=nora(MARKETER, sub="s-2"))
    assert why(go_on(as_rob)) == "linked"
    assert SocialAccount.objects.count() == 1


@pytest.fixture
def as_nora(provider: Provider) -> Client:
    provider.does(person=nora(MARKETER), auth_time=int(time.time()) - 3600)
    client = Client()
    go(client)
    return client


def test_who_came_through_it_confirms_there(as_nora: Client, provider: Provider):
    page = "/account/second-factor/totp/activate/"
    assert as_nora.get(page).headers["Location"].startswith("/account/confirm/provider/")
    provider.does(person=nora(MARKETER))
    answer = go(as_nora, f"/account/confirm/provider/?next={page}")
    assert (answer.headers["Location"], as_nora.get(page).status_code) == (page, 200)
    asked = provider.asked("/authorize")[0]
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")


@pytest.mark.parametrize(
    ("does", "reason"), [({}, "not_asked"), ({"person": nora(MARKETER, sub="s-9")}, "other")]
)
def test_it_confirms_nobody_whom_the_provider_did_not_ask(
    as_nora: Client, provider: Provider, does: dict, reason: str
):
    provider.does(**{"person": nora(MARKETER), "auth_time": int(time.time()) - 3600, **does})
    assert why(go(as_nora, "/account/confirm/provider/?next=/")) == reason
    assert as_nora.get("/account/second-factor/totp/activate/").status_code == 302


@pytest.mark.parametrize(("counts", "let_in"), [(frozenset(), False), (frozenset({"otp"}), True)])
def test_the_providers_second_factor_counts_only_where_said_so(
    client: Client, provider: Provider, settings: Settings, counts: frozenset, let_in: bool
):
    settings.REQUIRE_SECOND_FACTOR = True
    object.__setattr__(settings.OIDC, "second_factors", counts)
    provider.does(person=nora(MARKETER, amr=["pwd", "otp"]))
    go(client)
    assert (client.get("/").status_code == 200) is let_in


def test_a_second_factor_of_ones_own_is_asked_for(client: Client, provider: Provider, maya: User):
    linked(maya)
    TOTP.activate(maya, generate_totp_secret())
    RecoveryCodes.activate(maya)
    provider.does(person=nora(MARKETER))
    assert go(client).headers["Location"] == "/account/second-factor/authenticate/"
    assert client.get("/").status_code == 302


def test_everybody_sees_to_whom_they_are_linked(as_maya: Client, provider: Provider):
    provider.does(person=nora(MARKETER, preferred_username="maya.there"))
    go_on(as_maya)
    page = as_maya.get("/account/").content.decode()
    assert "maya.there" in page and "Linked since" in page and LINKING not in page


def test_an_admin_undoes_a_link(as_ada: Client, provider: Provider, as_nora: Client):
    person = User.objects.get(username="nora")
    User.objects.filter(pk=person.pk).update(email="nora@people.example")
    page = f"/admin/auth/user/{person.pk}/"
    assert "Undo the link" in as_ada.get(f"{page}change/").content.decode()
    told = as_ada.post(f"{page}unlink/", follow=True).content.decode()
    assert "No longer linked" in told and "They have no other way to sign in now" in told
    assert not SocialAccount.objects.exists() and as_nora.get("/").status_code == 302
    assert AuditEntry.objects.get(action="person.unlinked").data["person"] == "nora"
    assert (
        mail.outbox[0].to == ["nora@people.example"]
        and "ask an admin for a link" in mail.outbox[0].body
    )
    assert "Undo the link" not in as_ada.get(f"{page}change/").content.decode()
    provider.does(person=nora(MARKETER))
    assert why(go(Client())) == "taken"


def test_who_has_a_password_keeps_a_way_in(
    as_ada: Client, provider: Provider, with_mail: User, browser_of, ada: User
):
    linked(with_mail)
    address = f"/admin/auth/user/{with_mail.pk}/unlink/"
    asked = browser_of(ada, confirmed=False).post(address)
    assert (
        asked.headers["Location"].startswith("/account/confirm/") and SocialAccount.objects.exists()
    )
    assert "no other way" not in as_ada.post(address, follow=True).content.decode()
    assert "no other way" not in mail.outbox[0].body


@pytest.fixture
def without_passwords(provider: Provider, settings: Settings) -> None:
    settings.LOCAL_SIGN_IN, settings.EMERGENCY_USER = False, "ada"


def test_passwords_are_off_but_for_one_account(
    without_passwords: None, client: Client, ada: User, caplog
):
    page = client.get("/sign-in/").content.decode()
    assert "Emergency account" in page and "passkey" not in page
    assert client.post("/sign-in/", {"login": "maya", "password": "maya"}).status_code == 200
    assert not client.session.get("_auth_user_id")
    assert not AuditEntry.objects.filter(action="sign-in.emergency").exists()
    assert client.post("/sign-in/", {"login": "ada", "password": "ada"}).status_code == 302
    assert AuditEntry.objects.get(action="sign-in.emergency").actor == ada
    assert "the emergency account signed in" in [
        one.message for one in caplog.records if one.levelname == "CRITICAL"
    ]


def test_nobody_gets_a_password_by_mail_past_the_provider(
    provider: Provider, client: Client, as_nora: Client
):
    User.objects.filter(username="nora").update(email="nora@people.example")
    client.post("/password/reset/", {"email": "nora@people.example"})
    assert mail.outbox == []


def test_who_has_a_password_but_may_not_use_it_confirms_there(
    without_passwords: None, browser_of, maya: User
):
    linked(maya)
    asked = browser_of(maya, confirmed=False).get("/account/second-factor/totp/activate/")
    assert asked.headers["Location"].startswith("/account/confirm/provider/")


def test_it_reads_groups_with_commas_and_equals_signs():
    assert pairs("CN=a,OU=b = Marketer; x=Reviewer;x=Admin") == {
        "CN=a,OU=b": ["Marketer"],
        "x": ["Reviewer", "Admin"],
    }


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: pairs("Marketer"),
        lambda: configured("https://id.example", "", "s", "n", "groups", "a=b", []),
        lambda: configured("https://id.example", "c", "s", "n", "groups", "", []),
        lambda: configured("id.example", "c", "s", "n", "groups", "a=b", []),
        lambda: require_a_way_in(
            configured("http://id.example", "c", "s", "n", "g", "a=b", []), True, "", demo=False
        ),
        lambda: require_a_way_in(None, False, "ada", demo=False),
        lambda: require_a_way_in(
            configured("https://id.example", "c", "s", "n", "g", "a=b", []), False, "", demo=False
        ),
    ],
)
def test_it_does_not_start_with_a_provider_half_set(wrong):
    with pytest.raises(ImproperlyConfigured):
        wrong()
