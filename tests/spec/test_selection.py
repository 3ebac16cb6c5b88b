import pytest

from journeys.spec import change_text, diff, graph, selection
from journeys.spec.document import dumps
from journeys.spec.graph import GraphError
from journeys.spec.operations import OPERATIONS
from tests.spec.making import (
    journey,
    links,
    step,
)
from tests.spec.test_diff import sentences_of

FORK = journey(A="B", B={"yes": "C", "no": "D"}, C="E", D="E", E="F", F=None)


def as_links(steps: list[dict]) -> dict:
    return links({"activities": steps})


def fresh(steps: list[dict]) -> list[dict]:
    """With keys that no journey of these tests has, small letters, and what the steps name of each
    other."""
    own = {one["key"]: one["key"].lower() for one in steps}

    def renamed(one: dict) -> dict:
        ways = [
            {**way, "next": own.get(way["next"], way["next"])} if "next" in way else way
            for way in one["outcomes"]
        ]
        return {**one, "key": own[one["key"]], "outcomes": ways}

    return [renamed(one) for one in steps]


def capsule(start: str, end: str, name: str = "capsule") -> dict:
    return {name: {"id": "CAPSULE-1", "startId": start, "endId": end}}


def optimizer() -> dict:
    """A opens a capsule that Z closes, with B in it."""
    document = journey(A={"1": "B", "2": "Z"}, B="Z", Z="E", E=None)
    metas = {
        "A": capsule("A", "Z"),
        "B": capsule("A", "Z", "capsuleData"),
        "Z": capsule("A", "Z"),
        "E": {},
    }
    return {
        **document,
        "activities": [{**one, "metaData": metas[one["key"]]} for one in document["activities"]],
    }


def test_units_follow_each_other_in_the_order_of_the_journey_and_a_split_brings_its_paths():
    document = {**FORK, "activities": list(reversed(FORK["activities"]))}
    assert selection.units(document, ["F", "B", "C", "A"]) == [["A"], ["B", "D", "C"], ["F"]]


def test_the_steps_of_a_path_can_be_told():
    assert selection.branch_of(FORK, "B", "yes") == ["C"]


def test_copied_steps_follow_each_other_and_name_what_they_led_to():
    assert as_links(selection.copied(FORK, ["A", "E"])) == {"A": "E", "E": "F"}
    assert as_links(selection.copied(FORK, ["B"])) == {
        "B": {"yes": "C", "no": "D"},
        "C": "E",
        "D": "E",
    }


def test_copying_leaves_the_journey_as_it_is():
    before = dumps(FORK)
    selection.copied(FORK, ["A", "C", "D"])
    assert dumps(FORK) == before


def test_a_capsule_is_copied_whole_or_not_at_all():
    assert [one["key"] for one in selection.copied(optimizer(), ["A"])] == ["A", "B", "Z"]
    with pytest.raises(GraphError, match="closes what “A” opens"):
        selection.copied(optimizer(), ["B", "Z"])
    assert selection.copied(optimizer(), ["B"])[0]["metaData"] == {}


def test_text_brings_the_steps_back():
    steps = selection.copied(FORK, ["B"])
    assert selection.from_text(selection.as_text(steps)) == steps


@pytest.mark.parametrize(
    "text",
    ["", "Hello", "[]", "{}", '{"format":"journey-steps"}', '{"format":"journey-steps","steps":[]}']
    + ['{"format":"journey-steps","steps":["A"]}', '{"format":"other","steps":[{"key":"A"}]}'],
)
def test_other_text_is_told_from_steps(text):
    with pytest.raises(GraphError, match="no copied step"):
        selection.from_text(text)


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ([{"key": "A"}, {"key": "A"}], "no two the same"),
        ([{"type": "WAIT"}], "need a key"),
        ([step("A", {"on": "B"}), step("B", {"on": "A"})], "in a circle"),
        ([{"key": f"S{number}"} for number in range(1001)], "more than 1000"),
    ],
)
def test_text_with_steps_that_make_no_sense_is_refused(steps, reason):
    with pytest.raises(GraphError, match=reason):
        selection.from_text(selection.as_text(steps))


def test_pasted_steps_lead_on_where_the_gap_led():
    pasted = selection.paste(journey(X="Y", Y=None), ("X", "on"), selection.copied(FORK, ["B"]))
    assert links(pasted) == {"X": "B", "B": {"yes": "C", "no": "D"}, "C": "Y", "D": "Y", "Y": None}


