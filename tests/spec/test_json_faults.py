"""Why a text is no JSON is told with its place and what to do, in words of our own."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.spec.document import DocumentError, loads_value

PYTHON_SAYS = re.compile(r"Expecting|delimiter|Unterminated|Extra data|Invalid|property name|\\u")
WHOLE = '{"key": "K", "a": [1, {"b": null}], "c": "x"}'


def refusal(text: str) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        loads_value(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("", "line 1, column 1", "There is nothing in it."),
        ('{"a": 1\n "b": 2}', "line 2, column 2", "A comma is missing before “b”. Put one"),
        ('{"a": 1,}', "line 1, column 8", "A comma stands before a closing bracket. Remove"),
        ('{"a": [1, 2,\n]}', "line 1, column 12", "A comma stands before a closing bracket."),
        ('{"a": 1,, "b": 2}', "line 1, column 9", "Two commas follow each other."),
        ("[1,,2]", "line 1, column 4", "Two commas follow each other."),
        ('{"a": }', "line 1, column 7", "A value is missing here."),
        ('{"a" 1}', "line 1, column 6", "A colon is missing before “1”."),
        ("{a: 1}", "line 1, column 2", 'The name “a” needs straight quotes: "name".'),
        ("{'a': 1}", "line 1, column 2", "“'a'” needs straight double quotes"),
        ("{“a”: 1}", "line 1, column 2", "““a”” needs straight double quotes"),
        ('{"a": ‘x’}', "line 1, column 7", "“‘x’” needs straight double quotes"),
        ('{"a": True}', "line 1, column 7", "“True” is written true here."),
        ('{"a": None}', "line 1, column 7", "“None” is written null here."),
        ('{"a": hello}', "line 1, column 7", "“hello” is no value. Put quotes around a text"),
        ('{"a": {{Event.E.x}}}', "line 1, column 7", "An expression such as {{…}} stands in"),
        ('{"a": 1} // done', "line 1, column 10", "Remove what stands after its last bracket."),
        ('{// note\n"a": 1}', "line 1, column 2", "“//” is a comment"),
        ('{"a": 1}}', "line 1, column 9", "The journey ends before “}”."),
        ('{"a": [1, {"b": 2', "line 1, column 18", "}]} is missing at the end."),
        ('{"a": [1, 2}', "line 1, column 12", "“}” closes a bracket that is not open. Put ]"),
        ('{"a": "x', "line 1, column 7", "A text begins here that never ends."),
        ('{"a": "x\n"}', "line 1, column 9", "A text is not closed before the end of its line"),
        ('{"a": "C:\\temp\\q"}', "line 1, column 16", "A backslash stands before “q”."),
        ("hello", "line 1, column 1", "This is not JSON: it begins with “hello”"),
        ("<html>", "line 1, column 1", "This is not JSON: it begins with “<html>”"),
    ],
)
def test_it_says_what_is_wrong_and_what_to_do(text: str, place: str, said: str) -> None:
    error = refusal(text)
    assert error.place == place
    assert said in error.text
    assert not PYTHON_SAYS.search(error.text)


@given(st.integers(0, len(WHOLE) - 1), st.sampled_from(["", ",", "]", "}", '"', "x", "'", "\n"]))
def test_it_finds_words_for_every_broken_text(at: int, put: str) -> None:
    text = WHOLE[:at] + put + WHOLE[at + 1 :]
    try:
        loads_value(text)
    except DocumentError as error:
        assert error.text and not PYTHON_SAYS.search(error.text)
        assert "%(" not in error.text


@given(st.text(max_size=20))
def test_it_never_fails_itself(text: str) -> None:
    try:
        loads_value(text)
    except DocumentError as error:
        assert error.text
