"""A database that was restored from a backup: what was sent since is not known here any more, and
is not doubled."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import call_command

from journeys import tenant as rest
from journeys.delivery import calls, restored_backup, submit
from journeys.models import Attempt, AuditEntry, Journey, Submission, Tenant, witness
from journeys.models.clock import now
from journeys.models.key_use import backup_restored, must_be_asked_for, newest_attempt
from journeys.models.tenant_status import tenant_statuses
from journeys.practice import PracticeServer
from tests.delivery.conftest import (
    change,
    posts,
    put_there,
    started,
    stored,
    submitted,
    until_final,
    worked,
)
from tests.delivery.crashing import FakeTenant, Points, bring_to_an_end


def backup() -> list[dict]:
    return list(Submission.objects.values())


def bring_back(rows: list[dict]) -> None:
    Attempt.objects.all().delete()
    for row in rows:
        Submission.objects.filter(pk=row["id"]).update(**row)


@pytest.fixture
def far(tenant: Tenant, monkeypatch: pytest.MonkeyPatch, settings) -> FakeTenant:
    """A tenant with a clock of its own, and the times of production."""
    (
        settings.SUBMIT_SETTLE_SECONDS,
        settings.SUBMIT_TIMEOUT_SECONDS,
        settings.SUBMIT_LEASE_SECONDS,
    ) = (
        150,
        130,
        180,
    )
    there, client = (
        FakeTenant("created", "second_journey", Points()),
        rest.Client(tenant.credentials()),
    )
    client.wire = there
    monkeypatch.setattr(calls, "client_for", lambda credentials: client)
    return there


def sent_long_ago(row: Submission, state: str, **values: object) -> Submission:
    """As a backup of ten minutes ago holds it."""
    old = now() - timedelta(minutes=10)
    columns = {
        "first_send_at": old,
        "last_send_at": old,
        "not_before": old,
        "attempt_count": 1,
        "ambiguous": True,
    }
    if state != "waiting":
        columns |= {
            "lease_until" if state == "sending" else "finished_at": old + timedelta(minutes=3)
        }
    return change(row, state=state, fence=3, **{**columns, **values})


NEVER_SENT = {"first_send_at": None, "last_send_at": None, "ambiguous": False, "attempt_count": 0}
OLD = [
    ("unclear", {"absent_count": 1}, "succeeded"),
    ("unclear", {"absent_count": 2}, "succeeded"),
    ("sending", {}, "succeeded"),
    ("waiting", NEVER_SENT, "succeeded"),
    ("waiting", {**NEVER_SENT, "ask_first": True}, "conflict"),
    ("needs-person", {}, "succeeded"),
    ("needs-person", {"ambiguous": False}, "succeeded"),
]


@pytest.mark.parametrize(("state", "values", "ends"), OLD)
def test_it_waits_for_what_was_sent_since_the_backup_and_is_still_on_its_way(
    tenant: Tenant, far: FakeTenant, state: str, values: dict, ends: str
) -> None:
    """What may have been the tenant's own before is not adopted."""
    row = sent_long_ago(submitted(tenant), state, **values)
    far.coming.append((60, json.loads(bytes(row.payload))))
    backup_restored()
    row.refresh_from_db()
    if state == "needs-person":
        row.try_again(None)
    row = bring_to_an_end(row.pk, far, far.points)
    assert (row.state, far.posts, len(far.held), far.wrong) == (ends, 0, 1, [])


@pytest.mark.parametrize(("state", "values", "_ends"), OLD)
def test_it_sends_what_did_not_arrive_before_the_restore(
    tenant: Tenant, far: FakeTenant, state: str, values: dict, _ends: str
) -> None:
    row = sent_long_ago(submitted(tenant), state, **values)
    backup_restored()
    row.refresh_from_db()
    if state == "needs-person":
        row.try_again(None)
    row = bring_to_an_end(row.pk, far, far.points)
    assert (row.state, far.posts, far.now >= 150) == ("succeeded", 1, True)


def test_it_adopts_no_journey_that_the_tenant_had_before(
    practice: PracticeServer, sent: Submission
) -> None:
    """Its key was not made up here; nobody had asked for it yet when the backup was made."""
    row = submitted(sent.tenant, "known", key_proposed=False)
    put_there(practice, sent, "known")
    backup_restored()
    until_final(row)
    assert (row.state, row.ambiguous, row.found_by_look_up, posts(practice, "known")) == (
        "conflict",
        False,
        False,
        1,
    )
    assert (
        row.text
        == "Marketing Cloud has a journey with this key. Nobody knows here whether it was sent"
        " before."
    )


def test_it_trusts_no_answer_that_a_key_is_free_right_after_the_restore(
    tenant: Tenant, far: FakeTenant
) -> None:
    """What was sent since the backup may arrive after that answer."""
    journeys = [started(tenant, "mine"), started(tenant, "known", key_proposed=False)]
    backup_restored()
    rows = [journey.submit(None, free_key=journey.key) for journey in journeys]
    assert [(row.state, row.free_at, bool(row.first_send_at)) for row in rows] == [
        ("unclear", None, True),
        ("unclear", None, False),
    ]


