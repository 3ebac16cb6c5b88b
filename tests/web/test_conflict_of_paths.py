"""Two people at one path of a split: the path, its criteria and its label are one thing, told in
words, and every choice about them can be saved."""

import json
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.gallery.samples import samples
from journeys.models import Journey, Tenant
from journeys.spec import graph
from tests.models.conftest import document, wait
from tests.people import started
from tests.web.conflicting import newest, post, sent_again, settled, step, words

SPLIT = {"kind": "activity", "key": "RANDOMSPLITV2-1"}
DECISION = {"kind": "activity", "key": "MULTICRITERIADECISIONV2-1"}
FIRST, SECOND = (f"rows-branchResult-{number}-percentage" for number in (1, 2))


@pytest.fixture
def cart(tenant: Tenant, maya: User) -> Journey:
    return started(samples()[1], tenant, maya)


@pytest.fixture
def split(as_miles: Client, journey: Journey) -> Journey:
    """A third path, so that one can go."""
    post(as_miles, journey, "path/add", **SPLIT)
    assert len(ways(journey)) == 3
    return journey


def ways(journey: Journey, place: dict = SPLIT) -> dict[str, dict]:
    return {way["key"]: way for way in step(journey, place["key"])["outcomes"]}


def without_path(by: Client, journey: Journey, place: dict, path: str) -> None:
    values = {**place, "outcome": path, "with_steps": "1"}
    assert post(by, journey, "path/remove", 2, **values).status_code == 200
    assert path not in ways(journey, place)


def test_it_puts_a_path_back_that_leads_to_what_comes_behind_the_step_that_went_with_it(
    as_maya: Client, as_miles: Client, split: Journey
):
    first = graph.next_of(ways(split)["branchResult-1"])
    behind = graph.next_of(step(split, first)["outcomes"][0])
    without_path(as_miles, split, SPLIT, "branchResult-1")
    assert step(split, first) is None
    answer = post(as_maya, split, "block/save", 2, **SPLIT, **{FIRST: "20"})
    assert answer.status_code == 409
    assert settled(as_maya, split, answer).status_code == 200
    way = ways(split)["branchResult-1"]
    assert (way["arguments"]["percentage"], graph.next_of(way)) == (20, behind)
    assert [*ways(split)][0] == "branchResult-1"


def test_it_leaves_a_removed_path_removed_where_that_is_chosen(
    as_maya: Client, as_miles: Client, split: Journey
):
    without_path(as_miles, split, SPLIT, "branchResult-1")
    theirs = newest(split)
    answer = post(as_maya, split, "block/save", 2, **SPLIT, **{FIRST: "20"})
    assert settled(as_maya, split, answer, take="theirs").status_code == 200
    assert newest(split) == theirs


def test_it_tells_of_a_removed_path_in_words(as_maya: Client, as_miles: Client, split: Journey):
    without_path(as_miles, split, SPLIT, "branchResult-1")
    answer = post(as_maya, split, "block/save", 2, **SPLIT, **{FIRST: "20"})
    said = words(answer)
    assert re.search(r"Path “[^”]+” before: Percentage 50 % .* Removed ", said)
    assert "You Kept, with Percentage 20 % Save" in said
    assert "skip" not in said and "key " not in said and "i18n" not in said


def test_it_has_one_question_for_a_percentage_and_the_label_that_repeats_it(
    as_maya: Client, as_miles: Client, journey: Journey
):
    post(as_miles, journey, "block/save", **SPLIT, **{FIRST: "30", SECOND: "70"})
    answer = post(as_maya, journey, "block/save", **SPLIT, **{FIRST: "60", SECOND: "40"})
    asked = [name for name in sent_again(answer) if name.startswith("choice:")]
    place = "choice:activity RANDOMSPLITV2-1: outcomes[branchResult-{}].arguments.percentage"
    assert asked == [place.format(1), place.format(2)]
    assert settled(as_maya, journey, answer, **{asked[0]: "theirs"}).status_code == 200
    made = [
        (way["arguments"]["percentage"], way["metaData"]["label"]) for way in ways(journey).values()
    ]
    assert made == [(30, "30%"), (40, "40%")]


@pytest.fixture
def met_criteria(as_maya: Client, as_miles: Client, cart: Journey):
    """Maya edits the criteria of a path as JSON that Miles takes away."""
    post(as_miles, cart, "path/add", **DECISION)
    block = json.loads(json.dumps(step(cart, DECISION["key"])))
    without_path(as_miles, cart, DECISION, "default_path_1")
    criteria = block["configurationArguments"]["criteria"]
    criteria["default_path_1"] = criteria["default_path_1"].replace("Gold", "Silver")
    return post(as_maya, cart, "block/save-text", 2, **DECISION, text=json.dumps(block))


def test_it_has_one_question_for_a_path_and_its_criteria(met_criteria):
    said = words(met_criteria)
    assert met_criteria.status_code == 409
    assert re.search(r"Path “Gold” .* Removed .* You Kept", said) and "Silver" in said
    assert "taken in" not in said


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_it_keeps_no_criteria_without_their_path(
    as_maya: Client, cart: Journey, met_criteria, side: str
):
    theirs = newest(cart)
    chosen = {name: side for name in sent_again(met_criteria) if name.startswith("choice:")}
    assert len(chosen) == 1
    assert settled(as_maya, cart, met_criteria, **chosen).status_code == 200
    criteria = step(cart, DECISION["key"])["configurationArguments"]["criteria"]
    if side == "theirs":
        assert newest(cart) == theirs and "default_path_1" not in criteria
    else:
        assert "Silver" in criteria["default_path_1"]
        assert "default_path_1" in ways(cart, DECISION)


def in_a_row(*keys: str) -> list[dict]:
    return [wait(*pair) for pair in zip(keys, [*keys[1:], None], strict=True)]


def test_it_says_why_a_choice_cannot_be_and_offers_theirs(
    as_maya: Client, as_miles: Client, tenant: Tenant, maya: User
):
    """Each moved a step in the text; both ways together go round in a circle."""
    journey = started(document(activities=in_a_row("A", "B", "C", "D")), tenant, maya)
    for browser, order in ((as_miles, "ABDC"), (as_maya, "ACBD")):
        text = json.dumps({**journey.head.document(), "activities": in_a_row(*order)})
        answer = post(browser, journey, "document/save", text=text)
    assert answer.status_code == 409 and "cannot be saved" not in words(answer)
    theirs = newest(journey)
    mine = {name: "mine" for name in sent_again(answer) if name.startswith("choice:")}
    again = settled(as_maya, journey, answer, text=text, **mine)
    said = words(again)
    assert (again.status_code, newest(journey)) == (409, theirs)
    assert "What you chose cannot be saved:" in said and "a circle" in said
    assert all(sent_again(again)[name] == ["theirs"] for name in mine)


def test_it_says_why_a_step_cannot_be_put_back(as_maya: Client, as_miles: Client, journey: Journey):
    post(as_miles, journey, "block/add", slug="path-optimizer", after="", outcome="")
    place = {"kind": "activity", "key": graph.root(newest(journey))}
    assert graph.capsule_end(newest(journey), place["key"]) is not None
    assert post(as_miles, journey, "undo", 2, number=2).status_code == 200
    answer = post(as_maya, journey, "block/save", 2, **place, description="Mine")
    assert answer.status_code == 409
    again = settled(as_maya, journey, answer)
    said = words(again)
    assert again.status_code == 409
    assert "What you chose cannot be saved: It belongs to steps that are put in and taken" in said
    assert "Put it back" not in said and "Leave it removed" in said
