"""What stays in a browser after somebody: nothing for whoever comes next."""

import pytest
from playwright.sync_api import Page, expect

from journeys.models import Journey
from tests.browser.acting import come_in, open_card, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def typed(composer: Page) -> Page:
    """Maya typed something that the line did not take."""
    composer.route("**/block/save/", lambda route: route.abort())
    open_card(composer, "Wait 2 days")
    composer.get_by_label("Name of the step").fill("Only Maya's")
    composer.get_by_label("Name of the step").press("Tab")
    composer.wait_for_function(
        "Object.values(sessionStorage).some((text) => text.includes('Only Maya'))"
    )
    return composer


def test_signing_out_leaves_nothing_but_how_the_pages_look(composer: Page):
    composer.evaluate(
        "sessionStorage.setItem('text:/journeys/1/', 'mine'); localStorage.setItem('copied',"
        " 'steps')"
    )
    composer.evaluate("localStorage.setItem('theme', 'dark')")
    composer.get_by_label("Account of Maya").click()
    composer.get_by_role("button", name="Sign out").click()
    expect(composer.get_by_role("heading", name="Sign in")).to_be_visible()
    kept = composer.evaluate("[Object.values(sessionStorage), Object.values(localStorage)]")
    assert kept == [[], ["dark"]]


def test_what_one_person_typed_is_never_sent_as_anothers(typed: Page, complaints: list[str]):
    address = typed.url
    typed.on("dialog", lambda dialog: dialog.accept())
    typed.goto("about:blank")
    typed.unroute("**/block/save/")
    complaints.clear()  # of the line that was cut
    typed.context.clear_cookies(name="sessionid")  # her session has ended
    sign_in(typed, "miles")
    typed.goto(address)
    open_card(typed, "Wait 2 days")
    expect(typed.get_by_label("Name of the step")).to_have_value("")
    assert Journey.objects.get().head.number == 1
    typed.context.clear_cookies(name="sessionid")
    come_in(typed, "maya")
    typed.goto(address)
    expect(typed.locator("#based-on")).to_have_value("2")  # it was not lost, either
    assert Journey.objects.get().head.author.username == "maya"


def test_a_page_that_stayed_open_changes_nothing_for_who_came_after(
    composer: Page, complaints: list[str]
):
    other = composer.context.new_page()
    other.goto(composer.url)
    other.context.clear_cookies(name="sessionid")
    sign_in(other, "miles")
    composer.get_by_role("button", name="Send SMS").first.click()
    expect(composer.locator("[data-not-saved]")).to_contain_text("somebody else is signed in")
    assert Journey.objects.get().head.number == 1
    complaints.clear()  # of the refusal
