"""What the list of actions offers to narrow the audit by."""

from journeys.models.audit_words import ACTIONS, action_label


def test_it_has_no_gaps_and_no_two_alike() -> None:
    """An action whose sentence needs to know of what has a label of its own."""
    labels = [action_label(name) for name in ACTIONS]
    assert not [label for label in labels if "…" in label or "%" in label]
    assert len(labels) == len({*labels})
