"""The whole product as `make run` starts it: compose, review, submit, see what came back."""

import json

import requests
from playwright.sync_api import Page, expect

from tests.browser.acting import add, add_from_palette, fill, sign_in, sign_out, steps
from tests.serving import Stack


def use_as_it_stands(page: Page, label: str, key: str) -> None:
    """A key that the tenant does not list."""
    before = page.locator("#based-on").input_value()
    page.locator("#panel").get_by_label(label, exact=True).fill(key)
    page.get_by_role("option", name=f"Use “{key}” as it stands").click()
    expect(page.locator("#based-on")).not_to_have_value(before)


def compose(page: Page) -> None:
    page.get_by_role("link", name="New journey").click()
    page.get_by_label("Name", exact=False).first.fill("Spring greeting")
    page.get_by_label("Description").fill("Says hello in spring.")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Spring greeting", level=1)).to_be_visible()
    page.get_by_role("link", name="List", exact=True).click()
    add_from_palette(page, "API event")
    use_as_it_stands(page, "Event definition key", "APIEvent-spring")
    page.get_by_role("button", name="Add the first step").click()
    page.keyboard.type("email")
    page.keyboard.press("Enter")
    expect(page.locator("[data-panel-title]")).to_have_text("Send email")
    use_as_it_stands(page, "Email", "4711")
    fill(page, "Subject", "Hello, spring")
    add_from_palette(page, "Random split")
    for gap in (2, 4):
        add(page, gap, "wait")


def stored_by(stack: Stack, key: str) -> dict:
    return json.loads(
        requests.get(f"{stack.practice_url}/control/bodies", params={"key": key}, timeout=5).content
    )


def test_it_takes_a_journey_from_the_first_click_to_the_ids_that_came_back(
    page: Page, stack: Stack
):
    sign_in(page, "maya")
    compose(page)
    assert steps(page) == ["Send Hello, spring", "Split 50 / 50", "Wait 1 day", "Wait 1 day"]
    page.get_by_role("button", name="Request review").click()
    expect(page.locator("#status")).to_contain_text("In review")
    composer = page.url

    sign_out(page)
    sign_in(page, "rob")
    page.get_by_role("link", name="Review desk").click()
    page.get_by_role("link", name="Spring greeting").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved").first).to_be_visible()

    sign_out(page)
    sign_in(page, "maya")
    page.goto(composer)
    page.get_by_role("link", name="Submit…").click()
    expect(page.get_by_text("Practice tenant").first).to_be_visible()
    page.get_by_role("button", name="Submit to").click()
    arrived = page.get_by_role("heading", name="The journey is in the practice tenant")
    expect(arrived).to_be_visible(timeout=20_000)
    shown = page.locator("main").inner_text()

    exported = page.request.get(composer.split("?")[0] + "export/").json()
    assert stored_by(stack, exported["key"]) == exported
    answers = requests.get(
        f"{stack.practice_url}/control/journeys", params={"key": exported["key"]}, timeout=5
    ).json()
    assert len(answers["journeys"]) == 1
    assert answers["journeys"][0]["definition_id"] in shown


def test_it_tells_a_refusal_in_words_and_leads_to_the_step(
    page: Page, stack: Stack, complaints: list[str]
):
    fault = {"fault": "status", "status": 400, "route": "create", "key": "cart-reminder"}
    fault["body"] = {"message": "Key EMAILV2-1 is not valid", "errorcode": 121000}
    requests.post(f"{stack.practice_url}/control/faults", json={"faults": [fault]}, timeout=5)
    done = stack.manage("submit_journey", "cart-reminder", "--without-review", "--wait", "30")
    assert done.returncode == 1, done.stdout + done.stderr
    sign_in(page, "maya")
    page.get_by_role("link", name="Submissions").click()
    page.get_by_role("link", name="Cart reminder").first.click()
    expect(page.locator("main")).to_contain_text("121000")
    expect(page.locator("main")).to_contain_text("Key EMAILV2-1 is not valid")
