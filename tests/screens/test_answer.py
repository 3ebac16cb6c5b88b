"""An answer of the composer asks everything once, and brings along whatever the browser shows."""

import ast
from collections import Counter
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from journeys import screens
from journeys.models import Journey

WAIT = {"kind": "activity", "key": "WAITBYDURATION-1"}


def renamed(journey: Journey, author: User) -> None:
    change = {"members": {"name": "Changed"}}
    journey.apply("edit journey", change, based_on=journey.head.number, author=author)


@pytest.mark.parametrize("view", ["path", "list", "json"])
def test_no_fragment_asks_what_another_one_asked(
    as_maya: Client, journey: Journey, view: str
) -> None:
    for number, name in enumerate(["First", "Second", "Third"], 1):
        values = {"based_on": number, "view": view, **WAIT, "name": name}
        assert as_maya.post(f"/journeys/{journey.pk}/block/save/", values).status_code == 200
    values = {"based_on": 4, "view": view, "number": 4, **WAIT}
    with CaptureQueriesContext(connection) as asked:
        assert as_maya.post(f"/journeys/{journey.pk}/undo/", values).status_code == 200
    times = Counter(query["sql"] for query in asked if query["sql"].startswith("SELECT"))
    assert times and [sql for sql, count in times.items() if count > 1] == []


@pytest.mark.parametrize(("view", "part"), [("json", "document-source"), ("list", "outline")])
def test_what_others_changed_comes_along_when_a_block_is_opened(
    as_maya: Client, journey: Journey, miles: User, view: str, part: str
) -> None:
    renamed(journey, miles)

    def opened(based_on: int) -> str:
        values = {**WAIT, "view": view, "based_on": based_on}
        return as_maya.get(f"/journeys/{journey.pk}/panel/", values).content.decode()

    assert f'id="{part}"' in opened(1) and f'id="{part}"' not in opened(2)


@pytest.mark.one_database
def test_screens_answer_no_request() -> None:
    """They give contexts and fragments. Which answer these become, views say."""
    answers = {"HttpResponse", "JsonResponse", "render", "redirect", "get_object_or_404", "Http404"}
    imported = [
        f"{file.name}: {name.name}"
        for file in Path(screens.__path__[0]).glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if name.name in answers or str(node.module).startswith("django.views")
    ]
    assert imported == []
