"""Which tests run in one worker, and which begin."""

import re
from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

CHECKOUT = Path(__file__).resolve().parent.parent
PRODUCT = "serve"
STARTS_IT = re.compile(r"\b(new_)?stack: |\bmark\.serve\b")
SHARES = re.compile(r"fixture\(scope=\"module\"\)")


def whole_product(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker(PRODUCT) or {"stack", "new_stack"} & set(item.fixturenames))


def own_server(item: pytest.Item) -> bool:
    """Whether it opens pages of a server in the test's own process."""
    return "base_url" in item.fixturenames and "stack" not in item.fixturenames


def place(item: pytest.Item) -> int:
    """What takes long begins first, so that the workers come to an end together."""
    if whole_product(item):
        return 0 if "stack" in item.fixturenames else 1
    if shares_what_it_makes(item.nodeid.partition("::")[0]):
        return 1  # a whole file in one worker
    return 2 if "browser" in item.fixturenames else 3


def unit_of(nodeid: str) -> str:
    """All files with a test that starts the whole product are one unit, else each worker starts a
    product of its own, which then idles beside all other tests. So is a file whose tests share what
    is made once for it: else each worker makes it. Any other test is a unit of its own."""
    path = nodeid.partition("::")[0]
    if starts_it(path):
        return PRODUCT
    return path if shares_what_it_makes(path) else nodeid


@cache
def shares_what_it_makes(path: str) -> bool:
    return bool(SHARES.search((CHECKOUT / path).read_text()))


@cache
def starts_it(path: str) -> bool:
    return bool(STARTS_IT.search((CHECKOUT / path).read_text()))


class Units(LoadScopeScheduling):
    """A worker gets a whole unit. (xdist's own groups do nothing with pytest 9: it writes them into
    a name of the test that pytest does not read any more.)"""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)
