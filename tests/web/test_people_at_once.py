"""People who edit one journey at random, each on a page that is stale: what was accepted is in the
document, nothing else has changed, and no answer is a fault."""

import random
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.blocks.apply import carried_out
from journeys.models import Journey
from journeys.spec import diff, graph
from journeys.spec.address import Address
from tests.depth import deep
from tests.web.test_conflict import newest, post, settled

PLACES = {"duration": "waitDuration", "name": "name", "description": "description"}


class Person:
    """Their page shows `number` until they look again."""

    def __init__(self, browser: Client, journey: Journey) -> None:
        self.browser, self.journey, self.number = browser, journey, 1

    def look(self) -> None:
        self.number = Journey.objects.get(pk=self.journey.pk).head.number

    def shown(self) -> dict:
        return self.journey.revisions.get(number=self.number).document()


def asked(chance: random.Random, person: Person) -> tuple[str, dict]:
    steps = graph.steps(person.shown())
    waits = [key for key in steps if key.startswith("WAIT")]
    gaps = [(key, graph.outcome_key(way)) for key in steps for way in graph.outcomes(steps[key])]
    place = {"kind": "activity", "key": chance.choice([*steps][:4])}
    after, outcome = chance.choice([("", ""), *gaps])
    named = chance.choice(["name", "description"])
    deeds = [
        ("block/save", place | {named: f"{named} {chance.randrange(99)}"}),
        ("step/move", place | {"after": after, "outcome": outcome}),
        ("block/add", {"slug": "wait", "after": after, "outcome": outcome}),
        ("block/remove", place | {"keep": ""}),
        ("steps/remove", {"keys": [place["key"]], "heal": "1"}),
    ]
    if waits:
        wait = {"kind": "activity", "key": waits[0]}
        deeds += [("block/save", wait | {"duration": str(chance.randrange(1, 99))})] * 4
    return chance.choice(deeds)


def faults(document: dict) -> tuple[int, int]:
    steps = graph.steps(document)
    ends = [graph.next_of(way) for one in steps.values() for way in graph.outcomes(one)]
    dangling = [end for end in ends if end and end not in steps]
    return len(graph.find_cycle(document)) + len(dangling), len(graph.roots(document))


def value_of(document: dict, key: str, field: str) -> object:
    step = graph.steps(document)[key]
    return step["configurationArguments"]["waitDuration"] if field == "duration" else step[field]


def require_done(address: str, values: dict, before: dict, after: dict, mine: bool) -> None:
    """That it is in the document, and nothing beside it."""
    if address == "block/save":
        (field,) = set(values) & set(PLACES)
        if mine:
            assert str(value_of(after, values["key"], field)) == values[field]
        changed = {change.address.block for change in diff.compare(before, after)}
        assert changed <= {("activity", values["key"]), *mended(before, after)}
    elif address in ("block/remove", "steps/remove"):
        key = values.get("key") or values["keys"][0]
        assert key not in graph.steps(after)
    elif address == "step/move":
        arguments = {name: values[name] for name in ("key", "after", "outcome")}
        assert after == carried_out("move step", before, arguments)


def mended(before: dict, after: dict) -> set[tuple[str, str]]:
    """Steps that lead to one that was put back."""
    back = {key for key in graph.steps(after) if key not in graph.steps(before)}
    return {
        Address("activity", key).block
        for key, step in graph.steps(after).items()
        if back & {graph.next_of(way) for way in graph.outcomes(step)}
    }


@pytest.mark.parametrize("seed", range(deep(6, 60)))
def test_it_keeps_what_was_accepted_and_asks_about_the_rest(
    browser_of, journey: Journey, maya: User, miles: User, seed: int
):
    chance = random.Random(seed)
    people = [Person(browser_of(one), journey) for one in (maya, miles, miles)]
    for _turn in range(16):
        person = chance.choice(people)
        if chance.random() < 0.2:
            person.look()
        address, values = asked(chance, person)
        before, number = newest(journey), Journey.objects.get(pk=journey.pk).head.number
        answer, mine = post(person.browser, journey, address, person.number, **values), True
        while answer.status_code == 409 and "conflict-form" in answer.content.decode():
            assert newest(journey) == before
            person.number = number  # everything is drawn from the answer
            html = answer.content.decode()
            if "It cannot be done any more" in html:
                break
            mine = chance.random() < 0.7
            more = {} if mine or 'name="take"' not in html else {"take": "theirs"}
            mine = not more
            answer = settled(person.browser, journey, answer, **more)
        assert answer.status_code in (200, 409, 422), re.sub(r"<[^>]*>", "", str(answer.content))
        after = newest(journey)
        if answer.status_code != 200:
            assert after == before
            continue
        person.number = Journey.objects.get(pk=journey.pk).head.number
        require_done(address, values, before, after, mine)
        assert faults(after)[0] == 0 and faults(after)[1] <= max(1, faults(before)[1])
