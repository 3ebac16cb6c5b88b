"""Four eyes against somebody who writes SQL: approvals, authors, second admins, accepted
problems."""

import json
import zlib

import pytest
from django.contrib.auth.models import Permission, User

from journeys.checks import check
from journeys.delivery.tenant_move import end_approvals
from journeys.models import (
    Countersignature,
    HouseRules,
    Journey,
    NeedsSecond,
    NotAllowed,
    Review,
    Tenant,
    WrongState,
)
from journeys.models import countersignature as second
from journeys.models.clock import now
from tests.delivery.conftest import DOCUMENT, started
from tests.delivery.tampering import sql
from tests.delivery.test_seals import reviewed, waiting  # noqa: F401
from tests.people import ada, approved, maya, miles, people, rob, set_rules  # noqa: F401


@pytest.mark.parametrize("column", ["place", "tenant_id", "journey_id"])
def test_an_approval_is_not_carried_elsewhere(
    reviewed: Journey,  # noqa: F811
    tenant: Tenant,
    maya: User,  # noqa: F811
    column: str,
) -> None:
    other = Tenant.objects.create(name="O", client_id="o", client_secret="o").sealed()
    target = started(other if column != "journey_id" else tenant, "other")
    new = {"place": other.place, "tenant_id": other.pk, "journey_id": target.pk}
    sql(f"UPDATE journeys_review SET {column} = %s", new[column])
    sql(
        "UPDATE journeys_review SET revision_id = %s, sha256 = %s",
        target.head_id,
        target.head.sha256,
    )
    for journey in Journey.objects.all():
        assert journey.approval() is None


def test_an_approval_that_ended_with_an_edit_is_not_brought_back(reviewed: Journey, people) -> None:  # noqa: F811
    first = reviewed.head
    reviewed.apply(
        "edit journey", {"members": {"description": "x"}}, based_on=1, author=people["miles"]
    )
    sql("UPDATE journeys_review SET decision = 'approved', ended_at = NULL")
    sql("UPDATE journeys_journey SET head_id = %s, state = 'approved'", first.pk)
    journey = Journey.objects.get(pk=reviewed.pk)
    assert journey.approval() is None
    with pytest.raises(WrongState, match="changed in the database. Ask for a review again"):
        journey.submit(people["maya"])


def test_not_even_when_the_number_of_its_revision_is_raised(reviewed: Journey, people) -> None:  # noqa: F811
    first = reviewed.head
    reviewed.apply(
        "edit journey", {"members": {"description": "x"}}, based_on=1, author=people["miles"]
    )
    sql("UPDATE journeys_review SET decision = 'approved', ended_at = NULL")
    sql("UPDATE journeys_revision SET number = 3 WHERE id = %s", first.pk)
    sql("UPDATE journeys_journey SET head_id = %s, state = 'approved'", first.pk)
    assert Journey.objects.get(pk=reviewed.pk).approval() is None


def test_an_approval_of_a_place_that_was_left_is_not_brought_back(
    reviewed: Journey,  # noqa: F811
    people,  # noqa: F811
) -> None:
    end_approvals(reviewed.tenant)
    sql("UPDATE journeys_tenant SET moves = 0")
    sql("UPDATE journeys_review SET decision = 'approved', ended_at = NULL")
    with pytest.raises(WrongState, match="changed in the database"):
        Journey.objects.get(pk=reviewed.pk).submit(people["maya"])


# Authors


@pytest.fixture
def own(reviewed: Journey, maya: User) -> Review:  # noqa: F811
    """Maya, who may approve, wrote since the approval, and asks for a review."""
    maya.user_permissions.add(Permission.objects.get(codename="approve_review"))
    reviewed.apply("edit journey", {"members": {"description": "Mine"}}, based_on=1, author=maya)
    return reviewed.request_review(maya)


def test_the_writer_may_not_approve(own: Review, maya: User) -> None:  # noqa: F811
    with pytest.raises(NotAllowed, match="You wrote some"):
        own.approve(User.objects.get(pk=maya.pk), "Mine.")


def test_nor_when_all_that_was_known_of_words_is_gone(own: Review, maya: User) -> None:  # noqa: F811
    assert sql("DELETE FROM journeys_wording")
    test_the_writer_may_not_approve(own, maya)


AUTHORS = {
    "no writers": "UPDATE journeys_revision SET writers = '{}' WHERE number = 2",
    "writers as before they were told": (
        "UPDATE journeys_revision SET writers = NULL, author_id = NULL"
    ),
    "another author and writer": (
        "UPDATE journeys_revision SET writers = '{\"999999\": 2}', author_id = NULL"
    ),
}


