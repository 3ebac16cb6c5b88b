"""What can be put right without asking anything: document and address in, document out.

A problem names its repair (`Problem.repair`); `effect` says in words what it would change, and a
repair that changes nothing there is not offered. To add a repair: one function, one line in
REPAIRS, one test.
"""

from collections.abc import Callable
from dataclasses import replace
from uuid import NAMESPACE_URL, uuid5

from journeys import blocks
from journeys.blocks import comparing
from journeys.blocks.activities.decision_split import CRITERIA, REMAINDER
from journeys.blocks.activities.email import email_name
from journeys.blocks.activities.engagement_split import EMAIL, EMAIL_NAME
from journeys.blocks.activities.wait import WaitByDuration
from journeys.blocks.criteria import is_unmarked
from journeys.blocks.places import bind, get, read, text, write
from journeys.checks import server_made
from journeys.spec import capsules, change_text, condition_text, edit, filters, graph
from journeys.spec.address import Address, Item, steps
from journeys.spec.document import LISTS, block_list, find_block, replace_block
from journeys.spec.filters import Condition
from journeys.spec.problem import Problem

Repair = Callable[[dict, Address], dict]


def repaired(document: dict, problem: Problem) -> dict:
    """The document after the problem's repair; the same document when there is none, or it does not
    apply."""
    repair = REPAIRS.get(problem.repair)
    return repair(document, problem.address) if repair else document


def effect(document: dict, problem: Problem) -> list[str]:
    """What the repair would change, one sentence each; [] when it would change nothing."""
    return told(document, repaired(document, problem))


def told(before: dict, after: dict) -> list[str]:
    """What a repair changed, one sentence each."""
    if after is before:
        return []
    # Repairs share the blocks that they leave alone: only the others are compared.
    old, new = _without_shared(before, after), _without_shared(after, before)
    changes = comparing.compare(old, new) or comparing.compare(before, after)
    return change_text.words(changes, blocks.sentences(before, after))


def remove_server_parts(document: dict, address: Address) -> dict:
    return server_made.removed(document)


def end_path_here(document: dict, address: Address) -> dict:
    """A path ends by having no `next`."""
    return _block(document, address, lambda block: _cut(block, address.inside))


def share_evenly(document: dict, address: Address) -> dict:
    """Whole percentages that make 100; the first paths get what is left over. Text stays text."""
    return _block(document, address, _shared_evenly)


def add_remainder(document: dict, address: Address) -> dict:
    def with_remainder(block: dict) -> dict:
        ways = [] if block.get("outcomes") is None else block["outcomes"]
        if not isinstance(ways, list) or any(
            way.get("key") == REMAINDER for way in graph.outcomes(block)
        ):
            return block
        label = {"label": "Remainder", "isLabelFromConversion": False, "invalid": False}
        return {
            **block,
            "outcomes": [*ways, {"key": REMAINDER, "arguments": {}, "metaData": label}],
        }

    return _block(document, address, with_remainder)


def write_type_in_capitals(document: dict, address: Address) -> dict:
    return _block(
        document, address, lambda block: {**block, "type": text(block, "type").strip().upper()}
    )


def move_event_key(document: dict, address: Address) -> dict:
    """From beside the type, where the server drops it, into metaData."""

    def moved(block: dict) -> dict:
        details, key = block.get("metaData", {}), block.get("eventDefinitionKey")
        if not isinstance(details, dict) or not isinstance(key, str):
            return block
        kept = {name: value for name, value in block.items() if name != "eventDefinitionKey"}
        return {**kept, "metaData": {**details, "eventDefinitionKey": key}}

    return _block(document, address, moved)


def empty_outcomes(document: dict, address: Address) -> dict:
    return _block(
        document,
        address,
        lambda block: {**block, "outcomes": []} if graph.outcomes(block) else block,
    )


def add_end_wait(document: dict, address: Address, keys: graph.NewKeys | None = None) -> dict:
    """A wait of 1 day at each end of the step's paths, as Journey Builder puts it. `keys` are free
    in the journey."""
    before, keys = document, keys or graph.NewKeys(document)
    step = graph.steps(document).get(address.key)
    if step is None or find_block(document, "activity", address.key) is None:
        return document
    ways = graph.outcomes(step)
    names = [graph.outcome_key(way) for way in ways if graph.next_of(way) is None] if ways else [""]
    if len(set(names)) < len(names) or any(name == "" for name in names[1:]):
        return document  # paths that no name tells apart
    for name in names:
        if ways and graph.find_outcome(step, name) is None:
            break  # another path, which leads on, has the same name
        if not ways and not isinstance(step.get("outcomes"), list | None):
            break
        key = keys.new(WaitByDuration.prefix)
        wait = WaitByDuration.new(key, document)
        # The same each time, so that what was shown is what is done.
        way = {
            **wait["outcomes"][0],
            "key": str(uuid5(NAMESPACE_URL, f"{address.key}/{name}/{key}")),
        }
        document = edit.insert(document, (address.key, name), {**wait, "outcomes": [way]})
    return capsules.in_step(before, document) if document is not before else before


def write_email_name(document: dict, address: Address) -> dict:
    """An engagement split repeats the name of its email, which was renamed."""
    split = find_block(document, "activity", address.key)
    email = graph.steps(document).get(text(split, EMAIL) if split else "")
    return _written(document, address, EMAIL_NAME, email_name(email)) if email else document


