"""Where steps stand: what each type wants before and behind it."""

from collections.abc import Iterator

from journeys.blocks import lens
from journeys.spec.graph import Walk
from journeys.spec.problem import Problem


def steps_stand_where_they_can(document: dict) -> Iterator[Problem]:
    walk = Walk(document)
    for step in walk.steps.values():
        yield from lens(step, "activity").flow_problems(step, walk)
