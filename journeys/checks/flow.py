"""The path: where each outcome leads, where contacts begin, and how paths end."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from journeys.blocks import sentence, type_of, waits
from journeys.blocks.places import get, text
from journeys.checks.finding import advice, at, blocking
from journeys.spec import address, graph
from journeys.spec.address import Address
from journeys.spec.document import block_list
from journeys.spec.problem import Problem

NAME = "name"  # of an outcome: what the skeleton adds to those of a split (by_skeleton.py)
SHORT_MINUTES = (
    3  # a last wait up to this long is ignored unless the journey has a goal (Salesforce Help)
)


def every_next_resolves(document: dict) -> Iterator[Problem]:
    known = {text(step, "key") for step in block_list(document, "activity")} - {""}
    for step in block_list(document, "activity"):
        for index, outcome in enumerate(graph.outcomes(step)):
            if "next" in outcome:
                where = at("activity", step, address.member(_place(outcome, index), "next"))
                yield from _next_problems(outcome["next"], known, where, _path(outcome))


def there_is_no_cycle(document: dict) -> Iterator[Problem]:
    cycle = graph.find_cycle(document)
    if cycle:
        values = {"steps": " → ".join([*cycle, cycle[0]])[:200]}
        text_ = _(
            "The path runs in a circle (%(steps)s), so contacts would never leave. Cut it at one"
            " place."
        )
        yield blocking("cycle", text_ % values, Address("activity", cycle[0]))


def there_is_one_beginning(document: dict) -> Iterator[Problem]:
    """The first step is the one that no outcome leads to (Journey Spec: there is no start
    marker)."""
    roots = graph.roots(document)
    if _links_lost(document) >= len(roots) - 1 and roots[1:]:
        return  # so many may follow from what other rules tell
    if not roots and block_list(document, "activity") and not graph.find_cycle(document):
        yield blocking(
            "root-missing", _("No step is the first one. Let one step have nothing leading to it.")
        )
    steps = graph.steps(document)
    for key in roots[1:]:
        text_ = _(
            "Nothing leads to “%(step)s”, so the journey has more than one beginning. Connect it or"
            " remove it."
        )
        yield blocking(
            "root-several",
            text_ % {"step": sentence(steps[key], "activity")[:60]},
            Address("activity", key),
        )


def _links_lost(document: dict) -> int:
    """How many links are not there for a reason that another rule tells: a path that names no step
    may have named one that nothing leads to, and steps without keys of their own lead nowhere."""
    steps, listed = graph.steps(document), block_list(document, "activity")
    nameless = [step for step in listed if steps.get(text(step, "key")) is not step]
    lost = sum(len(graph.outcomes(step)) for step in nameless)
    ways = (way for step in steps.values() for way in graph.outcomes(step))
    return lost + sum(bool(key) and key not in steps for key in map(graph.next_of, ways))


def paths_end_in_a_wait(document: dict) -> Iterator[Problem]:
    """All 296 path ends of the real multi-step journeys seen are waits; the goal and exits are
    looked at there."""
    if (
        document.get("definitionType") in ("Quicksend", "Transactional")
        or get(document, "metaData.disableEndWait") is True
    ):
        return
    for step in block_list(document, "activity"):
        is_other = type_of(step).known and not waits(step)  # one that is not known may be a wait
        for path, inside in _ends(step) if is_other else ():
            text_ = _(
                "%(path)s ends here without a wait. Journey Builder ends every path with one: add a"
                " wait of 1 day."
            )
            place = at("activity", step, inside)
            yield advice("path-end-wait", text_ % {"path": path}, place, "add-end-wait")


def waits_stand_alone(document: dict) -> Iterator[Problem]:
    steps = graph.steps(document)
    for key, step in steps.items():
        following = {graph.next_of(outcome) for outcome in graph.outcomes(step)}
        if waits(step) and any(
            waits(steps[name]) for name in following if name in steps and name != key
        ):
            text_ = _("Another wait follows directly. Make one longer wait of the two.")
            yield advice("wait-after-wait", text_, at("activity", step))


def last_waits_are_long(document: dict) -> Iterator[Problem]:
    if block_list(document, "goal"):
        return
    for step in block_list(document, "activity"):
        minutes = _minutes(step) if _ends_path(step) else None
        if minutes is not None and 0 < minutes <= SHORT_MINUTES:
            text_ = _(
                "The last wait of a path is ignored when it is 3 minutes or shorter. Make it longer"
                " if it is meant."
            )
            yield advice(
                "last-wait-short",
                text_,
                at("activity", step, "configurationArguments.waitDuration"),
            )


def first_step_stands_first(document: dict) -> Iterator[Problem]:
    """The list begins with the first step in 155 of 155 real journeys."""
    steps, first = block_list(document, "activity"), graph.root(document)
    if first is not None and steps[0].get("key") != first:
        text_ = _(
            "The first step of the path is not the first one in the list, where Marketing Cloud has"
            " it. Put it there."
        )
        yield advice("first-step-place", text_, Address("activity", first), "put-first-step-first")


def first_step_is_no_wait(document: dict) -> Iterator[Problem]:
    """Advised for performance by Salesforce's blog (2020); many real journeys begin with a wait, so
    it says when."""
    steps = graph.steps(document)
    first = steps.get(graph.root(document) or "")
    if (
        first is not None
        and waits(first)
        and any(graph.next_of(way) in steps for way in graph.outcomes(first))
    ):
        text_ = _(
            "The journey begins with a wait. Where very many contacts enter at once, that slows"
            " entry down; otherwise leave it as it is."
        )
        yield advice("wait-first", text_, at("activity", first))


def wait_is_an_hour(kind: str, block: dict) -> Iterator[Problem]:
    """Shorter waits are discouraged (Salesforce Help)."""
    minutes = _minutes(block) if kind == "activity" else None
    if minutes is not None and SHORT_MINUTES < minutes < 60:
        text_ = _(
            "The wait is shorter than 1 hour, which Salesforce advises against. Make it longer."
        )
        yield advice("wait-short", text_, at(kind, block, "configurationArguments.waitDuration"))


def _next_problems(target: object, known: set[str], place: Address, path: str) -> Iterator[Problem]:
    if target is None:
        text_ = _(
            "%(path)s ends with a “next” of null. Marketing Cloud itself leaves “next” out; do so"
            " to be safe."
        )
        yield advice("next-null", text_ % {"path": path}, place, "drop-empty-next")
    elif target == "":
        text_ = _(
            "%(path)s ends with an empty “next”, which the endpoint refuses. Leave “next” out."
        )
        yield blocking("next-empty", text_ % {"path": path}, place, "drop-empty-next")
    elif not isinstance(target, str) or target not in known:
        text_ = _(
            "%(path)s leads to “%(key)s”, but no step has that key. Lead it to a step or end it"
            " here."
        )
        words = text_ % {"path": path, "key": str(target)[:60]}
        yield blocking("next-dangling", words, place, "cut-dangling-next")


def _path(outcome: dict) -> str:
    """A path as a message begins with it."""
    name = text(outcome, NAME)
    return _("Path “%(path)s”") % {"path": name[:60]} if name else _("This path")


def _place(outcome: dict, index: int) -> str:
    return address.item("outcomes", address.name_of(outcome, index))


def _ends(step: dict) -> list[tuple[str, str]]:
    """The paths of a step that lead nowhere, each with its place; the step itself where it has no
    other."""
    ways = graph.outcomes(step)
    if len(ways) < 2:
        return [(_("The path"), "")] if _ends_path(step) else []
    return [
        (_path(way), _place(way, index))
        for index, way in enumerate(ways)
        if graph.next_of(way) is None
    ]


def _ends_path(step: dict) -> bool:
    outcomes = graph.outcomes(step)
    return not outcomes or any(graph.next_of(outcome) is None for outcome in outcomes)


def _minutes(step: dict) -> int | None:
    """The length of a wait of so many minutes and nothing else; else None."""
    wait = type_of(step).wait(step)
    return wait.minutes if wait else None
