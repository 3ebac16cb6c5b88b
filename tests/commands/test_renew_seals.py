"""A change of APPROVAL_KEYS, and rows from before there were seals."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection

from journeys.lifecycle.review import UNKNOWN
from journeys.models import (
    Acceptance,
    Countersignature,
    Journey,
    JourneyTemplate,
    Revision,
    Submission,
    Tenant,
)
from journeys.models.authorship import writers_of
from journeys.models.countersignature import ask
from tests.people import approved

NEW = "n" * 40
NAMES = ("0018_sealed_rules", "0020_seals_of_words", "0022_seals_of_rows")
migrations = [import_module(f"journeys.migrations.{name}") for name in NAMES]


@pytest.fixture
def submission(journey: Journey, maya: User, rob: User) -> Submission:
    values = {
        "problem": "x",
        "severity": "advice",
        "kind": "activity",
        "key": "K",
        "sha256": "0",
        "reason": "r",
    }
    Acceptance.objects.create(journey=journey, by=rob, **values).sealed().save()
    document = journey.head.document()
    JourneyTemplate.objects.keep(
        document, tenant=journey.tenant, name="Ours", description="", by=maya
    )
    ask(rob, what="administer", of="x", told="x", reason="r")
    return approved(journey, maya, rob).submit(maya)


def whole() -> list[bool]:
    found = [Tenant.objects.get().is_sealed(), Submission.objects.get().is_as_written]
    found += [row.is_sealed() for row in (*Revision.objects.all(), *Acceptance.objects.all())]
    found += [row.has_new_key for row in Journey.objects.all()]
    return found + [
        row.is_sealed() for row in (*JourneyTemplate.objects.all(), *Countersignature.objects.all())
    ]


def test_an_older_key_can_be_taken_out_afterwards(run, submission: Submission, settings) -> None:
    old = settings.APPROVAL_KEYS
    settings.APPROVAL_KEYS = [NEW]
    assert whole() == [False] * 7
    settings.APPROVAL_KEYS = [NEW, *old]
    assert whole() == [True] * 7
    done = run("renew_seals", "--json")
    assert (done.code, done.json["tenants"]) == (0, {"renewed": 1, "without_a_seal": 0})
    settings.APPROVAL_KEYS = [NEW]
    assert whole() == [True] * 7


def test_it_seals_nothing_that_was_changed(run, submission: Submission) -> None:
    Tenant.objects.update(review_required=False)
    Submission.objects.update(state="unclear")
    Revision.objects.update(writers={})
    Acceptance.objects.update(by=None)
    Journey.objects.update(key_seal="")
    JourneyTemplate.objects.update(by=None)
    Countersignature.objects.update(told="y")
    done = run("renew_seals")
    assert done.code == 1
    assert (
        "1 tenants, 1 revisions, 1 submissions, 1 acceptances, 1 keys, 1 confirmations, 1 templates"
        in done.error
    )
    assert whole() == [False] * 7


@pytest.mark.parametrize("state", ["waiting", "sending", "unclear", "succeeded"])
def test_the_migration_seals_what_is_there(submission: Submission, state: str) -> None:
    ids = dict.fromkeys(("remote_id", "remote_definition_id", "remote_status"), "1")
    Submission.objects.update(
        state=state, fence=2, state_seal="", last_send_at=submission.created_at, **ids
    )
    Tenant.objects.update(seal="")
    for model in (Revision, Acceptance, JourneyTemplate, Countersignature):
        model.objects.update(seal="")
    Journey.objects.update(key_seal="")
    assert whole() == [False] * 7 and UNKNOWN in {
        int(pk) for pk in writers_of(Revision.objects.get())
    }
    for migration in migrations:
        migration.seal_what_is_there(apps, SimpleNamespace(connection=connection))
    assert whole() == [True] * 7
    assert Tenant.objects.get().why_altered(house=True) == ""
