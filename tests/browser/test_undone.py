"""What was pressed and could not be done: the page says so, keeps nothing that it does not have,
and tries it again."""

import pytest
from playwright.sync_api import Page, Route, expect

from journeys.models import Journey
from tests.browser.acting import come_in, fill, open_card, steps

pytestmark = pytest.mark.django_db(transaction=True)


def said(page: Page):
    return page.locator("[data-not-saved]")


def press(page: Page) -> None:
    page.locator(".palette").get_by_role("button", name="Wait until date", exact=True).click()


def test_what_was_not_done_is_tried_again_where_it_was_meant(
    composer: Page, journey: Journey, complaints
) -> None:
    open_card(composer, "Wait 2 days")
    before = len(steps(composer))
    composer.route("**/block/add/", lambda route: route.abort())
    press(composer)
    expect(said(composer)).to_have_text("Not done (Wait until date): the server does not answer")
    composer.unroute_all()
    composer.locator("[data-card]").nth(1).focus()
    composer.get_by_role("button", name="Try again").click()
    expect(composer.locator("#based-on")).to_have_value("2")
    expect(composer.locator("[data-saved]")).to_be_visible()
    keys = [one["key"] for one in Journey.objects.get(pk=journey.pk).head.document()["activities"]]
    assert len(steps(composer)) == before + 1
    assert keys.index("WAITUNTILDATE-1") == keys.index("WAITBYDURATION-1") + 1
    complaints.clear()


def test_it_is_not_done_twice_when_only_the_answer_was_lost(
    composer: Page, journey: Journey, complaints
) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    open_card(composer, "Wait 2 days")
    before = len(steps(composer))
    composer.route("**/block/add/", lose, times=1)
    press(composer)
    composer.get_by_role("button", name="Try again").click()
    expect(said(composer)).to_have_text(
        "The journey has changed meanwhile. Look whether it is done"
    )
    expect(composer.get_by_role("button", name="Try again")).to_be_hidden()
    assert len(steps(composer)) == before + 1
    assert Journey.objects.get(pk=journey.pk).head.number == 2
    complaints.clear()


def test_who_is_signed_out_is_told_and_goes_on_after_signing_in(
    composer: Page, journey: Journey, complaints
) -> None:
    open_card(composer, "Wait 2 days")
    cookies = composer.context.cookies()
    composer.context.clear_cookies(name="sessionid")
    press(composer)
    expect(said(composer)).to_have_text("Not done (Wait until date): you are signed out")
    expect(composer.locator("[data-sign-in]")).to_be_visible()
    composer.get_by_label("How long").fill("7")
    expect(said(composer)).to_have_text(
        "Not done (Wait until date): you are signed out · What you typed is kept here"
    )
    composer.context.add_cookies(cookies)
    composer.get_by_role("button", name="Try again").click()
    expect(composer.locator("[data-saved]")).to_be_visible()
    waits = [
        one
        for one in Journey.objects.get(pk=journey.pk).head.document()["activities"]
        if one["type"] == "WAIT"
    ]
    assert len(waits) == 3  # two before
    complaints.clear()


def test_it_says_what_was_not_done_and_lets_it_go(
    composer: Page, journey: Journey, complaints
) -> None:
    open_card(composer, "Wait 2 days")
    composer.context.set_offline(True)
    press(composer)
    expect(said(composer)).to_have_text("Not done (Wait until date): you are offline")
    composer.context.set_offline(False)
    expect(said(composer)).to_have_text("Not done (Wait until date): you were offline")
    fill(composer, "How long", "7")
    expect(composer.locator("[data-saved]")).to_be_visible()  # what was not done hides no save
    expect(composer.get_by_role("button", name="Try again")).to_be_visible()
    composer.get_by_role("button", name="Leave it").click()
    expect(said(composer)).to_be_hidden()
    expect(composer.get_by_role("button", name="Leave it")).to_be_hidden()
    complaints.clear()


def test_one_message_says_that_somebody_else_is_signed_in_now(
    composer: Page, journey: Journey, complaints
) -> None:
    open_card(composer, "Wait 2 days")
    composer.context.clear_cookies(name="sessionid")
    come_in(composer, "rob")
    composer.get_by_label("How long").fill("7")
    told = "somebody else is signed in. Sign in again as Maya Marketer"
    expect(said(composer)).to_have_text(f"Not saved: {told}, your change is kept here")
    expect(composer.get_by_role("link", name="Sign in again")).to_be_visible()
    press(composer)
    expect(said(composer)).to_have_text(
        f"Not done (Wait until date): {told} · What you typed is kept here"
    )
    expect(composer.get_by_text("opened before you signed in")).to_have_count(0)
    composer.context.clear_cookies(name="sessionid")
    come_in(composer, "maya")
    composer.get_by_role("button", name="Try again").click()
    expect(composer.locator("[data-sign-in-as]")).to_be_hidden()
    composer.evaluate("dispatchEvent(new Event('focus'))")  # she comes back to this tab
    expect(composer.locator("#based-on")).to_have_value("3")
    complaints.clear()
