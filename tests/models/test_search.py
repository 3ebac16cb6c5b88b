"""Journeys are found by the beginnings of words, whatever their case and accents."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection

from journeys.models import Journey, Tenant, Word
from journeys.models import search as searching
from journeys.models.search import of_journeys
from journeys.spec import document as doc
from tests.people import started


@pytest.fixture
def lodz(tenant: Tenant, maya: User) -> Journey:
    return started(
        doc.blank("win-back-7", "Übergang Café Malmö", "Greets in spring."), tenant, maya
    )


@pytest.fixture
def cart(tenant: Tenant, maya: User) -> Journey:
    return started(doc.blank("cart", "Abandoned cart", "After the spring sale."), tenant, maya)


def found(text: str) -> set[str]:
    return {one.key for one in of_journeys(Journey.objects.all(), text, Tenant.objects.all())}


@pytest.mark.parametrize("few", [4000, 0])
@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("UBERG", {"win-back-7"}),
        ("café", {"win-back-7"}),
        ("malmo", {"win-back-7"}),
        ("spring", {"win-back-7", "cart"}),
        ("spr ab", {"cart"}),
        ("win back", {"win-back-7"}),
        ("pring", set()),
        ("spring quokka", set()),
        ("  ", {"win-back-7", "cart"}),
        ("%_", {"win-back-7", "cart"}),
    ],
)
def test_it_finds_by_beginnings_of_words(
    lodz, cart, text: str, keys: set, few: int, monkeypatch
) -> None:
    """Both where few have the word, and where so many have it that the list is read in its
    order."""
    monkeypatch.setattr(searching, "FEW", few)
    assert found(text) == keys


def test_words_follow_a_new_name(lodz: Journey, cart: Journey, maya: User) -> None:
    named = {**lodz.head.document(), "name": "Farewell"}
    lodz.replace(named, based_on=1, author=maya, operation="edit as text")
    assert (found("farew"), found("café"), found("malm")) == ({"win-back-7"}, set(), set())


def test_words_of_another_tenant_are_not_looked_at(lodz: Journey, foreign_tenant: Tenant) -> None:
    only = Tenant.objects.filter(pk=foreign_tenant.pk)
    assert not of_journeys(Journey.objects.all(), "malmo", only).exists()


def test_the_migration_writes_what_saving_would_have_written(lodz: Journey, cart: Journey) -> None:
    before = set(Word.objects.values_list("journey", "tenant", "word"))
    assert before
    Word.objects.all().delete()
    Journey.objects.update(sort_name="")
    migration = import_module("journeys.migrations.0012_words")
    migration.write_words(apps, SimpleNamespace(connection=connection))
    assert {
        (j, t, bytes(w)) for j, t, w in Word.objects.values_list("journey", "tenant", "word")
    } == {(j, t, bytes(w)) for j, t, w in before}
    lodz.refresh_from_db()
    assert lodz.sort_name == "ubergang cafe malmo"
