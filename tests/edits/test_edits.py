"""Some hundred random edits; `make edits` does 100,000. And what they would say if something were
lost."""

import pytest

from journeys.spec import edit, operations
from journeys.spec.operations import OPERATIONS
from tests.edits.keeping import CHANGES, Lost
from tests.edits.running import edit_one


@pytest.mark.parametrize("seed", range(8))
def test_it_loses_nothing(seed: int) -> None:
    edit_one(seed)


def test_it_tries_every_operation() -> None:
    """An operation that is missing: say in keeping.CHANGES what it may change, and choose it in
    choosing.CHOICES."""
    assert set(CHANGES) == set(OPERATIONS)


def test_it_makes_every_kind_of_edit() -> None:
    done = sum((edit_one(seed) for seed in range(8, 20)), start=edit_one(7))
    assert set(done) >= {"form", *OPERATIONS}


@pytest.mark.parametrize(
    "broken", ["drops a member", "leaves a path in the air", "changes in place", "loses a step"]
)
def test_it_says_what_an_operation_loses_and_how_to_see_it_again(
    broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = operations.OPERATIONS["move step"]

    def move_step(document: dict, key: str, after: str, outcome: str) -> dict:
        moved = whole(document, key, after, outcome)
        if broken == "drops a member":
            return {
                **moved,
                "activities": [{**step, "description": "-"} for step in moved["activities"]],
            }
        if broken == "leaves a path in the air":
            gone = moved["activities"][0]["outcomes"]
            return edit._change(
                moved, key, lambda step: {**step, "outcomes": [{"key": "x", "next": "gone"}, *gone]}
            )
        if broken == "changes in place":
            document["name"] = "Z"
            return moved
        return {**moved, "activities": moved["activities"][:-1]}

    monkeypatch.setitem(operations.OPERATIONS, "move step", move_step)
    with pytest.raises(Lost, match=r"make edits ARGS='--seed \d+ --journeys 1'") as told:
        for seed in range(20):
            edit_one(seed)
    assert "move step" in str(told.value)
