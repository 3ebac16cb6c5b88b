"""Addresses go into text and come back, whatever the names in them."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.spec import address
from journeys.spec.address import Address, Item
from journeys.spec.json_strings import texts_in

KINDS = ("journey", "trigger", "goal", "exit", "activity")
HOSTILE = [
    *("a.b", "a[b", "a]b", '"', '"a"', "a/b", "a: b", "\\", '\\"', "a\nb", " ", " a", "0", "00"),
    *("…" + "f" * 64, "x…", "\x7f", "\x00", "a: b[c].d", "[0]", ".", "[", "]", ": "),
]
NAMES = st.one_of(st.sampled_from(["", *HOSTILE]), st.text(max_size=12))
STEPS = st.lists(st.one_of(NAMES, st.builds(Item, NAMES)), max_size=6).map(tuple)


@given(STEPS)
def test_it_reads_the_way_that_it_wrote(steps):
    assert address.steps(address.written(steps)) == steps


@given(st.sampled_from(KINDS), NAMES, STEPS)
def test_it_reads_the_address_that_it_wrote(kind, key, steps):
    one = Address(kind, key, address.written(steps))
    assert address.read(str(one)) == one
    assert "\n" not in str(one)


@given(st.lists(STEPS, min_size=2, max_size=2, unique=True))
def test_no_two_ways_are_written_alike(ways):
    assert address.written(ways[0]) != address.written(ways[1])


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "Activity A",
        "activity ",
        "activity A:",
        "activity A: ",
        'activity "A',
        "x:y",
        "a b:c",
    ],
)
def test_it_refuses_what_is_no_address(text):
    with pytest.raises(ValueError):
        address.read(text)


@pytest.mark.parametrize("inside", [".a", "a.", "a..b", "a[", "a[]", "a[b", "a]", 'a."b', "a[b]c"])
def test_it_finds_no_way_in_what_is_no_place(inside):
    assert address.steps(inside) is None


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("journey", Address()),
        ("journey: name", Address(inside="name")),
        (
            "activity WAIT-1: outcomes[yes].arguments.percentage",
            Address("activity", "WAIT-1", "outcomes[yes].arguments.percentage"),
        ),
        ('goal "a: b": metaData."x.y"', Address("goal", "a: b", 'metaData."x.y"')),
    ],
)
def test_it_writes_as_people_read(text, one):
    assert (str(one), address.read(text)) == (text, one)


def test_it_goes_through_a_link():
    one = Address("activity", "Ä & B", 'outcomes["]"].next')
    assert address.read_query(dict(parse_qsl(one.query))) == one


def test_it_names_items_by_their_own_key_else_by_their_position():
    names = [address.name_of(item, 7) for item in ({"key": "A"}, {"key": ""}, {"key": 3}, {}, "A")]
    assert names == ["A", 7, 7, 7, 7]


@pytest.mark.parametrize(
    ("inside", "outer", "is_within"),
    [
        ("a.b", "a", True),
        ("a[b]", "a", True),
        ("a", "a", True),
        ("a", "", True),
        ("ab", "a", False),
        ("a", "a.b", False),
    ],
)
def test_it_says_what_stands_in_what(inside, outer, is_within):
    assert address.is_within(inside, outer) is is_within


def test_it_says_where_the_texts_of_a_value_stand():
    value = {"a.b": [{"key": "k", "c": "{1"}, "{2", {"d": "no"}], "": {"e": "{3"}}
    assert texts_in(value, "metaData", "{") == [
        ("{1", 'metaData."a.b"[k].c'),
        ("{2", 'metaData."a.b"[1]'),
        ("{3", 'metaData."".e'),
    ]


def test_it_writes_a_name_of_a_megabyte_once():
    value = {"n" * 1_000_000: {str(number): "{" for number in range(2000)}}
    places = [place for _text, place in texts_in(value, "", "{")]
    assert len(set(places)) == 2000
    assert max(map(len, places)) < address.LONGEST + 100
