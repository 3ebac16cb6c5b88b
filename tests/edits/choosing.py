"""The edits: every operation, forms, JSON, undo of an older change; each as the composer would ask
for it."""

import random
from collections.abc import Callable

from journeys.blocks import lens
from journeys.blocks.base import Block
from journeys.blocks.fields import (
    ChoiceField,
    FlagField,
    LinesField,
    LongTextField,
    NumberField,
    PlacedField,
    TextField,
)
from journeys.blocks.form_parts import Part
from journeys.blocks.places import Item, Path, bind
from journeys.spec import diff, graph, selection
from journeys.spec import document as doc
from tests.blocks.browser import send
from tests.edits.documents import FEWEST, MOST, OTHERS, added, any_json, gaps, odd, word
from tests.edits.keeping import Edit, Lost

TYPED = (TextField, LongTextField, LinesField, NumberField, ChoiceField, FlagField)
RENDERED = 0.01  # of the forms: as a whole page would send them, which takes fifty times as long
OBJECT = "arguments.objectMap.objects[0]"
ALONG = {  # (type, field): what is written along with it
    ("wait", "extended"): ["metaData.waitType"],
    ("wait-by-attribute", "date"): ["metaData.attribute"],
    ("engagement-split", "email"): ["metaData.refActivityName"],
    ("email", "name"): ["configurationArguments.triggeredSend.name"],
    ("salesforce-data", "event"): ["configurationArguments.evaluationCriteriaSummary"],
    ("salesforce-data", "person"): [
        "configurationArguments.whoToInject",
        "configurationArguments.contactKey.referenceObjectName",
        "configurationArguments.contactKey.relationshipName",
        "configurationArguments.contactKey.relationshipIdName",
    ],
    ("email", "subject"): ["configurationArguments.triggeredSend.dynamicEmailSubject"],
    ("random-split", "percentage"): ["outcomes[*].metaData.label"],
    ("path-optimizer", "percentage"): ["outcomes[*].metaData.label"],
    ("salesforce", "object_type"): ["configurationArguments.applicationExtensionKey"],
    ("salesforce", "action"): [f"{OBJECT}.lookup"],
    ("salesforce", "field"): [f"{OBJECT}.fields[*].FieldLabel"],
    ("salesforce", "value"): [f"{OBJECT}.fields[*].FieldValueLabel"],
}
History = list[tuple[dict, dict]]


def choose(chance: random.Random, document: dict, history: History) -> Edit | None:
    """None where the document offers nothing for what was drawn."""
    name = chance.choices([*CHOICES], [weight for weight, _make in CHOICES.values()])[0]
    count = len(doc.block_list(document, "activity"))
    if count >= MOST and name in GROWS:
        name = "remove step"
    elif not count or (count <= FEWEST and name in SHRINKS):
        name = "add step"
    return CHOICES[name][1](chance, document, history)


def _form(chance: random.Random, document: dict, history: History) -> Edit | None:
    """One field of one block, through its form."""
    found = [(kind, block) for kind, block in doc.blocks(document) if lens(block, kind).editable]
    if not found:
        return None
    kind, block = chance.choice(found)
    opened = lens(block, kind)
    form = opened(block=block, document=document)
    drawn = _field(chance, form)
    if drawn is None:
        return None
    part, name, typed = drawn
    data = {part.add_prefix(name): typed}
    if chance.random() < RENDERED:
        data = send(form, data)
    bound = opened(data, block=block, document=document)
    if not bound.is_valid():
        return None
    allowed = {_numbered(block, path) for path in _may_change(opened, part, name)}
    written = {"kind": kind, "key": block["key"], "block": bound.written()}
    return Edit(f"form {opened.slug}.{name}", "edit block", written, allowed)


def _field(chance: random.Random, form: Block) -> tuple[Part, str, str] | None:
    parts = [form, *(row for row in form.every_row() if not row.is_new)]
    fields = [
        (part, name, field)
        for part in parts
        for name, field in part.fields.items()
        if type(field) in TYPED
    ]
    if not fields:
        return None
    part, name, field = chance.choice(fields)
    return part, name, _typed(chance, field)


def _typed(chance: random.Random, field: PlacedField) -> str:
    if isinstance(field, NumberField):
        low = 0 if field.low is None else field.low
        return str(chance.randint(low, low + 50 if field.high is None else field.high))
    if isinstance(field, ChoiceField):
        return chance.choice([value for value, _label in field.choices] or [""])
    if isinstance(field, FlagField):
        return chance.choice(["true", "false"])
    if isinstance(field, LinesField):
        return "\r\n".join(word(chance) for _ in range(chance.randrange(4)))
    return chance.choice(["09:30", "2027-01-31", "{{Event.key.field}}", word(chance), odd(chance)])


