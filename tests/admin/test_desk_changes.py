"""The desk buries no change: all of them are there, page by page, and what matters most comes
first."""

import re
from copy import deepcopy
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys import blocks
from journeys.drawing.card import card_id
from journeys.models import Journey, Tenant
from journeys.screens import changes
from journeys.spec import document as doc
from tests.people import started

COUNT = 150


def many(count: int) -> dict:
    """A chain: an entry, waits, an email, exits."""
    steps = [
        {
            "key": f"W-{n}",
            "type": "WAIT",
            "name": f"Pause {n}",
            "configurationArguments": {"waitDuration": 1},
        }
        for n in range(count)
    ]
    email = {
        "key": "E-1",
        "type": "EMAILV2",
        "name": "Offer",
        "configurationArguments": {"triggeredSend": {}},
    }
    steps = [{"outcomes": [], **step} for step in [*steps, email]]
    trigger = {
        "key": "T-1",
        "type": "APIEvent",
        "name": "Entry",
        "metaData": {"eventDefinitionKey": "A"},
    }
    members = {
        "key": "many",
        "name": "Many",
        "description": "",
        "workflowApiVersion": 1.0,
        "goals": [],
    }
    exits = [
        {
            "key": "X-1",
            "type": "Event",
            "name": "Leave",
            "configurationArguments": {"criteria": "a"},
        }
    ]
    return {
        **members,
        "triggers": [trigger],
        "activities": steps,
        "exits": exits,
        "entryMode": "OnceAndDone",
    }


def altered(document: dict) -> dict:
    """Every name changes, which nobody minds; and one thing of each kind that somebody does
    mind."""
    after = deepcopy(document)
    for step in after["activities"]:
        step["name"] += " (new)"
    after["entryMode"] = "MultipleEntries"
    after["triggers"][0]["metaData"]["eventDefinitionKey"] = "B"
    after["exits"][0]["configurationArguments"]["criteria"] = "b"
    after["activities"][-1]["configurationArguments"]["triggeredSend"] = {"emailId": 4711}
    after["activities"][COUNT - 1]["configurationArguments"]["waitDuration"] = 9
    return after


@pytest.fixture
def desk(tenant: Tenant, maya: User, miles: User, rob: User) -> str:
    journey: Journey = started(many(COUNT), tenant, maya)
    asked = {
        "revision": journey.head,
        "tenant": tenant,
        "sha256": journey.head.sha256,
        "place": tenant.place,
    }
    journey.reviews.create(**asked, asked_by=maya)._decide(
        rob, "approved", ""
    )  # though much of it blocks
    journey.append(altered(many(COUNT)), author=miles, operation="form", summary="All", based_on=1)
    journey.refresh_from_db()
    head = journey.head
    asked |= {"revision": head, "sha256": head.sha256}
    review = journey.reviews.create(**asked, asked_by=miles)
    return f"/admin/journeys/review/{review.pk}/change/"


def test_it_shows_every_change_page_by_page_and_what_matters_first(as_rob: Client, desk: str):
    first = as_rob.get(desk)
    blocks = list(first.context["changes"].paginator.object_list)
    counted = sum(len(block.rows) for block in blocks)
    assert counted == first.context["change_count"] == COUNT + 1 + 5
    places = [(block.about, block.address.kind, block.address.key) for block in blocks[:5]]
    assert places == [
        (changes.ENTRY, "journey", ""),
        (changes.ENTRY, "trigger", "T-1"),
        (changes.EXIT, "exit", "X-1"),
        (changes.SEND, "activity", "E-1"),
        (changes.WAIT, "activity", f"W-{COUNT - 1}"),
    ]
    assert f"{COUNT + 6} changes" in first.content.decode()
    pages = [
        as_rob.get(desk, {"changes": number}).content.decode().split('id="steps-title"')[0]
        for number in first.context["changes"].paginator.page_range
    ]
    assert len(pages) > 1
    assert all(any(f"Pause {number} (new)" in page for page in pages) for number in range(COUNT))


