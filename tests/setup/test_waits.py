"""A test waits for what has to be there, never for a time: a busy machine needs longer, and an idle
one is not to stand about."""

import ast
from collections import Counter

from tests.serving import CHECKOUT

WAITS = {"sleep", "wait_for_timeout"}
MEASURES = {"bench", "growth"}  # they time things, and nothing fails by it
# where the time itself is what is tried, or that nothing comes of what was done
TIME_ITSELF = {
    "browser/test_conditions.py": 2,  # no second save follows
    "browser/test_json.py": 1,  # the check of what is typed does not overwrite the refusal
    "browser/test_pickers.py": 1,  # nothing comes back after undo
    "browser/test_slow_line.py": 3,  # scripts are late; one types on; nothing moves
    "chaos/crippled.py": 1,  # a thread that falls asleep past its lease
    "chaos/ordeal.py": 1,  # what may still arrive has arrived
    "delivery/test_catalogue_database.py": 1,  # a column is away for a while
    "delivery/test_crash_points.py": 1,  # a commit that takes long
    "delivery/test_rate.py": 3,  # a process that stands still until its slot is over
    "delivery/test_redis_ill.py": 1,  # a name server that is slow
    "delivery/test_worker.py": 1,  # a process that stands still until a send is too late
    "oidc/provider.py": 1,  # a provider that is slow
    "web/test_turns.py": 1,  # work that takes a while
}


def fixed_waits(tree: ast.AST, in_loop: bool = False) -> int:
    """Calls that wait and stand in no loop, which looks in between."""
    count = 0
    for node in ast.iter_child_nodes(tree):
        name = (
            getattr(getattr(node, "func", None), "attr", "") if isinstance(node, ast.Call) else ""
        )
        count += name in WAITS and not in_loop
        looks = isinstance(node, ast.While | ast.For) or in_loop
        count += fixed_waits(node, looks and not isinstance(node, ast.FunctionDef))
    return count


def test_no_test_waits_for_a_time() -> None:
    waiting: Counter[str] = Counter()
    for file in (CHECKOUT / "tests").rglob("*.py"):
        name = file.relative_to(CHECKOUT / "tests")
        if name.parts[0] not in MEASURES:
            waiting[str(name)] = fixed_waits(ast.parse(file.read_text()))
    assert +waiting == Counter(TIME_ITSELF)


def test_it_sees_a_wait_and_no_look() -> None:
    assert fixed_waits(ast.parse("time.sleep(1)\npage.wait_for_timeout(2)")) == 2
    assert fixed_waits(ast.parse("while not done():\n    time.sleep(0.1)")) == 0
    assert fixed_waits(ast.parse("for _ in range(3):\n    def f():\n        time.sleep(1)")) == 1
