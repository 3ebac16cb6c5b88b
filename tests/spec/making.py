"""Small journeys for tests: as they are thought of, and as chance makes them."""

from hypothesis import strategies as st

from journeys.spec import graph
from journeys.spec.document import LISTS
from journeys.spec.merge import changed_blocks
from journeys.spec.outline import outline

NAMES = "ABCDEFGHIJ"


def step(key: str, paths: dict[str, str | None]) -> dict:
    """Keys of the outcomes, and what each leads to; None ends."""
    ways = [
        {"key": name, **({"next": target} if target else {}), "arguments": {}}
        for name, target in paths.items()
    ]
    return {"key": key, "type": "WAIT", "outcomes": ways, "metaData": {}}


def journey(**paths: object) -> dict:
    """journey(A="B", B={"yes": "C", "no": None}, C=None): a single path has the key "on"."""
    steps = [step(key, to if isinstance(to, dict) else {"on": to}) for key, to in paths.items()]
    return {"key": "K", "name": "N", "activities": steps, "triggers": []}


def with_step(document: dict, key: str, **members: object) -> dict:
    changed = [one | members if one["key"] == key else one for one in document["activities"]]
    return {**document, "activities": changed}


def links(document: dict) -> dict:
    """The document as `journey` was told it."""
    found = {}
    for one in document["activities"]:
        ways = {graph.outcome_key(way): graph.next_of(way) for way in graph.outcomes(one)}
        found[one["key"]] = ways["on"] if set(ways) == {"on"} else ways
    return found


def drawn(document: dict) -> list[str]:
    """The outline as text, one row a line."""
    marks = {
        "branch": "[{0.outcome_key}]",
        "join": "→ {0.key}",
        "end": ".",
        "dangling": "? {0.key}",
        "loose": "loose",
    }
    return [
        "  " * row.depth + marks.get(row.kind, "{0.key}").format(row) for row in outline(document)
    ]


def gaps(document: dict) -> list[tuple[str, str]]:
    ways = [
        (key, graph.outcome_key(way))
        for key, one in graph.steps(document).items()
        for way in graph.outcomes(one)
    ]
    return [graph.START, *ways]


def is_sound(document: dict) -> bool:
    """No circle, nothing dangling, no `next` that is empty or null."""
    known = graph.steps(document)
    ways = [way for one in known.values() for way in graph.outcomes(one) if "next" in way]
    return not graph.find_cycle(document) and all(way["next"] in known for way in ways)


def blocks_changed(old: dict, new: dict) -> set[tuple[str, str]]:
    """Without the lists themselves: whether one is null, empty or left out is not worth a word."""
    lists_of_blocks = {("journey", name) for name in LISTS}
    return changed_blocks(old, new) - lists_of_blocks


@st.composite
def sound_journeys(draw) -> dict:
    """One beginning, no circle: every step but the first is led to by one or more before it."""
    size = draw(st.integers(1, 8))
    ways = [draw(st.integers(1, 3)) for _ in range(size)]
    open_ends = {(0, way): None for way in range(ways[0])}
    for index in range(1, size):
        free = [end for end, target in open_ends.items() if target is None]
        taken = (
            draw(st.lists(st.sampled_from(free), min_size=1, max_size=2, unique=True))
            if free
            else []
        )
        if not taken:
            break
        open_ends |= dict.fromkeys(taken, NAMES[index]) | {
            (index, way): None for way in range(ways[index])
        }
    paths: dict = {}
    for (index, way), target in open_ends.items():
        name = "on" if ways[index] == 1 else f"path-{way}"
        paths.setdefault(NAMES[index], {})[name] = target
    return journey(**paths)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "A", "B", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=6,
)
odd_keys = st.sampled_from(["A", "B", "C", "D", "E", "F", "", None, 7])
odd_nexts = st.sampled_from(["A", "B", "C", "D", "E", "F", "gone", "", None, 7])
odd_outcomes = st.fixed_dictionaries(
    {}, optional={"key": st.sampled_from(["on", "x", "", None, 7]), "next": odd_nexts}
)
odd_lists = st.lists(odd_outcomes | json_values, max_size=3)
odd_steps = st.fixed_dictionaries(
    {}, optional={"key": odd_keys | json_values, "outcomes": odd_lists | json_values}
)
odd_journeys = st.builds(
    lambda activities: {"key": "K", "activities": activities}, st.lists(odd_steps, max_size=8)
)

# what each operation may be asked to do with such a journey
odd_names = st.sampled_from(["A", "B", "C", "", "Z"])
odd_ways = st.sampled_from(["on", "x", "", "Z"])
odd_selections = st.lists(odd_names, max_size=4)
odd_copies = st.just([step("X", {"on": "Y", "out": "A"}), step("Y", {"on": None})]) | st.lists(
    odd_steps, max_size=3
)
odd_arguments = {
    "edit block": st.fixed_dictionaries(
        {"kind": st.just("activity"), "key": odd_names, "block": st.just({"key": "A"})}
    ),
    "add block": st.just({"kind": "goal", "block": {"key": "G"}}),
    "replace block": st.fixed_dictionaries(
        {"kind": st.just("goal"), "keys": odd_selections, "block": st.just({"key": "G"})}
    ),
    "remove block": st.fixed_dictionaries(
        {"kind": st.sampled_from(["goal", "trigger"]), "key": odd_names}
    ),
    "add step": st.fixed_dictionaries(
        {"after": odd_names, "outcome": odd_ways, "step": st.just(step("A", {"on": None}))}
    ),
    "remove step": st.fixed_dictionaries({"key": odd_names, "keep": st.none() | odd_ways}),
    "move step": st.fixed_dictionaries({"key": odd_names, "after": odd_names, "outcome": odd_ways}),
    "move steps": st.fixed_dictionaries(
        {"keys": odd_selections, "after": odd_names, "outcome": odd_ways}
    ),
    "remove steps": st.fixed_dictionaries({"keys": odd_selections, "heal": st.booleans()}),
    "paste steps": st.fixed_dictionaries(
        {"after": odd_names, "outcome": odd_ways, "steps": odd_copies}
    ),
    "duplicate steps": st.fixed_dictionaries({"keys": odd_selections, "steps": odd_copies}),
    "replace step": st.fixed_dictionaries(
        {"key": odd_names, "step": st.just(step("A", {"on": None})), "drop": st.booleans()}
    ),
    "lead to": st.fixed_dictionaries(
        {"key": odd_names, "outcome": odd_ways, "target": st.none() | odd_names}
    ),
    "add path": st.fixed_dictionaries(
        {"key": odd_names, "path": st.just({"key": "on"}), "before": st.none() | odd_ways}
    ),
    "remove path": st.fixed_dictionaries(
        {"key": odd_names, "outcome": odd_ways, "with_steps": st.booleans()}
    ),
    "move path": st.fixed_dictionaries(
        {"key": odd_names, "outcome": odd_ways, "offset": st.integers(-3, 3)}
    ),
    "edit journey": st.just({"members": {"name": "M"}}),
    "patch": st.fixed_dictionaries({"before": odd_journeys, "after": odd_journeys}),
}

some_members = st.dictionaries(st.sampled_from(["key", "name", "x", "y"]), json_values, max_size=4)
some_blocks = st.builds(
    lambda key, rest: {**rest, "key": key}, st.sampled_from("ABC"), some_members
)
some_lists = st.none() | st.lists(some_blocks, max_size=3, unique_by=lambda block: block["key"])
documents = st.builds(
    lambda own, found: {**own, **found},
    some_members,
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("goals", "activities", "triggers"), some_lists)
    ),
)
