"""check_tenant against the practice tenant over real HTTP, in each of the ways in which a tenant
may behave."""

from collections.abc import Iterator

import pytest

from journeys import tenant as rest
from journeys.models import AuditEntry, Tenant
from journeys.practice import PracticeServer
from journeys.tenant import experiments

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
QUICK = ("--create", "--wait", "0.6", "--json")


@pytest.fixture
def practice(tmp_path) -> Iterator[PracticeServer]:
    with PracticeServer(state_path=tmp_path / "practice.sqlite3") as server:
        yield server


@pytest.fixture(autouse=True)
def stand_in(practice: PracticeServer) -> Tenant:
    values = {
        "client_id": "package",
        "client_secret": "not-to-be-seen",
        "practice_url": practice.url,
    }
    return Tenant.objects.create(name="Stand-in", **values).sealed()


def findings(ran) -> dict[str, dict]:
    return {finding["name"]: finding for finding in ran.json["findings"]}


def left_over(practice: PracticeServer) -> list:
    return practice.control("journeys")["journeys"]


def test_it_only_reads_unless_it_is_asked_to_create(run, practice: PracticeServer):
    ran = run("check_tenant", "Stand-in", "--json")
    assert ran.code == 0, ran.error
    found = findings(ran)
    assert list(found) == ["credentials", "scopes", "look-ups", "absence", "clock"]
    assert all(finding["ok"] for finding in found.values())
    assert (
        found["absence"]["facts"] == {"code": "30003"}
        and abs(found["clock"]["facts"]["seconds"]) < 5
    )
    assert {
        arrival["method"]
        for arrival in practice.control("requests")["requests"]
        if arrival["route"] != "token"
    } == {"GET"}
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("mode", ["refuse", "new_version", "overwrite", "second_journey"])
def test_it_finds_out_what_a_second_create_does_and_leaves_nothing_behind(
    run, practice: PracticeServer, mode: str
):
    practice.control("settings", {"same_key": mode})
    ran = run("check_tenant", "Stand-in", *QUICK)
    assert ran.code == 0, ran.error
    found = findings(ran)
    assert found["same-key"]["facts"]["mode"] == mode
    assert found["ids"]["ok"] and found["two-tokens"]["facts"] == {"side_by_side": True}
    assert found["clean-up"]["ok"] and left_over(practice) == []
    assert ran.json["settings"]["SUBMIT_SETTLE_SECONDS"] >= 150
    assert AuditEntry.objects.get().action == "tenant.checked-with-drafts"


def test_it_tells_the_settle_time_that_late_commits_need(run, practice: PracticeServer, settings):
    settings.SUBMIT_SETTLE_SECONDS, settings.SUBMIT_TIMEOUT_SECONDS = 0.5, 2.0
    practice.control("settings", {"latency": 0.8})
    ran = run("check_tenant", "Stand-in", "--create", "--wait", "8", "--json")
    late = findings(ran)["late-commits"]
    assert late["facts"]["cut"] == 3 and late["facts"]["latest"] > 0.5, late
    assert ran.json["settings"]["SUBMIT_SETTLE_SECONDS"] > late["facts"]["latest"]
    assert left_over(practice) == []


def test_what_never_arrives_does_not_make_the_others_late(
    practice: PracticeServer, stand_in: Tenant
):
    patient, impatient = (
        rest.Client(stand_in.credentials(), seconds, 1.0) for seconds in (5.0, 0.3)
    )
    lost = {"fault": "hang", "route": "create", "seconds": 1}
    practice.control(
        "faults", {"faults": [lost, lost | {"when": "after"}, lost | {"when": "after"}]}
    )
    late = experiments.hanging_up(
        patient, impatient, patient.fetch_token(), 5.0, ["lost", "second", "third"]
    )
    assert (late.facts["cut"], 0 < late.facts["latest"] < 2) == (3, True), late


def test_a_lag_of_reading_is_measured(run, practice: PracticeServer):
    practice.control("settings", {"read_lag": 0.7})
    assert (
        findings(run("check_tenant", "Stand-in", *QUICK))["read-after-write"]["facts"]["seconds"]
        >= 0.6  # from the answer on: it was stored a little before
    )


def test_missing_scopes_are_named_and_nothing_is_created(run, practice: PracticeServer):
    practice.control("settings", {"scope": "journeys_read email_send"})
    ran = run("check_tenant", "Stand-in", *QUICK)
    assert ran.code == 1 and "scopes" in ran.error
    found = findings(ran)
    assert found["scopes"]["facts"]["missing"] == ["journeys_write"] and "same-key" not in found
    assert left_over(practice) == []


def test_wrong_credentials_end_it(run, stand_in: Tenant):
    stand_in.client_secret = "wrong"
    stand_in.save()
    ran = run("check_tenant", "Stand-in", "--create")
    assert ran.code == 1 and "WRONG  credentials" in ran.out and "scopes" not in ran.out


def test_a_tenant_that_nobody_answers_for_is_told(run, practice: PracticeServer):
    practice.stop()
    ran = run("check_tenant", "Stand-in")
    assert ran.code == 1 and "refused the connection" in ran.out


def test_its_lines_hold_no_secret(run):
    ran = run("check_tenant", "Stand-in", "--create", "--wait", "0.1")
    assert "Settings to use:" in ran.out and "not-to-be-seen" not in ran.out + ran.error


def test_a_name_that_is_no_tenant_is_wrong_use(run):
    assert run("check_tenant", "Nowhere").code == 2
