"""House rules: what one tenant asks of its journeys besides what the endpoint does. `Rules` says
which, how firmly."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from journeys.blocks import lens, sentence, type_of, waits
from journeys.blocks.facts import facts_of
from journeys.checks.finding import at, member
from journeys.spec import graph
from journeys.spec.address import Address
from journeys.spec.document import block_list
from journeys.spec.problem import ADVICE, Problem

LONGEST_PATTERN, LONGEST_NAME = 100, 200
MOST_REPEATS = 4
WHOLE_DAY = 24  # hours
# Why a send may fall into the quiet hours.
ON_ENTRY = gettext_lazy(
    "Sent as soon as contacts enter, at any hour; quiet hours are %(from)s to %(to)s. "
    "Put a wait before it that holds until a time outside of them."
)
NO_TIME = gettext_lazy(
    "Sent at any hour, because “%(wait)s” has no time of day; quiet hours are %(from)s to %(to)s. "
    "Let the wait hold until a time outside of them."
)
QUIET_TIME = gettext_lazy(
    "Sent in the quiet hours (%(from)s to %(to)s), because of “%(wait)s”. Choose another time of"
    " day."
)
HELD_FOR_LONG = gettext_lazy(
    "Sent at any hour, because “%(wait)s” chooses it; quiet hours are %(from)s to %(to)s. "
    "Shorten its longest hold, behind a wait that holds until a time outside of them."
)
UNTIL_EVENT = gettext_lazy(
    "Sent at any hour, because “%(wait)s” ends when the event happens; quiet hours are %(from)s to"
    " %(to)s. Put a wait behind it that holds until a time outside of them."
)
HELD_INTO_IT = gettext_lazy(
    "May be sent in the quiet hours (%(from)s to %(to)s), because “%(wait)s” holds contacts until"
    " then. Shorten its longest hold, or choose another time of day for the wait before it."
)
# Of a regular expression: escapes, classes of characters, groups, repetitions, everything else.
PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?:?|[()]|[*+?]|\{\d*,?\d*\}|.", re.DOTALL)


@dataclass(frozen=True)
class Rules:
    """A tenant's rules; an empty one is not asked. Severities are "blocking" or "advice"."""

    naming_pattern: str = ""
    naming_severity: str = ADVICE
    entry_modes: tuple[str, ...] = ()
    entry_modes_severity: str = ADVICE
    longest_wait: int | None = None  # days
    longest_wait_severity: str = ADVICE
    most_steps: int | None = None
    most_steps_severity: str = ADVICE
    goal_required: bool = False
    goal_severity: str = ADVICE
    quiet_from: time | None = None  # in whatever time zone each wait names
    quiet_to: time | None = None
    quiet_severity: str = ADVICE


def why_not_safe(pattern: str) -> str:
    """Why a naming pattern cannot be used, "" when it can.

    Repeated groups and many repetitions can keep a match busy for minutes on a name of 200
    characters.
    """
    if len(pattern) > LONGEST_PATTERN:
        return _("The pattern has more than 100 characters. Shorten it.")
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return _("This is not a regular expression: %(error)s.") % {"error": error}
    parts = PART.findall(pattern)
    if "(?" in parts or any(re.fullmatch(r"\\[1-9]", part) for part in parts):
        return _("Look-around, flags and back references cannot be used in the pattern.")
    repeats = [
        index
        for index, part in enumerate(parts)
        if part in ("*", "+", "?") or re.fullmatch(r"\{.*\}", part)
    ]
    if any(index and parts[index - 1] == ")" for index in repeats):
        return _("A group cannot be repeated in the pattern.")
    varying = [index for index in repeats if not re.fullmatch(r"\{\d+\}", parts[index])]
    if len(varying) > MOST_REPEATS:
        return _("The pattern repeats more than 4 times (*, +, ?, {…}). Make it simpler.")
    return ""


def house_problems(document: dict, rules: Rules) -> Iterator[Problem]:
    for rule in HOUSE_RULES:
        yield from rule(document, rules)


def name_follows_pattern(document: dict, rules: Rules) -> Iterator[Problem]:
    name = document.get("name")
    if (
        not rules.naming_pattern
        or not isinstance(name, str)
        or not name
        or len(name) > LONGEST_NAME
    ):
        return
    if why_not_safe(rules.naming_pattern) or re.fullmatch(rules.naming_pattern, name):
        return
    text = _("The name does not follow this tenant's pattern (%(pattern)s). Rename the journey.")
    yield Problem(
        "house-naming",
        rules.naming_severity,
        text % {"pattern": rules.naming_pattern},
        member("name"),
    )


def entry_mode_is_allowed(document: dict, rules: Rules) -> Iterator[Problem]:
    mode = document.get("entryMode")
    if not rules.entry_modes or mode in (None, "", "NotSet", *rules.entry_modes):
        return
    text = _("This tenant does not allow the entry mode. Choose one of: %(modes)s.")
    modes = {"modes": ", ".join(rules.entry_modes)}
    yield Problem("house-entry-mode", rules.entry_modes_severity, text % modes, member("entryMode"))