def _may_change(opened: type[Block], part: Part, name: str) -> set[Path]:
    """The field's own place, and what its class says along with it."""
    field = part.fields[name]
    along = [
        bind(place, getattr(part, "row_key", None)) for place in ALONG.get((opened.slug, name), ())
    ]
    return {field.path, *(path for path in along if path)}


def _numbered(block: dict, path: Path) -> tuple:
    """With the number of an item where the path has its key."""
    found, value = [], block
    for step in path:
        if isinstance(step, Item):
            step = next(index for index, item in enumerate(value) if item.get("key") == step.key)
        found.append(step)
        inside = isinstance(value, dict | list) and (
            step in value if isinstance(value, dict) else step < len(value)
        )
        value = value[step] if inside else None
    return tuple(found)


def _json(chance: random.Random, document: dict, history: History) -> Edit | None:
    """One member of one block, edited as JSON; where it leads and its key are left alone."""
    found = list(doc.blocks(document))
    if not found:
        return None
    kind, block = chance.choice(found)
    changed = doc.parse(doc.dumps(block))
    _change_somewhere(chance, changed)
    return Edit("json", "edit block", {"kind": kind, "key": block["key"], "block": changed})


def _text(chance: random.Random, document: dict, history: History) -> Edit:
    """The journey edited as text, or another revision restored: several blocks at a time."""
    changed = doc.parse(doc.dumps(document))
    for _ in range(chance.randint(1, 3)):
        _change_somewhere(
            chance, chance.choice([block for _kind, block in doc.blocks(changed)] or [changed])
        )
    if chance.random() < 0.3:
        changed[f"y-{word(chance)}"] = any_json(chance)
    return Edit("text", "patch", {"before": document, "after": changed})


def _change_somewhere(chance: random.Random, block: dict) -> None:
    free = [name for name in block if name not in ("key", "outcomes", *doc.LISTS)]
    name = chance.choice([*free, f"y-{word(chance)}"])
    while isinstance(block.get(name), dict) and block[name] and chance.random() < 0.7:
        block = block[name]
        name = chance.choice([*block])
    if name in block and chance.random() < 0.3:
        del block[name]
    else:
        block[name] = any_json(chance)


def _undo_older(chance: random.Random, document: dict, history: History) -> Edit | None:
    """Takes back a change that others came after; refused where the same blocks changed since."""
    if not history:
        return None
    before, after = chance.choice(history[-6:])
    undone = diff.patch(after, before, document)
    empty = {
        ("journey", name) for name in doc.LISTS
    }  # a list that has its first block, or has lost its last
    others = diff.changed_blocks(document, undone) - diff.changed_blocks(before, after) - empty
    if others:
        raise Lost(f"undoing an older change touched {others}")
    return Edit("undo", "patch", {"before": document, "after": undone})


def _add_block(chance: random.Random, document: dict, history: History) -> Edit:
    made = chance.choice(OTHERS)
    there = [block["key"] for block in doc.block_list(document, made.kind)]
    arguments = {"kind": made.kind, "block": made.new(made.new_key(document), document)}
    if there:
        return Edit("replace", "replace block", {**arguments, "keys": there})
    return Edit("add", "add block", arguments)


def _remove_block(chance: random.Random, document: dict, history: History) -> Edit | None:
    found = [(kind, block["key"]) for kind, block in doc.blocks(document) if kind != "activity"]
    if not found:
        return None
    kind, key = chance.choice(found)
    return Edit("remove", "remove block", {"kind": kind, "key": key})


def _add_step(chance: random.Random, document: dict, history: History) -> Edit:
    return Edit("add", "add step", added(chance, document))


def _remove_step(chance: random.Random, document: dict, history: History) -> Edit:
    key = _step(chance, document)
    ways = graph.outcomes(graph.steps(document)[key])
    keep = chance.choice([*map(graph.outcome_key, ways), ""]) if len(ways) > 1 else None
    return Edit("remove", "remove step", {"key": key, "keep": keep})


def _move_step(chance: random.Random, document: dict, history: History) -> Edit:
    after, outcome = chance.choice(gaps(document))
    return Edit(
        "move", "move step", {"key": _step(chance, document), "after": after, "outcome": outcome}
    )


def _move_steps(chance: random.Random, document: dict, history: History) -> Edit:
    after, outcome = chance.choice(gaps(document))
    return Edit(
        "move", "move steps", {"keys": _steps(chance, document), "after": after, "outcome": outcome}
    )


