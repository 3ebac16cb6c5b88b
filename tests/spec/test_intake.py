import json
from pathlib import Path

import pytest

from journeys.spec import intake
from journeys.spec.document import dumps

EXAMPLES = Path(__file__).parents[3] / "shared" / "examples"
WHOLE = {"key": "a", "name": "A", "activities": [], "n": [1, 1.0, "1", None]}


NO_LISTS = ["", "{", "[]", '"items"', '{"items": {}}', '{"key": "a", "items": []}', '{"key": "a"}']


@pytest.mark.parametrize("data", NO_LISTS)
def test_it_takes_only_list_answers_apart(data: str):
    assert intake.items_of(data) is None and intake.items_of(data.encode()) is None


def test_it_keeps_whole_journeys_and_names_headings():
    items = intake.items_of(
        json.dumps({"count": 4, "items": [WHOLE, {"key": "b"}, {"name": "C", "triggers": []}, 7]})
    )
    assert intake.sorted_out(items) == ([(1, dumps(WHOLE))], [(2, "b"), (3, "C"), (4, "")])


def test_it_finds_only_headings_in_a_recorded_list_answer():
    items = intake.items_of((EXAMPLES / "responses" / "get-response.json").read_bytes())
    whole, headings = intake.sorted_out(items)
    assert (whole, [number for number, _name in headings]) == ([], [1, 2, 3, 4, 5, 6])


def test_it_names_members_that_nobody_described():
    assert intake.unknown_members({"key": "a", "stats": {}, "new": 1, "r__folder_Path": "x"}) == [
        "new"
    ]


def test_it_names_a_deployment_tools_references_once():
    document = {
        "r__folder_Path": "x",
        "activities": [{"r__asset_key": {"c__priority": 1}}, {"r__asset_key": "y"}],
    }
    assert intake.references(document) == ["r__folder_Path", "r__asset_key", "c__priority"]


def test_it_names_placeholders_in_texts_and_members_once():
    document = {"key": "{{{prefix}}}a {{{x}}}", "{{{name}}}": ["{{{prefix}}}", "{{Event.k.Field}}"]}
    assert intake.placeholders(document) == ["{{{prefix}}}", "{{{x}}}", "{{{name}}}"]


@pytest.mark.parametrize(
    "path", sorted((EXAMPLES / "journeys").glob("*.json")), ids=lambda path: path.stem
)
def test_it_knows_the_members_of_the_examples(path: Path):
    found = intake.unknown_members(json.loads(path.read_text()))
    assert [name for name in found if not name.startswith("persistenceModel_")] in (
        [],
        ["transactionKeys"],
    )
