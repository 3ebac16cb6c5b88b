import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.spec import document as doc
from journeys.spec.document import DocumentError

GOOD = (
    '{"name":"N","key":"K","workflowApiVersion":1.0,'
    '"activities":[{"key":"A","x":1e2}],"triggers":null}'
)


def refusal(data: bytes | str) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        doc.loads(data)
    return caught.value


def test_it_keeps_the_order_of_members_and_the_kind_of_numbers():
    assert doc.dumps(doc.loads(GOOD)) == GOOD.replace("1e2", "100.0").encode()


@pytest.mark.parametrize(
    ("data", "text", "place"),
    [
        ("hello", "not JSON", "line 1"),
        ('{"key":"K",\n"key":"L"}', "stands twice", "key"),
        ('{"key":"K","a":NaN}', "NaN", "line 1, column 16"),
        ('{"key":"K","a":-Infinity}', "Infinity", "line 1, column 16"),
        ('{"key":"K","a":1e999}', "cannot be kept exactly", "line 1, column 16"),
        ('{"key":"K","a":0.12345678901234567890123}', "cannot be kept exactly", ""),
        ('{"key":"K","a":' + "9" * 5000 + "}", "too many digits", ""),
        ('{"key":"K","a":["x\\u0000y"]}', "NUL", "a[0]"),
        ('{"key":"K","a":{"b":"\\ud800"}}', "surrogate", "a.b"),
        ("[" * 10_000 + "]" * 10_000, "64 levels", "line 1"),
        ('{"key":"K","a":"' + "x" * doc.MAX_BYTES + '"}', "4 MB", ""),
        (b'{"key":"\xff"}', "UTF-8", "byte 8"),
        ("[]", "one JSON object", ""),
        ('{"name":"N"}', "no key", "key"),
        ('{"key":""}', "no key", "key"),
        ('{"key":7}', "must be text", "key"),
        ('{"key":["K"]}', "must be text", "key"),
        ("{}".encode("utf-32"), "UTF-32", ""),
        ("{}".encode("utf-32-le"), "UTF-32", ""),
        ("{}".encode("utf-32-be"), "UTF-32", ""),
        ('{"key":"' + "k" * 201 + '"}', "201 characters", "key"),
        ('{"key":"K","name":{}}', "must be text", "name"),
        ('{"key":"K","activities":{}}', "must be a list", "activities"),
        ('{"key":"K","goals":[[]]}', "JSON object", "goals[0]"),
    ],
)
def test_it_refuses_what_it_could_not_keep_and_says_where(data, text, place):
    error = refusal(data)
    assert text in error.text
    assert place in error.place


def test_it_takes_a_byte_order_mark_and_brackets_inside_text():
    deep = json.dumps({"key": "K", "name": '\\"' + "[" * 200})
    assert doc.loads(b"\xef\xbb\xbf" + deep.encode())["name"].endswith("[" * 200)


def test_it_strips_server_assigned_members_at_the_top_level_only():
    served = {
        "id": "1",
        "key": "K",
        "version": 3,
        "activities": [{"id": "2", "key": "A", "status": "x"}],
    }
    assert doc.strip_server_assigned(served) == (
        {"key": "K", "activities": [{"id": "2", "key": "A", "status": "x"}]},
        ["id", "version"],
    )


def test_it_finds_a_block_only_when_the_key_is_unique():
    document = doc.loads('{"key":"K","activities":[{"key":"A"},{"key":"B","n":1},{"key":"A"}]}')
    assert doc.find_block(document, "activity", "A") is None
    assert doc.find_block(document, "activity", "B") == {"key": "B", "n": 1}


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=20,
)


@given(st.dictionaries(texts, values))
def test_it_gives_back_every_value_and_every_byte(members):
    document = {**members, "key": "K", "name": "N", "description": ""} | dict.fromkeys(doc.LISTS)
    data = doc.dumps(document)
    assert doc.dumps(doc.loads(data)) == data
    assert doc.loads(doc.pretty(document)) == document
    assert doc.pretty(document) == json.dumps(document, ensure_ascii=False, indent=2) + "\n"
