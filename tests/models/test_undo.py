import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journeys.models import Journey, WrongState, turning
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


def test_it_takes_back_ones_own_change_alone(
    journey: Journey, maya: User, miles: User, lasting
) -> None:
    """Maya's button says "Wait 1 day → Wait 2 days", and that is what goes; not Miles's newer
    one."""
    lasting("ONE", 2)
    lasting("TWO", 5, miles)
    assert turned(journey, maya, "ur") == [[1, 5, 1], [2, 5, 1]]
    assert turned(journey, miles, "u") == [[2, 1, 1]]
    with pytest.raises(WrongState, match="no change of yours"):
        journey.undo(miles)
    assert turned(journey, maya, "u") == [[1, 1, 1]]


def test_two_people_undo_and_redo_in_turns(
    journey: Journey, maya: User, miles: User, lasting
) -> None:
    for number in (2, 3, 4):
        lasting("ONE", number, maya)
        lasting("TWO", number, miles)
    both = [turned(journey, one, turn) for turn in "uururr" for one in (maya, miles)]
    assert [days for (days,) in both] == [
        [number, other, 1]
        for number, other in zip(
            (3, 3, 2, 2, 3, 3, 2, 2, 3, 3, 4, 4), (4, 3, 3, 2, 2, 3, 3, 2, 2, 3, 3, 4), strict=True
        )
    ]


def test_a_change_of_somebody_else_leaves_what_can_be_redone(
    journey: Journey, maya: User, miles: User, lasting
) -> None:
    lasting("ONE", 2)
    journey.undo(maya)
    lasting("TWO", 5, miles)
    assert turned(journey, maya, "r") == [[2, 5, 1]]


def test_it_takes_back_what_was_merged_with_others_changes(
    journey: Journey, maya: User, miles: User, lasting
) -> None:
    """Both saw revision 1. Each undo takes back one of the two and leaves the other."""
    lasting("ONE", 2)
    lasting("THREE", 7, miles, based_on=1)
    assert turned(journey, maya, "ur") == [[1, 1, 7], [2, 1, 7]]
    assert turned(journey, miles, "ur") == [[2, 1, 1], [2, 1, 7]]


def test_it_refuses_with_who_changed_the_same_since(
    journey: Journey, maya: User, miles: User, lasting
) -> None:
    lasting("ONE", 3)
    lasting("TWO", 5, miles)
    lasting("ONE", 9, miles)
    lasting("THREE", 6, miles)
    with pytest.raises(WrongState) as caught:
        journey.undo(maya)
    assert caught.value.text == (
        "“Wait 1 day → Wait 3 days” cannot be taken back: Miles Marketer changed the same since:"
        " “Wait 3 days → Wait 9 days” (revision 4). Revert that first in the"
        " history, or change it by hand."
    )
    assert (days(journey), journey.revisions.count()) == ([9, 5, 6], 5)


def test_it_refuses_to_redo_over_what_somebody_changed_since(
    journey: Journey, maya: User, miles: User, lasting
) -> None:
    lasting("ONE", 3)
    journey.undo(maya)
    lasting("ONE", 9, miles)
    with pytest.raises(WrongState, match="cannot be done again: Miles Marketer changed the same"):
        journey.redo(maya)
    assert days(journey) == [9, 1, 1]


def test_it_names_the_change_that_is_in_the_way_and_nobody_elses(
    journey: Journey, maya: User, miles: User, rob: User, lasting
) -> None:
    """Rob changed the same step last, but another field of it."""
    lasting("ONE", 3)
    lasting("ONE", 9, miles)
    step = {**journey.head.document()["activities"][0], "description": "Of Rob"}
    arguments = {"kind": "activity", "key": "ONE", "block": step}
    journey.apply("edit block", arguments, based_on=3, author=rob)
    with pytest.raises(WrongState, match="Miles Marketer changed the same since") as caught:
        journey.undo(maya)
    assert "Rob" not in caught.value.text


