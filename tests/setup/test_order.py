"""How the tests are shared out among workers."""

import pytest

from tests.order import PRODUCT, own_server, unit_of, whole_product


def test_all_tests_that_start_the_product_run_in_one_worker(request: pytest.FixtureRequest) -> None:
    starting = [item.nodeid for item in request.session.items if whole_product(item)]
    assert [nodeid for nodeid in starting if unit_of(nodeid) != PRODUCT] == []
    assert (
        unit_of("tests/setup/test_serve.py::test_it")
        == unit_of("tests/chaos/test_chaos.py::test_it[1-a]")
        == PRODUCT
    )
    assert unit_of("tests/spec/test_edit.py::test_it[a]") == "tests/spec/test_edit.py::test_it[a]"
    # else each worker makes its crowd of journeys
    assert unit_of("tests/web/test_growing.py::test_it[a]") == "tests/web/test_growing.py"


def test_every_page_of_an_own_server_goes_before_its_database(
    request: pytest.FixtureRequest,
) -> None:
    """What it still asks for while it is closed is answered in a thread, from the database."""
    pages = [item for item in request.session.items if own_server(item)]
    marks = {item.nodeid: item.get_closest_marker("django_db") for item in pages}
    assert [
        nodeid for nodeid, mark in marks.items() if not (mark and mark.kwargs.get("transaction"))
    ] == []
