import pytest
from django.contrib.auth.models import User

from journeys.models import ChangedMeanwhile, Journey, WrongState
from tests.depth import deep
from tests.models.conftest import days


def turned(journey: Journey, user: User, turns: str) -> list[list[int]]:
    """The durations after each turn; "u" is undo, "r" redo."""
    found = []
    for turn in turns:
        journey.undo(user) if turn == "u" else journey.redo(user)
        found.append(days(journey))
    return found


def tops(journey: Journey) -> tuple[int | None, int | None]:
    head = Journey.objects.get(pk=journey.pk).head
    return head.undo_top, head.redo_top


def test_it_takes_back_and_brings_back(journey: Journey, maya: User, lasting) -> None:
    lasting("ONE", 2)
    lasting("ONE", 3)
    assert turned(journey, maya, "uurr") == [[2, 1, 1], [1, 1, 1], [2, 1, 1], [3, 1, 1]]
    assert (tops(journey), journey.head.number) == ((3, None), 7)


@pytest.mark.parametrize(
    ("turns", "durations"),
    [
        ("uur", [2, 1, 1]),
        ("uru", [2, 1, 1]),
        ("uruu", [1, 1, 1]),
        ("uurruu", [1, 1, 1]),
        ("ururur", [3, 1, 1]),
        ("uurur", [2, 1, 1]),
        ("uururr", [3, 1, 1]),
    ],
)
def test_it_keeps_the_stack_in_any_order(
    journey: Journey, maya: User, lasting, turns: str, durations: list
) -> None:
    lasting("ONE", 2)
    lasting("ONE", 3)
    assert turned(journey, maya, turns)[-1] == durations


def test_it_says_in_words_what_it_did_and_keeps_everything(
    journey: Journey, maya: User, lasting
) -> None:
    lasting("ONE", 2)
    undone, redone = journey.undo(maya), journey.redo(maya)
    assert (undone.summary, undone.operation, undone.undoes) == (
        "Undid: Wait 1 day → Wait 2 days",
        "undo",
        2,
    )
    assert (redone.summary, redone.operation, redone.redoes) == (
        "Redid: Wait 1 day → Wait 2 days",
        "redo",
        2,
    )
    bodies = [revision.body for revision in journey.revisions.order_by("number")]
    assert (bodies[2], bodies[3]) == (bodies[0], bodies[1])


def test_it_has_nothing_to_undo_or_redo_at_the_ends(journey: Journey, maya: User, lasting) -> None:
    with pytest.raises(WrongState, match="nothing to undo"):
        journey.undo(maya)
    lasting("ONE", 2)
    with pytest.raises(WrongState, match="nothing to redo"):
        journey.redo(maya)
    journey.undo(maya)
    with pytest.raises(WrongState, match="nothing to undo"):
        journey.undo(maya)
    assert journey.head.number == 3


def test_it_forgets_what_could_be_redone_when_something_new_is_done(
    journey: Journey, maya: User, lasting
) -> None:
    lasting("ONE", 2)
    journey.undo(maya)
    lasting("TWO", 5)
    with pytest.raises(WrongState, match="nothing to redo"):
        journey.redo(maya)
    assert turned(journey, maya, "u") == [[1, 1, 1]]


def test_it_takes_back_the_change_of_somebody_else_too(
    journey: Journey, maya: User, miles: User, lasting
) -> None:
    lasting("ONE", 2, miles)
    assert (turned(journey, maya, "u"), journey.head.author) == ([[1, 1, 1]], maya)


def test_it_takes_back_what_was_merged_with_others_changes(
    journey: Journey, maya: User, miles: User, lasting
) -> None:
    """Both saw revision 1. Each undo takes back one of the two and leaves the other."""
    lasting("ONE", 2)
    lasting("THREE", 7, miles, based_on=1)
    assert turned(journey, maya, "uurr") == [[2, 1, 1], [1, 1, 1], [2, 1, 1], [2, 1, 7]]


def test_it_takes_back_a_restore(journey: Journey, maya: User, lasting) -> None:
    lasting("ONE", 2)
    lasting("TWO", 3)
    journey.restore(journey.revisions.get(number=1), maya)
    assert turned(journey, maya, "uur") == [[2, 3, 1], [2, 1, 1], [2, 3, 1]]


def test_it_takes_back_a_removed_step_with_its_links(journey: Journey, maya: User) -> None:
    before = journey.head.body
    journey.apply("remove step", {"key": "TWO"}, based_on=1, author=maya)
    assert journey.undo(maya).body == before


def test_it_goes_as_deep_as_one_edits(journey: Journey, maya: User, lasting) -> None:
    edits = deep(40, 200)
    for number in range(edits):
        lasting("ONE", number + 2)
    for _turn in range(edits):
        journey.undo(maya)
    assert (days(journey), tops(journey)) == ([1, 1, 1], (None, 2))
    for _turn in range(edits):
        journey.redo(maya)
    assert (days(journey), tops(journey)) == ([edits + 1, 1, 1], (edits + 1, None))


def test_it_refuses_when_the_block_was_changed_behind_the_stack(
    journey: Journey, maya: User, lasting
) -> None:
    """Cannot come of this application's own changes, which all go on the stack, but may of a row
    put in by hand."""
    lasting("ONE", 2)
    stack = journey.head.undo_top
    lasting("ONE", 9)
    journey.revisions.filter(number=3).update(undo_top=stack)
    journey.refresh_from_db()
    with pytest.raises(ChangedMeanwhile) as caught:
        journey.undo(maya)
    assert (caught.value.blocks, days(journey), journey.revisions.count()) == (
        {("activity", "ONE")},
        [9, 1, 1],
        3,
    )