def test_it_shows_where_two_long_values_differ():
    old, new = changes.cut("a" * 50_000 + "old" + "z" * 9, "a" * 50_000 + "new" + "z" * 9)
    assert "old" in old and "new" in new and max(len(old), len(new)) < 200
    assert "more characters" in changes.cut("", "a" * 50_000)[1]


def test_each_setting_of_the_journey_stands_where_it_belongs_and_is_told_in_words():
    before = many(1)
    after = {
        **before,
        "entryMode": "MultipleEntries",
        "description": "For spring",
        "definitionType": "Quicksend",
    }
    found = changes.by_block(changes.diff.compare(before, after), before, after)
    assert [(block.about_label, block.sentences) for block in found] == [
        (
            "Who enters",
            ["Re-entry: no re-entry → re-entry at any time", "Definition type: single send added"],
        ),
        ("Only for the eye", ["Description: “For spring” added"]),
    ]


def test_it_links_to_few_pages_however_many_there_are(tenant: Tenant, maya: User):
    journey = started(many(1), tenant, maya)
    shown = changes.changes_between(journey.head, many(5000), "60")
    assert shown["changes"].paginator.num_pages > 100 and len(shown["change_pages"]) < 15
    assert {1, 59, 60, 61, shown["changes"].paginator.num_pages} <= set(shown["change_pages"])


def test_a_first_review_shows_all_that_would_be_sent_in_words(
    as_rob: Client, journey: Journey, maya: User
):
    review = journey.request_review(maya)
    page = as_rob.get(f"/admin/journeys/review/{review.pk}/change/").content.decode()
    told = re.sub(
        r"<[^>]+>", " ", page[page.index('id="changes-title"') : page.index('id="steps-title"')]
    )
    told = re.sub(r"\s+", " ", unescape(told))
    first = journey.head.document()["activities"][0]
    assert "Never approved before: all of it is new" in told
    for said in (
        "Subject Nice to meet you",
        "How long 2 days",
        "Contact re-entry Re-entry at any time",
        "→ Wait 2 days",
        f"→ {blocks.sentence(first, 'activity')}",
    ):
        assert said in told, said
    steps = journey.head.document()["activities"]
    assert all(
        f'"key":"{step["key"]}"' in told for step in steps
    )  # what no form knows stands in the JSON
    orders = [told.index(f'"key":"{key}"') for key in ("EMAILV2-1", "WAITBYDURATION-1")]
    assert orders == sorted(orders)


def test_a_long_first_review_comes_page_by_page(as_rob: Client, tenant: Tenant, maya: User):
    journey = started(many(COUNT), tenant, maya)
    asked = {
        "revision": journey.head,
        "tenant": tenant,
        "sha256": journey.head.sha256,
        "place": tenant.place,
    }
    desk = f"/admin/journeys/review/{journey.reviews.create(**asked, asked_by=maya).pk}/change/"
    pages = [
        as_rob.get(desk, {"changes": number}).content.decode().split('id="steps-title"')[0]
        for number in range(1, 5)
    ]
    assert (
        "152 blocks" not in pages[0]
        and "153 blocks" in pages[0]
        and 'aria-label="Pages of blocks"' in pages[0]
    )
    assert all(any(f"W-{number}&quot;" in page for page in pages) for number in range(COUNT))
    assert max(page.count('class="first-block"') for page in pages) <= changes.PAGE + 1


def test_what_only_follows_from_a_removed_step_is_no_change_of_what_is_sent(journey: Journey):
    journey.apply(
        "remove steps", {"keys": ["WAITBYDURATION-1"], "heal": True}, based_on=1, author=None
    )
    before = journey.revisions.get(number=1).document()
    found = changes.by_block(
        changes.diff.compare(before, journey.head.document()), before, journey.head.document()
    )
    assert [(block.about_label, block.name, block.sentences) for block in found] == [
        ("Waits and times", "Wait 2 days", ["Removed Wait 2 days"]),
        ("The path", "Send Welcome 1", []),
    ]
    shown = changes.changes_between(journey.revisions.get(number=1), journey.head.document())
    here = {card_id(kind, str(block["key"])) for kind, block in doc.blocks(journey.head.document())}
    assert shown["changed_cards"] & here == set()  # no card bears the word, as in the picture
