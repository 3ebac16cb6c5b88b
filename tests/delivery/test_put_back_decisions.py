"""What people decided, put back by SQL as it once was: it does not count again."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from journeys.checks import check
from journeys.delivery.tenant_move import end_approvals
from journeys.models import (
    Acceptance,
    Countersignature,
    HouseRules,
    Journey,
    NeedsSecond,
    Review,
    Revision,
    Tampered,
    Tenant,
    WrongState,
)
from journeys.models import countersignature as second
from tests.delivery.conftest import started
from tests.delivery.tampering import copy_of, put_back, sql
from tests.delivery.test_seals import reviewed, waiting  # noqa: F401
from tests.people import ada, approved, maya, miles, people, rob, set_rules  # noqa: F401


def edited(journey: Journey, by: User) -> Journey:
    mine = Journey.objects.get(pk=journey.pk)
    mine.apply(
        "edit journey", {"members": {"description": "x"}}, based_on=mine.head.number, author=by
    )
    return mine


def revived(reviewed: Journey) -> None:  # noqa: F811
    """The newest revision belongs to another journey, the one that was approved is the draft
    again."""
    other = started(reviewed.tenant, "other")
    newest = Revision.objects.filter(journey=reviewed).latest("pk")
    sql(
        "UPDATE journeys_revision SET journey_id = %s, number = 9 WHERE id = %s",
        other.pk,
        newest.pk,
    )
    first = Revision.objects.get(journey=reviewed)
    sql(
        "UPDATE journeys_journey SET head_id = %s, state = 'approved' WHERE id = %s",
        first.pk,
        reviewed.pk,
    )
    sql("UPDATE journeys_review SET decision = 'approved', ended_at = NULL")


def test_an_approval_that_ended_with_an_edit_does_not_come_back(
    reviewed: Journey,  # noqa: F811
    people,  # noqa: F811
    committed,
) -> None:
    with committed():
        edited(reviewed, people["miles"])
    revived(reviewed)
    journey = Journey.objects.get(pk=reviewed.pk)
    assert journey.approval() is None
    with pytest.raises(WrongState, match="as this machine remembers.* Ask for a review again"):
        journey.submit(people["maya"])
    again = approved(journey, people["maya"], people["rob"])  # its way out
    assert again.approval() and again.submit(people["maya"])


def test_an_acceptance_that_was_withdrawn_does_not_come_back(
    reviewed: Journey,  # noqa: F811
    rob: User,  # noqa: F811
    committed,
) -> None:
    HouseRules.objects.create(tenant=reviewed.tenant, goal_required=True, goal_severity="blocking")
    Tenant.objects.get().sealed()
    journey = Journey.objects.get(pk=reviewed.pk)
    document = journey.head.document()
    problem = next(one for one in check(document, journey.tenant.rules()) if one.blocks)
    row = journey.accept(rob, problem, document, "Known.")
    copy = copy_of(row)
    with committed():
        journey.withdraw_acceptance(rob, row)
    put_back(copy)
    assert Acceptance.objects.get().is_sealed() and journey.accepted() == ()
    with pytest.raises(WrongState, match="put right first"):
        journey.require_no_blocking_problem(journey.head)
    journey.accept(rob, problem, document, "Known.")  # by a person it can
    journey.require_no_blocking_problem(journey.head)


DEED = {"what": "lift-review", "of": "tenant 1", "told": "North"}


def used(row: Countersignature, ada: User) -> None:  # noqa: F811
    second.countersigned(ada, **DEED)


def withdrawn(row: Countersignature, ada: User) -> None:  # noqa: F811
    row.withdraw(ada)


@pytest.mark.parametrize("over", [used, withdrawn])
def test_a_confirmation_counts_once(ada: User, committed, over: Callable) -> None:  # noqa: F811
    ben = User.objects.create_superuser("ben")
    row = second.ask(ada, **DEED, reason="A trial.")
    asked = copy_of(row)
    row.confirm(ben)
    confirmed = copy_of(row)
    with committed():
        over(row, ada)
    put_back(confirmed)
    with pytest.raises(NeedsSecond):
        second.countersigned(ada, **DEED)
    put_back(asked)
    with pytest.raises(Tampered):
        Countersignature.objects.get().confirm(ben)
    assert second.ask(ada, **DEED, reason="Again.").pk != row.pk


def test_older_rules_of_a_tenant_do_not_come_back(reviewed: Journey, people, committed) -> None:  # noqa: F811
    """Nor the place that it left, with its approvals."""
    copies = [
        copy_of(Tenant.objects.get()),
        copy_of(Review.objects.get()),
        copy_of(Journey.objects.get()),
    ]
    with committed():
        end_approvals(Tenant.objects.get())
    stale = Tenant.objects.get()
    with committed():
        set_rules(account_id="1")
    assert stale.is_sealed()  # an admin saved it since it was read
    put_back(*copies)
    with pytest.raises(WrongState, match="rules of the tenant “Practice” were changed"):
        Journey.objects.get().submit(people["maya"])
    with committed():
        end_approvals(Tenant.objects.get(), altered=True)  # as an admin does who saves it
    assert Tenant.objects.get().is_sealed()
    assert approved(Journey.objects.get(), people["maya"], people["rob"]).submit(people["maya"])
