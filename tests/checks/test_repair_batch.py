"""Repairs done in a batch come out as they do one after the other."""

import pytest

from journeys.checks import check, effect, repaired
from journeys.checks.repair_batch import RepairBatch
from tests.growth import shapes

SHAPES = [
    "broken",
    "optimised",
    "nested optimisers",
    "engaged aside",
    "criteria",
    "comb",
    "same keys",
    "odd keys",
]


def torn(document: dict) -> list[dict]:
    """The document, and what somebody's script could have made of it."""
    bare = [
        {**step, "metaData": {"capsule": step["metaData"].get("capsule")}}
        for step in document["activities"]
    ]
    cut = [{**step, "outcomes": step["outcomes"][:1]} for step in document["activities"]]
    loose = [
        {
            **step,
            "outcomes": [{**way, "next": "GONE"} for way in step["outcomes"]]
            if number % 3
            else step["outcomes"],
        }
        for number, step in enumerate(document["activities"])
    ]
    lists = [bare, cut, loose, document["activities"][::-1]]
    return [
        document,
        *({**document, "workflowApiVersion": "1.0", "activities": one} for one in lists),
    ]


@pytest.mark.parametrize("shape", SHAPES)
def test_it_repairs_as_one_after_the_other(shape):
    for document in torn(shapes.SHAPES[shape](12)):
        batch, alone = RepairBatch(document), document
        for problem in check(document):
            told = effect(alone, problem)
            assert batch.repair(problem) == told
            alone = repaired(alone, problem) if told else alone
        assert batch.whole() == alone
