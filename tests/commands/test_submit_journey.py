from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from journeys.delivery.submit import work
from journeys.models import AuditEntry, Journey, Submission, Tenant
from journeys.practice import PracticeServer
from tests.people import approved

NONE = {
    "key": "nope",
    "state": "none",
    "final": False,
    "id": None,
    "status": None,
    "definitionId": None,
}


@pytest.fixture
def practice(tenant: Tenant, tmp_path: Path) -> Iterator[PracticeServer]:
    with PracticeServer(state_path=tmp_path / "practice.sqlite3") as server:
        Tenant.objects.filter(pk=tenant.pk).update(
            practice_url=f"http://{server.host}:{server.port}"
        )
        yield server


@pytest.fixture
def approved_journey(journey: Journey, maya: User, rob: User) -> Journey:
    return approved(journey, maya, rob)


def test_it_writes_a_submission(run, approved_journey: Journey):
    ran = run("submit_journey", approved_journey.key, "--as", "maya", "--json")
    (row,) = ran.json["submissions"]
    assert (ran.code, row["state"], row["final"], row["error"]) == (0, "waiting", False, None)
    submission = Submission.objects.get()
    assert (submission.created_by.username, bytes(submission.payload)) == (
        "maya",
        approved_journey.head.body,
    )


def test_it_waits_for_the_result(
    run, approved_journey: Journey, practice: PracticeServer, monkeypatch
):
    monkeypatch.setattr("time.sleep", lambda seconds: work(str(Submission.objects.get().pk)))
    ran = run("submit_journey", approved_journey.key, "--wait", "30", "--json")
    submission = Submission.objects.get()
    assert (ran.code, ran.json["submissions"]) == (
        0,
        [
            {
                "key": approved_journey.key,
                "state": "succeeded",
                "final": True,
                "id": submission.remote_id,
                "status": "Draft",
                "definitionId": submission.remote_definition_id,
                "text": "Created.",
                "error": None,
            }
        ],
    )
    assert (
        run("submission_status", approved_journey.key, "--json").json["submissions"][0]["id"]
        == submission.remote_id
    )


def test_it_ends_with_1_when_the_time_is_over(run, approved_journey: Journey):
    ran = run("submit_journey", approved_journey.key, "--wait", "0", "--json")
    assert (ran.code, ran.json["submissions"][0]["final"]) == (1, False)


def test_it_refuses_what_is_not_approved(run, journey: Journey):
    ran = run("submit_journey", journey.key, "nope", "--json")
    errors = [row["error"] for row in ran.json["submissions"]]
    assert (ran.code, errors[1]) == (1, "There is no journey with this key.")
    assert "not approved" in errors[0]
    assert not Submission.objects.exists()


def test_it_goes_without_review_in_the_demo_and_says_so(run, journey: Journey):
    assert run("submit_journey", journey.key, "--without-review").code == 0
    assert AuditEntry.objects.first().action == "submission.created-without-review"


@pytest.mark.parametrize(("words", "code"), [((), 1), (("--as", "maya"), 1), (("--as", "ada"), 0)])
def test_it_goes_without_review_elsewhere_only_by_an_admin(
    run, journey: Journey, settings, words: tuple, code: int
):
    settings.DEMO = False
    assert run("submit_journey", journey.key, "--without-review", *words).code == code


def test_it_refuses_people_without_the_right(
    run, approved_journey: Journey, tenant: Tenant, miles: User
):
    assert (
        "may not submit" in run("submit_journey", approved_journey.key, "--as", "rob", "--json").out
    )
    tenant.members.remove(miles)
    assert (
        "does not belong"
        in run("submit_journey", approved_journey.key, "--as", "miles", "--json").out
    )
    assert not Submission.objects.exists()


@pytest.mark.parametrize("words", [("--as", "nobody"), ("--tenant", "Nowhere")])
def test_it_is_wrong_use_to_name_what_is_not_there(run, approved_journey: Journey, words: tuple):
    assert run("submit_journey", approved_journey.key, *words).code == 2


def test_it_tells_a_status_for_every_key(run, approved_journey: Journey):
    approved_journey.submit(None).cancel(None)
    ran = run("submission_status", "nope", approved_journey.key, "--json")
    cancelled = {
        **NONE,
        "key": approved_journey.key,
        "state": "cancelled",
        "final": True,
        "text": "Cancelled.",
    }
    assert ran.json == {"submissions": [{**NONE, "text": "It was not submitted yet."}, cancelled]}


@pytest.mark.parametrize(
    ("state", "final"),
    [
        ("waiting", False),
        ("sending", False),
        ("unclear", False),
        ("refused", True),
        ("conflict", True),
    ]
    + [("needs-person", True), ("cancelled", True)],
)
def test_it_says_what_is_final(run, approved_journey: Journey, state: str, final: bool):
    approved_journey.submit(None)
    Submission.objects.update(state=state)
    row = run("submission_status", approved_journey.key, "--json").json["submissions"][0]
    assert (row["state"], row["final"]) == (state, final)
