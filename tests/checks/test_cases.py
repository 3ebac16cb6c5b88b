"""What people's own files showed: each fault is told once, at its place, with a fix where one asks
nothing."""

from pathlib import Path

from journeys.blocks import path_names, path_titles, sentence
from journeys.checks import check, fix, repaired, repaired_at_once
from journeys.spec.document import loads_value
from journeys.spec.problem import Problem

CASES = Path(__file__).parent / "cases"


def case(name: str) -> dict:
    return loads_value((CASES / f"{name}.json").read_bytes())


def told(document: dict) -> list[tuple[str, str, str]]:
    """Each problem by its severity, its place and its sentence."""
    return [(one.severity, str(one.address), one.text) for one in check(document)]


def of(document: dict, rule: str) -> list[Problem]:
    return [problem for problem in check(document) if problem.id == rule]


def test_it_tells_of_paths_without_keys_first_and_of_nothing_that_follows() -> None:
    document = case("split-paths-without-keys")
    [problem] = check(document)
    assert (problem.id, problem.severity) == ("outcome-key-missing", "blocking")
    assert str(problem.address) == "activity D1: outcomes"
    assert problem.text.startswith("2 paths of this step have no key, so they cannot be told apart")
    split = document["activities"][0]
    assert path_titles(split) == ["Path 1", "Path 2"]
    assert sentence(split, "activity") == "Split by Path 1, Path 2"


def test_it_gives_paths_keys_and_changes_nothing_else() -> None:
    document = case("split-paths-without-keys")
    problem = check(document)[0]
    assert fix(document, problem) == "Give each path a key"
    after = repaired(document, problem)
    old, new = (one["activities"][0]["outcomes"] for one in (document, after))
    assert new == [{**way, "key": f"path-{number}"} for number, way in enumerate(old, 1)]
    assert [next(iter(way)) for way in new] == ["key", "key"]
    assert [one.id for one in check(after)] == ["decision-split-criteria"]


def test_it_gives_no_key_that_another_path_has() -> None:
    document = case("split-paths-without-keys")
    document["activities"][0]["outcomes"][1]["key"] = "path-1"
    after = repaired(document, of(document, "outcome-key-missing")[0])
    assert [way["key"] for way in after["activities"][0]["outcomes"]] == ["path-2", "path-1"]


def test_it_names_each_path_that_ends_without_a_wait() -> None:
    document = case("two-paths-end")
    problems = of(document, "path-end-wait")
    assert [(str(one.address), one.text.partition(" ends")[0]) for one in problems] == [
        ("activity D1: outcomes[a]", "Path “A”"),
        ("activity D1: outcomes[remainder_path]", "Path “Remainder”"),
    ]
    assert [fix(document, one) for one in problems] == [
        "Add a wait of 1 day at the end of “A”",
        "Add a wait of 1 day at the end of “Remainder”",
    ]


def test_it_ends_the_named_path_alone_or_all_of_them() -> None:
    document = case("two-paths-end")
    problems = of(document, "path-end-wait")
    after = repaired(document, problems[1])
    assert [one.text for one in of(after, "path-end-wait")] == [problems[0].text]
    whole, count = repaired_at_once(document, problems)
    assert (count, check(whole)) == (2, [])


def test_paths_with_equal_names_are_told_apart_by_their_numbers() -> None:
    document = case("two-paths-end")
    for way in document["activities"][0]["outcomes"]:
        way["metaData"]["label"] = "Members"
        way["next"] = "GONE"
    texts = [one.text.partition(" leads")[0] for one in of(document, "next-dangling")]
    assert texts == [f"Path “Members (path {number})”" for number in (1, 2, 3)]
    assert path_names(document["activities"][0])[0] == "Members (path 1)"


def test_a_path_that_is_the_only_one_needs_no_name() -> None:
    document = case("two-paths-end")
    document["activities"][1]["outcomes"][0]["next"] = ""
    [problem] = of(document, "next-empty")
    assert problem.text.startswith("This path ends with an empty “next”")
