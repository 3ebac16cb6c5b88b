"""The journeys that are timed, and how they get into a running product."""

import sqlite3
import tempfile
from pathlib import Path

from journeys import blocks
from journeys.spec import document as doc
from journeys.spec import edit, graph
from tests.serving import Stack

SEND = {"emailId": 4711, "emailSubject": "Hello", "sendClassificationId": "4712"}


def journey(key: str, size: int) -> dict:
    """Emails and waits, with a random split whose paths meet again after every sixteen steps.

    Its splits end without a wait and it has many steps, so there is some advice to show, as in
    life.
    """
    document = doc.blank(key, f"Bench {key}"[:60])
    document["triggers"] = [blocks.BY_SLUG["api-event"].new("TRIGGER", document)]
    document["triggers"][0]["metaData"]["eventDefinitionKey"] = "APIEvent-bench"
    gap = graph.START
    for number in range(size):
        slug = (
            "random-split"
            if number % 16 == 8 and number + 1 < size
            else ("email", "wait")[number % 2]
        )
        lens = blocks.BY_SLUG[slug]
        step = lens.new(graph.new_key(document, lens.prefix), document)
        if slug == "email":
            step["configurationArguments"]["triggeredSend"] |= SEND
        document = edit.insert(document, gap, step)
        outcomes = graph.outcomes(step) or graph.outcomes(graph.steps(document)[step["key"]])
        gap = (step["key"], graph.outcome_key(outcomes[0]))
    return document


def take_in(stack: Stack, documents: list[dict]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for number, document in enumerate(documents):
            names.append(str(Path(folder) / f"{number}.json"))
            Path(names[-1]).write_bytes(doc.dumps(document))
        done = stack.manage("import_journey", *names, "--owner", "maya")
    if done.returncode:
        raise SystemExit(f"not taken in: {done.stdout[-500:]} {done.stderr[-500:]}")


def address_of(stack: Stack, key: str) -> str:
    with sqlite3.connect(stack.data_dir / "composer.sqlite3") as database:
        (number,) = database.execute(
            "SELECT id FROM journeys_journey WHERE key = ?", [key]
        ).fetchone()
    return f"{stack.url}/journeys/{number}/"
