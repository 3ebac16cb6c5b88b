"""Repeating parts: paths of splits by their key, fields of an update by their index."""

from journeys.blocks.activities.decision_split import DecisionSplit
from journeys.blocks.activities.random_split import RandomSplit
from journeys.blocks.activities.update_contact import UpdateContact
from journeys.blocks.facts import Facts
from tests.blocks.browser import read_form, save

FILTER = "<FilterDefinition><ConditionSet/></FilterDefinition>"


def fields(*rows: dict) -> dict:
    block = {**UpdateContact.new("U-1", {}), "outcomes": []}
    return {
        **block,
        "arguments": {**block["arguments"], "activityData": {"updateContactFields": list(rows)}},
    }


def row(number: int) -> dict:
    return {
        "dataExtensionId": f"de-{number}",
        "field": f"f-{number}",
        "value": f"v-{number}",
        "other": number,
    }


def test_it_writes_one_percentage_and_the_label_that_says_it() -> None:
    block = RandomSplit.new("R-1", {})
    first, second = block["outcomes"]
    changed = {
        **second,
        "arguments": {"percentage": 30},
        "metaData": {**second["metaData"], "label": "30%"},
    }
    assert save(RandomSplit, block, {"rows-branchResult-2-percentage": "30"}) == {
        **block,
        "outcomes": [first, changed],
    }


def test_it_leaves_a_label_that_says_something_else() -> None:
    block = RandomSplit.new("R-1", {})
    block["outcomes"][0]["metaData"]["label"] = "Offer A"
    changed = save(RandomSplit, block, {"rows-branchResult-1-percentage": "30"})
    assert changed["outcomes"][0]["metaData"]["label"] == "Offer A"


def test_it_matches_rows_by_key_when_their_order_changed_meanwhile() -> None:
    block = RandomSplit.new("R-1", {})
    swapped = {**block, "outcomes": block["outcomes"][::-1]}
    form = RandomSplit({"rows-branchResult-1-label": "Offer A"}, block=swapped, document={})
    assert form.is_valid()
    assert [path["metaData"]["label"] for path in form.written()["outcomes"]] == ["50%", "Offer A"]


def test_it_refuses_a_percentage_of_100() -> None:
    form = RandomSplit(
        {"rows-branchResult-1-percentage": "100"}, block=RandomSplit.new("R-1", {}), document={}
    )
    assert not form.is_valid()
    assert form.rows.errors[0] == {"percentage": ["Enter a whole number from 1 to 99 (%)."]}


def test_it_tells_twin_keys_apart_by_index() -> None:
    block = RandomSplit.new("R-1", {})
    block["outcomes"][1]["key"] = "branchResult-1"
    changed = save(RandomSplit, block, {"rows-1-label": "Second"})
    assert [path["metaData"]["label"] for path in changed["outcomes"]] == ["50%", "Second"]


def test_it_writes_criteria_under_the_key_of_the_path() -> None:
    block = DecisionSplit.new("D-1", {})
    assert save(DecisionSplit, block, {"rows-default_path_1-criteria": FILTER}) == {
        **block,
        "configurationArguments": {"criteria": {"default_path_1": FILTER}},
    }


def test_it_writes_criteria_of_a_key_with_dots_and_spaces() -> None:
    block = DecisionSplit.new("D-1", {})
    block["outcomes"][0]["key"] = "Tier. one"
    names = read_form(DecisionSplit(block=block, document={})).places
    name = next(
        name
        for name, place in names.items()
        if place == 'configurationArguments.criteria."Tier. one"'
    )
    changed = save(DecisionSplit, block, {name: FILTER})
    assert changed["configurationArguments"]["criteria"] == {"Tier. one": FILTER}


def test_it_shows_no_criteria_for_the_remainder() -> None:
    places = read_form(
        DecisionSplit(block=DecisionSplit.new("D-1", {}), document={})
    ).places.values()
    assert "configurationArguments.criteria.remainder_path" not in places
    assert "outcomes[remainder_path].metaData.label" in places


def test_it_changes_one_field_of_an_update() -> None:
    changed = {**row(2), "value": "new"}
    assert save(UpdateContact, fields(row(1), row(2)), {"rows-1-value": "new"}) == fields(
        row(1), changed
    )


def test_it_adds_a_field_in_the_blank_row() -> None:
    typed = {"rows-1-data_extension": "de", "rows-1-field": "f", "rows-1-value": "v"}
    added = {"dataExtensionId": "de", "field": "f", "value": "v"}
    assert save(UpdateContact, fields(row(1)), typed) == fields(row(1), added)


def test_it_adds_the_first_field_where_the_list_is_missing() -> None:
    block = {"key": "U-1", "type": "UPDATECONTACTDATA"}
    assert save(UpdateContact, block, {"rows-0-value": "v"}) == {
        **block,
        "arguments": {"activityData": {"updateContactFields": [{"value": "v"}]}},
    }


def test_it_removes_ticked_fields() -> None:
    block = fields(row(1), row(2), row(3))
    assert save(UpdateContact, block, {"rows-0-DELETE": "on", "rows-2-value": "new"}) == fields(
        row(2), {**row(3), "value": "new"}
    )


def test_it_leads_from_a_problem_to_the_field_of_its_row() -> None:
    block = DecisionSplit.new("D-1", {})
    form = DecisionSplit(block=block, document={})
    [problem] = DecisionSplit.problems(block, Facts())
    assert form.field_for(problem.address.inside) == "rows-default_path_1-criteria"
    assert form.field_for("outcomes[remainder_path]") == "rows-remainder_path-label"
    assert form.field_for("metaData.foreign") is None
