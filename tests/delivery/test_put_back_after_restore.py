"""What this machine remembers, when the database is older because it was restored, and how it is
kept."""

import sqlite3
from datetime import timedelta

import pytest
from django.core.management import call_command

from journeys.delivery import restored_backup
from journeys.models import (
    Attempt,
    Journey,
    Review,
    Revision,
    Submission,
    witness,
)
from journeys.practice import PracticeServer
from tests.delivery.conftest import posts, until_final
from tests.delivery.tampering import copy_of, put_back, sql
from tests.delivery.test_put_back_decisions import edited
from tests.delivery.test_seals import reviewed, waiting  # noqa: F401
from tests.people import ada, approved, maya, miles, people, rob, set_rules  # noqa: F401


def test_the_operator_says_so_and_what_people_did_before_counts_again(
    reviewed: Journey,  # noqa: F811
    people,  # noqa: F811
    committed,
) -> None:
    copies = [copy_of(reviewed), copy_of(Review.objects.get())]
    with committed():
        newest = edited(reviewed, people["miles"]).head
    put_back(*copies)
    Revision.objects.filter(pk=newest.pk).delete()
    assert Journey.objects.get().approval() is None
    call_command("restored", verbosity=0)
    assert Journey.objects.get().approval()


def test_what_is_open_is_looked_up_although_more_is_known_of_it(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
) -> None:
    """Its fence in the backup is far below the one of its send."""
    sql("UPDATE journeys_submission SET fence = 7, state_seal = ''")
    row = Submission.objects.get()
    row.state_seal = row.seal_of({})
    row.save(update_fields=["state_seal"])
    before = copy_of(waiting)
    sql("UPDATE journeys_submission SET fence = 30")
    row = until_final(waiting)
    assert (row.state, row.fence) == ("succeeded", 31)
    assert not restored_backup.look_for_restore()
    put_back(before)
    Attempt.objects.all().delete()
    assert restored_backup.look_for_restore()
    row = until_final(waiting)
    assert (row.state, row.found_by_look_up, posts(practice)) == ("succeeded", True, 1)


def test_a_new_database_beside_an_old_file_works_as_any(
    practice: PracticeServer,
    waiting: Submission,  # noqa: F811
    people,  # noqa: F811
    committed,
) -> None:
    """Its journeys have the same numbers and keys: at worst the tenant is asked first."""
    until_final(waiting)
    with committed():
        edited(waiting.journey, people["miles"])
        edited(waiting.journey, people["miles"])
    for model in (Attempt, Submission, Review):
        model.objects.all().delete()
    journey = Journey.objects.get()
    kept = journey.revisions.get(number=1)
    Journey.objects.update(head=kept, state="draft")
    Revision.objects.exclude(pk=kept.pk).delete()
    practice.control("reset", {})
    restored_backup.look_for_restore()
    journey = approved(Journey.objects.get(), people["maya"], people["rob"])
    assert until_final(journey.submit(people["maya"])).state == "succeeded"


# The file


def test_what_cannot_be_written_is_known_to_this_process(
    settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DATA_DIR = settings.DATA_DIR / "not there"
    for number in (3, 2):
        witness.note(witness.Note("sent:1", number))
    assert witness.number_of("sent:1") == 3
    assert [bool(witness.rise([witness.Note("sent:1", number)])) for number in (3, 4, 4)] == [
        False,
        True,
        False,
    ]
    assert len([one for one in caplog.records if "may go unnoticed" in one.message]) == 1


def test_it_only_rises(settings) -> None:
    for number, at in ((3, 50), (2, 70), (1, 10)):
        witness.note(witness.Note("went on:1", number, at))
    assert witness.known(["went on:1", "other"]) == {"went on:1": witness.Note("went on:1", 3, 70)}


def test_it_forgets_what_can_stop_nothing_any_more(settings) -> None:
    for kind in (witness.SENT, witness.OVER):
        witness.note(witness.Note(f"{kind}:old", 1, 1), witness.Note(f"{kind}:new"))
    witness.note(witness.Note(witness.ATTEMPTS, 5, 1))
    witness.forget_old(timedelta(days=30))
    with sqlite3.connect(witness.file()) as found:
        names = {name for (name,) in found.execute("SELECT subject FROM seen")}
    assert names == {"sent:new", "over:old", "over:new", "attempts"}
