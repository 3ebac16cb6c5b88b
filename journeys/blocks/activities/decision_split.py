"""Decision split: paths with criteria, tried from top to bottom, and the remainder for everybody
else.

`configurationArguments.criteria` maps the key of each path to its FilterDefinition XML; the
remainder has no entry. Its key is "remainder_path" in nearly all real journeys, else it is the last
path.
"""

from itertools import islice

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks import conditions
from journeys.blocks.base import Block, new_path, new_step
from journeys.blocks.conditions import ConditionsField, follow_words
from journeys.blocks.criteria import criteria_problems
from journeys.blocks.criteria_repairs import CRITERIA_REPAIRS
from journeys.blocks.facts import Facts
from journeys.blocks.fields import TextField
from journeys.blocks.form_parts import Row
from journeys.blocks.outcomes import without_key
from journeys.blocks.places import MISSING, Item, bind, get, read
from journeys.blocks.repair import BlockRepair, StepOf
from journeys.spec.address import Address, member
from journeys.spec.graph import outcome_key, outcomes
from journeys.spec.problem import Problem

CRITERIA = "configurationArguments.criteria"
REMAINDER = "remainder_path"
MOST = 20


class Path(Row):
    label = TextField("outcomes[*].metaData.label", label=_("Name of the path"))
    criteria = ConditionsField(
        f"{CRITERIA}.*", label=_("Criteria"), empty=_("No condition yet: nobody takes this path.")
    )

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        if self.row_key == remainder(self.block):
            del self.fields["criteria"]

    def follow(self, block: dict, changed: set[str]) -> dict:
        if "criteria" not in changed:
            return block
        words = bind("outcomes[*].metaData.criteriaDescription", self.row_key)
        return follow_words(block, self.fields["criteria"], self.cleaned_data["criteria"], words)


def _add_remainder(block: dict, where: Address, step_of: StepOf) -> dict:
    ways = [] if block.get("outcomes") is None else block["outcomes"]
    if not isinstance(ways, list) or any(outcome_key(way) == REMAINDER for way in outcomes(block)):
        return block
    return {**block, "outcomes": [*ways, _new_remainder()]}


def _new_remainder() -> dict:
    label = {"label": "Remainder", "isLabelFromConversion": False, "invalid": False}
    return new_path(key=REMAINDER, metaData=label)


