"""A change of APPROVAL_KEYS, and rows from before there were seals."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection

from journeys.models import Acceptance, Journey, Revision, Submission, Tenant
from journeys.models.authorship import UNKNOWN, writers_of
from tests.people import approved

NEW = "n" * 40
migration = import_module("journeys.migrations.0018_sealed_rules")


@pytest.fixture
def submission(journey: Journey, maya: User, rob: User) -> Submission:
    values = {"problem": "x", "severity": "advice", "kind": "activity", "key": "K", "sha256": "0", "reason": "r"}
    Acceptance(journey=journey, by=rob, **values).sealed().save()
    return approved(journey, maya, rob).submit(maya)


def whole() -> list[bool]:
    found = [Tenant.objects.get().is_sealed(), Submission.objects.get().is_as_written]
    return found + [row.is_sealed() for row in (*Revision.objects.all(), *Acceptance.objects.all())]


def test_an_older_key_can_be_taken_out_afterwards(run, submission: Submission, settings) -> None:
    old = settings.APPROVAL_KEYS
    settings.APPROVAL_KEYS = [NEW]
    assert whole() == [False] * 4
    settings.APPROVAL_KEYS = [NEW, *old]
    assert whole() == [True] * 4
    done = run("renew_seals", "--json")
    assert (done.code, done.json["tenants"]) == (0, {"renewed": 1, "without_a_seal": 0})
    settings.APPROVAL_KEYS = [NEW]
    assert whole() == [True] * 4


def test_it_seals_nothing_that_was_changed(run, submission: Submission) -> None:
    Tenant.objects.update(review_required=False)
    Submission.objects.update(state="unclear")
    Revision.objects.update(writers={})
    Acceptance.objects.update(by=None)
    done = run("renew_seals")
    assert done.code == 1
    assert "1 tenants, 1 revisions, 1 submissions, 1 acceptances" in done.error
    assert whole() == [False] * 4


@pytest.mark.parametrize("state", ["waiting", "sending", "unclear", "succeeded"])
def test_the_migration_seals_what_is_there(submission: Submission, state: str) -> None:
    ids = dict.fromkeys(("remote_id", "remote_definition_id", "remote_status"), "1")
    Submission.objects.update(state=state, fence=2, state_seal="", last_send_at=submission.created_at, **ids)
    Tenant.objects.update(seal="")
    Revision.objects.update(seal="")
    Acceptance.objects.update(seal="")
    assert whole() == [False] * 4 and UNKNOWN in {int(pk) for pk in writers_of(Revision.objects.get())}
    migration.seal_what_is_there(apps, SimpleNamespace(connection=connection))
    assert whole() == [True] * 4
    assert Tenant.objects.get().why_altered(house=True) == ""
