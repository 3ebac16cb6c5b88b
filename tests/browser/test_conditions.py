"""Conditions are built, read, locked and undone in a real browser."""

from collections.abc import Callable
from copy import deepcopy

import pytest
from playwright.sync_api import APIResponse, Locator, Page, Request, Route, expect

from journeys.blocks.places import get
from journeys.gallery.samples import cart_reminder
from journeys.models import Journey
from journeys.spec.filters import Condition, Group, parse
from tests.browser import axe
from tests.browser.acting import add_from_palette, come_in, open_card

pytestmark = pytest.mark.django_db(transaction=True)

SAVE = "**/block/save/"
CRITERIA = "configurationArguments.criteria"
TIER = Condition("Event.APIEvent-newsletter-sign-up.Tier", "Equal", "Gold", is_journey_data=True)
LATE = Condition("Orders.Date", "AtOrAfter", ";-;14;days")
OUT = Condition("Contact.OptedOut", "Is", "false")
BUILT = Group("AND", (TIER, Group("OR", (LATE, OUT))))
SENTENCE = (
    "Tier (journey data) is Gold"
    " and (Orders: Date is on or after 14 days ago or Contact: OptedOut is false)"
)


@pytest.fixture
def exits(page: Page, journey: Journey) -> Page:
    """The panel of freshly added exit criteria."""
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view=list")
    add_from_palette(page, "Exit criteria")
    expect(page.locator("[data-panel-title]")).to_have_text("Exit criteria")
    return page


def criteria(journey: Journey) -> str:
    return get(Journey.objects.get(pk=journey.pk).head.document()["exits"][0], CRITERIA)


def said(page: Page) -> Locator:
    """The sentence, when all that was changed is saved."""
    expect(page.locator(".htmx-request")).to_have_count(0)
    return page.locator(".cond-said")


def row(page: Page, number: int) -> Locator:
    return page.locator(".conditions fieldset.cond").nth(number)


def value_of(page: Page, number: int) -> Locator:
    """The control that fits the comparison: a text or a choice of true and false."""
    return row(page, number).locator("[data-value]:visible")


def enter(page: Page, number: int, data: str, field: str, comparison: str, value: str) -> None:
    one = row(page, number)
    one.get_by_label("Where the field is").select_option(data)
    one.get_by_label("Field", exact=True).fill(field)
    one.get_by_label("Comparison").select_option(comparison)
    box = value_of(page, number)
    if comparison == "is true or false":
        box.select_option(value)
    else:
        box.fill(value)
        box.blur()


def reads_the_same(page: Page) -> None:
    expect(said(page)).to_have_text(SENTENCE)
    expect(row(page, 0).get_by_label("Field", exact=True)).to_have_value("Tier")
    expect(value_of(page, 1)).to_have_value("14 days ago")
    expect(value_of(page, 2)).to_have_value("false")
    expect(page.get_by_label("How many of these have to be true").nth(1)).to_have_value("OR")
    expect(page.locator(".htmx-request")).to_have_count(0)


def test_it_builds_nested_conditions_by_mouse(exits: Page, journey: Journey):
    exits.get_by_role("button", name="Condition", exact=True).click()
    enter(exits, 0, "Journey data", "Tier", "is", "Gold")
    expect(said(exits)).to_have_text("Tier (journey data) is Gold")
    exits.get_by_role("button", name="Group", exact=True).click()
    enter(exits, 1, "Contact data", "Orders.Date", "is on or after", "14 days ago")
    exits.get_by_role("button", name="Condition", exact=True).nth(0).click()
    enter(exits, 2, "Contact data", "Contact.OptedOut", "is true or false", "false")
    reads_the_same(exits)
    assert parse(criteria(journey)) == BUILT
    expect(exits.locator("[data-card]", has_text=f"Leave when {SENTENCE}")).to_be_visible()
    exits.reload()
    reads_the_same(exits)
    assert axe.violations(exits) == []


def test_it_builds_nested_conditions_by_keyboard(exits: Page, journey: Journey):
    press, type_ = exits.keyboard.press, exits.keyboard.type
    exits.get_by_role("button", name="Condition", exact=True).focus()
    press("Enter")
    type_("Tier")
    for key in ("Tab", "Tab", "Tab"):  # past the bin and the comparison
        press(key)
    type_("Gold")
    press("Tab")
    expect(said(exits)).to_have_text("Tier (journey data) is Gold")
    exits.get_by_role("button", name="Group", exact=True).focus()
    press("Enter")
    press("Shift+Tab")
    type_("Contact")
    press("Tab")
    type_("Orders.Date")
    press("Tab")
    press("Tab")
    type_("is on or after")
    press("Tab")
    type_("14 days ago")
    for key in ("Tab", "Tab", "Tab"):  # past “a field” and the relationship id
        press(key)
    press("Enter")  # the button after the row: one more condition in this group
    press("Shift+Tab")
    type_("Contact")
    press("Tab")
    type_("Contact.OptedOut")
    press("Tab")
    press("Tab")
    type_("is true")
    press("Tab")
    type_("false")
    press("Tab")
    reads_the_same(exits)
    assert parse(criteria(journey)) == BUILT


