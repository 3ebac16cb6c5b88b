"""The JSON beside the form: coloured, in step with the form, copied, and edited as text without
losing anything."""

import json

import pytest
from playwright.sync_api import Page, expect

from journeys.models import Journey
from tests.browser.acting import come_in, drawn, fill

pytestmark = pytest.mark.django_db(transaction=True)


# scrolls to the end, and gives the milliseconds until it is drawn
SCROLLED = """async (view) => {
  const before = performance.now();
  view.scrollTop = view.scrollHeight;
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - before;
}"""


@pytest.fixture
def composer(page: Page, journey: Journey) -> Page:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view=json&kind=activity&key=WAITBYDURATION-1")
    return page


def document(journey: Journey) -> dict:
    return Journey.objects.get(pk=journey.pk).head.document()


def pasted(page: Page) -> str:
    return page.evaluate("navigator.clipboard.readText()")


def number_of(text: str, line: str) -> int:
    return 1 + next(at for at, one in enumerate(text.split("\n")) if line in one)


def test_it_follows_the_form(composer: Page, journey: Journey):
    view = composer.get_by_role("region", name="The document", exact=True)
    of_block = view.locator("[data-of-block]")
    expect(of_block.first).to_have_text("{", use_inner_text=False)
    expect(of_block.filter(has_text='"key": "WAITBYDURATION-1"')).to_be_in_viewport()
    expect(of_block.locator(".json-name", has_text='"waitDuration"')).to_be_visible()
    composer.get_by_label("How long").focus()
    lit = view.locator("[data-highlighted]")
    expect(lit).to_have_text(' "waitDuration": 2,')
    at = view.evaluate("view => view.scrollTop")
    fill(composer, "How long", "6")
    composer.get_by_label("How long").focus()
    expect(lit).to_have_text(' "waitDuration": 6,')
    assert view.evaluate("view => view.scrollTop") == at
    view.evaluate("view => { view.scrollTop = 0; }")
    expect(view.locator("[data-number='1']")).to_be_visible()
    view.locator(".json-line", has_text='"eventDefinitionKey"').first.click()
    expect(composer.locator("#panel")).to_have_attribute("data-kind", "trigger")
    expect(of_block.filter(has_text='"eventDefinitionKey"').first).to_be_visible()


def test_it_copies_all_of_it_and_the_open_block(composer: Page, journey: Journey):
    composer.get_by_role("button", name="Copy all").click()
    assert json.loads(pasted(composer)) == document(journey)
    composer.get_by_role("button", name="Copy the open block").click()
    block = next(
        step for step in document(journey)["activities"] if step["key"] == "WAITBYDURATION-1"
    )
    assert pasted(composer) == json.dumps(block, indent=2, ensure_ascii=False)


def test_it_stays_small_and_quick_with_a_large_document(composer: Page, journey: Journey):
    large = {
        **document(journey),
        "metaData": {f"note {number}": ["x" * 20] * 5 for number in range(6000)},
    }
    Journey.objects.get(pk=journey.pk).replace(large, based_on=1, author=None, operation="import")
    composer.reload()
    expect(composer.locator(".json-line").first).to_be_visible()
    assert len(composer.locator("#document-source").input_value()) > 900_000
    assert composer.evaluate("document.querySelectorAll('*').length") < 3000
    view = composer.get_by_role("region", name="The document", exact=True)
    took = view.evaluate(SCROLLED)
    expect(view.locator(".json-line").last).to_have_text("}")
    assert took < 500


def test_it_shows_problems_on_their_lines_and_loses_nothing_when_refused(
    composer: Page, journey: Journey
):
    composer.get_by_role("button", name="Edit as text").click()
    area = composer.get_by_label("The document as text")
    expect(area).to_be_focused()
    assert area.evaluate("area => area.scrollTop") > 0  # at the open block
    wrong = area.input_value().replace('"waitDuration": 2', '"waitDuration": -2')
    area.fill(wrong)
    number = number_of(wrong, '"waitDuration": -2')
    problem = composer.locator(
        "#document-problems [data-severity=blocking]", has_text=f"Line {number}"
    )
    problem.click()
    assert (
        area.evaluate("a => a.value.slice(a.selectionStart, a.selectionEnd).trim()")
        == '"waitDuration": -2,'
    )
    expect(composer.locator(".json-gutter [data-severity=blocking]")).to_have_text(str(number))
    broken = wrong.replace('"waitDuration": -2,', '"waitDuration": -2')
    area.fill(broken)
    composer.get_by_role("button", name="Apply").click()
    told = composer.locator("#document-problems [data-line]")
    expect(told).to_contain_text(f"Line {number + 1}, column")
    expect(composer.get_by_role("alert")).to_contain_text("Nothing was applied")
    composer.wait_for_timeout(
        1000
    )  # longer than the pause after which a text is checked as it is typed
    expect(composer.get_by_role("alert")).to_contain_text("Nothing was applied")
    expect(area).to_have_value(broken)
    expect(told).to_contain_text("A comma is missing before")
    assert document(journey) == journey.head.document()
    area.focus()
    composer.keyboard.press("Control+z")  # the text's own undo is still there
    expect(area).to_have_value(wrong)


