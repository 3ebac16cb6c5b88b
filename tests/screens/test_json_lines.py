"""Each line of a document knows its address."""

import pytest

from journeys.screens.json_lines import addresses_of_lines, json_lines, packed, shown_document
from journeys.spec import document as doc

DOCUMENT = {
    "key": "K",
    "metaData": {"a.b": [{"key": "ä"}, 1], "none": []},
    "triggers": [{"key": "T", "name": "Sign-up"}],
    "goals": [],
    "activities": [{"key": "W", "outcomes": [{"key": "1", "next": "E"}]}, {"type": "EMAILV2"}],
}


def test_it_tells_the_place_of_each_line():
    lines = doc.pretty(DOCUMENT).rstrip("\n").split("\n")
    blocks, places = addresses_of_lines(DOCUMENT)
    told = [(line.strip(), place) for line, place in zip(lines, places, strict=True)]
    assert told[:10] == [
        ("{", ""),
        ('"key": "K",', "key"),
        ('"metaData": {', "metaData"),
        ('"a.b": [', 'metaData."a.b"'),
        ("{", 'metaData."a.b"[ä]'),
        ('"key": "ä"', 'metaData."a.b"[ä].key'),
        ("},", 'metaData."a.b"[ä]'),
        ("1", 'metaData."a.b"[1]'),
        ("],", 'metaData."a.b"'),
        ('"none": []', "metaData.none"),
    ]
    assert ('"next": "E"', "outcomes[1].next") in told
    assert [
        (kind, key, lines[first].strip(), lines[last].strip()) for kind, key, first, last in blocks
    ] == [
        ("trigger", "T", "{", "}"),
        ("activity", "W", "{", "},"),
        ("activity", "", "{", "}"),
    ]


@pytest.mark.parametrize("document", [DOCUMENT, {"key": "K"}, {"key": "K", "exits": None}])
def test_it_tells_as_many_as_there_are_lines(document):
    shown = shown_document(document)
    assert shown["document_places"].count("\n") + 1 == shown["document"].count("\n")


def test_it_sends_of_each_place_only_what_is_new():
    places = ["", "outcomes", "outcomes[1]", "outcomes[1].next", "outcomes", "outer", "ä", "äb"]
    assert packed(places).split("\n") == [
        "0 ",
        "0 outcomes",
        "8 [1]",
        "11 .next",
        "8 ",
        "3 er",
        "0 ä",
        "0 äb",
    ]


def test_it_tells_the_lines_of_a_block_as_those_of_the_document():
    block = DOCUMENT["activities"][0]
    blocks, places = addresses_of_lines(DOCUMENT)
    first, last = blocks[1][2:]
    assert [place for _line, place in json_lines(block)] == places[first : last + 1]
