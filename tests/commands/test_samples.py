import pytest

from journeys import checks
from journeys.gallery.samples import birthday_greeting, cart_reminder, samples, welcome_series
from journeys.spec import document as doc
from journeys.spec.outline import outline


@pytest.mark.parametrize(
    ("sample", "advice"), [(welcome_series, []), (cart_reminder, ["wait-first"])]
)
def test_it_makes_complete_samples(sample, advice: list[str]):
    assert [problem.id for problem in checks.check(sample())] == advice


def test_it_makes_a_draft_with_holes():
    blocking = {problem.id for problem in checks.check(birthday_greeting()) if problem.blocks}
    assert blocking == {"trigger-event", "email-missing", "decision-split-criteria"}


@pytest.mark.parametrize("document", samples(), ids=lambda document: document["key"])
def test_it_makes_documents_that_are_taken_in(document: dict):
    assert doc.loads(doc.dumps(document)) == document


def test_it_nests_paths_and_lets_them_meet():
    shown = [(row.kind, row.key, row.depth) for row in outline(cart_reminder())]
    assert shown == [
        ("step", "WAITBYDURATION-1", 0),
        ("step", "MULTICRITERIADECISIONV2-1", 0),
        ("branch", "MULTICRITERIADECISIONV2-1", 1),
        ("step", "RANDOMSPLITV2-1", 1),
        ("branch", "RANDOMSPLITV2-1", 2),
        ("step", "EMAILV2-2", 2),
        ("join", "UPDATECONTACTDATA-1", 2),
        ("branch", "RANDOMSPLITV2-1", 2),
        ("step", "EMAILV2-3", 2),
        ("join", "UPDATECONTACTDATA-1", 2),
        ("branch", "MULTICRITERIADECISIONV2-1", 1),
        ("step", "EMAILV2-1", 1),
        ("join", "UPDATECONTACTDATA-1", 1),
        ("step", "UPDATECONTACTDATA-1", 0),
        ("step", "WAITBYDURATION-2", 0),
        ("end", "WAITBYDURATION-2", 0),
    ]
