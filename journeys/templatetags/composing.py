"""Small helps for the composer's templates."""

import json
from urllib.parse import urlencode

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from journeys.drawing.card import Card
from journeys.screens.draft import Draft, Finding, Row
from journeys.screens.shortcuts import SHORTCUTS
from journeys.screens.size import MOST_PROBLEMS, ProblemPart
from journeys.spec.cache import kept, texts_weight
from journeys.spec.problem import Problem

register = template.Library()

DEEPEST = 8  # levels of indentation that have room on a 1280 px screen

ROW_ICONS = {"join": "join", "end": "end", "dangling": "alert", "loose": "alert"}


@register.simple_tag
def query(**parameters: object) -> str:
    return urlencode(parameters)


@register.simple_tag(takes_context=True)
def row_item(context: dict, row: Row) -> SafeString:
    """A row of the list. A journey has many that look the same from one answer to the next, so they
    are kept."""
    return _row_item(
        row, reverse("panel", args=[context["journey"].pk]), context["can_add"], get_language()
    )


@register.simple_tag(takes_context=True)
def card_item(context: dict, card: Card) -> SafeString:
    """A block that is no step, as a row of its own."""
    return row_item(context, Row("step", 0, card, key=card.key))


@kept(16, lambda shown, row, *_: 1500 + 3 * texts_weight(shown))
def _row_item(row: Row, panel: str, can_add: bool, language: str) -> SafeString:
    return render_to_string(
        "journeys/_row.html", {"row": row, "card": row.card, "panel": panel, "can_add": can_add}
    )


@register.simple_tag
def problem_groups(draft: Draft, asked: ProblemPart) -> dict:
    """What the drawer shows: (card, findings, id), and which part of all problems that is."""
    part, groups = draft.listed_problems(asked)
    named = [
        (card, findings, f"{_standing(findings[0])}-{card.id if card else 'journey'}")
        for card, findings in groups
    ]
    left = part.count - part.end
    more = min(left, MOST_PROBLEMS - part.end)
    return {"groups": named, "part": part, "more": more, "left": left if left > more else 0}


def _standing(finding: Finding) -> str:
    """Of a group: what blocks, or what was found besides."""
    return "blocking" if finding.standing == "blocking" else "found"


@register.filter
def json_text(value: object) -> str:
    """A text as JSON for `hx-vals`; the template escapes it for the attribute."""
    return json.dumps(str(value))


@register.simple_tag
def remedy(problem: Problem, **more: str) -> str:
    """The problem's id and address for `hx-vals`; "kind" and "key" are what the panel shows."""
    where = problem.address
    return json.dumps(
        {
            "problem": problem.id,
            "at_kind": where.kind,
            "at_key": where.key,
            "at_field": where.inside,
            **more,
        }
    )


@register.simple_tag
def heard(card: Card) -> str:
    """What a screen reader says of a card."""
    said = [card.sentence] if card.sentence == card.label else [card.sentence, str(card.label)]
    if card.blocking:
        said.append(
            ngettext("%d problem blocks the review", "%d problems block the review", card.blocking)
            % card.blocking
        )
    elif card.advice:
        said.append(
            ngettext("%d piece of advice", "%d pieces of advice", card.advice) % card.advice
        )
    return ", ".join(said)


@register.simple_tag
def bound_keys() -> str:
    """What shortcuts.js binds: keys -> the command, and where they listen."""
    listed = [one for _group, shortcuts in SHORTCUTS for one in shortcuts if one.command]
    return json.dumps({keys: [one.command, one.where] for one in listed for keys in one.keys})


@register.filter
def depth_class(depth: int) -> int:
    return min(depth, DEEPEST)


@register.filter
def row_icon(kind: str) -> str:
    return ROW_ICONS.get(kind, "end")