def _remove_steps(chance: random.Random, document: dict, history: History) -> Edit:
    return Edit(
        "remove", "remove steps", {"keys": _steps(chance, document), "heal": chance.random() < 0.7}
    )


def _paste_steps(chance: random.Random, document: dict, history: History) -> Edit:
    """Copied from this journey as it is now, or as it was some edits ago."""
    source = chance.choice(
        [document, *(before for before, _after in history[-6:] if graph.steps(before))]
    )
    copies = selection.from_text(
        selection.as_text(selection.copied(source, _steps(chance, source)))
    )
    after, outcome = chance.choice(gaps(document))
    return Edit("paste", "paste steps", {"after": after, "outcome": outcome, "steps": copies})


def _duplicate_steps(chance: random.Random, document: dict, history: History) -> Edit:
    keys = _steps(chance, document)
    return Edit(
        "duplicate", "duplicate steps", {"keys": keys, "steps": selection.copied(document, keys)}
    )


def _replace_step(chance: random.Random, document: dict, history: History) -> Edit:
    made = added(chance, document)
    asked = {"key": _step(chance, document), "drop": chance.random() < 0.5}
    return Edit(
        "replace", "replace step", {**asked, "step": made["step"], "others": made["others"]}
    )


def _lead_to(chance: random.Random, document: dict, history: History) -> Edit | None:
    ways = gaps(document)[1:]
    if not ways:
        return None
    key, outcome = chance.choice(ways)
    target = None if chance.random() < 0.2 else _step(chance, document)
    return Edit("lead", "lead to", {"key": key, "outcome": outcome, "target": target})


def _add_path(chance: random.Random, document: dict, history: History) -> Edit | None:
    found = [
        step
        for step in graph.steps(document).values()
        if lens(step, "activity").can_add_outcome(step)
    ]
    if not found:
        return None
    step = chance.choice(found)
    opened = lens(step, "activity")
    before = opened.new_outcome_before(step)
    return Edit(
        "path", "add path", {"key": step["key"], "path": opened.new_outcome(step), "before": before}
    )


def _remove_path(chance: random.Random, document: dict, history: History) -> Edit | None:
    drawn = _path(chance, document)
    if drawn is None:
        return None
    return Edit("path", "remove path", {**drawn, "with_steps": chance.random() < 0.5})


def _move_path(chance: random.Random, document: dict, history: History) -> Edit | None:
    drawn = _path(chance, document)
    return drawn and Edit("path", "move path", {**drawn, "offset": chance.randint(-3, 3)})


def _path(chance: random.Random, document: dict) -> dict | None:
    splits = {key for key, step in graph.steps(document).items() if len(graph.outcomes(step)) > 1}
    ways = [gap for gap in gaps(document) if gap[0] in splits]
    return dict(zip(("key", "outcome"), chance.choice(ways), strict=True)) if ways else None


def _edit_journey(chance: random.Random, document: dict, history: History) -> Edit:
    free = [name for name in document if name not in (*doc.LISTS, "key", "name", "description")]
    members = {
        name: any_json(chance) for name in chance.sample(free, min(len(free), chance.randrange(3)))
    }
    members |= {f"y-{word(chance)}": any_json(chance), "name": word(chance)}
    removed = [name for name in free if name not in members][: chance.randrange(2)]
    return Edit("journey", "edit journey", {"members": members, "removed": removed})


def _step(chance: random.Random, document: dict) -> str:
    return chance.choice([*graph.steps(document)])


def _steps(chance: random.Random, document: dict) -> list[str]:
    keys = [*graph.steps(document)]
    return chance.sample(keys, min(len(keys), chance.randint(1, 3)))


Make = Callable[[random.Random, dict, History], Edit | None]
CHOICES: dict[str, tuple[int, Make]] = {
    "form": (8, _form),
    "edit block": (4, _json),
    "patch": (2, _text),
    "undo": (3, _undo_older),
    "add block": (1, _add_block),
    "remove block": (1, _remove_block),
    "add step": (4, _add_step),
    "remove step": (4, _remove_step),
    "move step": (4, _move_step),
    "move steps": (2, _move_steps),
    "remove steps": (1, _remove_steps),
    "paste steps": (1, _paste_steps),
    "duplicate steps": (1, _duplicate_steps),
    "replace step": (2, _replace_step),
    "lead to": (4, _lead_to),
    "add path": (3, _add_path),
    "remove path": (2, _remove_path),
    "move path": (2, _move_path),
    "edit journey": (1, _edit_journey),
}
GROWS = ("add step", "paste steps", "duplicate steps")
SHRINKS = ("remove step", "remove steps", "remove path", "replace step")
