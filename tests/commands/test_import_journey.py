import json
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from journeys.management.commands.import_journey import Command
from journeys.models import AuditEntry, Journey, Tenant

MINIMUM = {"key": "hello", "name": "Hello", "workflowApiVersion": 1.0}
SERVED = {
    "id": "1",
    "version": 3,
    **MINIMUM,
    "activities": [{"key": "A", "id": "2", "status": "x"}],
}
NOTHING = {
    "key": None,
    "name": None,
    "revision": None,
    "result": "refused",
    "stripped": [],
    "report": None,
}

REPORT = {"unknown": [], "without_form": [], "references": [], "placeholders": [], "repaired": []}


def test_it_takes_a_file_in_and_says_what_it_left_out(run, file, tenant: Tenant, maya: User):
    path = file("hello.json", SERVED)
    ran = run("import_journey", path, "--owner", "maya", "--json")
    counts = {name: ran.json["journeys"][0]["report"][name] for name in ("blocking", "advice")}
    assert sum(counts.values()) > 0
    assert (ran.code, ran.json) == (
        0,
        {
            "journeys": [
                {
                    "file": str(path),
                    "key": "hello",
                    "name": "Hello",
                    "revision": 1,
                    "result": "created",
                    "stripped": ["id", "version"],
                    "report": {
                        **REPORT,
                        "stripped": ["id", "version"],
                        "without_form": ["activity"],
                        **counts,
                    },
                    "error": None,
                }
            ]
        },
    )
    journey = tenant.journeys.get()
    assert journey.head.document() == {
        **MINIMUM,
        "activities": [{"key": "A", "id": "2", "status": "x"}],
    }
    assert (journey.owner, journey.head.author, journey.head.operation) == (maya, maya, "import")


def test_it_needs_no_owner(run, file, tenant: Tenant):
    assert run("import_journey", "--nobody", file("hello.json", MINIMUM)).code == 0
    assert (tenant.journeys.get().owner, tenant.journeys.get().head.author) == (None, None)


def test_it_refuses_a_known_key(run, file, tenant: Tenant):
    run("import_journey", "--nobody", file("hello.json", MINIMUM))
    ran = run(
        "import_journey", "--nobody", file("again.json", {**MINIMUM, "name": "Again"}), "--json"
    )
    assert (ran.code, ran.json["journeys"][0]["result"]) == (1, "refused")
    assert tenant.journeys.get().name == "Hello"


def test_it_appends_a_revision_when_asked_to(run, file, tenant: Tenant):
    run("import_journey", "--nobody", file("hello.json", MINIMUM))
    ran = run(
        "import_journey",
        "--nobody",
        "--update",
        file("again.json", {**MINIMUM, "name": "Again"}),
        "--json",
    )
    assert (ran.code, ran.json["journeys"][0]["revision"], ran.json["journeys"][0]["result"]) == (
        0,
        2,
        "updated",
    )
    assert tenant.journeys.get().name == "Again"


def test_it_appends_nothing_when_nothing_changed(run, file, tenant: Tenant):
    path = file("hello.json", MINIMUM)
    run("import_journey", "--nobody", path)
    row = run("import_journey", "--nobody", "--update", path, "--json").json["journeys"][0]
    assert (row["revision"], row["result"]) == (1, "unchanged")


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("{", "line 1"),
        ('{"key":"a","key":"b"}', "key"),
        ('{"key":"a","x":NaN}', "NaN"),
        ('{"key":"a\\u0000"}', "key"),
        ('{"key":"a","x":"\\ud800"}', "x"),
        ('{"key":"a","x":' + "[" * 10_000 + "]" * 10_000 + "}", "line 1"),
        (b'{"key":"a","x":"' + b"x" * 4 * 1024 * 1024 + b'"}', "4 MB"),
        (b'{"key":"\xff"}', "byte 8"),
        ([MINIMUM], "list"),
        ({"name": "Hello"}, "key"),
        ({**MINIMUM, "key": "k" * 201}, "201"),
        ({**MINIMUM, "activities": {}}, "activities"),
    ],
)
def test_it_refuses_bad_files_and_names_the_place(
    run, file, tenant: Tenant, content: object, place: str
):
    ran = run("import_journey", "--nobody", file("bad.json", content), "--json")
    assert ran.code == 1 and place in ran.json["journeys"][0]["error"]
    assert not Journey.objects.exists()


