import json
from pathlib import Path

import pytest

from journeys.exporting import file_name
from journeys.gallery.samples import samples
from journeys.models import AuditEntry, Journey, Tenant
from tests.people import started

pytestmark = pytest.mark.one_database

AWKWARD = [
    "a",
    "A",
    "a/b",
    "a.b",
    "a b",
    "..",
    "con",
    "CON.json",
    "ä",
    "é",
    "e\u0301",
    "k" * 200,
    "k" * 199,
    "-x",
    "\n",
]
AWKWARD += ["/etc/passwd", "{{{prefix}}}x", "journey", "", "ß", "SS"]


def read(path: Path) -> dict:
    return json.loads(path.read_text())


def test_it_prints_the_document(run, journey: Journey):
    ran = run("export_journey", journey.key)
    assert (ran.code, ran.json) == (0, journey.head.document())
    assert list(ran.json) == list(journey.head.document())


def test_it_writes_files(run, journey: Journey, tmp_path: Path):
    ran = run("export_journey", journey.key, "--to", tmp_path / "new" / "folder", "--json")
    path = tmp_path / "new" / "folder" / "welcome-series.json"
    row = {"key": journey.key, "name": "Welcome series", "revision": 1, "tenant": "Practice tenant"}
    assert ran.json == {"journeys": [row | {"file": str(path), "error": None}]}
    assert read(path) == journey.head.document()
    assert [file.name for file in path.parent.iterdir()] == ["welcome-series.json"]


def test_it_gives_out_what_was_taken_in(run, tenant: Tenant, tmp_path: Path):
    document = {
        "name": "é",
        "key": "a/b",
        "zzz": [1, 1.0, "1", None],
        "aaa": {},
        "workflowApiVersion": 1.0,
    }
    (tmp_path / "in.json").write_text(json.dumps(document))
    run("import_journey", "--nobody", tmp_path / "in.json")
    run("export_journey", "--all", "--to", tmp_path / "out")
    (path,) = (tmp_path / "out").iterdir()
    assert json.dumps(read(path)) == json.dumps(document)


def test_it_writes_every_journey_of_every_tenant(
    run, tenant: Tenant, foreign_tenant: Tenant, tmp_path: Path
):
    for document in samples():
        started(document, tenant, None)
    started(samples()[0], foreign_tenant, None)
    run("export_journey", "--all", "--to", tmp_path)
    assert sorted(read(path)["key"] for path in tmp_path.iterdir()) == [
        "birthday-greeting",
        "cart-reminder",
        "welcome-series",
        "welcome-series",
    ]


def test_it_gives_every_key_a_safe_name_of_its_own():
    found = [file_name(key) for key in AWKWARD] + [
        file_name("a", tenant="One"),
        file_name("a", tenant="Two"),
    ]
    assert len({name.casefold() for name in found}) == len(found)
    assert all(
        name.isascii() and len(name) < 100 and not set(name) & set('/\\:*?"<>| \n')
        for name in found
    )
    assert not any(name.startswith((".", "-", "con.")) for name in found)


def test_it_cannot_be_led_to_the_name_of_another_key():
    name = file_name("A/B").removesuffix(".json")
    assert file_name(name) != f"{name}.json"


def test_it_goes_on_after_an_unknown_key(run, journey: Journey, tmp_path: Path):
    ran = run("export_journey", "nope", journey.key, "--to", tmp_path, "--json")
    assert (ran.code, [row["error"] for row in ran.json["journeys"]]) == (
        1,
        ["There is no journey with this key.", None],
    )
    assert run("export_journey", "nope").code == 1


def test_it_reports_what_cannot_be_written(run, journey: Journey, file):
    ran = run("export_journey", journey.key, "--to", file("in-the-way", ""), "--json")
    assert ran.code == 1 and "cannot be written" in ran.json["journeys"][0]["error"]


@pytest.mark.parametrize(
    "words", [(), ("--all",), ("a", "b"), ("a", "--all", "--to", "x"), ("a", "--tenant", "Nowhere")]
)
def test_it_is_wrong_use_without_keys_or_folder(run, tenant: Tenant, words: tuple):
    assert run("export_journey", *words).code == 2


def test_it_asks_whose_journey(run, journey: Journey, foreign_tenant: Tenant):
    started(samples()[0], foreign_tenant, None)
    assert run("export_journey", journey.key).code == 2
    assert run("export_journey", journey.key, "--tenant", "Other unit").code == 0


def test_it_prints_a_script_for_curl(run, journey: Journey):
    ran = run("export_journey", journey.key, "--as", "curl")
    assert ran.out == journey.tenant.as_curl(journey.head.document())


def test_it_writes_scripts_for_curl(run, journey: Journey, tmp_path: Path):
    run("export_journey", "--all", "--as", "curl", "--to", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["welcome-series.sh"]


def test_the_page_and_the_command_record_the_same(run, journey: Journey, as_maya):
    run("export_journey", journey.key)
    as_maya.get(f"/journeys/{journey.pk}/export/")
    facts = {"revision": 1, "sha256": journey.head.sha256}
    entries = AuditEntry.objects.filter(action="export.json").order_by("id")
    assert [entry.data for entry in entries] == [{**facts, "by": "command"}, facts]
