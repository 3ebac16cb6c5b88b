"""Decision split: paths with criteria, tried from top to bottom, and the remainder for everybody else.

`configurationArguments.criteria` maps the key of each path to its FilterDefinition XML; the remainder has no entry.
Its key is "remainder_path" in nearly all real journeys, else it is the last path.
"""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.base import Block, new_path, new_step
from journeys.blocks.fields import LongTextField, TextField
from journeys.blocks.parts import Row
from journeys.blocks.places import get
from journeys.spec.graph import outcomes
from journeys.spec.problem import Problem

CRITERIA = "configurationArguments.criteria"
REMAINDER = "remainder_path"
MOST = 20


class Path(Row):
    label = TextField("outcomes[*].metaData.label", label=_("Name of the path"))
    criteria = LongTextField(
        f"{CRITERIA}.*",
        label=_("Criteria"),
        help_text=_("A FilterDefinition in XML. The first path whose criteria match is taken."),
    )
    criteria.widget.attrs.update({"rows": 4, "spellcheck": "false", "class": "font-monospace"})

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        if self.row_key == remainder(self.block):
            del self.fields["criteria"]


class DecisionSplit(Block):
    slug = "decision-split"
    types = ("MULTICRITERIADECISION",)
    family = "flow"
    label = _("Decision split")
    icon = "decision-split"
    prefix = "MULTICRITERIADECISIONV2"
    row = Path
    rows_label = _("Paths")

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        paths = [
            new_path(key="default_path_1", metaData=_labelled("Path 1")),
            new_path(key=REMAINDER, metaData={"label": "Remainder", "isLabelFromConversion": False, "invalid": False}),
        ]
        return new_step(key, "MULTICRITERIADECISION", paths, configurationArguments={"criteria": {}})

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
    def can_remove_outcome(cls, block: dict, outcome_key: str) -> bool:
        return outcome_key != remainder(block) and len(_tried(block)) > 1

    @classmethod
    def without_outcome(cls, block: dict, outcome_key: str) -> dict:
        criteria = get(block, CRITERIA)
        if not isinstance(criteria, dict) or outcome_key not in criteria:
            return block
        kept = {key: filter_ for key, filter_ in criteria.items() if key != outcome_key}
        return {**block, "configurationArguments": {**block["configurationArguments"], "criteria": kept}}

    @classmethod
    def outcome_label(cls, block: dict, outcome: dict) -> str:
        label = super().outcome_label(block, outcome)
        return _now("Remainder") if not label and get(outcome, "key") == remainder(block) else label

    @classmethod
    def sentence(cls, block: dict) -> str:
        if cls.name_of(block):
            return cls.name_of(block)
        labels = [label for label in (cls.outcome_label(block, path) for path in _tried(block)) if label]
        return _now("Split by %(paths)s") % {"paths": ", ".join(labels)} if labels else _now("Decision split")

    @classmethod
    def problems(cls, block: dict, document: dict) -> list[Problem]:
        found = []
        if remainder(block) is None:
            sentence = _("The split has no remainder path, so contacts that match nothing have nowhere to go. Add one.")
            found.append(cls.blocking("decision-split-remainder", block, "outcomes", sentence))
        if not 1 <= len(_tried(block)) <= MOST:
            sentence = _("A decision split has 1 to 20 paths besides the remainder; this one has %(count)s.")
            count = {"count": len(_tried(block))}
            found.append(cls.blocking("decision-split-paths", block, "outcomes", sentence % count))
        return found + cls._criteria_problems(block)

    @classmethod
    def _criteria_problems(cls, block: dict) -> list[Problem]:
        criteria = get(block, CRITERIA)
        found = []
        for path in _tried(block):
            key = path.get("key")
            has_text = isinstance(criteria, dict) and isinstance(key, str) and str(criteria.get(key) or "").strip()
            if has_text:
                continue
            place = f"{CRITERIA}.{key}" if isinstance(key, str) and key else CRITERIA
            sentence = _("Path “%(path)s” has no criteria, so nobody can take it. Enter them.")
            label = {"path": cls.outcome_label(block, path) or key or "?"}
            found.append(cls.blocking("decision-split-criteria", block, place, sentence % label))
        return found


def remainder(block: dict) -> str | None:
    """The key of the remainder path; None when there is none."""
    keys = [path.get("key") for path in outcomes(block)]
    if REMAINDER in keys:
        return REMAINDER
    last = keys[-1] if keys else None
    criteria = get(block, CRITERIA)
    has_criteria = isinstance(criteria, dict) and isinstance(last, str) and bool(criteria.get(last))
    return last if isinstance(last, str) and last and len(keys) > 1 and not has_criteria else None


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
