"""Path optimizer: tests 2 to 10 paths on a part of the contacts and sends the others along the one
that wins.

It is two steps: ABNTEST opens, ABNTESTSTOP (path_optimizer_end.py) closes, and all paths meet in
the latter. Both hold the same `metaData.capsule` {id, startId, endId}, and the steps between them
`metaData.capsuleData`: adding one adds both (`new_steps`), spec/graph.py keeps them together and
spec/capsules.py marks what stands between. Members are those of the one real journey seen; limits
are those of Salesforce Help: a test without a winner chosen by a person expires after 7 days, and
contacts are held back only when the entry source's schedule is Run Once.
"""

from uuid import uuid4

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.activities.path_optimizer_end import PathOptimizerEnd
from journeys.blocks.activities.random_split import percentages
from journeys.blocks.base import Block, new_path, new_step
from journeys.blocks.facts import Facts
from journeys.blocks.fields import ChoiceField, NumberField, TextField
from journeys.blocks.form_parts import Row
from journeys.blocks.places import MISSING, bind, get, read, text, write
from journeys.blocks.shares import SHARE_EVENLY
from journeys.blocks.values import whole
from journeys.spec import address, capsules
from journeys.spec.address import written
from journeys.spec.edit import with_next
from journeys.spec.graph import Walk, next_of, outcome_key, outcomes, reached
from journeys.spec.problem import Problem

FEWEST, MOST = 2, 10
SETTINGS = "configurationArguments"
EVALUATION = f"{SETTINGS}.winnerEvaluationType"
METRIC = f"{SETTINGS}.engagementWinnerMetric"
PERIOD, UNIT = f"{SETTINGS}.engagementPeriod", f"{SETTINGS}.engagementPeriodUnits"
HOLD_BACK = f"{SETTINGS}.holdBackPercentage"
HOLD_BACK_DAYS = f"{SETTINGS}.defaultWaitDaysForHoldBack"
EVALUATIONS = [("Engagement", _("Engagement")), ("Manual", _("Chosen by a person, within 7 days"))]
METRICS = [
    ("Clicks", _("Most clicks")),
    ("Opens", _("Most opens")),
    ("Unsubscribes", _("Fewest unsubscribes")),
]
UNITS = [("Hours", _("hours")), ("Days", _("days"))]
LONGEST = {"HOURS": 99 * 24, "DAYS": 99}
LONGEST_BY_HAND = {"HOURS": 7 * 24, "DAYS": 7}
MOST_HELD_BACK = 99


class Path(Row):
    name = TextField("outcomes[*].metaData.pathName", label=_("Name of the path"))
    percentage = NumberField(
        "outcomes[*].arguments.percentage", label=_("Percentage"), unit="%", low=1, high=99
    )
    together = (("name", "percentage"),)

    def follow(self, block: dict, changed: set[str]) -> dict:
        """The label says the percentage, as Journey Builder writes it, and keeps saying it."""
        label, share = bind("outcomes[*].metaData.label", self.row_key), self.fields["percentage"]
        said_it = label is not None and read(self.block, label) == f"{share.shown}%"
        if "percentage" not in changed or not said_it or self.cleaned_data["percentage"] is MISSING:
            return block
        return write(block, label, f"{self.cleaned_data['percentage']}%")


