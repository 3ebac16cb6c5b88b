"""Journeys of other people's making, kept beside the checkout and not in it."""

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "examples" / "journeys"
SERVER_ASSIGNED = (
    "id status definitionId createdDate modifiedDate lastPublishedDate version stats healthStats"
    " scheduledStatus lastSendDate"
).split()


def test_it_takes_every_real_journey_and_keeps_its_bytes(server, call):
    files = sorted(FOLDER.glob("*.json"))
    if not files:
        pytest.skip(f"SKIPPED ALOUD: no real journeys in {FOLDER}")
    server.control("settings", {"same_key": "second_journey"})
    taken = 0
    for file in files:
        document = json.loads(file.read_bytes())
        if not (document.get("key") and document.get("name")):
            continue
        sent = {name: value for name, value in document.items() if name not in SERVER_ASSIGNED}
        body = json.dumps(sent, ensure_ascii=False).encode()
        status, answer = call.create(body)
        assert (file.name, status, answer.get("key")) == (file.name, 200, document["key"])
        assert server.control("bodies", key=document["key"], version="newest") == body
        taken += 1
    assert taken == server.control("journeys")["count"] > 0
