"""Journeys by chance: of all block types, of templates and of the real examples, with members that
nobody knows."""

import random
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from journeys.blocks import LENSES
from journeys.blocks.apply import carried_out
from journeys.gallery import TEMPLATES
from journeys.spec import document as doc
from journeys.spec import graph

EXAMPLES = Path(__file__).parents[3] / "shared" / "examples" / "journeys"
FEWEST, MOST = 5, 40
ODD = [
    "",
    " ",
    " a ",
    "a\r\nb",
    "\n",
    "3",
    "03",
    "true",
    "null",
    "{}",
    "<b>&\"'",
    "é—𝒳",
    "{{Event.x}}",
]
STEPS = [lens for lens in LENSES if lens.kind == "activity" and lens.slug != "path-optimizer-end"]
OTHERS = [lens for lens in LENSES if lens.kind != "activity"]


@cache
def examples() -> tuple[bytes, ...]:
    """Empty where the folder is absent."""
    found = [doc.loads(path.read_bytes()) for path in sorted(EXAMPLES.glob("*.json"))]
    return tuple(
        doc.dumps(doc.strip_server_assigned(one)[0]) for one in found if not doc.is_version_0_5(one)
    )


def journey(chance: random.Random) -> dict:
    """5 to 40 steps. Each step has its own key."""
    document = _begun(chance)
    size = chance.randint(FEWEST, MOST)
    while len(doc.block_list(document, "activity")) < size:
        document = carried_out("add step", document, added(chance, document))
    for _ in range(chance.randint(0, 3)):
        document = _joined(chance, document)
    return with_foreign(chance, document)


def added(chance: random.Random, document: dict) -> dict:
    """What the palette would ask for: a step of any type, in any gap."""
    lens = chance.choice(STEPS)
    step, *others = lens.new_steps(lens.new_key(document), document)
    after, outcome = chance.choice(gaps(document))
    return {"after": after, "outcome": outcome, "step": step, "others": others}


def gaps(document: dict) -> list[tuple[str, str]]:
    """Where a step can be put: only paths that can be told apart."""
    found = [graph.START]
    for key, step in graph.steps(document).items():
        names = [graph.outcome_key(way) for way in graph.outcomes(step)] or [""]
        found += [(key, name) for name in names if names.count(name) == 1]
    return found


def with_foreign(chance: random.Random, document: dict) -> dict:
    """Members that nobody knows, at every level."""
    document = doc.parse(doc.dumps(document))
    for found in list(_objects(document)):
        if chance.random() < 0.2:
            found[f"x-{word(chance)}"] = any_json(chance)
    return document


def any_json(chance: random.Random, depth: int = 2) -> object:
    kind = chance.randrange(8 if depth else 6)
    if kind == 6:
        return [any_json(chance, depth - 1) for _ in range(chance.randrange(3))]
    if kind == 7:
        return {word(chance): any_json(chance, depth - 1) for _ in range(chance.randrange(3))}
    leaves = (
        None,
        chance.random() < 0.5,
        chance.randint(-(2**60), 2**60),
        chance.random(),
        word(chance),
        odd(chance),
    )
    return leaves[kind]


def word(chance: random.Random) -> str:
    return "".join(chance.choices(string.ascii_letters, k=chance.randint(1, 8)))


def odd(chance: random.Random) -> str:
    """Texts that are easily lost on the way through a browser."""
    return chance.choice(
        [
            "",
            " ",
            " a ",
            "a\r\nb",
            "\n",
            "3",
            "03",
            "true",
            "null",
            "{}",
            "<b>&\"'",
            "é—𝒳",
            "{{Event.x}}",
        ]
    )


def _begun(chance: random.Random) -> dict:
    origin = chance.random()
    if origin < 0.2 and examples():
        return doc.parse(chance.choice(examples()))
    if origin < 0.4:
        return chance.choice(TEMPLATES).build()
    document = doc.blank(f"key {word(chance)}", word(chance))
    for lens in chance.sample(OTHERS, chance.randint(0, 3)):
        if doc.block_list(document, lens.kind):
            continue
        document = carried_out(
            "add block",
            document,
            {"kind": lens.kind, "block": lens.new(lens.new_key(document), document)},
        )
    return document


def _joined(chance: random.Random, document: dict) -> dict:
    """With a path that ends led to a step, where that makes no circle."""
    ends = [gap for gap in gaps(document)[1:] if gap[1] and _target(document, gap) is None]
    if not ends:
        return document
    key, outcome = chance.choice(ends)
    target = chance.choice([*graph.steps(document)])
    try:
        return carried_out("lead to", document, {"key": key, "outcome": outcome, "target": target})
    except graph.GraphError:
        return document


def _target(document: dict, gap: tuple[str, str]) -> str | None:
    way = graph.find_outcome(graph.steps(document)[gap[0]], gap[1])
    return graph.next_of(way) if way else None


def _objects(value: object) -> Iterator[dict]:
    if isinstance(value, dict):
        yield value
    for inner in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from _objects(inner)
