"""Two people at one draft: what fits is merged, what does not is refused with nothing written."""

import pytest
from django.contrib.auth.models import User

from journeys.models import ChangedMeanwhile, Journey, Revision
from journeys.spec import graph
from tests.models.conftest import days, document, wait


@pytest.fixture
def revisions(journey: Journey):
    """Fails when the test adds a revision."""
    return lambda: journey.revisions.count()


def order(journey: Journey) -> list[str]:
    """The steps along the path."""
    now = Journey.objects.get(pk=journey.pk).head.document()
    steps, key, found = graph.steps(now), graph.root(now), []
    while key:
        found.append(key)
        key = graph.next_of(graph.outcomes(steps[key])[0])
    return found


def add(journey: Journey, key: str, after: str, author: User, based_on: int = 1) -> Revision:
    arguments = {"after": after, "outcome": f"out-{after}" if after else "", "step": wait(key)}
    return journey.apply("add step", arguments, based_on=based_on, author=author)


def test_it_merges_edits_of_different_blocks(journey: Journey, lasting, miles: User) -> None:
    lasting("ONE", 5)
    theirs = lasting("THREE", 7, miles, based_on=1)
    assert (days(journey), theirs.number, theirs.based_on, theirs.author) == (
        [5, 1, 7],
        3,
        1,
        miles,
    )


def test_it_refuses_edits_of_one_block(journey: Journey, lasting, miles: User, revisions) -> None:
    lasting("ONE", 5)
    with pytest.raises(ChangedMeanwhile) as caught:
        lasting("ONE", 7, miles, based_on=1)
    error = caught.value
    assert (error.blocks, error.newest.number) == ({("activity", "ONE")}, 2)
    assert [
        one["activities"][0]["configurationArguments"]["waitDuration"]
        for one in (error.mine, error.theirs)
    ] == [
        7,
        5,
    ]
    assert (revisions(), days(journey)) == (2, [5, 1, 1])


def test_it_merges_steps_put_into_different_gaps(journey: Journey, maya: User, miles: User) -> None:
    add(journey, "NEW-1", "ONE", maya)
    add(journey, "NEW-2", "TWO", miles)
    assert order(journey) == ["ONE", "NEW-1", "TWO", "NEW-2", "THREE"]


def test_it_refuses_steps_put_into_one_gap(
    journey: Journey, maya: User, miles: User, revisions
) -> None:
    add(journey, "NEW-1", "ONE", maya)
    with pytest.raises(ChangedMeanwhile):
        add(journey, "NEW-2", "ONE", miles)
    assert (revisions(), order(journey)) == (2, ["ONE", "NEW-1", "TWO", "THREE"])


def test_it_merges_members_of_the_journey(journey: Journey, maya: User, miles: User) -> None:
    journey.apply("edit journey", {"members": {"name": "Other"}}, based_on=1, author=maya)
    journey.apply("edit journey", {"members": {"description": "Told."}}, based_on=1, author=miles)
    now = Journey.objects.get(pk=journey.pk)
    assert (now.name, now.description) == ("Other", "Told.")


def test_it_merges_a_text_edit_with_what_others_changed(
    journey: Journey, lasting, miles: User
) -> None:
    lasting("ONE", 5)
    edited = document()
    edited["activities"][2] = wait("THREE", days=9)
    journey.replace(edited, based_on=1, author=miles, operation="json")
    assert days(journey) == [5, 1, 9]


def test_it_refuses_a_text_edit_of_what_others_changed(
    journey: Journey, lasting, miles: User, revisions
) -> None:
    lasting("ONE", 5)
    edited = document()
    edited["activities"][0] = wait("ONE", "TWO", days=9)
    with pytest.raises(ChangedMeanwhile) as caught:
        journey.replace(edited, based_on=1, author=miles, operation="json")
    assert (caught.value.blocks, revisions(), days(journey)) == (
        {("activity", "ONE")},
        2,
        [5, 1, 1],
    )


def test_it_refuses_two_new_blocks_of_one_key(
    journey: Journey, maya: User, miles: User, revisions
) -> None:
    """Neither knew of the other's; the second text edit must not win silently."""
    goals = [
        {"goals": [{"key": "A"}, {"key": "B", "type": kind}]} for kind in ("Event", "ContactEvent")
    ]
    journey.replace(document(goals=[{"key": "A"}]), based_on=1, author=maya, operation="json")
    journey.replace(document(**goals[0]), based_on=2, author=maya, operation="json")
    with pytest.raises(ChangedMeanwhile) as caught:
        journey.replace(document(**goals[1]), based_on=2, author=miles, operation="json")
    assert (caught.value.blocks, revisions()) == ({("goal", "B")}, 3)


def test_it_refuses_changes_that_only_together_leave_a_path_in_the_air(
    journey: Journey, maya: User, miles: User, revisions
) -> None:
    """One takes away the last step, the other lets a new step lead to it."""
    journey.apply("remove step", {"key": "THREE"}, based_on=1, author=maya)
    edited = document()
    edited["activities"].append(wait("NEW", "THREE"))
    edited["activities"][0]["outcomes"].append({"key": "second", "next": "NEW"})
    with pytest.raises(ChangedMeanwhile):
        journey.replace(edited, based_on=1, author=miles, operation="json")
    assert revisions() == 2


def test_it_does_both_when_somebody_else_takes_another_step_away(
    journey: Journey, lasting, miles: User
) -> None:
    journey.apply("remove step", {"key": "THREE"}, based_on=1, author=miles)
    lasting("ONE", 4, based_on=1)
    assert (order(journey), days(journey)) == (["ONE", "TWO"], [4, 1])