def test_it_goes_on_after_a_refused_file(run, file, tmp_path: Path, tenant: Tenant):
    missing, folder, good = tmp_path / "missing.json", tmp_path, file("good.json", MINIMUM)
    ran = run("import_journey", "--nobody", missing, folder, good, "--json")
    rows = [
        {
            "file": str(missing),
            **NOTHING,
            "error": "The file cannot be read: No such file or directory.",
        },
        {"file": str(folder), **NOTHING, "error": "The file cannot be read: Is a directory."},
    ]
    assert (ran.code, ran.json["journeys"][:2], ran.json["journeys"][2]["error"]) == (1, rows, None)


@pytest.mark.parametrize("words", [("--tenant", "Nowhere"), ("--owner", "nobody")])
def test_it_is_wrong_use_to_name_what_is_not_there(run, file, tenant: Tenant, words: tuple):
    whose = () if "--owner" in words else ("--nobody",)
    assert run("import_journey", file("hello.json", MINIMUM), *whose, *words).code == 2
    assert not Journey.objects.exists()


def test_it_asks_which_of_several_tenants(run, file, tenant: Tenant, foreign_tenant: Tenant):
    path = file("hello.json", MINIMUM)
    ran = run("import_journey", "--nobody", path)
    assert (ran.code, ran.error) == (
        2,
        "There are several tenants (Other unit, Practice tenant): name one with --tenant.",
    )
    assert run("import_journey", "--nobody", path, "--tenant", "Other unit").code == 0
    assert foreign_tenant.journeys.count() == 1


def test_it_is_wrong_use_without_a_tenant(run, file, db: None):
    assert run("import_journey", "--nobody", file("hello.json", MINIMUM)).code == 2


def test_it_is_wrong_use_without_a_file(capsys):
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["manage.py", "import_journey", "--nobody"])
    assert ended.value.code == 2


def test_it_takes_a_list_answer_apart(run, file, tenant: Tenant):
    path = file(
        "list.json", {"items": [{"key": "row", "name": "Row"}, {**MINIMUM, "activities": []}]}
    )
    ran = run("import_journey", "--nobody", path, "--json")
    found = [(row["file"], row["name"], row["result"]) for row in ran.json["journeys"]]
    assert found == [(f"{path}, item 1", "Row", "refused"), (f"{path}, item 2", "Hello", "created")]
    assert ran.code == 1 and tenant.journeys.get().head.document() == {**MINIMUM, "activities": []}


def test_it_says_in_words_what_it_kept(run, file, tenant: Tenant):
    odd = {**MINIMUM, "odd": 1, "activities": [{"key": "{{{p}}}", "type": "X"}]}
    ran = run("import_journey", "--nobody", file("odd.json", odd))
    assert "described these members: odd" in ran.out and "no form for these types: X" in ran.out
    assert "still to be filled in: {{{p}}}" in ran.out


def test_it_repairs_only_when_told_so(run, file, tenant: Tenant):
    step = {"key": "W", "type": "WAIT", "outcomes": [{"key": "on", "next": ""}]}
    kept = run(
        "import_journey", "--nobody", file("kept.json", {**MINIMUM, "activities": [step]}), "--json"
    ).json["journeys"][0]
    repaired = run(
        "import_journey",
        "--nobody",
        file("more.json", {**MINIMUM, "key": "more", "activities": [step]}),
        "--repair",
    )
    documents = [Journey.objects.get(key=key).head.document() for key in (MINIMUM["key"], "more")]
    assert [document["activities"][0]["outcomes"] for document in documents] == [
        step["outcomes"],
        [{"key": "on"}],
    ]
    assert kept["report"]["repaired"] == [] and "Repaired: " in repaired.out


def test_it_is_refused_until_somebody_says_whose_it_is(run, file, tenant: Tenant) -> None:
    ran = run("import_journey", file("hello.json", MINIMUM))
    assert (ran.code, Journey.objects.exists()) == (2, False)
    assert "--owner NAME" in ran.error and "--nobody" in ran.error


