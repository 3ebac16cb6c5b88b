"""The picture as a file, and the journey on paper."""

import re
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.blocks import BY_SLUG, LENSES
from journeys.blocks.settings_text import settings_of
from journeys.drawing import svg_file
from journeys.models import Journey, Tenant
from journeys.spec import document as doc
from journeys.spec import operations
from tests.markup import flat
from tests.people import started
from tests.spec.making import journey as made

pytestmark = pytest.mark.one_database

SVG = "{http://www.w3.org/2000/svg}"


def drawn(client: Client, journey: Journey, query: str = "") -> ElementTree.Element:
    answer = client.get(f"/journeys/{journey.pk}/picture.svg{query}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    return ElementTree.fromstring(answer.content)


def texts(root: ElementTree.Element) -> list[str]:
    return [element.text for element in root.iter(f"{SVG}text")]


def test_the_picture_stands_alone(as_maya: Client, journey: Journey):
    root = drawn(as_maya, journey)
    written = ElementTree.tostring(root, encoding="unicode")
    assert "Wait 2 days" in texts(root) and "50 %" in texts(root)
    for link in ("href", "var(", "currentColor", "<style", "class="):
        assert link not in written
    assert (
        len([path for path in root.iter(f"{SVG}path") if path.get("stroke") == svg_file.LINE]) > 5
    )


def test_its_colours_are_those_of_the_light_theme(settings):
    css = (settings.BASE_DIR / "static" / "css" / "colours.css").read_text()
    first = dict(re.findall(r"--([\w-]+): (#\w{6})", css[: css.index("}")]))
    for family, (colour, soft) in svg_file.FAMILIES.items():
        assert (first[family], first[f"{family}-soft"]) == (colour, soft)


def test_it_is_shown_in_pages_and_downloaded_when_asked(as_maya: Client, journey: Journey):
    address = f"/journeys/{journey.pk}/picture.svg"
    assert as_maya.get(address)["Content-Disposition"].startswith("inline")
    assert (
        as_maya.get(f"{address}?download")["Content-Disposition"]
        == 'attachment; filename="welcome-series.svg"'
    )


def test_it_tells_what_became_of_blocks(as_maya: Client, journey: Journey):
    base = journey.head.document()
    wait = next(step for step in base["activities"] if step["key"] == "WAITBYDURATION-1")
    changed = operations.remove_step(base, "EMAILV2-1")
    changed = operations.edit_block(
        changed, "activity", wait["key"], {**wait, "description": "Longer"}
    )
    changed = operations.add_step(changed, "", "", {**wait, "key": "NEW", "outcomes": []})
    journey.replace(changed, based_on=1, author=None, operation="edit as text")
    now, before = (
        drawn(as_maya, journey, "?revision=2&against=1"),
        drawn(as_maya, journey, "?revision=1&against=2"),
    )
    assert (
        texts(now).count("Added"),
        texts(now).count("Changed"),
        texts(now).count("Removed"),
    ) == (1, 1, 0)
    assert (texts(before).count("Added"), texts(before).count("Removed")) == (0, 1)
    dashed = [
        sum("stroke-dasharray" in shape.attrib for shape in one.iter(f"{SVG}rect"))
        for one in (now, before)
    ]
    struck = [
        sum("text-decoration" in shape.attrib for shape in one.iter(f"{SVG}text")) > 0
        for one in (now, before)
    ]
    assert (dashed, struck) == (
        [0, 1],
        [False, True],
    )  # what is gone is dashed and struck, and nothing else
    assert "Added" not in texts(drawn(as_maya, journey))
    assert as_maya.get(f"/journeys/{journey.pk}/picture.svg?revision=9").status_code == 404


def test_history_shows_the_pictures_of_what_changed(as_maya: Client, journey: Journey):
    journey.apply("edit journey", {"members": {"name": "Other"}}, based_on=1, author=None)
    assert "picture.svg" not in as_maya.get(f"/journeys/{journey.pk}/history/2/").content.decode()
    journey.apply(
        "remove steps", {"keys": ["WAITBYDURATION-1"], "heal": True}, based_on=2, author=None
    )
    page = as_maya.get(f"/journeys/{journey.pk}/history/3/").content.decode()
    assert "The path before. Blocks removed since: 1" in page and "The path. Blocks" not in page
    assert (
        "picture.svg?revision=3&amp;against=2" not in page
        and "picture.svg?revision=2&amp;against=3" in page
    )


def test_a_long_picture_is_cut_between_cards_for_paper(as_maya: Client, tenant, maya):
    long = {
        **made(**{f"S{n}": f"S{n + 1}" for n in range(30)}, S30=None),
        "key": "long",
        "workflowApiVersion": 1.0,
    }
    journey = started(long, tenant, maya)
    page = as_maya.get(f"/journeys/{journey.pk}/print/").content.decode()
    parts = re.findall(r"picture.svg\?revision=1&amp;part=(\d+)", page)
    boxes = [
        list(map(int, drawn(as_maya, journey, f"?part={part}").get("viewBox").split()))
        for part in parts
    ]
    assert len(boxes) > 3
    whole = list(map(int, drawn(as_maya, journey).get("viewBox").split()))
    assert boxes[0][0] == whole[0] and boxes[-1][0] + boxes[-1][2] >= whole[0] + whole[2]
    assert len({width for _left, _top, width, _height in boxes}) == 1
    cards = [
        group
        for group in drawn(as_maya, journey).iter(f"{SVG}g")
        if group.find(f"{SVG}rect[@width='216']") is not None
    ]
    begins = [int(re.search(r"translate\((-?\d+)", card.get("transform"))[1]) for card in cards]
    assert len(begins) == 31
    for left, _top, width, _height in boxes:
        assert width <= 1500
        assert not [begin for begin in begins if begin < left < begin + 216]


def test_signs_that_xml_cannot_hold_are_left_out(as_maya: Client, journey: Journey):
    document = journey.head.document()
    wait = next(step for step in document["activities"] if step["key"] == "WAITBYDURATION-1")
    odd = operations.edit_block(
        document,
        "activity",
        wait["key"],
        {**wait, "name": "a\u0001b <&> \uffff c", "type": "X\u0002"},
    )
    journey.replace(odd, based_on=1, author=None, operation="edit as text")
    drawn(as_maya, journey)


def test_every_block_is_on_paper_with_its_settings_in_words(as_maya: Client, journey: Journey):
    page = as_maya.get(f"/journeys/{journey.pk}/print/").content.decode()
    assert page.count('class="written-type"') == len(list(doc.blocks(journey.head.document())))
    assert "<dt>How long</dt> <dd>2 days</dd>" in flat(page)
    assert "<dt>Unit</dt>" not in page
    assert "part=1" in page
    assert page.count("<h3>50 %</h3>") == 2  # two paths of one name are two


def test_a_block_without_a_form_is_on_paper_as_json(as_maya: Client, journey: Journey):
    document = journey.head.document()
    first = document["activities"][0]
    odd = operations.edit_block(
        document, "activity", first["key"], {**first, "type": "SOMETHINGELSE"}
    )
    journey.replace(odd, based_on=1, author=None, operation="edit as text")
    assert (
        "&quot;SOMETHINGELSE&quot;"
        in as_maya.get(f"/journeys/{journey.pk}/print/").content.decode()
    )


@pytest.mark.parametrize("opened", [one for one in LENSES if one.kind == "activity"])
def test_every_type_can_be_told_in_words(opened: type):
    try:
        block = opened.new("A-1", {})
    except NotImplementedError:
        pytest.skip("it is never offered")
    settings = settings_of(block, "activity", {"activities": [block]})
    assert settings is not None
    assert all(setting.label and setting.value for _about, listed in settings for setting in listed)


@pytest.mark.parametrize(("number", "told"), [(1, "1 day"), (3, "3 days"), ("", "days")])
def test_a_length_is_told_with_its_unit(number: object, told: str):
    block = {
        "key": "W-1",
        "type": "WAIT",
        "configurationArguments": {"waitDuration": number, "waitUnit": "DAYS"},
    }
    block["metaData"] = {"uiType": "WAITBYDURATION"}
    (_about, settings), *_rows = settings_of(block, "activity", {"activities": [block]})
    assert [one.value for one in settings if one.label in ("How long", "Unit")] == [told]


def test_texts_and_schedules_that_the_json_holds_are_read_wherever_a_journey_is(
    as_maya: Client, as_rob: Client, tenant: Tenant, maya: User
):
    """Card, form, paper and first review; also what the journey's copy of its event says."""
    document = doc.blank("sms", "Shipped")
    event = {
        "eventDefinitionKey": "DEAudience-1",
        "dataExtensionName": "Orders of today",
        "metaData": {"scheduleFlowMode": "runOnce", "runOnceScheduleMode": "onPublish"},
    }
    document["metaData"]["eventDefinition"] = event
    source = BY_SLUG["data-extension"].new("TRIGGER", document)
    source["metaData"]["eventDefinitionKey"] = "DEAudience-1"
    sms, wait = BY_SLUG["sms"].new("SMSSYNC-1", document), BY_SLUG["wait"].new("WAIT-1", document)
    sms["configurationArguments"]["assetId"] = 815
    sms["metaData"]["store"] = {"selectedContentBuilderMessage": "%%[ SET @x = 1 ]%%Here & now"}
    sms["outcomes"][0]["next"] = "WAIT-1"
    document |= {"triggers": [source], "activities": [sms, wait]}
    journey = started(document, tenant, maya)
    address = f"/journeys/{journey.pk}/"
    card = "Entered by Orders of today, once, when the journey is activated"
    for page in ("?view=list", "print/"):
        shown = flat(as_maya.get(address + page).content.decode())
        assert card in shown and "Send SMS: “Here &amp; now”" in shown
    panels = {"SMSSYNC-1": ["Here &amp; now"], "TRIGGER": ["Orders of today", "Once, when the"]}
    for key, texts in panels.items():
        kind = "trigger" if key == "TRIGGER" else "activity"
        panel = as_maya.get(f"{address}panel/?kind={kind}&key={key}").content.decode()
        assert all(text in panel for text in texts)
    journey.request_review(maya)
    review = flat(
        as_rob.get(f"/admin/journeys/review/{journey.reviews.get().pk}/change/").content.decode()
    )
    assert card in review and "<dd>Here &amp; now</dd>" in review
