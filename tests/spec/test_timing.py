from journeys.spec.timing import Arrival, arrivals
from tests.spec.making import journey

LASTING = {"two": (2, 2), "five": (5, 6), "event": None}


def days(made: dict) -> dict[str, Arrival]:
    return arrivals(made, lambda key: LASTING.get(key, (0, 0)))


def test_it_takes_the_fastest_and_the_slowest_of_all_paths():
    made = journey(
        A={"one": "two", "other": "five", "none": "LAST"}, two="LAST", five="LAST", LAST=None
    )
    begin = Arrival(0, 0)
    assert days(made) == {"A": begin, "two": begin, "five": begin, "LAST": Arrival(0, 6)}


def test_it_says_when_nobody_can_know_how_long_it_takes():
    made = journey(two="event", event="LAST", LAST=None)
    assert days(made)["LAST"] == Arrival(2, 2, open=True)


def test_it_leaves_out_what_nobody_comes_to_and_what_goes_in_circles():
    assert days(journey(A="B", B="C", C="B", ALONE=None)) == {"A": Arrival(0, 0)}
    assert days(journey(A="B", B="A")) == {}
    assert days(journey()) == {}


def test_it_tells_the_ways_out_of_a_step_apart():
    """Whom an event lets go leaves at any time, all others when the time has passed."""
    made = journey(WAIT={"event": "A", "nothing": "GONE", "no": "B"}, A="LAST", B="LAST", LAST=None)
    by_way = {"WAIT": ((0, 10), (1, 1), (10, 10))}
    assert arrivals(made, lambda key: (0, 0), by_way) == {
        "WAIT": Arrival(0, 0),
        "A": Arrival(0, 10),
        "B": Arrival(10, 10),
        "LAST": Arrival(0, 10),
    }
