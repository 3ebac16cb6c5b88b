"""Only the blocks know which types there are."""

import ast

from journeys.blocks import LENSES
from tests.setup.test_house import CHECKOUT, ours

KNOW_TYPES = ("journeys/blocks/", "journeys/gallery/", "journeys/practice/", "journeys/migrations/")
CLIENT = "journeys/tenant/"  # stands apart and knows no block: its trial of a tenant sends a wait
# Not only a type: the root of expressions that read an event.
OTHER_MEANINGS = {"Event"}
NAMES = {name for lens in LENSES for name in lens.types} - OTHER_MEANINGS
WRITTEN = NAMES | {name.upper() for name in NAMES}


def types_in(source: str) -> set[str]:
    """The types that stand in string literals as they are."""
    return {
        node.value.strip()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    } & WRITTEN


def test_nobody_but_the_blocks_names_a_type():
    named = {}
    for file in ours("journeys/*.py", "composer/*.py"):
        name = str(file.relative_to(CHECKOUT))
        if not name.startswith(KNOW_TYPES):
            allowed = {"WAIT"} if name.startswith(CLIENT) else set()
            named[name] = types_in(file.read_text()) - allowed
    assert {name: types for name, types in named.items() if types} == {}
    assert len(named) > 100


def test_it_sees_a_type():
    assert types_in('spec_type.startswith("WAIT") or kind == "EMAILAUDIENCE"') == {
        "WAIT",
        "EMAILAUDIENCE",
    }
