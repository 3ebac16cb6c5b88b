"""What no admin does alone."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.utils import timezone

from journeys.models import (
    AuditEntry,
    Countersignature,
    Journey,
    NeedsSecond,
    NotAllowed,
    WrongState,
)
from journeys.models import countersignature as second
from journeys.models.accounts import apart_again, as_one_with, note_account_change
from journeys.models.audit import ALONE
from journeys.spec.address import Address
from journeys.spec.problem import Problem
from tests.models.test_review import fresh, said

DEED = {"what": Countersignature.Deed.LIFT_REVIEW, "of": "tenant 1", "told": "North"}


@pytest.fixture
def ben(people: dict[str, User]) -> User:
    """Another admin."""
    person = User.objects.create_user("ben")
    person.groups.add(Group.objects.get(name="Admin"))
    return person


def aged(row: Countersignature, **hours: int) -> None:
    ago = {name: timezone.now() - timedelta(hours=number) for name, number in hours.items()}
    Countersignature.objects.filter(pk=row.pk).update(**ago)
    row.refresh_from_db()
    row.sealed().save()


def test_it_is_done_once_after_a_second_admin_confirms(ada: User, ben: User) -> None:
    assert "Another admin has to confirm this: ben. Say why" in said_by(ada)
    row = second.ask(ada, **DEED, reason="A trial.")
    assert second.ask(ada, **DEED, reason="Again.") == row
    row.confirm(ben)
    assert second.countersigned(ada, **DEED).confirmed_by == ben
    assert "Another admin" in said_by(ada)
    names = list(AuditEntry.objects.order_by("id").values_list("action", "actor__username"))
    assert names == [
        ("countersignature.asked", "ada"),
        ("countersignature.confirmed", "ben"),
        ("countersignature.used", "ada"),
    ]


def said_by(user: User, **more: str) -> str:
    with pytest.raises(NeedsSecond) as caught:
        second.countersigned(user, **DEED, **more)
    return caught.value.text


def test_it_is_not_confirmed_by_who_asks_nor_by_who_is_no_admin(
    ada: User, ben: User, rob: User
) -> None:
    row = second.ask(ada, **DEED, reason="A trial.")
    assert said(row.confirm, ada) == "You asked for this. Another admin has to confirm it."
    assert said(row.confirm, rob) == "Only an admin can confirm this."
    assert "Another admin" in said_by(ada)


@pytest.mark.parametrize("turned", [False, True])
def test_it_is_not_confirmed_by_who_was_changed_by_who_asks(
    ada: User, ben: User, turned: bool
) -> None:
    row = second.ask(ada, **DEED, reason="A trial.")
    note_account_change(*((ben, ada) if turned else (ada, ben)), ["password"])
    assert "changed the other's account within the last 24 hours" in said(row.confirm, ben)
    a_day_later()
    row.confirm(ben)


def test_a_confirmation_of_who_is_no_longer_an_admin_is_none(ada: User, ben: User) -> None:
    second.ask(ada, **DEED, reason="A trial.").confirm(ben)
    ben.groups.clear()
    with pytest.raises(NeedsSecond):
        second.countersigned(ada, **DEED)


def test_it_is_for_one_thing_only(ada: User, ben: User) -> None:
    second.ask(ada, **DEED, reason="A trial.").confirm(ben)
    with pytest.raises(NeedsSecond):
        second.countersigned(ada, **DEED | {"of": "tenant 2"})
    with pytest.raises(NeedsSecond):
        second.countersigned(ben, **DEED)


def test_it_expires(ada: User, ben: User) -> None:
    row = second.ask(ada, **DEED, reason="A trial.")
    aged(row, asked_at=24 * 8)
    assert said(row.confirm, ben).startswith("This is no longer open")
    other = second.ask(ada, **DEED, reason="A trial.")
    assert other != row
    other.confirm(ben)
    aged(other, confirmed_at=25)
    assert "Another admin" in said_by(ada)


def test_it_is_withdrawn(ada: User, ben: User) -> None:
    row = second.ask(ada, **DEED, reason="A trial.")
    row.confirm(ben)
    row.withdraw(ada)
    assert "Another admin" in said_by(ada)
    assert said(row.withdraw, ada) == "There is nothing to withdraw."


def test_the_only_admin_says_why_and_everybody_is_told(ada: User) -> None:
    assert said_by(ada) == "Nobody else is an admin here: say why. Everybody will read it."
    row = second.countersigned(ada, **DEED, reason="A trial.")
    assert (row.alone, [one.data["id"] for one in AuditEntry.objects.loud((ALONE,))]) == (
        True,
        [row.pk],
    )
    assert AuditEntry.objects.get(action="countersignature.alone").data["reason"] == "A trial."


def test_it_names_who_may_confirm_and_from_when_who_may_not_yet(ada: User, ben: User) -> None:
    cleo = User.objects.create_user("cleo", first_name="Cleo", last_name="Clerk")
    cleo.groups.add(Group.objects.get(name="Admin"))
    assert "this: ben or Cleo Clerk. Say why" in said_by(ada)
    note_account_change(ada, ben, [])
    assert "this: Cleo Clerk. Say why" in said_by(ada)
    note_account_change(ben, cleo, [])
    until = timezone.now() + timedelta(hours=24)
    told = said_by(ada)
    assert (
        f"ben from {until:%-d %b %Y, %H:}" in told
        and f"Cleo Clerk from {until:%-d %b %Y, %H:}" in told
    )
    row = second.ask(ada, **DEED, reason="A trial.")
    assert f"or you from {until:%-d %b %Y, %H:}" in row.why_not_by(cleo)


def test_the_last_change_that_holds_two_together_says_until_when(
    ada: User, ben: User, rob: User
) -> None:
    """Ada and Ben are linked by way of Rob since the older of the two changes; a newer one of
    others says nothing."""
    ago = [timedelta(hours=hours) for hours in (20, 5)]
    for person, past in zip((ada, ben), ago, strict=True):
        note_account_change(person, rob, [])
        QuerySet(AuditEntry).filter(actor=person).update(at=timezone.now() - past)
    note_account_change(rob, User.objects.get(username="maya"), [])
    until = apart_again(ada, ben)
    assert abs(until - timezone.now() - timedelta(hours=4)) < timedelta(minutes=1)


def test_nobody_becomes_the_only_admin_by_taking_the_others_away(ada: User, ben: User) -> None:
    User.objects.filter(pk=ben.pk).update(is_active=False)
    note_account_change(ada, ben, ["is_active"], was_admin=True)
    assert "has to confirm this first" in said_by(ada, reason="A trial.")


# Reviews


def test_a_decision_of_who_was_changed_by_an_author_needs_a_second_admin(
    journey: Journey, maya: User, rob: User, ada: User
) -> None:
    review = journey.request_review(maya)
    note_account_change(maya, rob, ["password"])
    assert said(review.approve, rob).startswith("Another admin has to confirm this: Ada Admin.")
    assert said(review.approve, rob, "Today, please.").startswith(
        "Another admin has to confirm this first"
    )
    row = Countersignature.objects.get()
    assert (row.what, row.asked_by, row.reason, fresh(review).state) == (
        "decide",
        rob,
        "Today, please.",
        "requested",
    )
    row.confirm(ada)
    review.approve(rob)
    assert fresh(review).state == "approved"


def test_it_counts_again_after_a_day(journey: Journey, maya: User, rob: User) -> None:
    review = journey.request_review(maya)
    note_account_change(maya, rob, ["groups"])
    a_day_later()
    review.approve(rob)
    assert fresh(review).state == "approved"


def test_a_stale_page_of_a_reviewer_who_was_deactivated_decides_nothing(
    journey: Journey, maya: User, rob: User
) -> None:
    review = journey.request_review(maya)
    User.objects.filter(pk=rob.pk).update(is_active=False)
    assert said(review.approve, rob) == "Your account is no longer in use."


# Problems


@pytest.fixture
def blocked(journey: Journey, ada: User, lasting) -> Problem:
    lasting("ONE", 9, ada)
    return Problem(
        "wait", "blocking", "Too long.", Address("activity", "ONE", "configurationArguments")
    )


def test_a_blocking_problem_of_ones_own_is_accepted_by_two(
    journey: Journey, ada: User, ben: User, blocked: Problem
) -> None:
    accept = journey.accept, ada, blocked, journey.head.document(), "Known."
    assert said(*accept).startswith("Another admin has to confirm this first")
    assert not journey.acceptances.exists()
    Countersignature.objects.get().confirm(ben)
    assert journey.accept(*accept[1:]).by == ada


def test_a_blocking_problem_of_somebody_elses_is_accepted_by_one(
    journey: Journey, ben: User, blocked: Problem
) -> None:
    assert journey.accept(ben, blocked, journey.head.document(), "Known.").by == ben


def test_what_was_confirmed_is_what_stood_there(
    journey: Journey, ada: User, ben: User, blocked: Problem, lasting
) -> None:
    said(journey.accept, ada, blocked, journey.head.document(), "Known.")
    Countersignature.objects.get().confirm(ben)
    lasting("ONE", 99, ada)
    with pytest.raises(NotAllowed):
        journey.accept(ada, blocked, journey.head.document(), "Known.")


def test_the_submission_of_a_changed_tenant_reads_it_anew(journey: Journey, maya: User) -> None:
    """A page from before the rule was set."""
    stale = Journey.objects.select_related("tenant").get(pk=journey.pk)
    stale.tenant.review_required = False
    with pytest.raises(WrongState, match="not approved yet"):
        stale.submit(maya)


def a_day_later() -> None:
    """Past what the audit allows, as time would."""
    QuerySet(AuditEntry).filter(action="person.changed").update(
        at=timezone.now() - timedelta(hours=25)
    )


def test_two_accounts_that_one_admin_changed_are_one_hand(
    journey: Journey, maya: User, rob: User, ada: User
):
    for person in (maya, rob):
        note_account_change(ada, person, ["password"], "password.set")
    assert as_one_with(rob) == {ada.pk, maya.pk, rob.pk} and apart_again(maya, rob)
    review = journey.request_review(maya)
    with pytest.raises(NeedsSecond):
        review.approve(rob)


def test_a_chain_of_new_admins_confirms_nothing(ada: User, ben: User):
    cleo = User.objects.create_user("cleo")
    note_account_change(ada, ben, [], "person.added")
    note_account_change(ben, cleo, [], "person.added")
    assert apart_again(ada, cleo)


def test_a_second_admin_confirms_one_decision_in_these_words(
    journey: Journey, maya: User, rob: User, ada: User
) -> None:
    review = journey.request_review(maya)
    note_account_change(maya, rob, ["password"])
    words = "Send it back: the offer is wrong."
    said(review.send_back, rob, words)
    row = Countersignature.objects.get()
    assert row.told.startswith("Sent back: ")
    row.confirm(ada)
    for decide in (review.approve, review.send_back):
        with pytest.raises(NeedsSecond):
            decide(rob, "Other words.")
    assert said(review.approve, rob, "").startswith("Another admin has to confirm this")
    assert (fresh(review).state, review.confirmed_comment(rob)) == ("requested", words)
    review.send_back(rob, words)
    assert (fresh(review).state, fresh(review).comment) == ("sent-back", words)


def test_an_approval_bears_the_words_that_were_confirmed(
    journey: Journey, maya: User, rob: User, ada: User
) -> None:
    review = journey.request_review(maya)
    note_account_change(maya, rob, ["password"])
    said(review.approve, rob, "Today, please.")
    Countersignature.objects.get().confirm(ada)
    review.approve(rob)
    assert fresh(review).comment == "Today, please."
    assert "at most 500 letters" in said(fresh(review)._confirmed, rob, "approved", "x" * 501)
