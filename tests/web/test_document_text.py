"""The document as text to edit: each problem with its line in the text as it was sent."""

import json
import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from journeys.models import Journey
from journeys.spec import document as doc

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def lines_of(answer, text: str) -> list[str]:
    """The lines of the text that the listed problems name."""
    numbers = re.findall(r'data-line="(\d+)"', answer.content.decode())
    return [text.split("\n")[int(number) - 1].strip() for number in numbers]


def test_it_tells_the_line_of_each_problem_whatever_the_format(as_maya: Client, journey: Journey):
    document = json.loads(json.dumps(journey.head.document()))
    wait = next(step for step in document["activities"] if step["key"] == "WAITBYDURATION-1")
    wait["configurationArguments"]["waitDuration"] = -2
    for indent in (1, 7):
        text = json.dumps(document, indent=indent)
        answer = as_maya.post(reverse("check-document", args=[journey.pk]), {"text": text})
        assert '"waitDuration": -2,' in lines_of(answer, text)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"metaData"', '"metaData', '"metaData: {'),
        (
            '"workflowApiVersion": 1.0',
            '"workflowApiVersion": 1e999',
            '"workflowApiVersion": 1e999,',
        ),
        ('"description": "', '"description": "\\u0000', None),
        ('"name": "', '"name": 3, "other": "', None),
    ],
)
def test_it_tells_the_line_on_which_a_text_cannot_be_taken_in(
    as_maya: Client, journey: Journey, old: str, new: str, line: str | None
):
    text = doc.pretty(journey.head.document()).replace(old, new, 1)
    answer = as_maya.post(reverse("check-document", args=[journey.pk]), {"text": text})
    [found] = lines_of(answer, text)
    assert new in found if line is None else found == line


def test_it_begins_at_the_line_of_the_open_block(as_maya: Client, journey: Journey):
    address = reverse("document", args=[journey.pk])
    answer = as_maya.get(address, {"kind": "activity", "key": "WAITBYDURATION-1"})
    text = doc.pretty(journey.head.document())
    line = int(re.search(r'data-json-edit\s+data-line="(\d+)"', answer.content.decode())[1])
    assert text.split("\n")[line - 1].strip() == "{"
    assert '"key": "WAITBYDURATION-1"' in "\n".join(text.split("\n")[line : line + 2])


def test_the_json_view_gives_each_line_its_address(as_maya: Client, journey: Journey):
    page = as_maya.get(reverse("composer", args=[journey.pk]), {"view": "json"}).context
    lines = page["document"].rstrip("\n").split("\n")
    assert page["document_places"].count("\n") + 1 == len(lines)
    blocks = {
        (kind, key): lines[first + 1]
        for kind, key, first, _last in json.loads(page["document_blocks"])
    }
    assert '"WAITBYDURATION-1"' in blocks["activity", "WAITBYDURATION-1"]
    assert len(blocks) == len(list(doc.blocks(journey.head.document())))


def test_it_tells_once_why_a_text_is_not_applied(as_maya: Client, journey: Journey):
    text = doc.pretty(journey.head.document()).replace('",\n  "name"', '"\n  "name"', 1)
    sent = {"text": text, "based_on": journey.head.number}
    for rest in ("check", "save"):
        answer = as_maya.post(f"/journeys/{journey.pk}/document/{rest}/", sent)
        page = unescape(answer.content.decode())
        assert page.count("A comma is missing before “name”. Put one between the two.") == 1
        assert " ".join(re.sub("<[^>]+>", "", page).split()).count("Line 3, column 3") == 1
        assert ("Nothing was applied" in page) is (rest == "save")
