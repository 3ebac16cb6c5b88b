"""Random split: 2 to 10 paths whose whole percentages add up to 100. There is no remainder."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.base import Block, new_path, new_step
from journeys.blocks.facts import Facts
from journeys.blocks.fields import NumberField, TextField
from journeys.blocks.form_parts import Row
from journeys.blocks.places import MISSING, bind, get, read, text, write
from journeys.blocks.shares import SHARE_EVENLY
from journeys.blocks.values import whole
from journeys.spec.address import written
from journeys.spec.graph import outcome_key, outcomes
from journeys.spec.problem import Problem

FEWEST, MOST = 2, 10


class Path(Row):
    label = TextField("outcomes[*].metaData.label", label=_("Name of the path"))
    percentage = NumberField(
        "outcomes[*].arguments.percentage", label=_("Percentage"), unit="%", low=1, high=99
    )
    together = (("label", "percentage"),)

    def follow(self, block: dict, changed: set[str]) -> dict:
        """A label that only says the percentage, as Journey Builder writes it, keeps saying it."""
        label, percentage = self.fields["label"], self.fields["percentage"]
        said_it = label.found == f"{percentage.shown}%"
        if "label" in changed or not said_it or self.cleaned_data["percentage"] is MISSING:
            return block
        return write(block, label.path, f"{self.cleaned_data['percentage']}%")


class RandomSplit(Block):
    slug = "random-split"
    types = ("RANDOMSPLIT",)
    family = "flow"
    label = _("Random split")
    icon = "random-split"
    prefix = "RANDOMSPLITV2"
    repairs = SHARE_EVENLY
    row = Path
    rows_label = _("Paths")

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        paths = [_path(1, 50), _path(2, 50)]
        return new_step(key, "RANDOMSPLIT", paths, metaData={"category": "flow"})

    @classmethod
    def new_outcome(cls, block: dict) -> dict:
        """Takes what is left of 100."""
        taken = {
            outcome.get("key") for outcome in outcomes(block) if isinstance(outcome.get("key"), str)
        }
        number = next(
            n for n in range(len(outcomes(block)) + 1, 10_000) if f"branchResult-{n}" not in taken
        )
        return _path(number, max(0, 100 - sum(percentages(block))))

    @classmethod
    def can_add_outcome(cls, block: dict) -> bool:
        return len(outcomes(block)) < MOST

    @classmethod
    def removable_outcomes(cls, block: dict) -> set[str]:
        ways = outcomes(block)
        return {outcome_key(way) for way in ways} if len(ways) > FEWEST else set()

    @classmethod
    def outcome_label(cls, block: dict, outcome: dict) -> str:
        number = get(outcome, "arguments.percentage")
        share = (
            f"{number} %"
            if isinstance(number, int | float | str) and number not in ("", True, False)
            else ""
        )
        label = text(outcome, "metaData.label").strip()
        if label.rstrip("% ") == share.rstrip("% "):
            label = ""
        return ", ".join(part for part in (label, share) if part)

    @classmethod
    def sentence(cls, block: dict) -> str:
        if cls.name_of(block):
            return cls.name_of(block)
        shares = " / ".join(str(share) for share in percentages(block))
        return _now("Split %(shares)s") % {"shares": shares} if shares else _now("Random split")

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        problems = []
        if not FEWEST <= len(outcomes(block)) <= MOST:
            sentence = _(
                "A random split has 2 to 10 paths; this one has %(count)s. Add or remove paths."
            )
            count = {"count": len(outcomes(block))}
            problems.append(cls.blocking("random-split-paths", block, "outcomes", sentence % count))
        wrong = cls._wrong_percentages(block)
        if wrong or not outcomes(block):
            return problems + wrong
        total = sum(percentages(block))
        if total != 100:
            sentence = _(
                "The paths add up to %(total)s %%. Change the percentages so that they make 100 %%."
            )
            problems.append(
                cls.blocking(
                    "random-split-sum",
                    block,
                    "outcomes",
                    sentence % {"total": total},
                    "share-evenly",
                )
            )
        return problems

    @classmethod
    def _wrong_percentages(cls, block: dict) -> list[Problem]:
        problems = []
        for key, name in zip(cls.row_keys(block), cls.path_names(block), strict=True):
            path = bind(Path.base_fields["percentage"].place, key)
            share = whole(read(block, path))
            if share is None or not 1 <= share <= 99:
                sentence = _("Path “%(path)s” needs a whole percentage from 1 to 99. Enter one.")
                words, place = sentence % {"path": name}, written(path)
                problems.append(
                    cls.blocking("random-split-percentage", block, place, words, "share-evenly")
                )
        return problems


def percentages(block: dict) -> list[int]:
    shares = [whole(get(outcome, "arguments.percentage")) for outcome in outcomes(block)]
    return [share for share in shares if share is not None]


def _path(number: int, percentage: int) -> dict:
    return new_path(
        key=f"branchResult-{number}",
        arguments={"percentage": percentage},
        metaData={"label": f"{percentage}%", "name": f"Path {number}", "invalid": False},
    )
