"""Rows of long lists are found by their keys at once."""

from journeys.blocks.places import FEW, MISSING, Item, read, write


def rows(*keys: str) -> dict:
    return {"rows": [{"key": key} for key in keys]}


MANY = [f"R-{number}" for number in range(2 * FEW)]


def test_it_finds_the_first_row_of_a_key_and_no_other():
    block = rows(*MANY, "R-1", "last")
    assert read(block, ("rows", Item("last"))) is block["rows"][-1]
    assert read(block, ("rows", Item("R-1"))) is block["rows"][1]
    assert read(block, ("rows", Item("gone"))) is MISSING


def test_it_finds_the_rows_of_each_list_where_they_stand_in_it():
    one, other = rows(*MANY), rows(*reversed(MANY))
    for block in (one, other, one):
        assert (
            read(block, ("rows", Item("R-2")))
            is block["rows"][MANY.index("R-2") if block is one else -3]
        )
    assert write(one, ("rows", Item("R-2"), "a"), 1)["rows"][2] == {"key": "R-2", "a": 1}
    assert one == rows(*MANY)


def test_it_finds_them_in_a_list_that_was_changed_since():
    block = rows(*MANY)
    assert read(block, ("rows", Item("R-2"))) is block["rows"][2]
    block["rows"].reverse()
    assert read(block, ("rows", Item("R-2"))) is block["rows"][-3]
    block["rows"].append({"key": "new"})
    assert read(block, ("rows", Item("new"))) is block["rows"][-1]
