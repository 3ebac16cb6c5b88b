"""Journeys of 8,000 steps, as they run: the guard beside the counts, generous for a machine that is
busy."""

import re
import time

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.models import Journey, Tenant
from journeys.screens.size import MOST_ROWS, ROWS_OF_A_PAGE
from journeys.spec import document as doc
from journeys.spec.graph import steps
from tests.growth import page_shapes
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


@pytest.mark.one_database
@pytest.mark.parametrize("view", ["list", "path"])
def test_it_sends_no_more_than_a_browser_opens_soon(
    as_maya: Client, maya: User, tenant: Tenant, view
):
    """What takes a browser its time is nodes: some 10,000 are two seconds of a busy machine's,
    4,000 well under one."""
    document = page_shapes.journey(page_shapes.chain, SIZE, "large")
    large = Journey.objects.start(
        document, tenant=tenant, owner=maya, operation="new", summary="Started"
    )
    page = as_maya.get(f"/journeys/{large.pk}/?view={view}").content
    assert page.count(b'role="treeitem"') == ROWS_OF_A_PAGE and b"Rows 1 to 200 of 8" in page
    assert (len(re.findall(rb"<[a-z]", page)) < 4500, len(page) < 330_000) == (True, True)


def test_it_shows_whole_what_has_few_enough_rows(as_maya: Client, maya: User, tenant: Tenant):
    document = page_shapes.journey(page_shapes.chain, MOST_ROWS - 1, "middling")
    journey = Journey.objects.start(
        document, tenant=tenant, owner=maya, operation="new", summary="Started"
    )
    page = as_maya.get(f"/journeys/{journey.pk}/?view=list").content
    assert page.count(b'role="treeitem"') == MOST_ROWS and b"row-pages" not in page
