"""Places that are longer than anybody reads stay short, and apart."""

from journeys.screens.json_lines import json_lines
from journeys.spec import diff, template
from journeys.spec.address import LONGEST, item, member

LONG = "n" * LONGEST


def journey(**inner: object) -> dict:
    return {"key": "K", "activities": [{"key": "A", "arguments": {LONG: inner}}]}


def test_it_writes_short_places_out():
    assert item(member("", "arguments"), "a") == "arguments[a]"


def test_it_tells_two_places_below_a_long_name_apart():
    changes = diff.compare(journey(one={"x": 1}, two={"x": 1}), journey(one={"x": 2}, two={"x": 2}))
    places = {change.inside for change in changes}
    assert len(places) == 2 and all(len(place) < LONGEST + 100 for place in places)


def test_it_tells_the_lines_below_a_long_name_apart():
    places = [
        place
        for line, place in json_lines(journey(one=1, two=2))
        if '"one"' in line or '"two"' in line
    ]
    assert len(set(places)) == 2


def test_it_tells_where_a_template_asks_below_a_long_name():
    (ask,) = template.asks(journey(one="{{{p}}}", two="{{{p}}}"))
    assert len(ask.addresses) == 2