def test_it_trusts_it_when_the_restore_is_a_while_ago(tenant: Tenant) -> None:
    journeys = [started(tenant, "mine"), started(tenant, "known", key_proposed=False)]
    Journey.objects.update(created_at=now() - timedelta(hours=2))
    tenant_statuses([tenant.pk])[tenant.pk].write({"ask_before": now() - timedelta(hours=1)})
    journeys = [Journey.objects.get(pk=journey.pk) for journey in journeys]
    rows = [journey.submit(None, free_key=journey.key) for journey in journeys]
    assert [(row.state, row.ask_first, bool(row.free_at)) for row in rows] == [
        ("waiting", True, True)
    ] * 2


def test_it_adopts_what_was_sent_after_the_backup(
    practice: PracticeServer, sent: Submission
) -> None:
    rows = backup()
    worked(sent)
    remote = sent.remote_id
    bring_back(rows)
    assert backup_restored() == 1
    until_final(sent)
    assert (sent.state, sent.remote_id, sent.found_by_look_up) == ("succeeded", remote, True)
    assert (posts(practice), len(stored(practice))) == (1, 1)


def test_it_sends_what_was_not_sent_before(practice: PracticeServer, sent: Submission) -> None:
    backup_restored()
    until_final(sent)
    assert (sent.state, posts(practice)) == ("succeeded", 1)


def test_it_looks_up_what_is_submitted_anew_although_its_key_was_proposed(
    practice: PracticeServer, sent: Submission
) -> None:
    worked(sent)
    Attempt.objects.all().delete()
    sent.delete()
    backup_restored()
    again = Journey.objects.get().submit(None)
    assert must_be_asked_for(again.journey)
    until_final(again)
    assert (again.state, again.found_by_look_up, posts(practice)) == ("succeeded", True, 1)


def test_it_asks_for_no_key_that_was_proposed_after_the_restore(
    practice: PracticeServer, sent: Submission
) -> None:
    backup_restored()
    new = started(sent.tenant, "new")
    assert not must_be_asked_for(new)
    row = new.submit(None)
    worked(row)
    assert (row.state, [attempt.phase for attempt in row.attempts.all()]) == ("succeeded", ["send"])


def test_it_notices_by_itself_that_the_database_has_become_older(
    practice: PracticeServer, sent: Submission
) -> None:
    rows = backup()
    worked(sent)
    assert not restored_backup.look_for_restore()
    assert witness.number_of(witness.ATTEMPTS) == newest_attempt() > 0
    bring_back(rows)
    assert restored_backup.look_for_restore()
    assert not restored_backup.look_for_restore()
    assert AuditEntry.objects.filter(action="database.restored").count() == 1
    until_final(sent)
    assert (sent.state, sent.found_by_look_up, posts(practice)) == ("succeeded", True, 1)


def test_it_survives_a_file_that_is_no_database(
    practice: PracticeServer, sent: Submission, settings
) -> None:
    (settings.DATA_DIR / "witness.sqlite3").write_text("x" * 5000)
    assert not restored_backup.look_for_restore()
    assert worked(sent).state == "succeeded"


def test_many_that_remember_at_once_do_not_trip_over_each_other(settings) -> None:
    """Nothing is lost, and of those who ask with one number one gets it."""

    def remember(number: int) -> int:
        witness.note(witness.Note(witness.ATTEMPTS, number))
        return len(witness.rise([witness.Note("sent:1", number // 4)]))

    with ThreadPoolExecutor(4) as pool:
        risen = list(pool.map(remember, range(4, 404)))
    assert witness.number_of(witness.ATTEMPTS) == 403 and witness.number_of("sent:1") == 100
    assert 1 <= sum(risen) <= 100


def test_a_disk_that_takes_nothing_stops_no_submission(
    practice: PracticeServer, sent: Submission, settings, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told once, and this process remembers by itself."""
    worked(submitted(sent.tenant, "first"))
    settings.DATA_DIR = settings.DATA_DIR / "not there"
    for _time in range(3):
        assert not restored_backup.look_for_restore()
        worked(sent)
    assert (sent.state, witness.number_of(witness.ATTEMPTS)) == ("succeeded", newest_attempt())
    told = [record.message for record in caplog.records if "witness.sqlite3" in record.message]
    assert len(told) == 1 and told[0].endswith("may go unnoticed: unable to open database file")
    Attempt.objects.all().delete()
    assert [restored_backup.look_for_restore() for _time in range(2)] == [True, False]


def test_the_command_says_how_many_are_looked_up(submission: Submission, capsys) -> None:
    change(submitted(submission.tenant, "done"), state="cancelled")
    call_command("restored")
    assert capsys.readouterr().out == "1 open submission is looked up before anything is sent.\n"
    submission.refresh_from_db()
    assert (submission.state, submission.ambiguous) == ("unclear", True)
    assert submission.last_send_at > now() - timedelta(minutes=1) and submit.times().settle
