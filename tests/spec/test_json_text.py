"""Where things stand in a JSON text that somebody wrote."""

import json
import time

import pytest

from journeys.spec.address import Address
from journeys.spec.json_text import JsonText

TEXT = """
{ "key": "K", "a.b":
    [1, 2],
  "activities": [ {"key":"A"},
    {"outcomes": [{"key": "2",
       "next": "A"}, {"next":
       null, "key": "1"}, {}],
     "key": "B \\"quoted\\"", "name":"x"} ],
  "metaData": {}
}"""


@pytest.mark.parametrize(
    ("address", "line"),
    [
        (Address(), 2),
        (Address(inside='"a.b"'), 3),
        (Address(inside="activities"), 4),
        (Address("activity", "A"), 4),
        (Address("activity", 'B "quoted"'), 5),
        (Address("activity", 'B "quoted"', "outcomes[2].next"), 6),
        (Address("activity", 'B "quoted"', "outcomes[1].next"), 7),
        (Address("activity", 'B "quoted"', "outcomes[0]"), 5),
        (Address("activity", 'B "quoted"', "name"), 8),
        (Address("activity", 'B "quoted"', "nothing.there"), 5),
        (Address("goal", "G", "name"), 2),
        (Address(inside="metaData.x"), 9),
        (Address(inside="a..b"), 2),
    ],
    ids=str,
)
def test_it_finds_the_line_of_an_address_or_of_what_is_around_it(address, line):
    assert JsonText(TEXT).line(address) == line


@pytest.mark.parametrize("text", ["", "[]", "null", "  ", "{}"])
def test_it_finds_the_first_line_where_nothing_is(text):
    assert JsonText(text).line(Address("activity", "A", "name")) == 1


def test_it_reads_a_large_text_once_for_many_addresses():
    steps = [{"key": f"S{number}", "name": "x" * 400} for number in range(4000)]
    text = JsonText(json.dumps({"activities": steps}, indent=1))
    started = time.process_time()
    lines = [text.line(Address("activity", f"S{number}", "name")) for number in range(0, 4000, 40)]
    assert time.process_time() - started < 1
    assert lines == [5 + 4 * number for number in range(0, 4000, 40)]
