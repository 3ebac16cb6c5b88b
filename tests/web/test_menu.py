"""What the menu of a step offers, and what it says of what it cannot offer."""

import re

import pytest
from django.test import Client

from journeys.models import Journey
from journeys.screens.draft import Draft
from journeys.views.composer import Selected
from journeys.views.menu import Entry, menu_of
from tests.spec.making import journey as made

pytestmark = pytest.mark.one_database


def entries(journey: Journey, key: str, outcome: str | None = None) -> dict[str, Entry]:
    return {one.label: one for one in listed(journey, key, outcome)}


def listed(journey: Journey, key: str, outcome: str | None = None, page: str = "") -> list[Entry]:
    return menu_of(Draft(journey, journey.head), Selected("activity", key), outcome, page)[1]


def drawn(journey: Journey, **steps: object) -> Journey:
    document = {**journey.head.document(), "activities": made(**steps)["activities"]}
    journey.replace(document, based_on=1, author=None, operation="import")
    return journey


def test_it_names_the_gaps_beside_a_step(journey: Journey):
    found = entries(drawn(journey, A="B", B=None), "B")
    assert (found["Add before"].gap, found["Add after"].gap) == (("A", "on"), ("B", "on"))
    assert found["Lead to…"].values == {"outcome": "on"}
    assert found["End here"].why == "The path ends here already."


def test_it_adds_behind_the_entry_source_and_says_why_not_elsewhere(
    journey: Journey, as_maya: Client
):
    add = {"kind": "goal", "block": {"key": "GOAL", "type": "Event"}}
    journey.apply("add block", add, based_on=1, author=None)
    draft = Draft(journey, journey.head)
    entry, goal = (
        {one.command: one for one in menu_of(draft, Selected(*block), None, "")[1]}
        for block in (("trigger", "TRIGGER"), ("goal", "GOAL"))
    )
    assert (entry["after"].gap, entry["after"].why) == (("", ""), "")
    assert entry["before"].why == "Contacts come in here: nothing stands before it."
    assert goal["after"].gap is None
    assert "beside the steps" in goal["after"].why and "beside the steps" in goal["before"].why
    assert entry["rename"].values == goal["rename"].values == {"field": "name"}


def test_it_says_why_nothing_can_be_added_before_a_join(journey: Journey):
    found = entries(drawn(journey, A={"1": "B", "2": "C"}, B="C", C=None), "C")
    assert (
        found["Add before"].why == "Several paths come together here: add the step on one of them."
    )


def test_it_asks_which_path_of_a_split_is_meant(journey: Journey):
    drawn(journey, A={"1": "B", "2": None}, B=None)
    found = entries(journey, "A")
    assert [
        found[text].values["page"] for text in ("Add after…", "Lead a path to…", "Remove…")
    ] == [
        "after",
        "lead",
        "remove",
    ]
    assert [one.gap for one in listed(journey, "A", page="after")] == [("A", "1"), ("A", "2")]
    assert [one.values for one in listed(journey, "A", page="lead")] == [
        {"outcome": "1"},
        {"outcome": "2"},
    ]
    assert [one.values["keep"] for one in listed(journey, "A", page="remove")] == ["1", "2", ""]


def test_it_offers_a_path_what_can_be_done_with_it(journey: Journey):
    key = "RANDOMSPLITV2-1"
    step = next(one for one in journey.head.document()["activities"] if one["key"] == key)
    first = step["outcomes"][0]["key"]
    found = entries(journey, key, first)
    assert found["Move up"].why == "This is the first path already."
    assert found["Move down"].values == {"outcome": first, "to": "later"}
    assert found["Add a step at its start"].gap == (key, first)
    assert (
        found["Remove this path with its steps"].why == "This path has to stay: the split needs it."
    )


def test_it_keeps_a_trigger_out_of_the_paths(as_maya: Client, journey: Journey):
    trigger = journey.head.document()["triggers"][0]
    answer = as_maya.get(
        f"/journeys/{journey.pk}/step/menu/", {"kind": "trigger", "key": trigger["key"]}
    ).content.decode()
    commands = re.findall('data-command="([^"]+)"', answer)
    assert commands == ["open", "rename", "before", "after", "remove"]
    assert (
        "Open the settings" in answer
        and f'hx-post="/journeys/{journey.pk}/block/remove/"' in answer
    )


def test_it_pastes_behind_a_step_and_at_the_start_of_a_path(journey: Journey):
    drawn(journey, A={"1": "B", "2": None}, B=None)
    (behind,) = [one for one in listed(journey, "B") if one.command == "paste"]
    (at_start,) = [one for one in listed(journey, "A", "2") if one.command == "paste"]
    assert (behind.label, behind.clipboard, behind.values) == ("Paste behind", "B", {})
    assert (at_start.label, at_start.clipboard, at_start.values) == (
        "Paste at its start",
        "A",
        {"outcome": "2"},
    )


def test_it_removes_a_step_alone_or_with_what_only_it_leads_to(journey: Journey):
    drawn(journey, A="B", B="C", C="D", D=None)
    found = {one.label: one for one in listed(journey, "B") if one.command.startswith("remove")}
    assert list(found) == ["Remove", "Remove with all 2 steps behind it"]
    assert found["Remove"].post == "remove-block"
    every = found["Remove with all 2 steps behind it"]
    assert (every.post, every.values) == ("remove-steps", {"keys": "B", "heal": "0"})
    assert [one.label for one in listed(journey, "C")][-1] == "Remove with the step behind it"
    assert [one.label for one in listed(journey, "D")][-1] == "Remove"


def test_what_others_lead_to_stays(journey: Journey):
    drawn(journey, A={"1": "B", "2": "C"}, B="C", C=None)
    assert [one.label for one in listed(journey, "B")][-1] == "Remove"
