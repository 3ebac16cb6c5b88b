import copy
import json
import pickle
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.models.revision import weighed
from journeys.spec import document as doc
from journeys.spec.relatives import with_blocks_of
from journeys.spec.sharing import SharedBlock

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(-2, 2)
    | st.text('aä"\\,{}[]:', max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3)
    ),
    max_leaves=5,
)
blocks = st.lists(st.dictionaries(st.text("key", max_size=3), values, max_size=3), max_size=5)
documents = st.fixed_dictionaries(
    {"key": st.just("K"), "activities": blocks},
    optional={"triggers": blocks, "goals": st.none(), "defaults": values, "exits": blocks},
)


def plain(document: dict) -> bytes:
    return doc.written(document).encode()


@given(documents)
def test_it_puts_the_same_bytes_together(document):
    shared = doc.read_stored(plain(document))
    for _time in range(2):  # the second time from what the blocks keep
        assert doc.dumps(shared) == plain(document)
    assert shared == document
    assert doc.pretty(shared) == doc.pretty(document)


@given(documents, documents)
def test_it_reads_what_the_bytes_say_whatever_it_shares(old, new):
    found = with_blocks_of(doc.read_stored(plain(old)), doc.read_stored(plain(new)), plain(new))
    assert plain(found) == plain(new)


@given(blocks.filter(bool), st.integers(0, 4), values)
def test_it_shares_all_but_the_block_that_changed(steps, at, value):
    at %= len(steps)
    old = doc.read_stored(plain({"key": "K", "activities": steps}))
    changed = [*steps[:at], {"changed": [value]}, *steps[at + 1 :]]
    data = plain({"key": "K", "activities": changed})
    found = with_blocks_of(old, doc.read_stored(data), data)["activities"]
    others = [number for number in range(len(steps)) if number != at]
    assert all(found[number] is old["activities"][number] for number in others)


@pytest.mark.parametrize(
    "change",
    [
        lambda block: block.update(a=2),
        lambda block: block.pop("a"),
        lambda block: block.setdefault("b", 1),
        lambda block: block.__setitem__("a", 2),
        lambda block: block.__delitem__("a"),
        lambda block: block.clear(),
    ],
)
def test_it_refuses_to_change_a_shared_block(change):
    block = SharedBlock({"a": 1})
    with pytest.raises(TypeError):
        change(block)
    assert block == {"a": 1}


@pytest.mark.parametrize(
    "another",
    [
        lambda block: {**block},
        lambda block: block | {},
        lambda block: {} | block,
        dict.copy,
        copy.copy,
        copy.deepcopy,
        lambda block: pickle.loads(pickle.dumps(block)),
    ],
)
def test_another_block_made_of_it_may_be_changed(another):
    block = SharedBlock({"a": 1})
    assert doc.dumps(block) == b'{"a":1}'
    made = another(block)
    made["a"] = 2
    assert type(made) is dict and doc.dumps(made) == b'{"a":2}' and block == {"a": 1}


@pytest.mark.parametrize("data", [b"[]", b"3", b'{"key":[],"activities":[1,{}]}', b'{"goals":{}}'])
def test_it_reads_what_is_no_journey_as_it_stands(data):
    packed = zlib.compress(data)
    document, _weight, sha256 = weighed(packed)
    assert document == json.loads(data) and sha256 == doc.sha256(data)
