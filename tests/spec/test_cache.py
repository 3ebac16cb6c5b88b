"""What processes keep, bounded by bytes."""

import tracemalloc
import zlib
from importlib import import_module
from pkgutil import walk_packages

import pytest

import journeys
from journeys.models.revision import weighed
from journeys.spec import document as doc
from journeys.spec.cache import ENTRY, STORES, Store, document_weight, kept

MB = 1024 * 1024
ALL_OF_A_PROCESS = (256 - 16) * MB  # docs/running.md names 256; 16 are those of the cache of Django


@pytest.fixture
def store() -> Store:
    made = Store("of this test", 10 * ENTRY)
    yield made
    STORES.remove(made)


def test_it_forgets_the_least_used_when_it_is_full(store: Store) -> None:
    for name in "abcde":
        store.put(name, name, ENTRY)
    store.get("a")
    store.put("f", "f", ENTRY)
    assert ("".join(store.entries), store.used) == ("cdeaf", 10 * ENTRY)


def test_it_keeps_nothing_heavier_than_itself(store: Store) -> None:
    store.put("small", 1, 0)
    store.put("large", 2, 10 * ENTRY)
    assert list(store.entries) == ["small"]


def test_it_counts_what_is_put_a_second_time_once(store: Store) -> None:
    store.put("a", 1, 500)
    store.put("a", 2, 100)
    assert (store.get("a"), store.used) == (2, 100 + ENTRY)
    store.clear()
    assert store.used == 0


def test_a_function_is_asked_once_for_what_is_kept() -> None:
    asked = []

    @kept(1, lambda value, text: len(text))
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    assert [length("abc"), length("abc"), length("d")] == [3, 3, 1] and asked == ["abc", "d"]
    STORES.remove(length.store)


SHAPES = {
    "one long text": {"x": "y" * 1_000_000},
    "one wide text": {"x": "\U0001f600" + "y" * 500_000},
    "empty objects": {"x": [{}] * 100_000},
    "empty lists": {"x": [[]] * 100_000},
    "small objects": {"x": [{"a": 1}] * 100_000},
    "names all different": {f"k{number}": number for number in range(1000, 100_000)},
    "numbers": {"x": list(range(1000, 200_000))},
    "texts": {"x": ["ab"] * 100_000},
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_document_takes_no_more_than_is_estimated(name: str) -> None:
    data = doc.dumps(SHAPES[name])
    tracemalloc.start()
    try:
        document = doc.parse(data)
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert document and taken <= document_weight(data) <= 4 * taken + 1000


def test_large_documents_push_each_other_out() -> None:
    weighed.cache_clear()
    steps = [{"key": f"s-{number}", "name": "n" * 200} for number in range(14_000)]
    for number in range(12):
        weighed(zlib.compress(doc.dumps({"key": f"large-{number}", "activities": steps}), 1))
    assert 0 < weighed.store.used <= weighed.store.most == 40 * MB
    assert len(weighed.store.entries) < 12
    weighed.cache_clear()


def test_all_that_a_process_keeps_has_its_bound() -> None:
    for module in walk_packages(journeys.__path__, "journeys."):
        import_module(module.name)
    found = {store.name: store.most for store in STORES}
    assert len(found) >= 17 and sum(found.values()) <= ALL_OF_A_PROCESS