@pytest.mark.parametrize("deed", AUTHORS)
def test_a_writer_who_was_taken_out_of_the_database_may_not_approve_alone(
    own: Review,
    maya: User,  # noqa: F811
    ada: User,  # noqa: F811
    deed: str,
) -> None:
    sql(AUTHORS[deed])
    with pytest.raises((NeedsSecond, NotAllowed, WrongState)):
        Review.objects.get(pk=own.pk).approve(User.objects.get(pk=maya.pk), "Mine.")
    own.refresh_from_db()
    assert own.state == "requested"


def test_a_false_hash_does_not_make_changes_look_approved(
    own: Review,
    people: dict[str, User],  # noqa: F811
) -> None:
    """Who wrote since the approval is counted from the newest revision of the approved bytes."""
    journey = Journey.objects.get(pk=own.journey_id)
    journey.apply(
        "edit journey", {"members": {"name": "Other"}}, based_on=2, author=people["miles"]
    )
    review = journey.request_review(people["miles"])
    approved_sha256 = journey.revisions.get(number=1).sha256
    sql("UPDATE journeys_revision SET sha256 = %s WHERE number = 2", approved_sha256)
    assert people["maya"].pk in Review.objects.get(pk=review.pk).authors()
    with pytest.raises(NotAllowed, match="You wrote some"):
        Review.objects.get(pk=review.pk).approve(User.objects.get(pk=people["maya"].pk), "Mine.")


def test_a_second_admin_lets_it_be_decided_all_the_same(own: Review, rob: User, ada: User) -> None:  # noqa: F811
    sql(AUTHORS["no writers"])
    review = Review.objects.get(pk=own.pk)
    assert "changed in the database" in review.needs_second(rob)
    with pytest.raises(NeedsSecond):
        review.approve(rob, "Looked at with care.")
    Countersignature.objects.get().confirm(ada)
    review.approve(rob, "Looked at with care.")
    assert review.journey.approval() == review


def test_doubt_about_who_wrote_it_goes_on_with_the_next_edit(own: Review, people) -> None:  # noqa: F811
    sql(AUTHORS["no writers"])
    journey = Journey.objects.get(pk=own.journey_id)
    journey.apply(
        "edit journey", {"members": {"name": "Other"}}, based_on=2, author=people["miles"]
    )
    review = journey.request_review(people["miles"])
    with pytest.raises(NeedsSecond):
        review.approve(User.objects.get(pk=people["maya"].pk), "Mine.")


def test_words_that_were_put_into_the_draft_by_sql_are_somebodys(reviewed: Journey, people) -> None:  # noqa: F811
    """A reviewer who writes SQL would else approve what they wrote."""
    other = zlib.compress(
        json.dumps(DOCUMENT | {"description": "By SQL"}, separators=(",", ":")).encode(), 1
    )
    sql("UPDATE journeys_revision SET packed = %s", other)
    journey = Journey.objects.get(pk=reviewed.pk)
    journey.apply("edit journey", {"members": {"name": "New"}}, based_on=1, author=people["maya"])
    with pytest.raises(NeedsSecond):
        journey.request_review(people["maya"]).approve(people["rob"], "Good.")


# Second admins, and problems that were accepted


def test_a_confirmation_that_sql_wrote_is_none(ada: User, rob: User) -> None:  # noqa: F811
    ben = User.objects.create_superuser("ben")
    deed = {"what": "lift-review", "of": "tenant 1", "told": "North"}
    second.ask(ada, **deed, reason="A trial.")
    sql(
        "UPDATE journeys_countersignature SET confirmed_by_id = %s, confirmed_at = %s",
        ben.pk,
        now(),
    )
    with pytest.raises(NeedsSecond):
        second.countersigned(ada, **deed)


def test_a_problem_that_sql_accepted_blocks_all_the_same(
    reviewed: Journey,  # noqa: F811
    maya: User,  # noqa: F811
    ada: User,  # noqa: F811
) -> None:
    HouseRules.objects.create(tenant=reviewed.tenant, goal_required=True, goal_severity="blocking")
    Tenant.objects.get().sealed()
    journey = Journey.objects.get(pk=reviewed.pk)
    document = journey.head.document()
    problem = next(one for one in check(document, journey.tenant.rules()) if one.blocks)
    journey.accept(ada, problem, document, "Known.")
    journey.require_no_blocking_problem(journey.head)
    sql("UPDATE journeys_acceptance SET reason = 'Fine', by_id = %s", maya.pk)
    with pytest.raises(WrongState, match="put right first"):
        journey.require_no_blocking_problem(journey.head)
