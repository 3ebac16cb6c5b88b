"""The Path in a real browser."""

from copy import deepcopy

import pytest
from playwright.sync_api import Locator, Page, expect

from journeys.gallery.samples import cart_reminder
from journeys.models import Journey
from journeys.spec import document as doc
from tests.browser.acting import come_in, drawn
from tests.people import started

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def canvas(page: Page, journey: Journey) -> Page:
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/")
    return page


@pytest.fixture
def cart(tenant, maya) -> Journey:
    return started(cart_reminder(), tenant, maya)


@pytest.fixture
def splits(page: Page, cart: Journey) -> Page:
    """A canvas with two splits and a join."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    come_in(page, "maya")
    page.goto(f"/journeys/{cart.pk}/")
    page.get_by_role("button", name="Fit").click()
    return page


def document(journey: Journey) -> dict:
    return deepcopy(Journey.objects.get(pk=journey.pk).head.document())  # its own is shared


def card(page: Page, sentence: str) -> Locator:
    return page.locator(f'#path [data-card][aria-label^="{sentence}"]')


def gap(page: Page, said: str) -> Locator:
    return page.locator(f'#path [data-gap][aria-label="{said}"]')


def middle(place: Locator) -> tuple[float, float]:
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Presses, moves and stays there: a drop or Escape is up to the test."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 12, start[1] + 8, steps=2)
    page.mouse.move(*end, steps=5)


def saved(page: Page, number: int) -> None:
    expect(page.locator("#based-on")).to_have_value(str(number))


def links(journey: Journey) -> dict[str, list[str | None]]:
    return {
        step["key"]: [way.get("next") for way in step["outcomes"]]
        for step in document(journey)["activities"]
    }


def order(journey: Journey) -> list[str]:
    return [step["key"].rpartition("-")[0] for step in document(journey)["activities"]]


def test_it_opens_blocks_and_adds_steps_where_the_plus_is(canvas: Page, journey: Journey):
    expect(canvas.get_by_role("link", name="Path", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    card(canvas, "Wait 2 days").click()
    expect(canvas.locator("[data-panel-title]")).to_have_text("Wait 2 days")
    expect(card(canvas, "Wait 2 days")).to_have_attribute("aria-current", "true")
    same = card(canvas, "Wait 2 days").element_handle()
    gap(canvas, "Add a step after “Send Welcome 1”").click()
    expect(canvas.locator("#chooser").get_by_role("searchbox")).to_be_focused()
    canvas.keyboard.type("em")
    canvas.keyboard.press("Enter")
    expect(canvas.locator("[data-panel-title]")).to_have_text("Send email")
    expect(card(canvas, "Send email, day 0, 1 problem")).to_have_attribute("aria-current", "true")
    assert order(journey)[:3] == ["EMAILV2", "EMAILV2", "WAITBYDURATION"]
    assert same.evaluate("node => node.isConnected")  # moved, not made anew
    canvas.locator("[data-key=undo]").click()
    expect(card(canvas, "Send email")).to_have_count(0)
    gap(canvas, "Add a step at the start").click()
    assert (
        canvas.locator("#chooser [data-palette-item]:visible").first.inner_text().strip()
        == "Send email"
    )
    expect(canvas.locator("#chooser")).to_contain_text("Recently used")
    assert canvas.locator('#chooser [data-palette-item="API event"]:visible').count() == 0


def test_it_takes_over_what_the_form_saves(canvas: Page):
    card(canvas, "Wait 2 days").click()
    field = canvas.locator("[data-panel]").get_by_label("How long", exact=True)
    field.fill("4")
    field.blur()
    expect(card(canvas, "Wait 4 days, day 0")).to_be_visible()
    behind = card(canvas, "Which second email?, day 4")
    expect(behind.locator(".day")).to_have_text("day 4")
    expect(card(canvas, "Which second email?, day 4")).to_be_visible()


def test_an_empty_journey_is_begun_in_place(page: Page, people, tenant):
    come_in(page, "maya")
    page.goto("/journeys/new/")
    page.get_by_label("Name", exact=False).first.fill("In place")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Choose how contacts enter").click()
    page.keyboard.type("api")
    page.keyboard.press("Enter")
    expect(page.locator('#path [data-kind="trigger"]')).to_have_count(1)
    page.get_by_role("button", name="Add the first step").click()
    page.keyboard.type("wa")
    page.keyboard.press("Enter")
    expect(card(page, "Wait 1 day")).to_be_visible()
    page.get_by_role("button", name="Goal and exit").click()
    page.keyboard.type("goal")
    page.keyboard.press("Enter")
    expect(page.locator('#path [data-kind="goal"]')).to_be_visible()
    expect(page.locator("#path .place")).to_have_count(0)


def test_step_after_step_is_added_without_moving_the_view(page: Page, tenant, maya):
    journey = started(doc.blank("straight", "Straight", ""), tenant, maya)
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/")
    page.get_by_role("button", name="Add the first step").click()
    for number in range(1, 6):
        page.keyboard.type("email")
        page.keyboard.press("Enter")
        expect(page.locator("#path [data-card]")).to_have_count(number)
        page.locator("#path [data-gap]").last.click()  # not where the panel covers it


def test_it_is_walked_and_composed_with_keys(canvas: Page, journey: Journey):
    canvas.locator("#path [data-card][tabindex='0']").focus()
    for _ in range(3):
        canvas.keyboard.press("ArrowRight")
    expect(card(canvas, "Which second email?")).to_be_focused()
    canvas.keyboard.press("ArrowRight")
    canvas.keyboard.press("ArrowDown")
    expect(card(canvas, "Send Welcome 2, offer")).to_be_focused()
    canvas.keyboard.press("+")
    canvas.keyboard.type("wa")
    canvas.keyboard.press("Enter")
    expect(canvas.locator(".block-form :focus")).to_have_count(1)
    assert order(journey).count("WAITBYDURATION") == 3
    canvas.keyboard.press("Escape")
    expect(card(canvas, "Wait 1 day")).to_be_focused()


def test_the_view_is_zoomed_panned_and_kept(canvas: Page):
    shown = canvas.locator("[data-zoom-shown]")
    canvas.keyboard.press("1")
    canvas.keyboard.press("0")
    expect(shown).to_have_text("100 %")
    ground = canvas.locator("[data-ground]").bounding_box()
    canvas.mouse.move(ground["x"] + 40, ground["y"] + 40)
    canvas.keyboard.down("Control")
    canvas.mouse.wheel(0, 60)
    canvas.keyboard.up("Control")
    expect(shown).to_have_text("61 %")
    before = card(canvas, "Wait 2 days").bounding_box()
    canvas.mouse.down()
    canvas.mouse.move(ground["x"] + 140, ground["y"] + 90, steps=4)
    canvas.mouse.up()
    after = card(canvas, "Wait 2 days").bounding_box()
    assert (round(after["x"] - before["x"]), round(after["y"] - before["y"])) == (100, 50)
    canvas.reload()
    expect(shown).to_have_text("61 %")
    again = card(canvas, "Wait 2 days").bounding_box()
    assert abs(again["x"] - after["x"]) < 1 and abs(again["y"] - after["y"]) < 1


def test_cards_and_blocks_are_dragged_onto_gaps(splits: Page, cart: Journey):
    email, target = (
        card(splits, "Send Cart reminder"),
        gap(splits, "Add a step after “Wait 4 hours”"),
    )
    drag(splits, middle(email), middle(target))
    expect(target).to_have_attribute("data-highlighted", "")
    lit = splits.locator("[data-gap][data-legal]").count()
    assert lit == splits.locator("[data-gap]").count() - 2  # not where it stands already
    splits.keyboard.press("Escape")
    splits.mouse.up()
    expect(splits.locator("[data-legal]")).to_have_count(0)
    assert Journey.objects.get(pk=cart.pk).head.number == 1
    drag(splits, middle(email), middle(target))
    expect(target).to_have_attribute("data-highlighted", "")
    splits.mouse.up()
    saved(splits, 2)
    assert links(cart)["WAITBYDURATION-1"] == ["EMAILV2-1"]
    target = gap(splits, "Add a step after “Note the reminder”")
    drag(splits, middle(splits.locator(".palette [data-slug=wait]")), middle(target))
    expect(target).to_have_attribute("data-highlighted", "")
    splits.mouse.up()
    saved(splits, 3)
    expect(card(splits, "Wait 1 day")).to_have_attribute("aria-current", "true")
    drag(
        splits,
        middle(splits.locator(".palette [data-slug=exit-criteria]")),
        middle(splits.locator("[data-ground]")),
    )
    splits.mouse.up()
    expect(splits.locator('#path [data-kind="exit"]')).to_have_count(1)


def test_a_split_is_not_dropped_into_its_own_paths(splits: Page):
    split = card(splits, "Voucher or not")
    drag(splits, middle(split), middle(gap(splits, "Add a step after “Send Gold reminder”")))
    expect(splits.locator("[data-gap][data-legal]").first).to_be_attached()
    inside = splits.locator(
        '[data-gap][aria-label*="Gold reminder"], [data-gap][aria-label*="Voucher"]'
    )
    assert inside.count() == 4 and all(
        one.get_attribute("data-legal") is None for one in inside.all()
    )
    splits.keyboard.press("Escape")
    splits.mouse.up()


def handle_behind(page: Page, name: str) -> tuple[float, float]:
    """Moves the mouse there until the handle shows: the canvas may still be fitting itself in."""
    for _try in range(100):
        box = gap(page, name).bounding_box()
        x, y = box["x"] + box["width"] * (0.5 + 21 / 20), box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        if page.locator(".handle").is_visible():
            return x, y
        page.wait_for_timeout(100)
    raise AssertionError(f"no handle behind {name}")


def test_a_path_is_led_to_a_later_step_by_its_end_and_by_its_menu(splits: Page, cart: Journey):
    end = handle_behind(splits, "Add a step after “Gold customer?”, path “Gold”")
    drag(splits, end, middle(card(splits, "Send Cart reminder")))
    expect(card(splits, "Send Cart reminder")).to_have_attribute("data-highlighted", "")
    assert card(splits, "Wait 4 hours").get_attribute("data-legal") is None
    splits.mouse.up()
    saved(splits, 2)
    assert len(set(links(cart)["MULTICRITERIADECISIONV2-1"])) == 1
    splits.locator("[data-key=undo]").click()
    saved(splits, 3)
    splits.locator('[data-label][aria-label="Remainder"]').click(button="right")
    splits.get_by_role("menuitem", name="Lead to…").click()
    expect(splits.get_by_text("Choose the step that this path shall lead to.")).to_be_visible()
    card(splits, "Note the reminder").click()
    saved(splits, 4)
    assert links(cart)["MULTICRITERIADECISIONV2-1"][1] == "UPDATECONTACTDATA-1"
    splits.locator('[data-label][aria-label="Remainder"]').click(button="right")
    splits.get_by_role("menuitem", name="End here").click()
    saved(splits, 5)
    assert links(cart)["MULTICRITERIADECISIONV2-1"][1] is None


def test_a_path_is_named_in_place(splits: Page, cart: Journey):
    splits.locator('[data-label][aria-label="Gold"]').dblclick()
    splits.keyboard.type("Gold members")
    splits.keyboard.press("Enter")
    expect(splits.locator('[data-label][aria-label="Gold members"]')).to_be_visible()
    splits.locator('[data-label][aria-label="Gold members"]').focus()
    splits.keyboard.press("F2")
    splits.keyboard.type("Nothing")
    splits.keyboard.press("Escape")
    assert document(cart)["activities"][1]["outcomes"][0]["metaData"]["label"] == "Gold members"


def test_several_steps_are_marked_with_a_frame_and_with_clicks_and_moved(
    splits: Page, cart: Journey
):
    marked = splits.locator('#path [data-card][data-selected][aria-selected="true"]')
    one, other = (
        card(splits, "Send Gold reminder with").bounding_box(),
        card(splits, "Send Gold reminder,").bounding_box(),
    )
    splits.keyboard.down("Shift")
    drag(splits, (one["x"] - 6, one["y"] - 6), (other["x"] + 20, other["y"] + 20))
    splits.mouse.up()
    splits.keyboard.up("Shift")
    expect(marked).to_have_count(2)
    target = gap(splits, "Add a step after “Note the reminder”")
    drag(splits, middle(card(splits, "Send Gold reminder,")), middle(target))
    expect(splits.locator("[data-ghost]")).to_have_text("2 steps")
    expect(target).to_have_attribute("data-highlighted", "")
    splits.mouse.up()
    saved(splits, 2)
    assert links(cart)["UPDATECONTACTDATA-1"] == ["EMAILV2-2"] and links(cart)["EMAILV2-2"] == [
        "EMAILV2-3"
    ]
    expect(marked).to_have_count(2)
    splits.get_by_role("button", name="Fit").click()
    card(splits, "Wait 7 days").click(modifiers=["Shift"])
    expect(marked).to_have_count(3)
    card(splits, "Wait 7 days").click(modifiers=["Shift"])
    expect(marked).to_have_count(2)
    card(splits, "Wait 7 days").focus()
    splits.keyboard.press(" ")
    expect(marked).to_have_count(3)
    splits.keyboard.press("Escape")
    expect(marked).to_have_count(0)
    splits.locator('[data-label][aria-label="Gold"]').click(button="right")
    splits.get_by_role("menuitem", name="Select branch").click()
    expect(marked).to_have_count(1)
    expect(card(splits, "Voucher or not")).to_have_attribute("data-selected", "")


def test_it_moves_and_removes_with_keys(splits: Page, cart: Journey):
    card(splits, "Note the reminder").focus()
    splits.keyboard.press("Alt+ArrowRight")
    saved(splits, 2)
    assert links(cart)["WAITBYDURATION-2"] == ["UPDATECONTACTDATA-1"]
    card(splits, "Note the reminder").focus()
    splits.keyboard.press("Delete")
    expect(card(splits, "Note the reminder")).to_have_count(0)
    expect(card(splits, "Wait 7 days")).to_be_focused()


def test_the_small_map_leads_there_while_not_all_is_seen(splits: Page):
    small = splits.locator("[data-map]")
    splits.keyboard.press("1")
    expect(small).to_be_hidden()
    splits.keyboard.press("0")
    expect(small).to_be_visible()
    box = small.bounding_box()
    splits.mouse.click(box["x"] + box["width"] - 24, box["y"] + box["height"] / 2)
    expect(card(splits, "Wait 7 days")).to_be_in_viewport()


def test_what_others_change_comes_along_with_the_next_answer(canvas: Page, journey: Journey, miles):
    same = card(canvas, "Which second email?").element_handle()
    block = deepcopy(document(journey)["activities"][1])  # revisions share their blocks
    block["configurationArguments"]["waitDuration"] = 9
    operation = {"kind": "activity", "key": block["key"], "block": block}
    Journey.objects.get(pk=journey.pk).apply("edit block", operation, based_on=1, author=miles)
    card(canvas, "Send Welcome 1").click()
    expect(card(canvas, "Wait 9 days")).to_be_visible()
    expect(card(canvas, "Which second email?, day 9")).to_be_visible()
    assert same.evaluate("node => node.isConnected")


def test_on_a_phone_it_is_moved_with_a_finger_and_zoomed_with_two(
    browser, base_url: str, cart: Journey, people
):
    context = browser.new_context(
        base_url=base_url, viewport={"width": 390, "height": 844}, has_touch=True
    )
    page = context.new_page()
    come_in(page, "rob")
    page.goto(f"/journeys/{cart.pk}/")
    expect(card(page, "Wait 4 hours")).to_be_visible()
    assert page.locator("#path [data-gap]").count() == 0
    before, ground = (
        card(page, "Wait 4 hours").bounding_box(),
        page.locator("[data-ground]").bounding_box(),
    )
    finger = context.new_cdp_session(page)
    at = {"x": ground["x"] + 200, "y": ground["y"] + 200}
    for kind, dx in (
        ("touchStart", 0),
        ("touchMove", -40),
        ("touchMove", -100),
        ("touchEnd", None),
    ):
        points = [] if dx is None else [{**at, "x": at["x"] + dx}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    drawn(page)
    assert round(before["x"] - card(page, "Wait 4 hours").bounding_box()["x"]) == 100
    before = card(page, "Wait 4 hours").bounding_box()["width"]
    for kind, apart in (
        ("touchStart", 40),
        ("touchMove", 60),
        ("touchMove", 80),
        ("touchEnd", None),
    ):
        points = (
            []
            if apart is None
            else [{**at, "x": at["x"] + dx, "id": int(dx > 0)} for dx in (-apart, apart)]
        )
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    drawn(page)
    assert card(page, "Wait 4 hours").bounding_box()["width"] == pytest.approx(
        2 * before, rel=0.02
    )  # a pinch
    context.close()