def test_it_removes_rows_and_undoes_it(exits: Page, journey: Journey):
    for number, value in enumerate(("Gold", "Silver")):
        exits.get_by_role("button", name="Condition", exact=True).click()
        enter(exits, number, "Journey data", "Tier", "is", value)
    expect(said(exits)).to_have_text(
        "Tier (journey data) is Gold and Tier (journey data) is Silver"
    )
    row(exits, 0).get_by_role("button", name="Remove this condition").click()
    expect(said(exits)).to_have_text("Tier (journey data) is Silver")
    expect(row(exits, 0).get_by_role("button", name="Remove this condition")).to_be_focused()
    value_of(exits, 0).fill("Bronze")
    value_of(exits, 0).blur()
    expect(said(exits)).to_have_text("Tier (journey data) is Bronze")
    assert len(parse(criteria(journey)).items) == 1
    said(exits)
    exits.locator("[data-key=undo]").click()
    expect(said(exits)).not_to_have_text("Tier (journey data) is Bronze")
    expect(exits.locator("[data-key=redo]")).to_be_enabled()


def test_it_keeps_rows_and_xml_in_step(exits: Page, journey: Journey):
    exits.get_by_role("button", name="Condition", exact=True).click()
    enter(exits, 0, "Journey data", "Tier", "is", "Gold")
    expect(said(exits)).to_have_text("Tier (journey data) is Gold")
    exits.get_by_text("As XML").click()
    area = exits.get_by_label("The conditions as XML")
    expect(area).to_have_value(criteria(journey))
    area.fill(criteria(journey).replace("Gold", "Silver"))
    area.blur()
    expect(value_of(exits, 0)).to_have_value("Silver")
    enter(exits, 0, "Journey data", "Tier", "is not", "Silver")
    expect(said(exits)).to_have_text("Tier (journey data) is not Silver")
    assert parse(criteria(journey)).items[0].operator == "NotEqual"


def held_back(page: Page) -> Callable[[], None]:
    """The answer to the next save waits for what is returned here."""
    held: list[tuple[Route, APIResponse]] = []
    page.route(SAVE, lambda route: held.append((route, route.fetch())), times=1)

    def let_through() -> None:
        while not held:
            page.wait_for_timeout(50)
        [(route, answer)] = held
        route.fulfill(response=answer)

    return let_through


def xml_of(page: Page, number: int) -> Locator:
    page.get_by_text("As XML").nth(number).click()
    return page.get_by_label("The conditions as XML").nth(number)


def test_xml_that_is_typed_while_a_row_is_saved_is_kept(exits: Page, journey: Journey):
    exits.get_by_role("button", name="Condition", exact=True).click()
    enter(exits, 0, "Journey data", "Tier", "is", "Gold")
    expect(said(exits)).to_have_text("Tier (journey data) is Gold")
    let_through = held_back(exits)
    with exits.expect_request(SAVE):
        value_of(exits, 0).fill("Bronze")
        value_of(exits, 0).blur()
    xml = xml_of(exits, 0)
    xml.fill(xml.input_value().replace("Gold", "Silver"))
    xml.blur()
    let_through()
    expect(value_of(exits, 0)).to_have_value("Silver")
    assert parse(criteria(journey)).items[0].value == "Silver"


def test_xml_that_goes_on_being_typed_while_it_is_saved_is_kept(exits: Page, journey: Journey):
    exits.get_by_role("button", name="Condition", exact=True).click()
    enter(exits, 0, "Journey data", "Tier", "is", "Gold")
    expect(said(exits)).to_have_text("Tier (journey data) is Gold")
    let_through = held_back(exits)
    xml = xml_of(exits, 0)
    xml.fill(xml.input_value().replace("Gold", "Silver"))
    with exits.expect_request(SAVE):
        xml.blur()
    newest = xml.input_value().replace("Silver", "Platinum")
    xml.fill(newest)
    let_through()
    expect(value_of(exits, 0)).to_have_value("Platinum")
    expect(xml).to_have_value(newest)
    assert parse(criteria(journey)).items[0].value == "Platinum"


