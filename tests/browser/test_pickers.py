"""Choosing by name what a journey names by id: with a practice tenant that takes its time, and with
a dead one."""

import re
import time
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from playwright.sync_api import Locator, Page, expect

from journeys.models import Journey, Tenant, Use
from journeys.practice import PracticeServer
from tests.browser import axe
from tests.browser.acting import come_in, open_card

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def practice(tenant: Tenant) -> Iterator[PracticeServer]:
    cache.clear()
    with PracticeServer() as running:
        running.control("settings", {"latency": 0.3})
        tenant.practice_url, tenant.token = running.url, ""
        tenant.save(update_fields=["practice_url", "token"])
        yield running
    cache.clear()


@pytest.fixture
def composer(page: Page, practice: PracticeServer, journey: Journey) -> Page:
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view=list&kind=activity&key=EMAILV2-1")
    return page


def picker(page: Page, label: str) -> Locator:
    return page.locator("[data-panel]").get_by_role("combobox", name=label, exact=True)


def offered(page: Page, which: str = "") -> Locator:
    return page.locator(f"[role=listbox] > [role=option]:not([data-typed]){which}")


def as_it_stands(page: Page) -> Locator:
    return page.locator("[role=listbox] > [data-typed]")


def saved(page: Page, revision: int) -> None:
    expect(page.locator("#based-on")).to_have_value(str(revision))
    expect(page.locator("[data-saved]")).to_be_visible()


def send(journey: Journey) -> dict:
    document = Journey.objects.get(pk=journey.pk).head.document()
    return next(s for s in document["activities"] if s["key"] == "EMAILV2-1")[
        "configurationArguments"
    ]["triggeredSend"]


def test_it_chooses_an_email_by_mouse_with_what_belongs_to_it(composer: Page, journey: Journey):
    before = send(journey)
    picker(composer, "Email").click()
    options = offered(composer)
    expect(options).to_have_count(26)
    options.last.click()
    expect(options).to_have_count(51)
    picker(composer, "Email").fill("birthday 2")
    expect(options).to_have_count(12)
    expect(options.first).to_contain_text("Birthday emails")
    expect(options.first).to_contain_text(
        "Many happy returns, city (2) — A small present is inside"
    )
    assert axe.violations(composer) == []
    options.filter(has_text="Birthday 2, Lakes").click()
    saved(composer, 2)
    expect(picker(composer, "Email")).to_have_value(re.compile(r"^4\d\d\d$"))
    expect(composer.get_by_label("Subject", exact=True)).to_have_value(
        "Many happy returns, lakes (2)"
    )
    expect(composer.locator("[data-panel]")).to_contain_text("Birthday 2, Lakes")
    chosen = send(journey)
    assert (chosen["name"], chosen["preHeader"]) == (
        "Birthday 2, Lakes",
        "A small present is inside",
    )
    assert chosen["emailId"] == int(picker(composer, "Email").input_value())
    composer.locator("[data-key=undo]").click()
    expect(composer.get_by_label("Subject", exact=True)).to_have_value(before["emailSubject"])
    composer.wait_for_timeout(1000)  # longer than the pause before a save: nothing of it comes back
    assert send(journey) == before


