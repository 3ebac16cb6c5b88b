"""Journeys that others made, all the way: taken in, given out, reviewed, sent, and stored at the
other end."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from journeys.delivery import submit
from journeys.explaining import is_what_was_sent
from journeys.models import Journey, Submission, Tenant
from journeys.practice import PracticeServer
from journeys.spec import document as doc
from tests.people import ada, approved, maya, miles, people, rob, set_rules  # noqa: F401

EXAMPLES = Path(__file__).resolve().parents[3] / "shared" / "examples" / "journeys"
SERVER_ASSIGNED = {
    *("id", "status", "definitionId", "createdDate", "modifiedDate", "lastPublishedDate"),
    *("version", "stats", "healthStats", "scheduledStatus", "lastSendDate"),
}


def complete(path: Path) -> bool:
    value = json.loads(path.read_bytes())
    return isinstance(value, dict) and bool(value.get("key") and value.get("name"))


FILES = [
    pytest.param(path, id=path.stem) for path in sorted(EXAMPLES.glob("*.json")) if complete(path)
]
ABSENT = pytest.mark.skip(
    reason="the real journeys of ../shared/examples/journeys are absent: none was imported or sent"
)
each_file = pytest.mark.parametrize("path", FILES or [pytest.param(EXAMPLES, marks=ABSENT)])
# A deployment tool's template is no journey yet: nobody can approve it before its {{{prefix}}} is
# filled in.
WHOLE = [file for file in FILES if b"{{{" not in file.values[0].read_bytes()]
each_whole_file = pytest.mark.parametrize("path", WHOLE or [pytest.param(EXAMPLES, marks=ABSENT)])


def expected(path: Path) -> str:
    """The file less what a server assigned, as text, so that the order of members counts."""
    members = json.loads(path.read_text())
    return json.dumps(
        {name: value for name, value in members.items() if name not in SERVER_ASSIGNED}
    )


def imported(path: Path, owner: str | None = None) -> Journey:
    call_command("import_journey", str(path), *(["--owner", owner] if owner else ["--nobody"]))
    return Journey.objects.get()


@each_file
def test_it_gives_out_what_it_took_in(tenant: Tenant, path: Path, tmp_path: Path) -> None:
    journey = imported(path)
    call_command("export_journey", journey.key, "--to", str(tmp_path))
    (written,) = tmp_path.iterdir()
    assert json.dumps(json.loads(written.read_text())) == expected(path)


@each_whole_file
def test_it_creates_what_it_took_in(practice: PracticeServer, tenant: Tenant, path: Path) -> None:
    Tenant.objects.update(practice_url=practice.url)
    journey = imported(path)
    submission = journey.submit(None)
    submit.work(submission.pk)
    there = practice.control("bodies", key=journey.key, version="newest")
    assert json.dumps(json.loads(there)) == expected(path)
    saved = Submission.objects.get()
    (row,) = practice.control("journeys", key=journey.key)["journeys"]
    assert (saved.state, saved.remote_id, saved.remote_version) == ("succeeded", row["id"], 1)
    client = submit.client_for(Tenant.objects.get().credentials())
    served = client.get_interaction(journey.key, client.fetch_token()).json
    assert is_what_was_sent(journey.head.document(), served)
    assert (
        (there, row["sha256"])
        == (journey.head.body, saved.sha256)
        == (bytes(saved.payload), doc.sha256(there))
    )


@each_whole_file
def test_it_sends_what_was_approved(
    practice: PracticeServer,
    tenant: Tenant,
    maya,  # noqa: F811
    rob,  # noqa: F811
    path: Path,
) -> None:
    set_rules(practice_url=practice.url, review_required=True)
    tenant.members.add(maya)
    journey = approved(imported(path, "maya"), maya, rob)
    submission = journey.submit(maya)
    submit.work(submission.pk)
    there = practice.control("bodies", key=journey.key)
    assert (doc.sha256(there), submission.review.decided_by) == (journey.approval().sha256, rob)