def test_a_check_under_way_does_not_take_away_why_it_was_refused(composer: Page):
    composer.get_by_role("button", name="Edit as text").click()
    area = composer.get_by_label("The document as text")
    expect(area).to_be_focused()
    held = []
    composer.route("**/document/check/", lambda route: held.append(route))
    with composer.expect_request("**/document/check/"):
        area.fill(area.input_value().replace('"waitDuration": 2,', '"waitDuration": 2'))
    composer.get_by_role("button", name="Apply").click()
    expect(composer.get_by_role("alert")).to_contain_text("Nothing was applied")
    held[0].fulfill(body="")  # what it finds comes too late
    drawn(composer)
    expect(composer.get_by_role("alert")).to_contain_text("Nothing was applied")


def test_it_is_applied_as_one_step_and_asks_before_it_is_left(composer: Page, journey: Journey):
    composer.get_by_role("button", name="Edit as text").click()
    area = composer.get_by_label("The document as text")
    before = document(journey)
    changed = {**before, "name": "Another name", "description": "Other words", "goals": []}
    area.fill(json.dumps(changed))
    asked = []
    composer.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with composer.expect_event("dialog"):
        composer.evaluate("setTimeout(() => { location.href = '/'; })")
    assert asked == ["beforeunload"]
    expect(area).to_have_value(json.dumps(changed))
    composer.get_by_role("button", name="Apply").click()
    expect(composer.get_by_role("heading", name="Another name", level=1)).to_be_visible()
    assert document(journey) == changed
    composer.locator("[data-key=undo]").click()
    expect(composer.get_by_role("heading", name=before["name"], level=1)).to_be_visible()
    assert document(journey) == before
    expect(
        composer.locator(".json-line", has_text=f'"name": "{before["name"]}"').first
    ).to_be_visible()


def test_it_marks_what_nobody_sees(composer: Page, journey: Journey, maya):
    document = journey.head.document() | {"description": "For\u202e all \u2764\ufe0f"}
    journey.append(document, author=maya, operation="form", summary="Description", based_on=1)
    composer.goto(f"/journeys/{journey.pk}/?view=json&kind=journey")
    mark = composer.locator("[data-json-view] .hidden-character")
    expect(mark).to_have_count(1)
    expect(mark).to_have_attribute("data-code", "U+202E")
    expect(mark.locator("..")).to_have_text('"For\u202e all \u2764\ufe0f"')


def test_problems_move_with_the_lines_above_them_before_the_next_check(composer: Page):
    composer.get_by_role("button", name="Edit as text").click()
    area = composer.get_by_label("The document as text")
    wrong = area.input_value().replace('"waitDuration": 2', '"waitDuration": -2')
    number = number_of(wrong, '"waitDuration": -2')
    area.fill(wrong)
    blocking = composer.locator("#document-problems [data-severity=blocking]")
    expect(blocking.filter(has_text=f"Line {number}")).to_be_visible()
    composer.route("**/document/check/", lambda route: None)  # no answer comes
    area.evaluate("area => area.setSelectionRange(1, 1)")
    composer.keyboard.press("Enter")
    expect(blocking.filter(has_text=f"Line {number + 1}")).to_be_visible()
    blocking.filter(has_text=f"Line {number + 1}").click()
    chosen = "a => a.value.slice(a.selectionStart, a.selectionEnd).trim()"
    assert area.evaluate(chosen) == '"waitDuration": -2,'


def test_it_lights_the_place_of_a_field_of_the_journey_itself(page: Page, journey: Journey):
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view=json&kind=journey")
    page.get_by_label("Description").first.focus()
    lit = page.locator("[data-json-view] [data-highlighted]")
    expect(lit).to_have_count(1)
    expect(lit).to_contain_text('"description"')
    expect(page.locator("[data-json-view] [data-of-block]")).to_have_count(0)
