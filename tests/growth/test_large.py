"""Journeys of 8,000 steps, as they run: the guard beside the counts, generous for a machine that is busy."""

import time

import pytest

from journeys.spec import document as doc
from journeys.spec.graph import steps
from tests.growth.shapes import SHAPES
from tests.growth.work import WORK, Case

SIZE = 8000
OPENED = 3  # seconds of CPU for reading and checking; some 1.3 are needed
OTHERS = {"outline": 2, "timing": 2, "capsules": 2, "lines of JSON": 3}


def seconds(work, *arguments: object) -> float:
    begun = time.process_time()
    work(*arguments)
    return time.process_time() - begun


@pytest.mark.parametrize("shape", ["chain", "unlinked", "wide"])
def test_it_opens_8000_steps(shape):
    document = SHAPES[shape](SIZE)
    case = Case(document, document, "", list(steps(document)))
    taken = seconds(doc.loads, doc.dumps(document)) + seconds(WORK["check"], case)
    assert taken < OPENED
    assert {name: most for name, most in OTHERS.items() if seconds(WORK[name], case) > most} == {}
