"""Signing in with more than a password, and being asked again who one is."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from journeys.models import Journey, Review
from tests.browser.acting import come_in, sign_in, sign_out

# what has the focus, and whether one sees it
FOCUSED = """() => {
  const { activeElement: one } = document;
  const style = getComputedStyle(one);
  const shown = style.outlineStyle !== "none" || style.boxShadow !== "none";
  return [one.name || one.textContent.trim(), shown];
}"""


class Key:
    def __init__(self, page: Page) -> None:
        self.devtools = page.context.new_cdp_session(page)
        self.devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
        }
        options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
        self.id = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})[
            "authenticatorId"
        ]

    def is_refused(self) -> None:
        """As if the person had cancelled, or nobody had put a finger on it."""
        self.devtools.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": False}
        )


@pytest.fixture
def key(page: Page) -> Key:
    """A passkey in the browser, which says yes by itself."""
    return Key(page)


def add_key(page: Page, *, alone: bool = False) -> None:
    page.goto("/account/second-factor/webauthn/add/")
    if alone:
        page.get_by_label("Sign in with it alone").check()
    page.get_by_role("button", name="Add").click()


def test_it_adds_uses_and_removes_a_passkey(page: Page, people: dict[str, User], key: Key):
    come_in(page, "ada")
    add_key(page, alone=True)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sign_out(page)
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Journeys", level=1)).to_be_visible()
    grow_old()
    page.goto("/admin/auth/user/add/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Add a person")).to_be_visible()
    page.goto("/account/second-factor/webauthn/")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("You have none yet.")).to_be_visible()


def test_it_says_in_words_what_a_passkey_could_not_do(
    page: Page, people: dict[str, User], key: Key, complaints: list[str]
):
    come_in(page, "maya")
    key.is_refused()
    add_key(page, alone=True)
    expect(page.get_by_role("alert")).to_contain_text("you cancelled, or it took too long")
    sign_out(page)
    page.goto("/sign-in/")
    page.route("**/webauthn/login/", lambda route: route.abort())
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Load the page again")
    complaints.clear()  # of the answer that did not come


def test_it_takes_no_passkey_of_who_is_switched_off(page: Page, people: dict[str, User], key: Key):
    come_in(page, "maya")
    add_key(page, alone=True)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sign_out(page)
    User.objects.filter(username="maya").update(is_active=False)
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="This account is switched off")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_it_leads_from_an_address_in_numbers_to_the_name(
    page: Page, people: dict[str, User], base_url: str
):
    page.goto("/sign-in/?next=/templates/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()
    there = page.url
    numbers = page.context.browser.new_page(base_url=base_url.replace("localhost", "127.0.0.1"))
    numbers.goto("/sign-in/?next=/templates/")
    expect(numbers.get_by_role("button", name="Sign in with a passkey")).to_be_disabled()
    numbers.get_by_role("link", name="Open this page as localhost").click()
    expect(numbers).to_have_url(there)
    numbers.context.close()


def test_it_signs_in_with_an_authenticator_app(page: Page, maya: User):
    secret = generate_totp_secret()
    TOTP.activate(maya, secret)
    page.goto("/sign-in/")
    page.get_by_label("User name").fill("maya")
    page.get_by_label("Password").fill("maya")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Journeys", level=1)).to_be_visible()


def test_it_goes_by_keyboard_alone(page: Page, people: dict[str, User]):
    page.goto("/sign-in/")
    page.keyboard.type("maya")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("The user name or the password is wrong.")
    page.keyboard.type("maya")  # the password has the focus
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Journeys", level=1)).to_be_visible()
    page.goto("/account/second-factor/totp/activate/")
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    wrong = page.get_by_label("Code that the app shows")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_accessible_description(re.compile("set the clock of your phone"))
    page.keyboard.press("Control+A")
    secret = page.get_by_role("button", name="Copy the secret").get_attribute("data-copy")
    page.keyboard.type(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    grow_old()
    page.goto("/account/second-factor/webauthn/add/")
    expect(page.get_by_text("You are about to add a passkey")).to_be_visible()
    page.keyboard.type("maya")
    seen = [page.evaluate(FOCUSED)]
    for _ in range(4):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
    assert seen == [
        [name, True]
        for name in ["password", "Confirm by password", "code", "Confirm by code", "Cancel"]
    ]
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def test_it_asks_who_approves_and_keeps_the_comment(
    page: Page, journey: Journey, maya: User, rob: User
):
    review = journey.request_review(maya)
    sign_in(page, "rob")
    page.goto(f"/admin/journeys/review/{review.pk}/change/")
    page.get_by_label("Comment").fill("Reads well.\nGood to go.")
    grow_old()
    page.get_by_role("button", name="Approve").click()
    page.get_by_label("Password").fill("rob")
    page.get_by_role("button", name="Confirm by password").click()
    expect(page.get_by_text("Approved:")).to_be_visible()
    review.refresh_from_db()
    assert (review.state, review.comment.split()) == (
        Review.State.APPROVED,
        "Reads well. Good to go.".split(),
    )


def grow_old() -> None:
    """As if a quarter of an hour had passed since the sign-in."""
    for session in Session.objects.all():
        data = session.get_decoded()
        for shown in data.get("account_authentication_methods", []):
            shown["at"] -= 900
        session.session_data = Session.get_session_store_class()().encode(data)
        session.save()


def test_a_cancelled_question_leaves_the_comment_in_its_form(
    page: Page, journey: Journey, maya: User, rob: User
):
    review = journey.request_review(maya)
    come_in(page, "rob")
    page.goto(f"/admin/journeys/review/{review.pk}/change/")
    page.get_by_label("Comment").fill("The third wait is too long.")
    grow_old()
    page.get_by_role("button", name="Send back").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_label("Comment")).to_have_value("The third wait is too long.")
    expect(page.locator("[data-typed]")).to_contain_text("It stands in the form again.")


def test_what_was_typed_after_a_session_ended_comes_back(page: Page, maya: User, journey: Journey):
    come_in(page, "maya")
    page.goto("/journeys/new/")
    page.get_by_label("Name").fill("Typed for a while")
    page.get_by_label("Description").fill("Two paragraphs of it.")
    Session.objects.all().delete()
    page.get_by_role("button", name="Create and compose").click()
    page.get_by_label("User name").fill("maya")
    page.get_by_label("Password").fill("maya")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Two paragraphs of it.")).to_be_visible()
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_label("Name")).to_have_value("Typed for a while")
    expect(page.get_by_label("Description")).to_have_value("Two paragraphs of it.")
    page.get_by_role("link", name="Create it now").click()
    page.get_by_role("button", name="Create it now").click()
    expect(page.locator("[data-saving]")).to_be_visible()
