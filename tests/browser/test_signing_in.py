"""Signing in with more than a password, and being asked again who one is."""

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from journeys.models import Journey, Review
from tests.browser.acting import come_in, sign_in, sign_out


@pytest.fixture
def key(page: Page) -> None:
    """A passkey in the browser, which says yes by itself."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_it_signs_in_with_a_passkey_alone(page: Page, people: dict[str, User], key: None):
    come_in(page, "maya")
    page.goto("/account/second-factor/webauthn/add/")
    page.get_by_label("Sign in with it alone").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sign_out(page)
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Journeys", level=1)).to_be_visible()


def test_it_confirms_with_a_passkey(page: Page, people: dict[str, User], key: None):
    come_in(page, "ada")
    page.goto("/account/second-factor/webauthn/add/")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    grow_old()
    page.goto("/admin/auth/user/add/")
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Add a person")).to_be_visible()


def test_it_signs_in_with_an_authenticator_app(page: Page, maya: User):
    secret = generate_totp_secret()
    TOTP.activate(maya, secret)
    page.goto("/sign-in/")
    page.get_by_label("Username").fill("maya")
    page.get_by_label("Password").fill("maya")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Journeys", level=1)).to_be_visible()


def test_it_asks_who_approves_and_keeps_the_comment(page: Page, journey: Journey, maya: User, rob: User):
    review = journey.request_review(maya)
    sign_in(page, "rob")
    page.goto(f"/admin/journeys/review/{review.pk}/change/")
    page.get_by_label("Comment").fill("Reads well.\nGood to go.")
    grow_old()
    page.get_by_role("button", name="Approve").click()
    page.get_by_label("Password").fill("rob")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Approved:")).to_be_visible()
    review.refresh_from_db()
    assert (review.state, review.comment.split()) == (Review.State.APPROVED, "Reads well. Good to go.".split())


def grow_old() -> None:
    """As if a quarter of an hour had passed since the sign-in."""
    session = Session.objects.get()
    data = session.get_decoded()
    for shown in data["account_authentication_methods"]:
        shown["at"] -= 900
    session.session_data = Session.get_session_store_class()().encode(data)
    session.save()