def test_a_row_that_is_changed_while_the_form_is_drawn_anew_is_kept(
    composer: Page, journey: Journey
):
    journey.replace(
        {**cart_reminder(), "key": journey.key}, based_on=1, author=None, operation="import"
    )
    composer.reload()
    open_card(composer, "Gold customer?")
    composer.get_by_role("button", name="Add a path").click()
    expect(composer.locator("[data-conditions]")).to_have_count(2)
    let_through = held_back(composer)
    xml = xml_of(composer, 0)
    xml.fill(xml.input_value().replace("Gold", "Silver"))
    with composer.expect_request(SAVE):
        xml.blur()
    composer.get_by_role("button", name="Condition", exact=True).nth(1).click()
    enter(composer, 1, "Journey data", "Tier", "is", "Bronze")
    let_through()
    expect(composer.locator(".cond-said")).to_have_text(
        ["Tier (journey data) is Silver", "Tier (journey data) is Bronze"]
    )
    expect(value_of(composer, 1)).to_have_value("Bronze")


def test_a_button_that_an_answer_moves_while_it_is_pressed_acts_all_the_same(exits: Page):
    add = exits.get_by_role("button", name="Condition", exact=True)
    add.click()
    row(exits, 0).get_by_label("Where the field is").select_option("contact")  # for a short title
    value_of(exits, 0).fill("1")
    value_of(exits, 0).blur()
    expect(exits.locator(".cond-wrong")).to_have_count(1)
    let_through = held_back(exits)
    with exits.expect_request(SAVE):
        row(exits, 0).get_by_label("Field", exact=True).fill("A.B")
        row(exits, 0).get_by_label("Field", exact=True).blur()
    before = add.bounding_box()
    exits.mouse.move(before["x"] + 20, before["y"] + before["height"] - 3)
    exits.mouse.down()
    let_through()
    expect(exits.locator(".cond-wrong")).to_have_count(0)
    assert add.bounding_box()["y"] < before["y"] - 6
    exits.mouse.up()
    expect(row(exits, 1)).to_be_visible()
    expect(exits.locator(".conditions fieldset.cond")).to_have_count(2)


def test_a_row_is_saved_once(exits: Page, journey: Journey):
    exits.get_by_role("button", name="Condition", exact=True).click()
    enter(exits, 0, "Journey data", "Tier", "is", "Gold")
    expect(said(exits)).to_have_text("Tier (journey data) is Gold")
    saves: list[Request] = []
    exits.on(
        "request",
        lambda request: saves.append(request) if request.url.endswith("/block/save/") else None,
    )
    exits.wait_for_timeout(1000)  # longer than the pause after which what is newer would be sent
    assert saves == []
    value_of(exits, 0).fill("Silver")
    value_of(exits, 0).blur()
    expect(said(exits)).to_have_text("Tier (journey data) is Silver")
    exits.wait_for_timeout(1000)
    assert len(saves) == 1


def test_it_says_what_is_wrong_under_the_row(exits: Page, journey: Journey):
    exits.get_by_role("button", name="Condition", exact=True).click()
    value = value_of(exits, 0)
    value.fill("Gold")
    value.blur()
    expect(row(exits, 0).locator(".cond-wrong")).to_have_text("Enter the field that is compared.")
    assert criteria(journey) == ""
    row(exits, 0).get_by_label("Field", exact=True).fill("Tier")
    row(exits, 0).get_by_label("Field", exact=True).blur()
    expect(said(exits)).to_have_text("Tier (journey data) is Gold")
    expect(exits.locator(".cond-wrong")).to_have_count(0)


def test_it_shows_locked_parts_and_keeps_them(exits: Page, journey: Journey):
    odd = '<AudienceCheck Name="VIP"  />'
    document = deepcopy(Journey.objects.get(pk=journey.pk).head.document())
    document["exits"][0]["configurationArguments"]["criteria"] = (
        f'<FilterDefinition><ConditionSet Operator="AND">{odd}</ConditionSet></FilterDefinition>'
    )
    Journey.objects.get(pk=journey.pk).replace(
        document, based_on=2, author=None, operation="import"
    )
    exits.goto(f"/journeys/{journey.pk}/?view=list&kind=exit&key=EXITCRITERIA")
    expect(exits.locator(".cond-locked pre")).to_have_text(odd)
    exits.get_by_role("button", name="Condition", exact=True).click()
    enter(exits, 0, "Journey data", "Tier", "is", "Gold")
    expect(said(exits)).to_have_text("an unknown part and Tier (journey data) is Gold")
    assert odd in criteria(journey)
    expect(exits.locator("#problems")).to_contain_text("not known here")


def test_it_lights_the_place_of_the_row_with_the_cursor(exits: Page):
    exits.get_by_role("button", name="Condition", exact=True).click()
    expect(exits.locator("[data-line][data-highlighted]")).to_contain_text('"criteria"')