def waits_are_not_too_long(document: dict, rules: Rules) -> Iterator[Problem]:
    if rules.longest_wait is None:
        return
    for step in block_list(document, "activity"):
        days = type_of(step).longest_wait(step)
        if days is not None and days > rules.longest_wait:
            text = ngettext(
                "The wait is longer than this tenant allows (%(days)s day). Shorten it.",
                "The wait is longer than this tenant allows (%(days)s days). Shorten it.",
                rules.longest_wait,
            )
            place = at("activity", step, "configurationArguments.waitDuration")
            yield Problem(
                "house-longest-wait",
                rules.longest_wait_severity,
                text % {"days": rules.longest_wait},
                place,
            )


def steps_are_not_too_many(document: dict, rules: Rules) -> Iterator[Problem]:
    count = len(block_list(document, "activity"))
    if rules.most_steps is not None and count > rules.most_steps:
        text = ngettext(
            "The journey has %(count)s step; this tenant allows %(most)s. Shorten it.",
            "The journey has %(count)s steps; this tenant allows %(most)s. Split it into two"
            " journeys.",
            count,
        )
        numbers = {"count": f"{count:,}", "most": f"{rules.most_steps:,}"}
        yield Problem(
            "house-most-steps", rules.most_steps_severity, text % numbers, member("activities")
        )


def there_is_a_goal(document: dict, rules: Rules) -> Iterator[Problem]:
    """Single and transactional sends have none."""
    if (
        rules.goal_required
        and not block_list(document, "goal")
        and document.get("definitionType") in (None, "", "Multistep")
    ):
        text = _("This tenant asks for a goal in every journey. Add one.")
        yield Problem("house-goal", rules.goal_severity, text, member("goals"))


def sends_keep_quiet_hours(document: dict, rules: Rules) -> Iterator[Problem]:
    """A send goes out when the wait before it ends: at any hour, unless the wait holds until a time
    of day.

    Without a wait it goes out when contacts enter; by a schedule they do so at an hour that the
    journey does not tell.
    """
    if rules.quiet_from is None or rules.quiet_to is None or rules.quiet_from == rules.quiet_to:
        return
    steps, before = graph.steps(document), graph.predecessors(document)
    hours = {"from": f"{rules.quiet_from:%H:%M}", "to": f"{rules.quiet_to:%H:%M}"}
    at_any_hour = facts_of(document).at_any_hour
    for key, step in steps.items():
        if not type_of(step).sends:
            continue
        for moment in _moments_before(key, steps, before):
            reason, of = _why_quiet(moment, rules, at_any_hour)
            if reason:
                said = str(reason) % {"wait": sentence(of, "activity")[:60] if of else "", **hours}
                yield Problem(
                    "house-quiet-hours", rules.quiet_severity, said, Address("activity", key)
                )
                break


@dataclass(frozen=True)
class Moment:
    """When a step is come to: when a wait ends (None: when contacts enter), or later, while
    something holds them."""

    wait: dict | None
    hold: dict | None = None
    hours: float = 0  # that they are held at most; a whole day is any hour


def _moments_before(
    key: str, steps: dict[str, dict], before: dict[str, list[tuple[str, str]]]
) -> Iterator[Moment]:
    """On all ways to the step. Another send on the way does not take time; what nobody can judge
    ends the way."""
    todo, seen = [(key, Moment(None))], {(key, 0.0)}
    while todo:
        name, moment = todo.pop()
        if name not in before:
            yield moment
        for earlier, _outcome in before.get(name, []):
            step = steps[earlier]
            if waits(step):
                yield replace(moment, wait=step)
                continue
            held = _held(step, moment)
            if held and held.hours == WHOLE_DAY:
                yield held
            elif held and (earlier, held.hours) not in seen:
                seen.add((earlier, held.hours))
                todo.append((earlier, held))


def _held(step: dict, moment: Moment) -> Moment | None:
    """With what the step holds contacts besides; None for a step that holds them, nobody knows
    how."""
    if not type_of(step).holds(step):
        return moment
    lasts = lens(step, "activity").lasts(step)
    longer = WHOLE_DAY if lasts is None else lasts[1] * 24
    return Moment(None, step, min(moment.hours + longer, WHOLE_DAY)) if longer > 0 else None


def _why_quiet(moment: Moment, rules: Rules, at_any_hour: bool) -> tuple[str, dict | None]:
    """Why a send may fall into the quiet hours, and the step that is to blame; "" when it does
    not."""
    if moment.hours == WHOLE_DAY:
        return UNTIL_EVENT if type_of(moment.hold).until_event else HELD_FOR_LONG, moment.hold
    if moment.wait is None:
        return (ON_ENTRY if at_any_hour else ""), None
    begins = type_of(moment.wait).wait(moment.wait).until
    if begins is None:
        return NO_TIME, moment.wait
    if _is_quiet(begins, rules):
        return QUIET_TIME, moment.wait
    until_quiet = (_minutes(rules.quiet_from) - _minutes(begins)) % (24 * 60)
    return (HELD_INTO_IT, moment.hold) if until_quiet < moment.hours * 60 else ("", None)


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _is_quiet(moment: time, rules: Rules) -> bool:
    start, end = rules.quiet_from, rules.quiet_to
    return start <= moment < end if start < end else moment >= start or moment < end


HOUSE_RULES = [
    name_follows_pattern,
    entry_mode_is_allowed,
    waits_are_not_too_long,
    steps_are_not_too_many,
    there_is_a_goal,
    sends_keep_quiet_hours,
]
