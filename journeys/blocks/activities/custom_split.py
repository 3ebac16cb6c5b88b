"""Custom split: calls a service and takes the path whose result it answers with; the last path is
the default.

The Journey Spec calls it RESTDECISION; a published sample of Salesforce's own has the type REST and
several outcomes.
"""

from collections import Counter

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.activities.custom_activity import CustomActivity, has_branches, new_custom
from journeys.blocks.base import new_path
from journeys.blocks.facts import Facts
from journeys.blocks.fields import TextField
from journeys.blocks.form_parts import Row
from journeys.blocks.places import get, text
from journeys.spec import address
from journeys.spec.graph import outcome_key, outcomes
from journeys.spec.problem import Problem

FEWEST = 2


class Branch(Row):
    label = TextField("outcomes[*].metaData.label", label=_("Name of the path"))
    result = TextField(
        "outcomes[*].arguments.branchResult",
        label=_("Result"),
        help_text=_("The branchResult that the service answers with."),
    )
    together = (("label", "result"),)


class CustomSplit(CustomActivity):
    slug = "custom-split"
    types = ("RESTDECISION", "REST")
    label = _("Custom split")
    prefix = "RESTDECISION"
    row = Branch
    rows_label = _("Paths; the last one is taken when no result fits")

    @classmethod
    def opens(cls, block: dict) -> bool:
        return text(block, "type").strip().upper() == cls.types[0] or has_branches(block)

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        return new_custom(key, cls.types[0], [_path(1, "Path 1"), _path(2, "Default")])

    @classmethod
    def new_outcome(cls, block: dict) -> dict:
        taken = {text(outcome, "arguments.branchResult") for outcome in outcomes(block)}
        count = len(outcomes(block))
        number = next(n for n in range(count, count + len(taken) + 2) if f"path_{n}" not in taken)
        return _path(number, f"Path {number}")

    @classmethod
    def new_outcome_before(cls, block: dict) -> str | None:
        """The default stays last."""
        paths = outcomes(block)
        return outcome_key(paths[-1]) if paths and outcome_key(paths[-1]) else None

    @classmethod
    def can_add_outcome(cls, block: dict) -> bool:
        return True

    @classmethod
    def removable_outcomes(cls, block: dict) -> set[str]:
        ways = outcomes(block)
        return {outcome_key(way) for way in ways} if len(ways) > FEWEST else set()

    @classmethod
    def sentence(cls, block: dict) -> str:
        if cls.name_of(block):
            return cls.name_of(block)
        labels = [
            label for label in (cls.outcome_label(block, path) for path in outcomes(block)) if label
        ]
        return (
            _now("Split by %(paths)s") % {"paths": ", ".join(labels)} if labels else str(cls.label)
        )

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        problems = super().problems(block, facts)
        if len(outcomes(block)) < FEWEST:
            sentence = _("A custom split has 2 paths or more; this one has %(count)s. Add paths.")
            count = {"count": len(outcomes(block))}
            problems.append(cls.blocking("custom-split-paths", block, "outcomes", sentence % count))
        results = [get(outcome, "arguments.branchResult") for outcome in outcomes(block)]
        counted = Counter(result for result in results if isinstance(result, str) and result)
        names = cls.path_names(block)
        for index, result in enumerate(results):
            label = names[index]
            item = address.item("outcomes", outcome_key(outcomes(block)[index]) or index)
            place = f"{item}.arguments.branchResult"
            if result in (None, "") and index < len(results) - 1:
                sentence = _(
                    "Path “%(path)s” has no result, so nobody can take it. Enter what the service"
                    " answers."
                )
                problems.append(
                    cls.advice("custom-split-result", block, place, sentence % {"path": label})
                )
            elif isinstance(result, str) and counted[result] > 1 and result in results[:index]:
                sentence = _(
                    "Path “%(path)s” has the result of another path, which is taken first. Change"
                    " one."
                )
                problems.append(
                    cls.advice("custom-split-twin", block, place, sentence % {"path": label})
                )
        return problems


def _path(number: int, label: str) -> dict:
    return new_path(
        arguments={"branchResult": f"path_{number}"}, metaData={"label": label, "invalid": False}
    )
