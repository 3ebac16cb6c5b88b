import threading

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Exists, OuterRef

from composer.composed_once import ComposedOnce
from journeys.models import Journey


@pytest.fixture
def of_owner():
    tenants = Journey.objects.filter(owner=OuterRef("pk"))
    return ComposedOnce(
        lambda pk: User.objects.filter(pk=pk).annotate(has_some=Exists(tenants)).order_by("pk")
    )


def test_it_asks_with_the_ids_of_each_call(of_owner, maya, rob, journey):
    assert [one.username for one in of_owner(maya.pk)] == ["maya"]
    assert [(one.username, one.has_some) for one in of_owner(rob.pk)] == [("rob", False)]
    assert of_owner(0) == []


@pytest.mark.parametrize("number", [2**63 - 1, 2**63, -(2**63) - 1, 10**30])
def test_it_finds_nothing_under_a_number_that_no_id_can_be(of_owner, maya, number: int):
    assert of_owner(number) == []
    assert [one.pk for one in of_owner(maya.pk)] == [maya.pk]


def test_it_reads_related_rows_and_sees_what_changed(journey, maya):
    read = ComposedOnce(lambda pk: Journey.objects.select_related("head__author").filter(pk=pk))
    for name in ("Before", "After"):
        Journey.objects.filter(pk=journey.pk).update(name=name)
        (found,) = read(journey.pk)
        assert found == journey and found.name == name and found._state.db == "default"
        assert found.head.author == maya


def test_it_composes_once(of_owner, maya, monkeypatch):
    of_owner(maya.pk)
    monkeypatch.setattr(of_owner, "build", lambda pk: pytest.fail("composed again"))
    assert of_owner(maya.pk)


def test_it_refuses_a_query_that_loses_an_id(maya):
    with pytest.raises(ValueError, match="stands nowhere"):
        ComposedOnce(lambda _pk: User.objects.all())(maya.pk)


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_through_its_own_connection(of_owner, maya):
    found = [of_owner(maya.pk)]

    def ask() -> None:
        found.append(of_owner(maya.pk))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [[maya], [maya]]
