"""Every address with its arguments missing, empty, huge, of the wrong type and of nothing that is
there: told, or taken for nothing, but never a failure of ours.

All of them are wrong at once, then one by one while the others are as people send them, so that a
request gets as far as the one. `test_odd.py` draws odder values by chance.
"""

from functools import partial

import pytest
from django.test import Client

from journeys.gallery.samples import samples
from journeys.models import Journey
from journeys.spec import selection
from tests.depth import has_turn
from tests.walk.addresses import filled
from tests.walk.conftest import MISSING
from tests.walk.declared import DECLARED
from tests.walk.test_odd import ada, asked, listening, raises_nothing, sent  # noqa: F401

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("raises_nothing")]

SPLIT = {"kind": "activity", "key": "RANDOMSPLITV2-1", "outcome": "branchResult-1"}
STEP = {"kind": "activity", "key": "WAITBYDURATION-1", "keys": "WAITBYDURATION-1"}
VALID = STEP | {"based_on": "1", "name": "Named", "text": "{}", "to": "later", "slug": "wait"}
GAP = {"after": "EMAILV2-3", "outcome": "cb46ab66-3b56-47ba-bf1c-14713123ae2c"}
COPIED = selection.as_text(selection.copied(samples()[0], ["WAITBYDURATION-1"]))
# what an address of a journey needs besides, to do what it is for
GOOD = {
    "block/add/": GAP,
    "steps/paste/": GAP | {"text": COPIED},
    "step/move/": {"to": "earlier"},
    "steps/move/": GAP,
    "steps/remove/": {"heal": "1"},
    "path/lead-to/": SPLIT | {"target": "WAITBYDURATION-2"},
    "path/add/": SPLIT,
    "path/remove/": SPLIT,
    "path/move/": SPLIT,
    "path/rename/": SPLIT,
}
AT = "journeys/<int:pk>/"
WRONG = {
    "missing": None,
    "empty": "",
    "huge": "9" * 3_000,
    "of the wrong type": '{"a": [null, 1.5]}',
    "not there": "987654",
}
SERVED = [
    (method, route)
    for route, address in DECLARED.items()
    for method in ("GET", "POST")
    if (address.show if method == "GET" else address.change) and "?P" not in route
]


def test_all_arguments_may_be_wrong_at_once(ada: Client, own: dict):  # noqa: F811
    wrong = []
    for method, route in SERVED:
        chosen = [kind for kind in WRONG if has_turn(f"{method} {route} {kind}", 4)]
        path = filled(route, own.get(DECLARED[route].of, MISSING))
        names = read_by(ada, method, path, VALID) if chosen else []
        for kind in chosen:
            data = {} if kind == "missing" else dict.fromkeys(names, WRONG[kind])
            status = sent(ada, partial(asked, ada, method, path, data))
            wrong += [(method, route, kind, status)] if failed(status) else []
    assert not wrong, "\n" + "\n".join(map(str, wrong))


def test_each_argument_may_be_wrong_while_the_others_are_right(ada: Client, own: dict):  # noqa: F811
    wrong = []
    for method, route in SERVED:
        if not route.startswith(AT):
            continue
        path, good = filled(route, own["journey"]), VALID | GOOD.get(route.removeprefix(AT), {})
        for name in read_by(ada, method, path, good):
            for kind, value in WRONG.items():
                if not has_turn(f"{method} {route} {name} {kind}", 4 if name == "based_on" else 20):
                    continue
                data = {**good, name: value}
                if value is None:
                    del data[name]
                status = sent(ada, partial(asked, ada, method, path, data))
                wrong += [(method, route, name, kind, status)] if failed(status) else []
    assert not wrong, "\n" + "\n".join(map(str, wrong))


def failed(status: int) -> bool:
    """But for a process of the product that is not there, which `healthz` says so."""
    return status >= 500 and status != 503


def read_by(client: Client, method: str, path: str, data: dict) -> list[str]:
    """The names that the address looks for."""
    names: set[str] = set()
    with listening(names):
        sent(client, partial(asked, client, method, path, data))
    return sorted(names)


@pytest.mark.parametrize("based_on", [None, "", "0", "9" * 30, "987654321", "x", "1.5"])
@pytest.mark.parametrize(
    "address", ["block/add/", "steps/paste/", "block/save/", "name/", "step/move/", "path/add/"]
)
def test_a_change_to_a_revision_that_is_not_there_says_that_the_page_is_out_of_date(
    as_maya: Client, journey: Journey, address: str, based_on: str | None
):
    values = VALID | GOOD.get(address, {}) | {"based_on": based_on}
    if based_on is None:
        del values["based_on"]
    answer = as_maya.post(f"/journeys/{journey.pk}/{address}", values, headers={"HX-Request": "1"})
    assert (answer.status_code, answer.content.decode()) == (
        410,
        "The page is out of date. Reload it.",
    )
    journey.refresh_from_db()
    assert journey.head.number == 1
