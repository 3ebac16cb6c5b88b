"""A journey has one entry source, one goal and one set of exit criteria: another one asks to take
the place of the first."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.models import Journey
from journeys.spec import document as doc

pytestmark = pytest.mark.one_database


def newest(journey: Journey) -> dict:
    return Journey.objects.get(pk=journey.pk).head.document()


def add(client: Client, journey: Journey, slug: str, based_on: int = 1, **values: object):
    posted = {"slug": slug, "based_on": based_on, "view": "list", "kind": "journey", "key": ""}
    return client.post(f"/journeys/{journey.pk}/block/add/", posted | values)


def types(journey: Journey, kind: str) -> list[str]:
    return [block["type"] for block in doc.block_list(newest(journey), kind)]


def test_it_asks_before_it_replaces_the_entry_source(as_maya: Client, journey: Journey):
    before = newest(journey)
    answer = add(as_maya, journey, "data-extension")
    assert (answer.status_code, answer["HX-Retarget"]) == (200, "#ask")
    page = answer.content.decode()
    assert "Replace the entry source?" in page and "A new “Data extension” takes its place" in page
    assert "Entered by Newsletter sign-up" in page
    assert newest(journey) == before
    add(as_maya, journey, "data-extension", replaces=["TRIGGER"])
    after = newest(journey)
    assert [(one["key"], one["type"]) for one in after["triggers"]] == [
        ("TRIGGER", "EmailAudience")
    ]
    assert {**after, "triggers": before["triggers"]} == before
    words = Journey.objects.get(pk=journey.pk).head.summary
    assert words == "Replaced Entered by Newsletter s… by Data extension"


@pytest.mark.parametrize(
    ("slug", "kind", "title"),
    [
        ("goal", "goal", "Replace the goal?"),
        ("exit-criteria", "exit", "Replace the exit criteria?"),
    ],
)
def test_it_asks_before_it_replaces_goals_and_exits(
    as_maya: Client, journey: Journey, slug: str, kind: str, title: str
):
    first = add(as_maya, journey, slug)
    assert "HX-Retarget" not in first
    (key,) = (block["key"] for block in doc.block_list(newest(journey), kind))
    again = add(as_maya, journey, slug, based_on=2)
    assert title in again.content.decode() and len(types(journey, kind)) == 1
    add(as_maya, journey, slug, based_on=2, replaces=[key])
    assert len(types(journey, kind)) == 1


def test_what_a_colleague_added_meanwhile_is_asked_about_and_stays(
    as_maya: Client, browser_of, miles: User, journey: Journey
):
    """Both look at a journey without a goal."""
    add(browser_of(miles), journey, "goal")
    answer = add(as_maya, journey, "goal", based_on=1)
    assert "Replace the goal?" in answer.content.decode()
    assert 'name="replaces" value="GOAL"' in answer.content.decode()
    refused = add(as_maya, journey, "goal", based_on=2, replaces=["ANOTHER"])
    assert refused.status_code == 422
    assert "The journey has a goal by now" in refused.content.decode()
    assert len(types(journey, "goal")) == 1


def test_all_that_an_import_brought_are_replaced_by_the_one(as_maya: Client, journey: Journey):
    document = newest(journey)
    (trigger,) = document["triggers"]
    several = {**document, "triggers": [trigger, {**trigger, "key": "T<2>", "name": "Two"}]}
    journey.replace(several, based_on=1, author=None, operation="edit as text")
    page = add(as_maya, journey, "api-event", based_on=2).content.decode()
    assert "Entered by Two" in page and 'value="T&lt;2&gt;"' in page
    add(as_maya, journey, "api-event", based_on=2, replaces=["TRIGGER", "T<2>"])
    assert types(journey, "trigger") == ["APIEvent"]
