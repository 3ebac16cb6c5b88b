"""Rows of before a review kept its decision and the end of its validity apart."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from journeys.delivery.tenant_move import end_approvals
from journeys.models import AuditEntry, Journey, Review, Submission, Tenant
from journeys.models.audit import record
from tests.models.conftest import document
from tests.people import approved, started

BEFORE = [("journeys", "0023_first_of_what_is_unclear")]

pytestmark = pytest.mark.django_db(transaction=True)


def to_the_newest() -> None:
    newest = MigrationExecutor(connection)
    newest.migrate([key for key in newest.loader.graph.leaf_nodes() if key[0] == "journeys"])


@pytest.fixture
def migrated():
    """Takes the rows back to how they were kept, lets something be done to them, and on again."""

    def there_and_back(*statements: str) -> None:
        MigrationExecutor(connection).migrate(BEFORE)
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        to_the_newest()

    yield there_and_back
    to_the_newest()


def edited(journey: Journey, user: User) -> Journey:
    number = Journey.objects.get(pk=journey.pk).head.number
    members = {"description": f"after {number}"}
    journey.apply("edit journey", {"members": members}, based_on=number, author=user)
    return journey


def stands(journey: Journey) -> list[tuple[str, str]]:
    return list(journey.reviews.order_by("pk").values_list("decision", "state"))


def test_it_keeps_decisions_seals_and_ends(
    tenant: Tenant, maya: User, rob: User, ada: User, migrated: Callable
) -> None:
    by_key = {
        key: started(document(key=key), tenant, maya)
        for key in ("open", "edited", "outdated", "back", "again", "approved")
    }
    by_key["open"].request_review(maya)
    edited(approved(by_key["edited"], maya, rob), maya)
    by_key["outdated"].request_review(maya)
    edited(by_key["outdated"], maya)
    by_key["back"].request_review(maya).send_back(rob, "No.")
    by_key["again"].request_review(maya).send_back(rob, "No.")
    by_key["again"].request_review(maya)
    approved(by_key["approved"], maya, rob)
    states = dict(Journey.objects.values_list("key", "state"))
    migrated()
    assert {key: stands(journey) for key, journey in by_key.items()} == {
        "open": [("", "requested")],
        "edited": [("approved", "outdated")],
        "outdated": [("", "outdated")],
        "back": [("sent-back", "sent-back")],
        "again": [("sent-back", "sent-back"), ("", "requested")],
        "approved": [("approved", "approved")],
    }
    assert dict(Journey.objects.values_list("key", "state")) == states
    for key in ("edited", "outdated"):
        ended = by_key[key].reviews.get().ended_at
        assert ended == by_key[key].revisions.get(number=2).created_at
    kept = Review.objects.filter(decision="approved")
    assert len(kept) == 2 and all(review.is_sealed(review.sha256) for review in kept)
    assert Journey.objects.get(key="approved").approval()


def test_what_a_move_ended_is_dated_by_the_audit(
    tenant: Tenant, maya: User, rob: User, ada: User, migrated: Callable
) -> None:
    journey = approved(started(document(), tenant, maya), maya, rob)
    with transaction.atomic():
        end_approvals(tenant)
    record(ada, "tenant.changed", tenant=tenant, fields=["account_id"], approvals_ended=1)
    entry = AuditEntry.objects.filter(tenant=tenant).latest("pk")
    migrated()
    review = journey.reviews.get()
    assert (review.decision, review.state) == ("approved", "outdated")
    assert review.ended_at == entry.at


def test_a_decision_after_the_submission_no_longer_sets_the_journey_back(
    tenant: Tenant, maya: User, rob: User, ada: User, migrated: Callable
) -> None:
    """Its review was open when it was submitted, and was approved afterwards."""
    journey = started(document(), tenant, maya)
    review = journey.request_review(maya)
    Journey.objects.get(pk=journey.pk).submit(ada, without_review=True)
    migrated(
        f"UPDATE journeys_review SET state = 'approved', decided_by_id = {rob.pk},"
        f" decided_at = asked_at WHERE id = {review.pk}",
        f"UPDATE journeys_journey SET state = 'approved' WHERE id = {journey.pk}",
    )
    review, sent = Review.objects.get(), Submission.objects.get()
    assert (review.decision, review.state) == ("approved", "outdated")
    assert review.ended_at == sent.created_at
    assert Journey.objects.get().state == "submitting"
