"""A command that others' writing kept from its work says how far it came."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection

from journeys.management.commands import import_journey, submit_journey
from journeys.models import Journey, Submission, Tenant
from tests.delivery.conftest import DOCUMENT
from tests.people import approved, started

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")


def test_it_says_which_journeys_were_submitted_before_the_database_was_busy(
    lock: Callable,
    journey: Journey,
    maya: User,
    rob: User,
    run: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys = [journey.key, "second", "third"]
    for key in keys[1:]:
        started(journey.head.document() | {"key": key}, journey.tenant, maya)
    for one in Journey.objects.all():
        approved(one, maya, rob)
    monkeypatch.setattr(submit_journey, "notify", lock)
    ran = run("submit_journey", *keys, "--json")
    rows = ran.json["submissions"]
    assert (ran.code, [row["state"] for row in rows]) == (1, ["waiting", "none", "none"])
    assert rows[1]["error"].startswith("The database is busy")
    assert rows[2]["error"] == submit_journey.NOT_TRIED
    assert [one.key for one in Submission.objects.all()] == [journey.key]


def test_it_says_which_files_were_imported_before_the_database_was_busy(
    lock: Callable,
    tenant: Tenant,
    run: Callable,
    file: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def taken_in(*words: object, **more: object) -> list:
        imported = take_in(*words, **more)
        lock()
        return imported

    take_in = import_journey.take_in
    monkeypatch.setattr(import_journey, "take_in", taken_in)
    files = [file(f"{key}.json", DOCUMENT | {"key": key}) for key in ("first", "second", "third")]
    ran = run("import_journey", *files, "--nobody", "--json")
    rows = ran.json["journeys"]
    assert (ran.code, [row["result"] for row in rows]) == (1, ["created", "refused", "refused"])
    assert rows[1]["error"].startswith("The database is busy")
    assert rows[2]["error"] == import_journey.NOT_TRIED


def test_a_command_that_did_nothing_says_that_the_database_is_busy(
    lock: Callable,
    tenant: Tenant,
    run: Callable,
) -> None:
    lock()
    ran = run("renew_seals")
    assert (ran.code, "The database is busy" in ran.error, "set up" in ran.error) == (
        1,
        True,
        False,
    )
