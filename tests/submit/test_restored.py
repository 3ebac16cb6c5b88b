"""A database that was restored from a backup: what was sent since is not known here any more, and is not doubled."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import call_command

from journeys import restoring, submit
from journeys.models import Attempt, AuditEntry, Journey, Submission
from journeys.models.keys import must_be_asked_for, newest_attempt, restored
from journeys.models.submission import now
from journeys.practice import PracticeServer
from tests.submit.conftest import change, posts, started, stored, submitted, until_final, worked


def backup() -> list[dict]:
    return list(Submission.objects.values())


def bring_back(rows: list[dict]) -> None:
    Attempt.objects.all().delete()
    for row in rows:
        Submission.objects.filter(pk=row["id"]).update(**row)


def test_it_adopts_what_was_sent_after_the_backup(practice: PracticeServer, sent: Submission) -> None:
    rows = backup()
    worked(sent)
    remote = sent.remote_id
    bring_back(rows)
    assert restored() == 1
    until_final(sent)
    assert (sent.state, sent.remote_id, sent.found_by_look_up) == ("succeeded", remote, True)
    assert (posts(practice), len(stored(practice))) == (1, 1)


def test_it_sends_what_was_not_sent_before(practice: PracticeServer, sent: Submission) -> None:
    restored()
    until_final(sent)
    assert (sent.state, posts(practice)) == ("succeeded", 1)


def test_it_looks_up_what_is_submitted_anew_although_its_key_was_proposed(
    practice: PracticeServer, sent: Submission
) -> None:
    worked(sent)
    Attempt.objects.all().delete()
    sent.delete()
    restored()
    again = Journey.objects.get().submit(None)
    assert must_be_asked_for(again.journey)
    until_final(again)
    assert (again.state, again.found_by_look_up, posts(practice)) == ("succeeded", True, 1)


def test_it_asks_for_no_key_that_was_proposed_after_the_restore(practice: PracticeServer, sent: Submission) -> None:
    restored()
    new = started(sent.tenant, "new")
    assert not must_be_asked_for(new)
    row = new.submit(None)
    worked(row)
    assert (row.state, [attempt.phase for attempt in row.attempts.all()]) == ("succeeded", ["send"])


def test_it_notices_by_itself_that_the_database_has_become_older(practice: PracticeServer, sent: Submission) -> None:
    rows = backup()
    worked(sent)
    assert not restoring.look_for_restore()
    assert restoring.remembered() == newest_attempt() > 0
    bring_back(rows)
    assert restoring.look_for_restore()
    assert not restoring.look_for_restore()
    assert AuditEntry.objects.filter(action="database.restored").count() == 1
    until_final(sent)
    assert (sent.state, sent.found_by_look_up, posts(practice)) == ("succeeded", True, 1)


def test_it_survives_a_file_that_holds_no_number(settings, db: None) -> None:
    (settings.DATA_DIR / "newest_attempt").write_text("x")
    assert not restoring.look_for_restore()
    assert restoring.remembered() == 0


def test_many_that_remember_at_once_do_not_trip_over_each_other(settings) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(restoring.remember, range(400)))
    assert restoring.remembered() in range(400)
    assert [path.name for path in settings.DATA_DIR.iterdir()] == ["newest_attempt"]


def test_a_disk_that_takes_nothing_stops_no_submission(
    practice: PracticeServer, sent: Submission, settings, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told once, and this process remembers by itself."""
    worked(submitted(sent.tenant, "first"))
    settings.DATA_DIR = settings.DATA_DIR / "not there"
    for _time in range(3):
        assert not restoring.look_for_restore()
        worked(sent)
    assert (sent.state, restoring.remembered()) == ("succeeded", newest_attempt())
    assert [record.message[-25:] for record in caplog.records if "newest_attempt" in record.message] == [
        "No such file or directory"
    ]
    Attempt.objects.all().delete()
    assert [restoring.look_for_restore() for _time in range(2)] == [True, False]


def test_the_command_says_how_many_are_looked_up(submission: Submission, capsys) -> None:
    change(submitted(submission.tenant, "done"), state="cancelled")
    call_command("restored")
    assert capsys.readouterr().out == "1 open submissions are looked up before anything is sent.\n"
    submission.refresh_from_db()
    assert (submission.state, submission.ambiguous) == ("unclear", True)
    assert submission.last_send_at > now() - timedelta(minutes=1) and submit.times().settle
