"""Any one change is taken back from the history; what came later stays."""

import pytest
from django.contrib.auth.models import User

from journeys.models import Journey, WrongState
from tests.models.conftest import days


def reverted(journey: Journey, number: int, person: User) -> str:
    """What it is called afterwards."""
    return journey.revert(journey.revisions.get(number=number), person).summary


@pytest.fixture
def edited(journey: Journey, maya: User, miles: User, lasting) -> Journey:
    lasting("ONE", 2)
    lasting("TWO", 3, miles)
    lasting("THREE", 4)
    return journey


@pytest.mark.parametrize(("number", "left"), [(2, [1, 3, 4]), (3, [2, 1, 4]), (4, [2, 3, 1])])
def test_it_takes_back_one_change_whosever_it_was(
    edited: Journey, rob: User, number: int, left: list[int]
) -> None:
    assert reverted(edited, number, rob).startswith("Reverted: Wait 1 day → Wait")
    assert (days(edited), edited.head.operation, edited.head.undoes) == (left, "revert", number)


def test_it_is_a_change_of_whoever_does_it(edited: Journey, maya: User, rob: User) -> None:
    reverted(edited, 3, rob)
    assert edited.undo(rob).summary == "Undid: Reverted: Wait 1 day → Wait 3 days"
    assert days(edited) == [2, 3, 4]
    assert edited.redo(rob).summary == "Redid: Reverted: Wait 1 day → Wait 3 days"
    assert days(edited) == [2, 1, 4]
    edited.undo(maya)
    assert days(edited) == [2, 1, 1]


def test_what_was_reverted_is_brought_back_by_reverting_that(
    edited: Journey, maya: User, rob: User
) -> None:
    reverted(edited, 3, rob)
    assert reverted(edited, 5, maya) == "Brought back: Wait 1 day → Wait 3 days"
    assert (days(edited), edited.head.redoes) == ([2, 3, 4], 3)
    assert reverted(edited, 6, rob) == "Reverted: Wait 1 day → Wait 3 days"
    assert days(edited) == [2, 1, 4]


def test_an_undo_is_reverted_as_well(edited: Journey, maya: User, rob: User) -> None:
    edited.undo(maya)
    assert reverted(edited, 5, rob) == "Brought back: Wait 1 day → Wait 4 days"
    assert days(edited) == [2, 3, 4]


def test_a_restore_is_reverted_with_all_that_it_brought(
    edited: Journey, maya: User, rob: User
) -> None:
    edited.restore(edited.revisions.get(number=1), maya)
    reverted(edited, 5, rob)
    assert days(edited) == [2, 3, 4]
    assert edited.head.sha256 == edited.revisions.get(number=4).sha256


def test_it_refuses_what_is_taken_back_already(edited: Journey, maya: User, rob: User) -> None:
    edited.undo(maya)
    with pytest.raises(WrongState, match="is taken back already, by revision 5"):
        reverted(edited, 4, rob)


def test_it_refuses_the_first_revision(edited: Journey, rob: User) -> None:
    with pytest.raises(WrongState, match="began with this revision"):
        reverted(edited, 1, rob)


def test_it_refuses_with_who_changed_the_same_since(
    edited: Journey, maya: User, miles: User, lasting
) -> None:
    lasting("TWO", 8)
    with pytest.raises(WrongState) as caught:
        reverted(edited, 3, miles)
    assert caught.value.text == (
        "“Wait 1 day → Wait 3 days” cannot be taken back: Maya Marketer changed the same since:"
        " “Wait 3 days → Wait 8 days” (revision 5). Revert that first in the"
        " history, or change it by hand."
    )
    with pytest.raises(WrongState, match=r"you changed the same since: .* \(revision 5\)"):
        reverted(edited, 3, maya)
    assert (days(edited), edited.revisions.count()) == ([2, 8, 4], 5)


def test_it_refuses_what_would_change_nothing(edited: Journey, maya: User, lasting) -> None:
    lasting("TWO", 1)
    with pytest.raises(WrongState, match="Nothing was changed"):
        reverted(edited, 3, maya)
