"""Real processes over HTTP: large saves of one person, all at once, and another person's small edit meanwhile."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

from tests.bench.journeys import address_of, take_in
from tests.bench.server import Person
from tests.growth import page_shapes as shapes
from tests.serving import Stack

STEPS, SAVES, TRIES = 4500, 4, 60


def saved(person: Person, number: int, told: list[str]) -> int:
    """As the page does it: what is refused is sent again, after as long as it was told. Gives the times it took."""
    fields = {"kind": "activity", "key": f"S{number}", "name": f"Called {number}", "view": "list", "based_on": "1"}
    for tries in range(1, TRIES):
        answer = person.ask("block/save/", fields)
        if answer.status_code == 200:
            told.append("large")
            return tries
        assert answer.status_code == 429 and "nothing is lost" in answer.text
        time.sleep(int(answer.headers["Retry-After"]))
    raise AssertionError("never saved")


def edited(person: Person, number: int, told: list[str]) -> None:
    fields = {"kind": "journey", "key": "", "name": f"Small {number}", "view": "list"}
    answer = person.ask("name/", fields | {"based_on": str(number)})
    assert answer.status_code == 200
    told.append("small")


def test_it_takes_small_edits_at_once_while_a_person_saves_large_journeys(stack: Stack):
    take_in(stack, [shapes.journey(shapes.chain, STEPS, "stall-large"), shapes.journey(shapes.chain, 5, "stall-small")])
    large, small = address_of(stack, "stall-large"), address_of(stack, "stall-small")
    people = [Person(stack.url, large) for _number in range(SAVES)]
    other, told = Person(stack.url, small, "miles"), []
    with ThreadPoolExecutor(SAVES) as pool:
        saves = [pool.submit(saved, person, number, told) for number, person in enumerate(people)]
        number = 1
        while not all(save.done() for save in saves):
            edited(other, number, told)
            number += 1
    assert [save.result() for save in saves] and told.count("large") == SAVES
    assert told.index("large") > 0, "the first small edit had to wait for a large save"
    # between any two large saves that were answered somebody else's edit was, too
    assert not re.search("large large large", " ".join(told))
