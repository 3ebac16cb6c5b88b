"""The paths of a split are named so that they can be told apart, wherever one is chosen."""

import pytest

from journeys.blocks import path_names
from journeys.models import Journey
from journeys.screens import paths
from journeys.screens.draft import Draft
from journeys.screens.selected import Selected
from journeys.spec import graph
from journeys.views.menu import menu_of

pytestmark = pytest.mark.one_database
SPLIT = "RANDOMSPLITV2-1"


def way(label: str = "", **members: object) -> dict:
    return {"key": label, "metaData": {"label": label}, **members}


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (["Gold", "Silver"], ["Gold", "Silver"]),
        (["", ""], ["Path 1", "Path 2"]),
        (
            ["Gold", "gold", " ", "Gold "],
            ["Gold (path 1)", "gold (path 2)", "Path 3", "Gold (path 4)"],
        ),
        (["Path 2", ""], ["Path 2 (path 1)", "Path 2 (path 2)"]),
    ],
)
def test_paths_of_a_split_have_names_of_their_own(labels: list[str], names: list[str]):
    step = {"type": "REST", "outcomes": [way(label) for label in labels]}
    assert path_names(step) == names


def test_whoever_removes_a_split_sees_which_path_is_which(journey: Journey):
    draft = Draft(journey, journey.head)
    _title, entries = menu_of(draft, Selected("activity", SPLIT), None, "remove")
    assert [entry.label for entry in entries] == [
        "Remove it, and keep “50 % (path 1)” (leads to “Send Welcome 2, story”)",
        "Remove it, and keep “50 % (path 2)” (leads to “Send Welcome 2, offer”)",
        "Remove it with all its paths",
    ]


@pytest.mark.parametrize("page", ["after", "lead", "remove"])
def test_no_two_entries_of_a_menu_are_alike(journey: Journey, page: str):
    draft = Draft(journey, journey.head)
    _title, entries = menu_of(draft, Selected("activity", SPLIT), None, page)
    assert len({entry.label for entry in entries}) == len(entries)


def test_places_to_move_to_are_told_apart(journey: Journey):
    draft = Draft(journey, journey.head)
    texts = [gap.text for gap in paths.gaps(draft, "EMAILV2-1") if gap.after == SPLIT]
    assert texts == ["Which second email?: 50 % (path 1)", "Which second email?: 50 % (path 2)"]
    assert len(texts) == len(graph.outcomes(draft.steps[SPLIT]))