class PathOptimizer(Block):
    slug = "path-optimizer"
    types = ("ABNTEST",)
    family = "flow"
    label = _("Path optimizer")
    icon = "path-optimizer"
    prefix = "ABNTEST"
    server_made = {
        "arguments": ("activityId", "definitionInstanceId", "requestObjectId", "startActivityKey")
    }
    repairs = SHARE_EVENLY
    row = Path
    rows_label = _("Paths")

    evaluation = ChoiceField(EVALUATION, EVALUATIONS, label=_("Winner by"))
    metric = ChoiceField(METRIC, METRICS, label=_("Winning path has"))
    period = NumberField(
        PERIOD, label=_("Evaluate after"), low=1, help_text=_("1 hour to 99 days.")
    )
    unit = ChoiceField(UNIT, UNITS, label=_("Unit"))
    hold_back = NumberField(
        HOLD_BACK,
        label=_("Hold back, in percent"),
        counts="%",
        low=0,
        high=MOST_HELD_BACK,
        help_text=_(
            "Contacts who wait for the winner. Only where the entry source's schedule is Run Once."
        ),
    )
    hold_back_days = NumberField(
        HOLD_BACK_DAYS,
        label=_("Hold them back for at most, in days"),
        counts=_("days"),
        low=0,
    )
    together = (("evaluation", "metric"), ("period", "unit"))
    advanced = ("hold_back", "hold_back_days")

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        settings = {
            "applicationExtensionKey": "E6F9C82E-D5AD-43AD-93BE-E8E7E3732531",
            "winnerEvaluationType": "Engagement",
            "engagementWinnerMetric": "Clicks",
            "engagementPeriod": 1,
            "engagementPeriodUnits": "Days",
            "holdBackPercentage": 0,
            "defaultWaitDaysForHoldBack": 0,
            "readAdditionalInfo": "MetaData",
        }
        end = PathOptimizerEnd.new_key(document)
        meta = {
            "sections": {},
            "capsule": {"id": capsules.new_id(document), "startId": key, "endId": end},
        }
        paths = [_path(f"branchResult-{number}", number, 50) for number in (1, 2)]
        return new_step(key, "ABNTEST", paths, configurationArguments=settings, metaData=meta)

    @classmethod
    def new_steps(cls, key: str, document: dict) -> list[dict]:
        """With the step that closes it, in which its paths meet."""
        start = cls.new(key, document)
        end = PathOptimizerEnd.closing(start)
        return [
            {**start, "outcomes": [with_next(path, end["key"]) for path in start["outcomes"]]},
            end,
        ]

    @classmethod
    def new_outcome(cls, block: dict) -> dict:
        """Takes what is left of 100, and leads to where the paths meet."""
        share = max(0, 100 - sum(percentages(block)))
        return with_next(
            _path(str(uuid4()), len(outcomes(block)) + 1, share),
            text(block, "metaData.capsule.endId") or None,
        )

    @classmethod
    def can_add_outcome(cls, block: dict) -> bool:
        return len(outcomes(block)) < MOST

    @classmethod
    def removable_outcomes(cls, block: dict) -> set[str]:
        ways = outcomes(block)
        return {outcome_key(way) for way in ways} if len(ways) > FEWEST else set()

    @classmethod
    def outcome_label(cls, block: dict, outcome: dict) -> str:
        share = get(outcome, "arguments.percentage")
        percentage = (
            f"{share} %"
            if isinstance(share, int | float | str) and share not in ("", True, False)
            else ""
        )
        name = text(outcome, "metaData.pathName").strip()
        return ", ".join(part for part in (name, percentage) if part) or super().outcome_label(
            block, outcome
        )

    @classmethod
    def switched_off(cls, block: dict) -> tuple[str, ...]:
        by_hand = (METRIC,) if text(block, EVALUATION).lower() == "manual" else ()
        nobody_waits = (HOLD_BACK, HOLD_BACK_DAYS) if whole(get(block, HOLD_BACK, 0)) == 0 else ()
        return by_hand + nobody_waits

    @classmethod
    def sentence(cls, block: dict) -> str:
        if cls.name_of(block):
            return cls.name_of(block)
        shares = " / ".join(str(share) for share in percentages(block))
        return (
            _now("Test paths %(shares)s") % {"shares": shares} if shares else _now("Path optimizer")
        )

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        return (
            cls._path_problems(block)
            + cls._evaluation_problems(block)
            + cls._hold_back_problems(block, facts)
        )

    @classmethod
    def _path_problems(cls, block: dict) -> list[Problem]:
        problems = []
        count = len(outcomes(block))
        if not FEWEST <= count <= MOST:
            sentence = _(
                "A path optimizer has 2 to 10 paths; this one has %(count)s. Add or remove paths."
            )
            problems.append(
                cls.blocking("path-optimizer-paths", block, "outcomes", sentence % {"count": count})
            )
        wrong = cls._wrong_percentages(block)
        if wrong or not count:
            return problems + wrong
        total = sum(percentages(block))
        if total != 100:
            sentence = _(
                "The paths add up to %(total)s %%. Change the percentages so that they make 100 %%."
            )
            words = sentence % {"total": total}
            problems.append(
                cls.blocking("path-optimizer-sum", block, "outcomes", words, "share-evenly")
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
                    cls.blocking("path-optimizer-percentage", block, place, words, "share-evenly")
                )
        return problems

    @classmethod
    def _evaluation_problems(cls, block: dict) -> list[Problem]:
        problems, kind = [], text(block, EVALUATION)
        if kind not in dict(EVALUATIONS):
            sentence = _(
                "It is not said how the winner is found. Choose by engagement or by a person."
            )
            return [cls.blocking("path-optimizer-evaluation", block, EVALUATION, sentence)]
        if kind == "Manual":
            return cls._by_hand_problems(block)
        if text(block, METRIC) not in dict(METRICS):
            sentence = _(
                "It is not said what the winner has most of. Choose clicks, opens or unsubscribes."
            )
            problems.append(cls.blocking("path-optimizer-metric", block, METRIC, sentence))
        period, longest = whole(get(block, PERIOD)), LONGEST.get(text(block, UNIT).upper())
        if longest is None:
            sentence = _("The evaluation period has no unit. Choose hours or days.")
            problems.append(cls.blocking("path-optimizer-unit", block, UNIT, sentence))
        elif period is None or not 1 <= period <= longest:
            sentence = _("The winner is evaluated after 1 hour to 99 days. Enter such a period.")
            problems.append(cls.blocking("path-optimizer-period", block, PERIOD, sentence))
        return problems

    @classmethod
    def _by_hand_problems(cls, block: dict) -> list[Problem]:
        period, longest = whole(get(block, PERIOD)), LONGEST_BY_HAND.get(text(block, UNIT).upper())
        if period is None or longest is None or period <= longest:
            return []
        sentence = _(
            "A person has to choose the winner within 7 days; then the test expires. Enter 7 days"
            " or less."
        )
        return [cls.advice("path-optimizer-by-hand", block, PERIOD, sentence)]

    @classmethod
    def _hold_back_problems(cls, block: dict, facts: Facts) -> list[Problem]:
        held_back = get(block, HOLD_BACK, "")
        share = 0 if held_back == "" else whole(held_back)
        if share is None or not 0 <= share <= MOST_HELD_BACK:
            sentence = _(
                "What is held back is no whole percentage from 0 to 99. Enter one; 0 holds nobody"
                " back."
            )
            return [cls.blocking("path-optimizer-hold-back", block, HOLD_BACK, sentence)]
        if share == 0 or not facts.at_any_hour:
            return []
        sentence = _(
            "Contacts are held back only when the entry source's schedule is Run Once, and this one"
            " has no schedule. Hold back 0 %, or let a data extension in once."
        )
        return [cls.advice("path-optimizer-run-once", block, HOLD_BACK, sentence)]

    @classmethod
    def flow_problems(cls, block: dict, walk: Walk) -> list[Problem]:
        key = text(block, "key")
        end = walk.capsule_end(key)
        if end is None:
            sentence = _(
                "The step in which all paths meet again is missing. Add a new path optimizer for"
                " this one."
            )
            return [cls.blocking("path-optimizer-end", block, "metaData.capsule.endId", sentence)]
        problems, leaking = [], _leaking(walk, key, end)
        names = cls.path_names(block)
        for index, path in enumerate(outcomes(block)):
            if next_of(path) in walk.steps and next_of(path) not in leaking:
                continue
            sentence = _(
                "Path “%(path)s” does not lead to the end of the path optimizer. Lead it there."
            )
            place = address.member(address.item("outcomes", outcome_key(path) or index), "next")
            label = {"path": names[index]}
            problems.append(cls.blocking("path-optimizer-meet", block, place, sentence % label))
        return problems + cls._between_problems(
            walk, capsules.Capsule(text(block, "metaData.capsule.id"), key, end)
        )

    @classmethod
    def _between_problems(cls, walk: Walk, capsule: capsules.Capsule) -> list[Problem]:
        """Of the steps between, each told by the nearest path optimizer around it; one may name
        another around it."""
        sentence = _(
            "The step stands in a path optimizer, but does not say so, as Journey Builder has it"
            " do. Use Fix."
        )
        problems = []
        for step in (walk.steps[key] for key in sorted(_nearest(walk, capsule))):
            named = text(step, "metaData.capsuleData.startId")
            if named != capsule.start and walk.capsule_end(named) is None:
                problems.append(
                    cls.advice(
                        "capsule-data", step, "metaData.capsuleData", sentence, "write-capsule-data"
                    )
                )
        return problems


