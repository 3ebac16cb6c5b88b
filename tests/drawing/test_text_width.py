import pytest

from journeys.drawing.text_width import cut, width, wrap


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Wait 3 days", ("Wait 3 days",)),
        ("Send Welcome 2, the whole story", ("Send Welcome 2,", "the whole story")),
        (
            "Send the very long newsletter of spring and summer",
            ("Send the very long", "newsletter of spr…"),
        ),
        ("Donaudampfschifffahrtsgesellschaft", ("Donaudampfschifff", "ahrtsgesellschaft")),
        ("  two\n spaces ", ("two spaces",)),
        ("", ()),
    ],
)
def test_it_breaks_lines_between_words_and_cuts_the_last(text: str, lines: tuple[str, ...]):
    assert wrap(text, 10, 95) == lines
    assert all(width(line, 10) <= 95 for line in lines)


def test_it_gives_wide_letters_more_room():
    assert (
        width("漢字", 10) == 20.8
        and width("é", 10) == width("e", 10)
        and width("WW", 10) > width("ii", 10)
    )
    assert cut("漢字漢字", 10, 32) == "漢字…"
