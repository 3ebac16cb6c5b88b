"""Everything that is done with a whole journey or with one of its blocks, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

from journeys import blocks, checks, tenant
from journeys.blocks import conversion
from journeys.blocks.apply import carried_out
from journeys.blocks.renaming import renamed_blocks
from journeys.blocks.settings_text import settings_of
from journeys.checks import by_block, on_import
from journeys.checks.house import Rules
from journeys.drawing.layout import layout
from journeys.explaining import explain
from journeys.explaining.addresses import addresses_in
from journeys.explaining.compare import differences, is_what_was_sent
from journeys.models import merging
from journeys.screens import json_lines
from journeys.spec import (
    capsules,
    change_text,
    curl,
    diff,
    expression_faults,
    expressions,
    filters,
    graph,
    intake,
    merge,
    outline,
    parts,
    selection,
    template,
    timing,
)
from journeys.spec import document as doc
from journeys.spec.graph import GraphError
from journeys.tenant import errors

RULES = Rules(
    naming_pattern="[A-Z].*",
    entry_modes=("OnceAndDone",),
    longest_wait=1,
    most_steps=50,
    goal_required=True,
    quiet_from=time(20),
    quiet_to=time(8),
)
SHOWN = 80  # problems of a list whose repairs are told


@dataclass(frozen=True)
class Case:
    """One document as it is worked on: another version of it, and what names things in it."""

    document: dict
    changed: dict
    text: str
    keys: list[str]


def case(document: dict) -> Case:
    def other(kind: str, block: dict) -> dict:
        return (
            {**block, "description": "Changed"}
            if kind != "activity"
            else {**block, "name": "Another name"}
        )

    lists = {
        name: [other(kind, block) for block in reversed(doc.block_list(document, kind))]
        for name, kind in doc.LISTS.items()
    }
    changed = {**document, **lists, "name": "Another"}
    return Case(document, changed, doc.pretty(document), list(graph.steps(document)))


def reading(one: Case) -> None:
    _try(doc.loads, one.text)  # what is larger than 4 MB is refused


def written(one: Case) -> None:
    doc.dumps(one.document)
    doc.pretty(one.document)


def refused(one: Case) -> None:
    """Texts that cannot be taken in, with the place where they stop being JSON."""
    cut = len(one.text) // 2
    for text in (
        one.text[:cut],
        one.text[:-3] + "NaN]",
        one.text.rstrip()[:-1] + ',"same":1,"same":2}',
        '"' + one.text,
    ):
        try:
            doc.loads(text)
        except doc.DocumentError:
            pass


def checked(one: Case) -> None:
    by_block.forget()
    filters.parse.cache_clear()
    checks.check(one.document, RULES)


def checked_again(one: Case) -> None:
    checks.check(one.changed, RULES)


def accepted(one: Case) -> None:
    """Every problem was accepted."""
    problems = checks.check(one.document)
    known = [
        checks.Accepted(problem.id, problem.severity, problem.address, "", "Why not", "Maya")
        for problem in problems
    ]
    checks.sort_out(one.document, problems, known)


def cards(one: Case) -> None:
    for kind, block in doc.blocks(one.document):
        lens = blocks.lens(block, kind, one.document)
        str(lens.sentence(block)), lens.lasts(block), lens.references(block)
        for outcome in graph.outcomes(block):
            lens.outcome_label(block, outcome)


def form(one: Case) -> None:
    """The form of the first and of the last step, opened and saved as it is."""
    for key in [*one.keys[:1], *one.keys[-1:]]:
        block = doc.find_block(one.document, "activity", key)
        lens = blocks.lens(block, "activity", one.document)
        if not lens.editable:
            continue
        opened = lens(block=block, document=one.document)
        opened.helper  # noqa: B018
        lens(opened.shown(), block=block, document=one.document).is_valid()
        lens(
            {name: f"{text}1" for name, text in opened.shown().items()},
            block=block,
            document=one.document,
        ).is_valid()


def saved(one: Case) -> None:
    for key in [*one.keys[:1], *one.keys[-1:]]:
        block = doc.find_block(one.document, "activity", key)
        lens = blocks.lens(block, "activity", one.document)
        if not lens.editable:
            continue
        sent = {
            name: f"{text}1"
            for name, text in lens(block=block, document=one.document).shown().items()
        }
        opened = lens(sent, block=block, document=one.document)
        opened.is_valid()
        changed = carried_out(
            "edit block", one.document, {"kind": "activity", "key": key, "block": opened.written()}
        )
        opened.wrong(), opened.touched(), opened.field_for("name"), opened.reshaped(changed)
        merging.summarise(one.document, changed)


def printed(one: Case) -> None:
    for kind, block in doc.blocks(one.document):
        settings_of(block, kind, one.document)


def walked(one: Case) -> None:
    graph.predecessors(one.document), graph.roots(one.document), graph.starts(one.document)
    graph.find_cycle(one.document), graph.following_of(one.document)
    walk = graph.Walk(one.document)
    for key in one.keys:
        walk.must_pass(one.keys[0], key), walk.may_pass(one.keys[0], key), walk.capsule_end(key)
    for key in [*one.keys[:2], *one.keys[-2:]]:
        walk.upstream(key), graph.meeting(one.document, key), graph.moves_with(one.document, key)
        graph.capsule_end(one.document, key), graph.capsule_start(one.document, key)
        for way in graph.outcomes(walk.steps[key])[:2]:
            if graph.find_outcome(walk.steps[key], graph.outcome_key(way)):
                graph.only_through(one.document, key, graph.outcome_key(way))
    graph.new_key(one.document, "S")


def encapsulated(one: Case) -> None:
    capsules.capsules(one.document), capsules.ids(one.document), capsules.new_id(one.document)
    if one.keys:
        capsules.marked(one.document, one.keys[-1])
        steps = one.document["activities"]
        without = [{**step, "metaData": {}} for step in steps]
        capsules.in_step({**one.document, "activities": without}, one.document)
        capsules.in_step(one.document, {**one.document, "activities": without})


def outlined(one: Case) -> None:
    outline.outline(one.document)


def timed(one: Case) -> None:
    timing.arrivals(one.document, lambda key: (1, 2))


def in_lines(one: Case) -> None:
    json_lines.json_lines(one.document)


def laid_out(one: Case) -> None:
    drawn = layout(one.document)
    layout(one.changed)
    assert len(drawn.spots) <= len(one.document["activities"])


def expressed(one: Case) -> None:
    list(expression_faults.faults(one.document, blocks.always_gives))
    for key in ["", *one.keys[-1:]]:
        expressions.offers(one.document, blocks.always_gives, key)


def compared(one: Case) -> None:
    for old, new in ((one.document, one.changed), ({}, one.document), (one.document, {"key": "K"})):
        changes = diff.compare(old, new)
        said = blocks.sentences(old, new)
        change_text.words(changes, said), change_text.told_places(changes)
        change_text.headline(changes, said, "edit as text")
    parsed = doc.parse(doc.dumps(one.document))
    diff.compare(parsed, one.document)


def merged(one: Case) -> None:
    name = {**one.document, "name": "Mine"}
    _try(diff.patch, one.document, name, {**one.changed, "name": one.document["name"]})
    _try(diff.patch, one.document, one.changed, name)
    diff.overlap(one.document, one.changed, name)
    empty = {**one.document, **dict.fromkeys(doc.LISTS, [])}
    _try(diff.patch, empty, one.document, empty | {"name": "Theirs"})
    _try(diff.patch, one.document, empty, name)
    both = {
        **one.document,
        "activities": [{**step, "description": "d"} for step in one.document["activities"]],
    }
    _try(diff.patch, one.document, one.changed, both)
    led = [
        {**step, "outcomes": [{**way, "next": "X"} for way in graph.outcomes(step)]}
        for step in both["activities"]
    ]
    _try(diff.patch, one.document, {**one.document, "activities": led}, both)
    parts.parts(one.document), merge.changed_blocks(one.document, one.changed)


def converted(one: Case) -> None:
    conversion.to_1_0(one.document)


def repaired(one: Case) -> None:
    """What a list of problems tells of their repairs, and the repairs of some done."""
    problems = [problem for problem in checks.check(one.document) if problem.repair]
    for problem in problems[:SHOWN]:
        checks.effect(one.document, problem)
    for problem in problems[:3]:
        checks.repaired(one.document, problem)


def put_right(one: Case) -> None:
    on_import.put_right(one.document)


def arrived(one: Case) -> None:
    on_import.arrival(one.document, []).lines()
    _try(intake.items_of, f'{{"items": [{one.text}]}}')
    template.asks(one.document)
    template.fill(one.document, {"{{{p}}}": "P"})


def operated(one: Case) -> None:
    """Each change of one step, at both ends of the journey."""
    for key in [*one.keys[:1], *one.keys[-1:]]:
        step = graph.steps(one.document)[key]
        way = next(map(graph.outcome_key, graph.outcomes(step)), "")
        new = blocks.BY_SLUG["wait"].new("NEW", one.document)
        for operation, arguments in {
            "add step": {"after": key, "outcome": way, "step": new},
            "remove step": {"key": key, "keep": way},
            "move step": {"key": key, "after": one.keys[len(one.keys) // 2], "outcome": way},
            "replace step": {"key": key, "step": new, "drop": True},
            "lead to": {"key": key, "outcome": way, "target": one.keys[-1]},
            "add path": {"key": key, "path": {"key": "another"}},
            "remove path": {"key": key, "outcome": way, "with_steps": True},
            "move path": {"key": key, "outcome": way, "offset": 1},
            "edit journey": {"members": {"name": "N"}},
        }.items():
            _try(carried_out, operation, one.document, arguments)


def copied(one: Case) -> None:
    steps = _try(selection.copied, one.document, one.keys)
    if not steps:
        return
    few = steps[: selection.MOST // 2]
    text = selection.as_text(few)
    _try(selection.from_text, text)
    _try(
        carried_out,
        "paste steps",
        one.document,
        {"after": one.keys[-1], "outcome": "path-0", "steps": few},
    )
    if len(steps) <= selection.MOST:
        _try(carried_out, "duplicate steps", one.document, {"keys": one.keys, "steps": steps})


def moved(one: Case) -> None:
    some = one.keys[len(one.keys) // 2 :]
    _try(carried_out, "move steps", one.document, {"keys": some, "after": "", "outcome": ""})


def removed(one: Case) -> None:
    for keys, heal in (
        (one.keys, True),
        (one.keys[1:-1], True),
        (one.keys[1::2], False),
        (one.keys[-3:], False),
    ):
        _try(carried_out, "remove steps", one.document, {"keys": keys, "heal": heal})


def renamed(one: Case) -> None:
    steps = one.document["activities"]
    renamed_blocks("activity", steps, {key: f"N-{key}" for key in one.keys})
    renamed_blocks("activity", steps, {key: f"N-{key}" for key in one.keys[:1]})


def sent(one: Case) -> None:
    """What the endpoint answered, compared with what was sent, and its refusals in words."""
    (
        differences(one.document, one.changed, added=True),
        differences(one.document, {"activities": []}),
    )
    is_what_was_sent(one.document, one.document)
    message = " ".join(f"Step '{key}' is wrong." for key in one.keys[:50])
    for code in ("121000", "121072", "10003", "0"):
        addresses_in(code, f"{message} activities[1].outcomes[0].next", one.document)
    curl.curl_script(one.document, auth="https://auth.example", rest="https://rest.example")


def answered(one: Case) -> None:
    """A refusal with as many points as are read of one."""
    points = [("121000", f"{key} is wrong") for key in one.keys][: errors.MOST_DETAILS]
    explain(tenant.Refused("refused", code="10006", details=tuple(points)), one.document)


def _try(work: Callable, *arguments: object) -> object:
    try:
        return work(*arguments)
    except (GraphError, doc.DocumentError, diff.Conflict, LookupError):
        return None


WORK: dict[str, Callable[[Case], None]] = {
    "read": reading,
    "write": written,
    "refuse": refused,
    "check": checked,
    "check again": checked_again,
    "accept": accepted,
    "say cards": cards,
    "open a form": form,
    "save a form": saved,
    "print in words": printed,
    "walk": walked,
    "capsules": encapsulated,
    "outline": outlined,
    "timing": timed,
    "layout": laid_out,
    "lines of JSON": in_lines,
    "expressions": expressed,
    "compare": compared,
    "merge": merged,
    "convert": converted,
    "tell repairs": repaired,
    "repair all": put_right,
    "report an import": arrived,
    "operate": operated,
    "copy": copied,
    "move": moved,
    "remove": removed,
    "rename": renamed,
    "send": sent,
    "explain": answered,
}