def test_pasted_steps_end_where_nothing_follows():
    pasted = selection.paste(journey(X=None), ("X", "on"), selection.copied(FORK, ["B"]))
    assert links(pasted) == {"X": "B", "B": {"yes": "C", "no": "D"}, "C": None, "D": None}


def test_pasted_paths_that_all_ended_lead_on_by_the_first():
    steps = selection.copied(journey(A={"1": "B", "2": None}, B=None), ["A"])
    assert links(selection.paste(journey(Y=None), graph.START, steps)) == {
        "A": {"1": "B", "2": None},
        "B": "Y",
        "Y": None,
    }


def test_a_copy_stands_right_behind():
    copies = fresh(selection.copied(FORK, ["C"]))
    assert links(selection.duplicate(FORK, ["C"], copies)) == links(FORK) | {"C": "c", "c": "E"}
    copies = fresh(selection.copied(FORK, ["B"]))
    doubled = links(selection.duplicate(FORK, ["B"], copies))
    assert doubled == links(FORK) | {
        "C": "b",
        "D": "b",
        "b": {"yes": "c", "no": "d"},
        "c": "E",
        "d": "E",
    }
    assert list(doubled) == ["A", "B", "C", "D", "b", "c", "d", "E", "F"]


def test_steps_are_moved_one_behind_the_other():
    moved = selection.move(FORK, ["A", "E"], ("B", "no"))
    assert links(moved) == {
        "B": {"yes": "C", "no": "A"},
        "A": "E",
        "E": "D",
        "D": "F",
        "C": "F",
        "F": None,
    }


def test_what_only_the_moved_steps_lead_to_together_is_moved_with_them():
    paths = {
        "C": {"yes": "D", "no": "E"},
        "D": {"yes": "E", "no": "F"},
        "E": {"yes": "G", "no": "G", "late": "H"},
    }
    base = journey(A="B", B="C", **paths, F="H", G=None, H=None)
    moved = selection.move(base, ["C", "E"], graph.START)
    assert selection.units(base, ["C", "E"])[-1] == ["E", "H"]
    assert (graph.roots(moved), links(moved)["E"]) == (["C"], {"yes": "A", "no": "A", "late": "H"})


def test_steps_are_not_moved_behind_themselves():
    with pytest.raises(GraphError, match="behind themselves"):
        selection.move(FORK, ["B", "F"], ("C", "on"))


def test_removal_heals_or_takes_along_what_only_the_steps_lead_to():
    healed = {"B": {"yes": "E", "no": "D"}, "D": "E", "E": "F", "F": None}
    assert links(selection.remove(FORK, ["A", "C"], heal=True)) == healed
    cut = {"A": "B", "B": {"yes": None, "no": "D"}, "D": "E", "E": "F", "F": None}
    assert links(selection.remove(FORK, ["C"], heal=False)) == cut
    assert links(selection.remove(FORK, ["C", "E"], heal=False)) == {
        "A": "B",
        "B": {"yes": None, "no": "D"},
        "D": None,
    }
    assert links(selection.remove(FORK, ["B"], heal=True)) == {"A": "E", "E": "F", "F": None}
    assert links(selection.remove(FORK, ["B", "E"], heal=True)) == {"A": "F", "F": None}
    assert links(selection.remove(FORK, ["B"], heal=False)) == {"A": None}


def test_a_branch_is_not_removed_when_it_would_take_the_end_of_a_capsule():
    document = optimizer()
    first, *rest = document["activities"]
    only_one = {**document, "activities": [{**first, "outcomes": first["outcomes"][:1]}, *rest]}
    with pytest.raises(GraphError, match="closes what “A” opens"):
        selection.remove(only_one, ["B"], heal=False)


@pytest.mark.parametrize(
    ("key", "new", "expected"),
    [
        ("C", {"on": None}, {"B": {"yes": "X", "no": "D"}, "X": "E"}),
        ("C", {"1": None, "2": None}, {"B": {"yes": "X", "no": "D"}, "X": {"1": "E", "2": None}}),
        ("B", {"1": None, "2": None, "3": None}, {"A": "X", "X": {"1": "C", "2": "D", "3": None}}),
        ("F", {"on": None}, {"E": "X", "X": None}),
    ],
)
def test_a_step_is_replaced_and_its_links_are_kept(key, new, expected):
    replaced = selection.replace(FORK, key, [step("X", new)], drop=False)
    rest = {name: way for name, way in links(FORK).items() if name != key}
    assert links(replaced) == rest | expected