def _nearest(walk: Walk, capsule: capsules.Capsule) -> set[str]:
    """The steps between its ends that are not between the ends of another one in it."""
    inside = capsules.inside(walk, capsule)
    ends = {key: walk.capsule_end(key) for key in inside}
    inner = [
        capsules.inside(walk, capsules.Capsule("", key, end)) for key, end in ends.items() if end
    ]
    return inside.difference(*inner)


def _leaking(walk: Walk, start: str, end: str) -> set[str]:
    """The steps before the end from which a way leads elsewhere than to it."""
    if walk.is_spent:
        return set()
    passed = walk.reachable_without(start, end) - {end}
    ways = {key: outcomes(walk.steps[key]) for key in passed if key != start}
    dead = [
        key
        for key, own_ways in ways.items()
        if not own_ways or any(next_of(way) not in walk.steps for way in own_ways)
    ]
    before: dict[str, list[str]] = {}
    for key, own_ways in ways.items():
        for way in own_ways:
            before.setdefault(next_of(way) or "", []).append(key)
    return reached(before, dead) - {end}


def _path(key: str, number: int, percentage: int) -> dict:
    return new_path(
        key=key,
        arguments={"percentage": percentage, "branchResult": key},
        metaData={"label": f"{percentage}%", "pathName": f"Path {number}", "invalid": False},
    )
