"""What the panel needs of the selected block: its form, its paths, its problems, its JSON."""

from journeys.screens import paths
from journeys.screens.draft import Draft
from journeys.screens.json_lines import json_lines
from journeys.screens.selected import Selected, block_of, form_for
from journeys.screens.size import MOST_AT_ONCE
from journeys.spec import document as doc
from journeys.spec import graph


def panel_context(draft: Draft, selected: Selected, goto_field: str = "") -> dict:
    """`goto_field` is the address of a field that the cursor goes to."""
    block = block_of(draft.document, selected)
    form = form_for(draft.document, selected)
    is_step = selected.kind == "activity" and selected.key in graph.steps(draft.document)
    findings = draft.findings_at(selected.kind, selected.key)
    still_open = [finding.problem for finding in findings if not finding.accepted]
    return {
        "form": form,
        "block": block,
        "card": draft.cards.get((selected.kind, selected.key)),
        "block_findings": findings[:MOST_AT_ONCE],
        "more_findings": max(0, len(findings) - MOST_AT_ONCE),
        "block_blocking": sum(problem.blocks for problem in still_open),
        "block_advice": sum(not problem.blocks for problem in still_open),
        "lines": json_lines(block),
        "text": doc.pretty(block).rstrip("\n"),
        "paths": paths.of_step(draft, selected.key) if is_step else None,
        "goto_field": form.field_for(goto_field) if form and goto_field else "",
    }