def test_it_chooses_by_keys_and_takes_a_typed_id(composer: Page, journey: Journey):
    email = picker(composer, "Email")
    email.focus()
    email.fill("welcome 3")
    expect(offered(composer)).to_have_count(12)
    whole, box = (
        composer.locator(".pick-list").bounding_box(),
        composer.locator("[data-side]").bounding_box(),
    )
    assert (
        whole["y"] + whole["height"] <= box["y"] + box["height"] + 1
    )  # none of it is out of sight
    composer.keyboard.press("Tab")
    expect(
        composer.get_by_role("button", name="Look again")
    ).to_be_focused()  # not the list around the choices
    composer.keyboard.press("Shift+Tab")
    expect(email).to_be_focused()
    composer.keyboard.press("ArrowUp")
    expect(as_it_stands(composer)).to_have_attribute("aria-selected", "true")
    composer.keyboard.press("ArrowUp")
    expect(offered(composer, "[aria-selected=true]")).to_contain_text("Welcome 3, West")
    composer.keyboard.press("ArrowDown")
    composer.keyboard.press("ArrowDown")
    composer.keyboard.press("ArrowDown")
    expect(offered(composer, "[aria-selected=true]")).to_contain_text("Welcome 3, Coast")
    active = offered(composer, "[aria-selected=true]").get_attribute("id")
    expect(email).to_have_attribute("aria-activedescendant", active)
    composer.keyboard.press("Enter")
    expect(offered(composer)).to_have_count(0)
    saved(composer, 2)
    assert send(journey)["name"] == "Welcome 3, Coast"
    email.fill("99")
    expect(composer.get_by_text("Nothing is called “99” here.")).to_be_visible()
    expect(as_it_stands(composer)).to_have_text("Use “99” as it stands")
    composer.keyboard.press("ArrowUp")
    composer.keyboard.press("Enter")
    saved(composer, 3)
    expect(email).to_be_focused()
    assert send(journey)["emailId"] == 99
    expect(composer.get_by_text("Nothing is called")).to_have_count(0)
    composer.get_by_text("More settings").click()
    picker(composer, "Sender profile").fill("lakes@shop press")
    expect(offered(composer)).to_have_count(1)
    composer.keyboard.press("ArrowDown")
    composer.keyboard.press("Enter")
    saved(composer, 4)
    assert len(send(journey)["senderProfileId"]) == 36


def test_it_finds_a_time_zone_by_a_city(composer: Page, journey: Journey, practice):
    practice.stop()
    open_card(composer, "Wait 2 days")
    composer.get_by_label("Then hold until a time of day").check()
    composer.get_by_label("Time of day", exact=True).fill("09:00")
    picker(composer, "Time zone").fill("berl")
    expect(offered(composer)).to_have_count(1)
    composer.keyboard.press("ArrowDown")
    composer.keyboard.press("Enter")
    expect(picker(composer, "Time zone")).to_have_value("W. Europe Standard Time")
    expect(composer.locator("#block-json")).to_contain_text('"timeZone": "W. Europe Standard Time"')
    picker(composer, "Time zone").fill("Atlantis")
    picker(composer, "Time zone").blur()
    expect(picker(composer, "Time zone")).to_have_value("W. Europe Standard Time")
    expect(composer.get_by_text("“Atlantis” was typed but not chosen.")).to_be_visible()


def test_words_that_search_are_no_value(composer: Page, journey: Journey):
    composer.goto(f"/journeys/{journey.pk}/?view=list&kind=trigger&key=TRIGGER")
    event = picker(composer, "Event definition key")
    before = event.input_value()
    for words in ("No such event", "north"):  # without matches, and with some
        event.fill(words)
        expect(as_it_stands(composer)).to_have_text(f"Use “{words}” as it stands")
        expect(composer.locator("[data-saved]")).to_be_visible()
    composer.get_by_label("Name", exact=True).first.fill("Renamed meanwhile")
    saved(composer, 2)
    expect(event).to_have_value(before)
    expect(composer.get_by_text("“north” was typed but not chosen.")).to_be_visible()
    journey.refresh_from_db()
    (summary,) = journey.revisions.filter(number=2).values_list("summary", flat=True)
    assert "vent definition" not in summary and journey.revisions.count() == 2


def test_escape_brings_the_last_value_back(composer: Page, journey: Journey):
    email, before = picker(composer, "Email"), picker(composer, "Email").input_value()
    email.fill("No such email")
    expect(as_it_stands(composer)).to_be_visible()
    composer.keyboard.press("Escape")
    expect(email).to_have_value(before)
    expect(composer.locator(".pick-list")).to_have_count(0)
    expect(composer.locator("[data-saved]")).to_be_visible()
    email.fill("gone before there is an answer")
    email.blur()
    expect(email).to_have_value(before)
    assert journey.revisions.count() == 1