def test_it_turns_what_the_button_names_or_nothing(journey: Journey, maya: User, lasting) -> None:
    """Pressed twice, or on a page that shows an older draft."""
    lasting("ONE", 2)
    lasting("TWO", 3)
    assert journey.undo(maya, 3).undoes == 3
    for number in (3, 1, 4, 99):
        with pytest.raises(WrongState, match="another one by now, “Wait 1 day → Wait 2 days”"):
            journey.undo(maya, number)
    with pytest.raises(WrongState, match="another one by now"):
        journey.redo(maya, 2)
    assert journey.redo(maya, 3).redoes == 3
    assert journey.head.number == 5


def test_it_passes_over_what_somebody_else_took_back(
    journey: Journey, maya: User, miles: User, lasting
) -> None:
    lasting("ONE", 2)
    lasting("TWO", 3)
    journey.revert(journey.head, miles)
    assert turned(journey, maya, "u") == [[1, 1, 1]]


def test_it_passes_over_what_somebody_else_set_back_by_hand(
    journey: Journey, maya: User, miles: User, lasting
) -> None:
    lasting("ONE", 2)
    lasting("TWO", 3)
    lasting("TWO", 1, miles)
    assert turned(journey, maya, "u") == [[1, 1, 1]]


def test_who_types_back_what_was_there_has_taken_it_back(journey: Journey, maya: User) -> None:
    """One visit to a field: what was typed is gone again, and Undo goes on to what was before."""
    named = {"page": "p", "run": "r", "field": "name", "kind": "journey", "key": ""}

    def typed(name: str, run: str) -> None:
        journey.apply(
            "edit journey",
            {"members": {"name": name}},
            based_on=journey.head.number,
            author=maya,
            told={**named, "run": run},
        )

    typed("First", "one")
    for name in ("Second", "Second and more", "First"):
        typed(name, "two")
    assert journey.undo(maya).document()["name"] == "Greeting"
    assert [journey.redo(maya).document()["name"] for _time in range(2)] == [
        "First",
        "Second and more",
    ]


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


def test_it_offers_nothing_of_somebody_elses_whatever_older_rows_say(
    journey: Journey, maya: User, miles: User, lasting
) -> None:
    """Rows from when Undo was everybody's name the newest change, whosever it was."""
    lasting("ONE", 2)
    lasting("TWO", 3, miles)
    lasting("THREE", 4)
    journey.undo(maya)
    journey.revisions.filter(number=5).update(undo_top=3)
    journey.refresh_from_db()
    assert turned(journey, maya, "u") == [[1, 3, 1]]


def test_it_costs_the_same_at_any_depth(journey: Journey, maya: User, miles: User, lasting) -> None:
    lasting("ONE", 2)
    turned(journey, maya, "ur")
    counts = []
    for length in (2, 60):
        for number in range(length):
            lasting("TWO", number + 2, miles)
        with CaptureQueriesContext(connection) as asked:
            journey.undo(maya)
            journey.redo(maya)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_comes_next_is_found_by_indexes(
    journey: Journey, maya: User, miles: User, lasting
) -> None:
    """Nothing goes through the journey's revisions one by one."""
    lasting("ONE", 2)
    turned(journey, maya, "ur")
    lasting("TWO", 3, miles)
    with CaptureQueriesContext(connection) as asked:
        assert turning.to_undo(journey.revisions, journey.head, maya)
        journey.undo(maya)
        assert turning.to_redo(journey.revisions, journey.head, maya)
    wanted = [query["sql"] for query in asked if " WHERE " in query["sql"]]
    about = [
        plan(sql)
        for sql in wanted
        if any(f'"{column}" = ' in sql.partition(" WHERE ")[2] for column in COLUMNS)
    ]
    used = [{index for index in INDEXES if index in one} for one in about]
    assert all(used) and set().union(*used) == set(INDEXES)


COLUMNS = ("author_id", "undoes", "redoes")
INDEXES = ("revision_of_author", "revision_undoes", "revision_redoes")


def plan(sql: str) -> str:
    word = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # a table of some rows is read whole
        cursor.execute(f"{word} {sql.replace('%', '%%')}")
        return " ".join(str(row) for row in cursor.fetchall())