def test_it_records_that_it_is_nobodys(run, file, tenant: Tenant) -> None:
    run("import_journey", "--nobody", file("hello.json", MINIMUM))
    entry = AuditEntry.objects.get(action="journey.imported-as-nobodys")
    assert (entry.journey.key, entry.data["revision"]) == (MINIMUM["key"], 1)


def test_it_takes_a_key_once_in_one_import(run, file, tenant: Tenant) -> None:
    first, second = file("a.json", MINIMUM), file("b.json", {**MINIMUM, "name": "Other"})
    ran = run("import_journey", "--nobody", "--update", first, second, "--json")
    results = [(row["result"], row["error"]) for row in ran.json["journeys"]]
    reason = f"It has the same key as {first}, which came before it."
    assert (ran.code, results) == (1, [("created", None), ("refused", reason)])
    assert [one.head.document() for one in Journey.objects.all()] == [MINIMUM]


@pytest.mark.parametrize(("owner", "code"), [("maya", 0), ("rob", 1), ("stranger", 1)])
def test_it_updates_only_what_its_author_may_edit(
    run, file, tenant: Tenant, maya: User, rob: User, owner: str, code: int
) -> None:
    User.objects.create_user("stranger")
    run("import_journey", "--nobody", file("a.json", MINIMUM))
    again = file("b.json", {**MINIMUM, "name": "Again"})
    ran = run("import_journey", "--owner", owner, "--update", again, "--json")
    [row] = ran.json["journeys"]
    assert (ran.code, Journey.objects.get().name) == (code, "Hello" if code else "Again")
    assert code == 0 or f"{owner} may not edit it" in row["error"]


KEYLESS = {name: value for name, value in MINIMUM.items() if name != "key"}


def test_it_gives_a_key_where_it_is_told_to(run, file, tenant: Tenant):
    path = file("keyless.json", KEYLESS)
    refused = run("import_journey", "--nobody", path, "--json")
    assert (refused.code, Journey.objects.count()) == (1, 0)
    assert "Add --propose-key to give it a new one" in refused.json["journeys"][0]["error"]
    ran = run("import_journey", "--nobody", "--propose-key", path, path, "--json")
    keys = [row["key"] for row in ran.json["journeys"]]
    assert ran.code == 0 and sorted(keys) == sorted(Journey.objects.values_list("key", flat=True))
    assert all(journey.key_proposed for journey in Journey.objects.all()) and len(set(keys)) == 2


def test_a_key_that_a_journey_has_is_kept(run, file, tenant: Tenant):
    again = run("import_journey", "--nobody", "--propose-key", *[file("a.json", MINIMUM)] * 2)
    assert again.code == 1 and list(Journey.objects.values_list("key", flat=True)) == ["hello"]


@pytest.mark.parametrize("owner", ["rob", "stranger", "gone", "elsewhere"])
def test_it_starts_nothing_for_who_may_not_compose(
    run, file, tenant: Tenant, maya: User, rob: User, owner: str
) -> None:
    """A reviewer, a person without a group, one whose account is closed, one of another tenant."""
    User.objects.create_user("stranger")
    for name, is_active in (("gone", False), ("elsewhere", True)):
        person = User.objects.create_user(name, is_active=is_active)
        person.groups.set(maya.groups.all())
        tenant.members.add(*([person] if name == "gone" else []))
    ran = run("import_journey", "--owner", owner, file("a.json", MINIMUM), "--json")
    [row] = ran.json["journeys"]
    assert (ran.code, Journey.objects.count()) == (1, 0)
    assert row["error"] == (
        f"{owner} may not compose journeys for Practice tenant. Name somebody with --owner who may,"
        " or say --nobody."
    )


def test_it_says_what_a_file_is_that_is_no_journey(run, file, tenant: Tenant):
    event = {"type": "APIEvent", "mode": "Production", "eventDefinitionKey": "APIEvent-1"}
    ran = run("import_journey", "--nobody", file("event.json", event), "--json")
    assert ran.code == 1 and "This is an event definition" in ran.json["journeys"][0]["error"]


def test_it_takes_a_bare_list_apart(run, file, tenant: Tenant):
    whole = {**MINIMUM, "activities": []}
    path = file("list.json", "\ufeff" + json.dumps([whole, {"name": "Row"}]))
    ran = run("import_journey", "--nobody", path, "--json")
    assert [row["result"] for row in ran.json["journeys"]] == ["created", "refused"]
