"""The ways out of a step, and where they may lead."""

from dataclasses import dataclass

from django.utils.translation import gettext as _t

from journeys import blocks
from journeys.drawing.card import Card
from journeys.screens.draft import Draft
from journeys.spec import graph


@dataclass(frozen=True)
class Path:
    """One way out: where it leads now (`target`, None when it ends or dangles). `name` tells it
    from its sisters; "" where it is the only one."""

    outcome: str
    name: str
    target: Card | None
    dangling: str
    can_remove: bool
    is_first: bool
    is_last: bool

    @property
    def leads(self) -> str:
        """Where it leads, in words that follow its name."""
        if self.target:
            return _t("leads to “%s”") % self.target.sentence
        return (
            _t("leads to “%s”, which is missing") % self.dangling if self.dangling else _t("ends")
        )


@dataclass(frozen=True)
class Gap:
    """A place where a step can stand, in words."""

    after: str
    outcome: str
    text: str


def of_step(draft: Draft, key: str) -> dict:
    """The paths of a step, and whether it can have more."""
    step = draft.steps[key]
    lens = blocks.lens(step, "activity", draft.document)
    outcomes, removable = graph.outcomes(step), lens.removable_outcomes(step)
    names = lens.path_names(step) if len(outcomes) > 1 else [""]
    made = []
    for index, outcome in enumerate(outcomes):
        key = graph.outcome_key(outcome)
        target = graph.next_of(outcome)
        card = draft.cards.get(("activity", target)) if target else None
        made.append(
            Path(
                outcome=key,
                name=names[index],
                target=card,
                dangling=target if target and card is None else "",
                can_remove=key in removable,
                is_first=index == 0,
                is_last=index == len(outcomes) - 1,
            )
        )
    return {"list": made, "can_add": lens.can_add_outcome(step), "is_split": len(outcomes) > 1}


def of_entry(draft: Draft, kind: str) -> list[Path]:
    """Where contacts go that an entry source lets in: to the journey's first step. Goals and exits
    lead nowhere."""
    first = draft.cards.get(("activity", graph.root(draft.document))) if kind == "trigger" else None
    return [Path("", "", first, "", can_remove=False, is_first=True, is_last=True)] if first else []


def gaps(draft: Draft, moving: str) -> list[Gap]:
    """Every gap that the step could be moved to, in the order of the outline."""
    inside = set(graph.moves_with(draft.document, moving))
    listed = [Gap("", "", "")]
    for key, step in draft.steps.items():
        if key in inside:
            continue
        outcomes = graph.outcomes(step)
        names = blocks.path_names(step) if len(outcomes) > 1 else [""] * len(outcomes)
        sentence = draft.cards["activity", key].sentence
        for outcome, name in zip(outcomes, names, strict=True):
            listed.append(
                Gap(key, graph.outcome_key(outcome), f"{sentence}: {name}" if name else sentence)
            )
    return listed


def targets(draft: Draft, key: str) -> list[Card]:
    """Steps that an outcome of `key` may lead to without making a circle."""
    walk = graph.Walk(draft.document)
    earlier = {key, *walk.upstream(key)}
    return [draft.cards["activity", name] for name in walk.steps if name not in earlier]


def beside(document: dict, key: str, *, earlier: bool) -> tuple[str, str] | None:
    """The gap one step earlier or later on the path; None at its end."""
    if earlier:
        before = graph.predecessors(document).get(key, [])
        if len(before) != 1:
            return None
        above = graph.predecessors(document).get(before[0][0], [])
        if not above:
            return ("", "")
        return above[0] if len(above) == 1 else None
    outcomes = graph.outcomes(graph.steps(document)[key])
    following = (
        graph.meeting(document, key)
        if len(outcomes) > 1
        else graph.next_of(outcomes[0])
        if outcomes
        else None
    )
    after = graph.steps(document).get(following) if following else None
    if after is None:
        return None
    exits = graph.outcomes(after)
    return (following, graph.outcome_key(exits[0]) if exits else "")