def test_paths_are_lost_only_when_that_is_wanted():
    assert selection.lost_by_replacing(FORK, "B", 1) == (1, ["D"])
    with pytest.raises(GraphError, match="fewer paths"):
        selection.replace(FORK, "B", [step("X", {"on": None})], drop=False)
    replaced = selection.replace(FORK, "B", [step("X", {"on": None})], drop=True)
    assert links(replaced) == {"A": "X", "X": "C", "C": "E", "E": "F", "F": None}


def test_a_path_that_ends_gives_its_place_to_one_that_leads_on():
    document = journey(A={"1": None, "2": "B"}, B=None)
    assert links(selection.replace(document, "A", [step("X", {"on": None})], drop=False)) == {
        "X": "B",
        "B": None,
    }


def test_steps_that_come_together_replace_one():
    pair = [step("X", {"1": "Z", "2": "Z"}), step("Z", {"on": None})]
    replaced = links(selection.replace(FORK, "C", pair, drop=False))
    own = {"X": {"1": "Z", "2": "Z"}, "Z": "E"}
    assert replaced == {
        "A": "B",
        "B": {"yes": "X", "no": "D"},
        **own,
        "D": "E",
        "E": "F",
        "F": None,
    }


@pytest.mark.parametrize("key", ["A", "Z"])
def test_the_ends_of_a_capsule_are_not_replaced(key):
    with pytest.raises(GraphError, match="belong together"):
        selection.replace(optimizer(), key, [step("X", {"on": None})], drop=True)


@pytest.mark.parametrize(
    ("operation", "arguments", "asked", "said"),
    [
        (
            "paste steps",
            {
                "after": "A",
                "outcome": "on",
                "steps": [step("X", {"on": "Y"}), step("Y", {"on": None})],
            },
            {},
            "Pasted 2 steps",
        ),
        (
            "paste steps",
            {"after": "A", "outcome": "on", "steps": [step("X", {"on": None})]},
            {},
            "Pasted Step X",
        ),
        (
            "duplicate steps",
            {"keys": ["A"], "steps": [step("X", {"on": "B"})]},
            {},
            "Duplicated Step X",
        ),
        ("remove steps", {"keys": ["A", "C"], "heal": True}, {"count": 2}, "Removed 2 steps"),
        ("remove steps", {"keys": ["B"], "heal": False}, {"count": 1}, "Removed 5 steps"),
        ("remove steps", {"keys": ["A"], "heal": True}, {"count": 1}, "Removed Step A"),
        (
            "move steps",
            {"keys": ["C", "E"], "after": "", "outcome": ""},
            {"count": 2},
            "Moved 2 steps",
        ),
        (
            "replace step",
            {"key": "C", "step": step("X", {"on": None})},
            {"key": "C"},
            "Replaced Step C by Step X",
        ),
        (
            "replace step",
            {"key": "B", "step": step("X", {"on": None}), "drop": True},
            {"key": "B"},
            "Replaced Step B by Step X (and removed 1 more)",
        ),
    ],
)
def test_what_was_done_is_said_in_a_few_words(operation, arguments, asked, said):
    after = OPERATIONS[operation](FORK, **arguments)
    assert (
        change_text.headline(diff.compare(FORK, after), sentences_of(FORK, after), operation, asked)
        == said
    )


def crossing(size: int) -> dict:
    """Splits of which each leads to the next two."""
    keys = [f"S{number}" for number in range(size)]
    return journey(
        **{
            key: {"a": one, "b": two}
            for key, one, two in zip(keys, keys[1:], keys[2:], strict=False)
        }
    )


def test_all_of_a_large_journey_is_chosen_however_its_paths_cross():
    document = crossing(250)
    assert (
        len(selection.copied(document, graph.steps(document))) == len(graph.steps(document)) == 248
    )


def test_more_than_can_be_looked_at_is_refused():
    document = crossing(2000)
    with pytest.raises(GraphError, match="cross too often"):
        selection.copied(document, graph.steps(document))
