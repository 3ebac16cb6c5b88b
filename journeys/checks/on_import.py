"""What there is to say about a journey that came in from outside. All of it is kept as it is.

Only where the user asks for it, what can be put right without asking is: `put_right` says what that
changes.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.blocks import lens
from journeys.blocks.places import text
from journeys.checks import Rules, check
from journeys.checks.repair_batch import LEFT_TO_PEOPLE, RepairBatch
from journeys.spec import intake
from journeys.spec.document import blocks, is_version_0_5

MOST_WORDS, LONGEST_WORDS = (
    3,
    120,
)  # of one repair: taking away what the server made touches every block
MOST_ROUNDS = 5  # one repair can show what another one is for


@dataclass(frozen=True)
class Arrival:
    """`without_form` are block types that open as JSON only, `repaired` what was changed, in words;
    the rest as in `spec.intake`."""

    stripped: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    without_form: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    placeholders: list[str] = field(default_factory=list)
    blocking: int = 0
    advice: int = 0
    repaired: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """In words, one sentence for each thing that there is to tell."""
        sentences = [
            (_("Left out, because Marketing Cloud makes them itself: %s"), self.stripped),
            (_("Kept, although nobody has described these members: %s"), self.unknown),
            (
                _("Kept and edited as JSON, because there is no form for these types: %s"),
                self.without_form,
            ),
            (_("Kept, but a deployment tool has to put ids in their place: %s"), self.references),
            (_("Kept, but still to be filled in: %s"), self.placeholders),
        ]
        lines = [sentence % _some(names) for sentence, names in sentences if names]
        lines += [_("Repaired: %s") % one for one in self.repaired]
        return [*lines, *self._problems()]

    def _problems(self) -> list[str]:
        if self.blocking:
            sentence = ngettext(
                "%d problem stops it from being submitted.",
                "%d problems stop it from being submitted.",
                self.blocking,
            )
            return [sentence % self.blocking]
        if self.advice:
            sentence = ngettext(
                "Nothing stops it; there is %d piece of advice.",
                "Nothing stops it; there are %d pieces of advice.",
                self.advice,
            )
            return [sentence % self.advice]
        return []


class Repaired(NamedTuple):
    """One repair in words: "Send Hello: Add a wait of 1 day at the end", and what that changed."""

    to_do: str
    done: str


def put_right(document: dict, rules: Rules | None = None) -> tuple[dict, list[Repaired]]:
    """The document after every repair that asks nothing, and each in words; the same when there is
    none.

    `require_shape` took the document. Done to the result, it changes nothing more.
    """
    repairs: list[Repaired] = []
    for _round in range(MOST_ROUNDS):
        before, batch = document, RepairBatch(document)
        for problem in check(document, rules):
            if problem.repair and problem.repair not in LEFT_TO_PEOPLE:
                to_do, words = batch.label(problem), batch.repair(problem)
                done = _some(words, MOST_WORDS, LONGEST_WORDS)
                repairs += [Repaired(to_do, done)] if words else []
        document = batch.whole()
        if document is before:
            break
    return document, repairs


def arrival(
    document: dict,
    stripped: list[str],
    repaired: list[Repaired] | None = None,
    rules: Rules | None = None,
) -> Arrival:
    """Looks at a document that `require_shape` took; `repaired` is what `put_right` did to it, and
    `rules` are those of the tenant that it comes to."""
    blocking = [problem.blocks for problem in check(document, rules)]
    return Arrival(
        stripped=stripped,
        unknown=intake.unknown_members(document),
        without_form=_without_form(document),
        references=intake.references(document),
        placeholders=intake.placeholders(document),
        blocking=sum(blocking),
        advice=len(blocking) - sum(blocking),
        repaired=[one.done for one in repaired or []],
    )


def _without_form(document: dict) -> list[str]:
    """Types whose blocks open as JSON, each once. Of Spec 0.5 that is all of them, so it goes
    without saying."""
    if is_version_0_5(document):
        return []
    locked = (
        text(block, "type") or kind
        for kind, block in blocks(document)
        if not lens(block, kind).editable
    )
    return list(dict.fromkeys(locked))


def _some(names: list[str], most: int = 8, longest: int = 60) -> str:
    shown = ", ".join(name[:longest] for name in names[:most])
    return (
        _("%(names)s and %(count)s more") % {"names": shown, "count": len(names) - most}
        if names[most:]
        else shown
    )
