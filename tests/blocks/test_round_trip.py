"""Opening and saving a block leaves its bytes equal, whatever stands at the places that its form
shows."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.blocks import LENSES, lens
from journeys.blocks.facts import Facts
from journeys.blocks.places import bind, holds, write
from journeys.spec.document import LISTS, blocks, dumps, loads_value
from tests.blocks.browser import read_form, save
from tests.depth import deep

EXAMPLES = Path(__file__).parents[3] / "shared" / "examples" / "journeys"
SAID = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
LOOKS = st.sampled_from(
    [
        "",
        " ",
        "\n",
        "\r\n",
        " \n ",
        "a\nb",
        "a\r\nb",
        "\ra",
        "   ",
        "3",
        "03",
        "3.0",
        " 3",
        '{{Event.x."Y"}}',
        "true",
    ]
    + [
        "True",
        "false",
        "on",
        "days",
        "DAYS",
        "<b>&\"'",
        "</textarea>",
        "[]",
        "{}",
        "null",
        "—",
        "09:00",
    ]
)
NUMBERS = st.integers(-5, 200) | st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.none() | st.booleans() | NUMBERS | SAID | LOOKS
JUNK = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(SAID, inner, max_size=2),
    max_leaves=4,
)


@st.composite
def blocks_with_junk(draw: st.DrawFn) -> tuple[type, dict]:
    """A fresh block in which any JSON stands at some of its form's places."""
    drawn = draw(st.sampled_from(LENSES))
    block = drawn.new("K-1", {"key": "x"})
    fields = list(drawn.base_fields.values())
    for field in draw(st.lists(st.sampled_from(fields), max_size=4)):
        block = write(block, bind(field.place), draw(JUNK))
    if drawn.row:
        for key in drawn.row_keys(block):
            for path in [bind(field.place, key) for field in drawn.row.base_fields.values()]:
                if path and draw(st.booleans()) and holds(block, path):
                    block = write(block, path, draw(JUNK))
    for listed in drawn.more_rows:
        names = [
            "a",
            "conditions",
            *(field.place.rpartition(".")[2] for field in listed.row.base_fields.values()),
        ]
        items = st.dictionaries(st.sampled_from(names), JUNK, max_size=4)
        if draw(st.booleans()) and holds(block, bind(listed.row_place)):
            block = write(block, bind(listed.row_place), draw(st.lists(items | JUNK, max_size=3)))
    return drawn, block


@settings(max_examples=deep(25, 150))
@given(blocks_with_junk())
def test_it_keeps_junk_at_every_place(drawn: tuple[type, dict]) -> None:
    opened, block = drawn
    if not opened.fits(block):
        return
    ids = read_form(opened(block=block, document={})).ids
    assert len(ids) == len(set(ids))
    assert dumps(save(opened, block)) == dumps(block)


@settings(max_examples=deep(25, 150))
@given(blocks_with_junk(), st.dictionaries(SAID, JUNK, max_size=3))
def test_it_opens_any_block_in_some_card(drawn: tuple[type, dict], foreign: dict) -> None:
    block = {**drawn[1], **foreign}
    opened = lens(block, drawn[0].kind)
    assert isinstance(str(opened.sentence(block)), str)
    opened.problems(block, Facts())
    assert dumps(save(opened, block)) == dumps(block)


@settings(max_examples=deep(35, 200))
@given(
    st.dictionaries(
        st.sampled_from(["key", "name", "type", "outcomes", "arguments", "metaData"]), JUNK
    ),
    st.data(),
)
def test_it_survives_blocks_made_of_junk(block: dict, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["trigger", "goal", "exit", "activity"]))
    if data.draw(st.booleans()):
        block["type"] = data.draw(
            st.sampled_from([name for drawn in LENSES for name in drawn.types])
        )
    opened = lens(block, kind)
    str(opened.sentence(block))
    opened.problems(block, Facts())
    for outcome in block["outcomes"] if isinstance(block.get("outcomes"), list) else []:
        assert isinstance(str(opened.outcome_label(block, outcome)), str)
    assert dumps(save(opened, block)) == dumps(block)


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the folder of sample journeys is absent")
def test_it_leaves_every_block_of_every_sample_equal() -> None:
    """With the rows of each, and the journey's settings."""
    seen, rows = 0, 0
    for path in sorted(EXAMPLES.glob("*.json")):
        document = loads_value(path.read_bytes())
        own = {name: value for name, value in document.items() if name not in LISTS}
        for kind, block in [*blocks(document), ("journey", own)]:
            opened = lens(block, kind)
            assert dumps(save(opened, block, document=document)) == dumps(block), path.name
            rows += sum(
                not row.is_new for row in opened(block=block, document=document).every_row()
            )
            seen += 1
    assert seen > 50 and rows > 10


@pytest.mark.parametrize("opened", LENSES)
def test_it_has_unique_ids_and_tells_each_place(opened: type) -> None:
    form = opened(block=opened.new("K-1", {"key": "x"}), document={})
    inputs = read_form(form)
    assert len(inputs.ids) == len(set(inputs.ids))
    for name, place in inputs.places.items():
        assert form.field_place(name) == place
        assert form.field_for(place) == name