def write_capsule_data(document: dict, address: Address) -> dict:
    """What a step between the two ends of a path optimizer says of them."""
    return capsules.marked(document, address.key)


def mark_configured(document: dict, address: Address) -> dict:
    return _written(document, address, "metaData.isConfigured", True)


def write_version_as_number(document: dict, address: Address) -> dict:
    version = {"0.5": 0.5, "1": 1, "1.0": 1.0}.get(str(document.get("workflowApiVersion")))
    return document if version is None else {**document, "workflowApiVersion": version}


def put_first_step_first(document: dict, address: Address) -> dict:
    first = find_block(document, "activity", address.key)
    if first is None:
        return document
    others = [step for step in block_list(document, "activity") if step is not first]
    return {**document, "activities": [first, *others]}


def mark_journey_data(document: dict, address: Address) -> dict:
    def marked(condition: Condition) -> Condition:
        return replace(condition, is_journey_data=True) if is_unmarked(condition) else condition

    return _conditions(document, address, marked)


def write_known_operators(document: dict, address: Address) -> dict:
    def known(condition: Condition) -> Condition:
        return replace(
            condition,
            operator=condition_text.meant_operator(condition.operator) or condition.operator,
        )

    return _conditions(document, address, known)


def write_relative_dates(document: dict, address: Address) -> dict:
    """Words such as 14 days ago, which only the form reads, as a filter has them."""

    def relative(condition: Condition) -> Condition:
        is_asked = (
            condition_text.kind_of(condition.operator) == "date" and not condition.is_reference
        )
        value = condition_text.relative_value(condition.value) if is_asked else ""
        return replace(condition, value=value) if value else condition

    return _conditions(document, address, relative)


def _conditions(document: dict, address: Address, change: Callable[[Condition], Condition]) -> dict:
    """With each condition of the criteria at the place changed. A path's stand under its key, which
    may hold dots."""
    key = next(iter((steps(address.inside) or ())[len(bind(CRITERIA)) :]), "")
    path = (*bind(CRITERIA), key) if key else bind(CRITERIA)

    def changed(block: dict) -> dict:
        xml = read(block, path)
        new = (
            filters.write(filters.mapped(filters.parse(xml), change))
            if isinstance(xml, str)
            else xml
        )
        return block if new == xml else write(block, path, new)

    return _block(document, address, changed)


def _block(document: dict, address: Address, change: Callable[[dict], dict]) -> dict:
    block = (
        find_block(document, address.kind, address.key) if address.kind in LISTS.values() else None
    )
    changed = change(block) if block is not None else None
    return (
        document
        if changed is block
        else replace_block(document, address.kind, address.key, changed)
    )


def _written(document: dict, address: Address, where: str, value: object) -> dict:
    return _block(document, address, lambda block: write(block, bind(where), value))


def _cut(block: dict, inside: str) -> dict:
    """Without the `next` of the path at that place; of paths with equal keys none is cut."""
    step = (steps(inside) or ())[1:2]
    name = step[0].key if step and isinstance(step[0], Item) else ""
    ways = graph.outcomes(block)
    matches = [way for way in ways if way.get("key") == name]
    if not matches and name.isascii() and name.isdigit() and int(name) < len(ways):
        matches = [ways[int(name)]]
    if len(matches) != 1 or "next" not in matches[0]:
        return block
    shorter = {member: value for member, value in matches[0].items() if member != "next"}
    return {
        **block,
        "outcomes": [shorter if way is matches[0] else way for way in block["outcomes"]],
    }


def _shared_evenly(block: dict) -> dict:
    ways = graph.outcomes(block)
    if not 2 <= len(ways) <= 50 or not all(
        isinstance(way.get("arguments", {}), dict) for way in ways
    ):
        return block
    share, left = divmod(100, len(ways))
    shares = {id(way): share + (index < left) for index, way in enumerate(ways)}
    return {
        **block,
        "outcomes": [
            _with_share(way, shares[id(way)]) if id(way) in shares else way
            for way in block["outcomes"]
        ],
    }


def _with_share(way: dict, share: int) -> dict:
    """A label that only says the percentage keeps saying it."""
    old = get(way, "arguments.percentage")
    new = write(way, ("arguments", "percentage"), str(share) if isinstance(old, str) else share)
    says_it = text(way, "metaData.label") == f"{old}%"
    return write(new, ("metaData", "label"), f"{share}%") if says_it else new


def _without_shared(document: dict, other: dict) -> dict:
    lists = {}
    for name, kind in LISTS.items():
        shared = {id(block) for block in block_list(other, kind)}
        lists[name] = [block for block in block_list(document, kind) if id(block) not in shared]
    return {**document, **lists}


REPAIRS: dict[str, Repair] = {
    "remove-server-parts": remove_server_parts,
    "cut-dangling-next": end_path_here,
    "drop-empty-next": end_path_here,
    "share-evenly": share_evenly,
    "add-remainder": add_remainder,
    "write-type-in-capitals": write_type_in_capitals,
    "move-event-key": move_event_key,
    "add-end-wait": add_end_wait,
    "mark-configured": mark_configured,
    "write-version-as-number": write_version_as_number,
    "put-first-step-first": put_first_step_first,
    "write-email-name": write_email_name,
    "empty-outcomes": empty_outcomes,
    "mark-journey-data": mark_journey_data,
    "write-known-operators": write_known_operators,
    "write-relative-dates": write_relative_dates,
    "write-capsule-data": write_capsule_data,
}
