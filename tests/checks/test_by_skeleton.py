"""What rules find on the path is kept for its skeleton and the language."""

import random
from collections.abc import Iterator

import pytest
from django.utils.translation import override

from journeys.blocks import path_names
from journeys.checks import CHECKS, PATH_RULES, by_skeleton, check
from journeys.checks.by_block import OfBlocks
from journeys.checks.by_skeleton import Skeleton, of_paths
from journeys.spec import document as doc
from journeys.spec import graph
from journeys.spec.problem import Problem
from tests.checks.test_rules import email, journey, step
from tests.depth import deep
from tests.edits import documents

RULES = PATH_RULES[False]
ODD = (None, "", "no such step", 7, ["A"])
WAITS = ("WAIT", "wait", "WAITUNTILDATE", "EMAILV2")
SHORT = {"waitDuration": 2, "waitUnit": "MINUTES"}


@pytest.fixture(autouse=True)
def without_memory() -> Iterator[None]:
    by_skeleton.KEPT.clear()
    yield
    by_skeleton.KEPT.clear()


def skeleton(document: dict) -> Skeleton:
    return OfBlocks(document, ()).skeleton


def kept(document: dict) -> list[Problem]:
    found = of_paths(skeleton(document), RULES)
    return [problem for rule in RULES for problem in found[rule]]


def afresh(document: dict) -> list[Problem]:
    named = {
        **document,
        "activities": [with_names(one) for one in doc.block_list(document, "activity")],
    }
    return [problem for rule in RULES for problem in rule.find(named)]


def with_names(step: dict) -> dict:
    """What messages call the paths of a split is all that is added to what stands there."""
    ways = graph.outcomes(step)
    names = path_names(step) if len(ways) > 1 else []
    named = {id(way): {**way, "name": name} for way, name in zip(ways, names, strict=False)}
    return {**step, "outcomes": [named[id(way)] for way in ways]} if named else step


def in_a_step(chance: random.Random, one: dict, keys: list[str]) -> None:
    """Any change of what a rule on the path could look at, and of what none does."""
    ways = one.get("outcomes")
    way = chance.choice(ways) if ways and isinstance(ways, list) else {}
    way = way if isinstance(way, dict) else {}
    unit = chance.choice(["MINUTES", "DAYS"])
    settings = {"waitDuration": chance.choice([0, 1, 3, 4, "2"]), "waitUnit": unit}
    what = chance.randrange(8)
    if what == 0:
        way["next"] = chance.choice([*keys, *ODD])
    elif what == 1:
        way.pop("next", None)
    elif what == 2:
        one["key"] = chance.choice([*keys, *ODD])
    elif what == 3:
        one["type"] = chance.choice(WAITS)
    elif what == 4:
        one["configurationArguments"] = chance.choice([settings, {}, None])
    elif what == 5:
        one["metaData"] = {"waitType": chance.choice(["duration", "durationTime", ""])}
    elif what == 6:
        one["outcomes"] = chance.choice([[], None, [7, *ways] if isinstance(ways, list) else [7]])
    else:
        one["name"] = documents.word(chance)
        way["metaData"] = {"label": documents.word(chance)}


def edited(chance: random.Random, document: dict) -> dict:
    """Another document: most edits change one step, some what stands around the steps."""
    document = doc.parse(doc.dumps(document))
    steps = doc.block_list(document, "activity")
    what = chance.randrange(8)
    if what == 0:
        document["goals"] = chance.choice([[], None, [{"key": "G"}]])
    elif what == 1:
        document["definitionType"] = chance.choice(["Multistep", "Quicksend", None])
    elif what == 2:
        document["metaData"] = chance.choice([{"disableEndWait": True}, {}, None])
    elif what == 3:
        chance.shuffle(steps)
    else:
        keys = [key for one in steps if isinstance(key := one.get("key"), str)]
        in_a_step(chance, chance.choice(steps), keys)
    return document


@pytest.mark.parametrize("seed", range(deep(12, 400)))
def test_it_finds_the_same_as_without_memory_over_any_edits(seed: int) -> None:
    chance = random.Random(seed)
    document = documents.journey(chance)
    for _ in range(20):
        document = edited(chance, document)
        assert kept(document) == afresh(document)


def test_it_is_asked_again_only_when_the_path_changes() -> None:
    document = journey(email("E", "W"), step("W"))
    other = journey({**email("E", "W"), "name": "Another"}, step("W"))
    longer = journey(email("E", "W"), step("W", **{"configurationArguments": SHORT}))
    assert skeleton(document) == skeleton(other) != skeleton(longer)
    for one in (document, other):
        check(one)
    assert len(by_skeleton.KEPT.entries) == 1
    check(longer)
    assert len(by_skeleton.KEPT.entries) == 2


def test_it_speaks_the_language_of_who_asks() -> None:
    document = journey(email("E", "no such step"))
    with override("en-gb"):
        english = kept(document)
    with override("de"):
        german = kept(document)
        assert german == afresh(document)
    assert english and len(by_skeleton.KEPT.entries) == 2


def test_it_weighs_what_it_keeps() -> None:
    found = kept(journey(*(email(f"E-{number}", "no such step") for number in range(100))))
    assert by_skeleton.KEPT.used > sum(len(one.text) + len(str(one.address)) for one in found)


def test_each_rule_on_the_path_is_asked_of_every_version_that_it_is_listed_for() -> None:
    assert set(PATH_RULES[True]) < set(RULES) == {one for one in CHECKS if one in RULES}