def test_it_says_that_a_tenant_is_dead_and_takes_the_id(composer: Page, journey: Journey, practice):
    practice.stop()
    email = picker(composer, "Email")
    email.click()
    expect(
        composer.get_by_role("status").filter(has_text="The tenant does not answer. Type the id")
    ).to_be_visible()
    expect(offered(composer)).to_have_count(0)
    email.fill("4711")
    saved(composer, 2)
    assert send(journey)["emailId"] == 4711
    expect(composer.get_by_role("button", name="Look again")).to_be_visible()


def test_it_lets_the_id_be_typed_while_the_line_is_down(composer: Page, complaints):
    composer.route("**/look-up/**", lambda route: route.abort())
    picker(composer, "Email").fill("4711")
    expect(composer.get_by_text("The server does not answer. The id can be typed.")).to_be_visible()
    saved(composer, 2)
    complaints.clear()


def test_it_offers_events_of_the_entry_source_s_type_first(composer: Page, journey: Journey):
    document = journey.head.document()
    source = {**document["triggers"][0], "type": "EmailAudience"}
    journey.replace({**document, "triggers": [source]}, based_on=1, author=None, operation="import")
    composer.goto(f"/journeys/{journey.pk}/?view=list&kind=trigger&key=TRIGGER")
    picker(composer, "Event definition key").fill("customers")
    expect(offered(composer).first).to_contain_text("EmailAudience")


def test_it_takes_no_event_that_cannot_start_the_entry_source(composer: Page, journey: Journey):
    composer.goto(f"/journeys/{journey.pk}/?view=list&kind=trigger&key=TRIGGER")
    event = picker(composer, "Event definition key")
    event.fill("north 2026")
    expect(offered(composer, "[aria-disabled]").first).to_contain_text("one for “API event”")
    composer.keyboard.press("ArrowDown")
    composer.keyboard.press("Enter")
    expect(composer.locator(".pick-list [data-note]")).to_contain_text("is needed here")
    expect(event).to_have_value("north 2026")
    assert axe.violations(composer) == []
    event.fill("north")
    expect(offered(composer, ":not([aria-disabled])").first).to_be_visible()
    composer.keyboard.press("ArrowDown")
    composer.keyboard.press("Enter")
    expect(event).to_have_value(re.compile("^APIEvent-"))
    expect(composer.locator("#block-json")).to_contain_text("APIEvent-")


def test_it_offers_the_fields_of_the_entry_event_in_conditions(
    composer: Page, journey: Journey, tenant, maya
):
    composer.goto(f"/journeys/{journey.pk}/?view=list&kind=trigger&key=TRIGGER")
    picker(composer, "Event definition key").fill("customers north 2025")
    offered(composer).first.click()
    saved(composer, 2)
    expect(composer.get_by_label("Event definition id")).not_to_have_value("")
    composer.get_by_role("button", name="Condition", exact=True).click()
    expect(composer.locator("datalist[id$='-journey'] option[value=EmailAddress]")).to_have_count(1)


def too_often(what: str) -> None:
    Use.objects.create(
        person=User.objects.get(username="maya"), what=what, began=time.time(), count=10_000
    )


def test_it_tells_who_looks_up_too_much_how_long_to_wait_and_takes_the_id(
    composer: Page, journey: Journey, complaints: list[str]
):
    too_often("look-up")
    field = picker(composer, "Email")
    field.fill("4712")
    expect(composer.locator(".pick-list [data-note]")).to_contain_text(
        re.compile(r"Wait \d+ seconds, then try again")
    )
    field.press("Tab")
    saved(composer, 2)
    assert str(send(journey)["emailId"]) == "4712"
    assert all("429" in told for told in complaints) and complaints
    complaints.clear()


def test_a_press_that_is_refused_as_too_often_is_told_on_the_page(
    composer: Page, journey: Journey, complaints: list[str]
):
    too_often("document")
    composer.goto(f"/journeys/{journey.pk}/?view=json")
    composer.get_by_role("button", name="Edit as text").click()
    expect(composer.locator("[data-refused]")).to_contain_text(
        re.compile(r"Wait \d+ seconds, then try again")
    )
    assert all("429" in told for told in complaints) and complaints
    complaints.clear()