class DecisionSplit(Block):
    slug = "decision-split"
    types = ("MULTICRITERIADECISION",)
    family = "flow"
    label = _("Decision split")
    icon = "decision-split"
    prefix = "MULTICRITERIADECISIONV2"
    server_made = {"arguments": ("filterResult",)}
    repairs = {
        "add-remainder": BlockRepair(_("Add a remainder path"), _add_remainder),
        **CRITERIA_REPAIRS,
    }
    by_path_key = True
    row = Path
    rows_label = _("Paths")

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        paths = [
            new_path(key="default_path_1", metaData=_labelled("Path 1")),
            _new_remainder(),
        ]
        return new_step(
            key, "MULTICRITERIADECISION", paths, configurationArguments={"criteria": {}}
        )

    @classmethod
    def new_outcome(cls, block: dict) -> dict:
        return new_path(metaData=_labelled(f"Path {len(_tried(block)) + 1}"))

    @classmethod
    def new_outcome_before(cls, block: dict) -> str | None:
        """The remainder stays last."""
        return remainder(block)

    @classmethod
    def can_add_outcome(cls, block: dict) -> bool:
        return len(_tried(block)) < MOST

    @classmethod
    def removable_outcomes(cls, block: dict) -> set[str]:
        tried = _tried(block)
        return (
            {outcome_key(path) for path in tried} - {remainder(block)} if len(tried) > 1 else set()
        )

    @classmethod
    def outcome_label(cls, block: dict, outcome: dict) -> str:
        """Its label, else its criteria in words."""
        label = super().outcome_label(block, outcome)
        if label:
            return label
        key = get(outcome, "key")
        return (
            _now("Remainder")
            if key and key == remainder(block)
            else conditions.label_of(criteria_of(block, key))
        )

    @classmethod
    def sentence(cls, block: dict) -> str:
        if cls.name_of(block):
            return cls.name_of(block)
        tried = {id(path) for path in _tried(block)}
        titles = zip(outcomes(block), cls.path_titles(block), strict=True)
        labels = [title for path, title in titles if id(path) in tried]
        return (
            _now("Split by %(paths)s") % {"paths": ", ".join(labels)}
            if labels
            else _now("Decision split")
        )

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        if any(map(without_key, outcomes(block))):
            return []  # all the rest follows from that, which a rule for every step tells
        problems = []
        if remainder(block) is None:
            sentence = _(
                "The split has no remainder path, so contacts that match nothing have nowhere to"
                " go. Add one."
            )
            problems.append(
                cls.blocking(
                    "decision-split-remainder", block, "outcomes", sentence, "add-remainder"
                )
            )
        if not 1 <= len(_tried(block)) <= MOST:
            sentence = _(
                "A decision split has 1 to 20 paths besides the remainder; this one has %(count)s."
            )
            count = {"count": len(_tried(block))}
            problems.append(
                cls.blocking("decision-split-paths", block, "outcomes", sentence % count)
            )
        return problems + cls._criteria_problems(block) + cls._odd_criteria(block, facts.event_keys)

    @classmethod
    def _criteria_problems(cls, block: dict) -> list[Problem]:
        problems = []
        for path, name in cls._named(block):
            key = path.get("key")
            if str(criteria_of(block, key) or "").strip():
                continue
            place = member(CRITERIA, key) if isinstance(key, str) and key else CRITERIA
            sentence = _("Path “%(path)s” has no criteria, so nobody can take it. Enter them.")
            words = sentence % {"path": name}
            problems.append(cls.blocking("decision-split-criteria", block, place, words))
        return problems

    @classmethod
    def _odd_criteria(cls, block: dict, event_keys: tuple[str, ...]) -> list[Problem]:
        problems = []
        for path, name in cls._named(block):
            key = path.get("key")
            whose = _now("Path “%s”") % name
            place = member(CRITERIA, str(key))
            problems += criteria_problems(
                cls, block, place, criteria_of(block, key), event_keys, whose
            )
        return problems

    @classmethod
    def _named(cls, block: dict) -> list[tuple[dict, str]]:
        """The paths that need criteria, with their names."""
        tried = {id(path) for path in _tried(block)}
        named = zip(outcomes(block), cls.path_names(block), strict=True)
        return [(path, name) for path, name in named if id(path) in tried]


def criteria_of(block: dict, key: object) -> object:
    """What stands as the criteria of a path; None when there is nothing."""
    criteria = get(block, CRITERIA)
    return criteria.get(key) if isinstance(criteria, dict) and isinstance(key, str) else None


def remainder(block: dict) -> str | None:
    """The key of the remainder path; None when there is none."""
    ways = block.get("outcomes")
    if not isinstance(ways, list) or not ways:
        return None
    if holds_remainder(ways):
        return REMAINDER
    keys = [path.get("key") for path in islice(filter(_is_object, reversed(ways)), 2)]
    last = keys[0] if keys else None
    criteria = get(block, CRITERIA)
    has_criteria = isinstance(criteria, dict) and isinstance(last, str) and bool(criteria.get(last))
    return last if isinstance(last, str) and last and len(keys) > 1 and not has_criteria else None


def holds_remainder(ways: list) -> bool:
    """Asked for each of many paths, so by their places."""
    return read({"ways": ways}, ("ways", Item(REMAINDER))) is not MISSING


def _is_object(way: object) -> bool:
    return isinstance(way, dict)


def _tried(block: dict) -> list[dict]:
    """The paths that need criteria."""
    rest = remainder(block)
    return [path for path in outcomes(block) if path.get("key") != rest or rest is None]


def _labelled(label: str) -> dict:
    return {
        "label": label,
        "criteriaDescription": "",
        "skipI18n": True,
        "isLabelFromConversion": False,
        "invalid": False,
    }
