import json

import pytest

from journeys.gallery.samples import birthday_greeting, welcome_series
from journeys.models import Journey, Tenant
from tests.people import started

pytestmark = pytest.mark.one_database

NO_NAME = {
    "key": "k",
    "workflowApiVersion": 1.0,
    "entryMode": "OnceAndDone",
    "triggers": [{"key": "T"}],
}


def test_it_finds_nothing_wrong(run, file, db: None):
    path = file("welcome.json", welcome_series())
    ran = run("check_journey", path, "--json")
    assert (ran.code, ran.json) == (
        0,
        {"journeys": [{"file": str(path), "key": "welcome-series", "problems": []}]},
    )


def test_it_tells_each_problem_with_its_place(run, file, db: None):
    ran = run("check_journey", file("holes.json", birthday_greeting()), "--json")
    (row,) = ran.json["journeys"]
    assert ran.code == 1
    assert {
        "id": "email-missing",
        "severity": "blocking",
        "place": "activity EMAILV2-1: configurationArguments.triggeredSend.emailId",
        "text": "No email is chosen. The send would be refused. Choose one.",
    } in row["problems"]


def test_it_passes_what_only_has_advice(run, file, db: None):
    document = welcome_series() | {"entryMode": ""}
    ran = run("check_journey", file("advice.json", document), "--json")
    problems = ran.json["journeys"][0]["problems"]
    assert (ran.code, [problem["severity"] for problem in problems]) == (0, ["advice"])


def test_it_reports_a_refused_document(run, file, db: None):
    path = file("bad.json", '{"key": 1')
    ran = run("check_journey", path, "--json")
    problem = {"id": "document-refused", "severity": "blocking", "place": "line 1, column 10"}
    problem["text"] = (
        "It ends in the middle: } is missing at the end. Copy the whole of it again, or close the"
        " brackets."
    )
    assert (ran.code, ran.json) == (
        1,
        {"journeys": [{"file": str(path), "key": None, "problems": [problem]}]},
    )


def test_it_checks_a_journey_by_its_key(run, journey: Journey):
    ran = run("check_journey", journey.key, "--json")
    assert ran.json == {"journeys": [{"file": journey.key, "key": journey.key, "problems": []}]}


def test_it_reports_what_is_neither_file_nor_key(run, tenant: Tenant):
    ran = run("check_journey", "nope", "--json")
    assert (ran.code, ran.json["journeys"][0]["problems"][0]["id"]) == (1, "document-refused")


@pytest.mark.parametrize("key", ["\x1b[31mred", "two\nlines"])
def test_it_writes_no_control_characters(run, tenant: Tenant, key: str):
    started({**NO_NAME, "key": key}, tenant, None)
    out = run("check_journey", key).out
    assert out.isprintable() is False and all(line.isprintable() for line in out.splitlines())
    assert "\x1b" not in out and len(out.splitlines()[0]) >= len(key)


def test_it_checks_each_journey_of_a_list(run, file, db: None):
    """Whatever the import takes: a list answer, a bare list, a mark at the start."""
    first, second = welcome_series(), {**birthday_greeting(), "key": "other"}
    for content in ({"items": [first, second]}, "\ufeff" + json.dumps([first, second])):
        path = file("list.json", content)
        ran = run("check_journey", path, "--json")
        rows = ran.json["journeys"]
        assert [(row["file"], row["key"]) for row in rows] == [
            (f"{path}, item 1", first["key"]),
            (f"{path}, item 2", "other"),
        ]
        assert ran.code == 1 and rows[0]["problems"] == [] and rows[1]["problems"]
        assert ran.error == "1 of 2 journeys has blocking problems."


def test_it_says_what_in_a_file_is_no_journey(run, file, db: None):
    event = {"type": "APIEvent", "mode": "Production", "eventDefinitionKey": "APIEvent-1"}
    ran = run("check_journey", file("a.json", event), file("b.json", [NO_NAME, {}]), "--json")
    texts = [row["problems"][0]["text"] for row in ran.json["journeys"]]
    assert "This is an event definition" in texts[0] and len(texts) == 3
    assert "only a heading" in texts[2]
    assert {row["problems"][0]["id"] for row in ran.json["journeys"]} == {"document-refused"}


@pytest.mark.parametrize("key", [{}, {"key": None}, {"key": ""}, {"key": "  "}])
def test_it_checks_the_rest_of_a_journey_without_a_key(run, file, db: None, key: dict):
    document = {name: value for name, value in birthday_greeting().items() if name != "key"} | key
    (row,) = run("check_journey", file("a.json", document), "--json").json["journeys"]
    ids = [problem["id"] for problem in row["problems"]]
    assert row["key"] is None and ids[0] == "document-refused" and "email-missing" in ids
    assert "key-missing" not in ids


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "1 of 1 journey has blocking problems."), (2, "2 of 2 journeys have blocking problems.")],
)
def test_it_counts_in_good_grammar(run, file, db: None, count: int, text: str):
    files = [file(f"{number}.json", birthday_greeting()) for number in range(count)]
    assert run("check_journey", *files).error == text
