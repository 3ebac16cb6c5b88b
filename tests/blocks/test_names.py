"""Names that Marketing Cloud gives to every entry source, goal and exit are shown nowhere as
names."""

import pytest

from journeys import blocks
from journeys.blocks import LENSES, lens
from journeys.blocks.block_type import DEFAULT_NAMES
from journeys.blocks.settings_text import settings_of
from journeys.spec import change_text, diff
from journeys.spec.document import MEMBER_OF, blank
from tests.blocks.browser import save

OTHERS = [one for one in LENSES if one.kind != "activity"]


def fresh(made: type) -> tuple[dict, dict]:
    """A block as it is added, and a journey with it."""
    document = blank("K", "J")
    block = made.new("A-KEY", document)
    return block, {**document, MEMBER_OF[made.kind]: [block]}


@pytest.mark.parametrize("made", OTHERS, ids=lambda one: one.slug)
def test_a_default_name_stands_neither_in_the_form_nor_on_cards_nor_on_paper(made: type):
    block, document = fresh(made)
    default = DEFAULT_NAMES[made.kind]
    assert block["name"] == default  # Marketing Cloud has it so
    form = made(block=block, document=document)
    assert form["name"].value() == "" and form.shown()["name"] == ""
    assert default not in made.sentence(block)
    said = settings_of(block, made.kind, document) or []
    assert default not in [setting.value for _about, listed in said for setting in listed]


@pytest.mark.parametrize("made", OTHERS, ids=lambda one: one.slug)
def test_a_default_name_stays_until_somebody_enters_another(made: type):
    block, _document = fresh(made)
    assert save(made, block, {}) == block
    assert save(made, block, {"name": "Spring"})["name"] == "Spring"


@pytest.mark.parametrize("kind", DEFAULT_NAMES)
def test_blocks_without_a_form_do_not_show_it_either(kind: str):
    block = {"key": "K", "type": "NOBODY-KNOWS", "name": DEFAULT_NAMES[kind]}
    assert DEFAULT_NAMES[kind] not in lens(block, kind).sentence(block)


def test_a_key_that_stands_in_for_a_steps_name_is_not_shown_in_its_form():
    block = {**blocks.BY_SLUG["email"].new("EMAILV2-1", {}), "name": "EMAILV2-1"}
    form = blocks.BY_SLUG["email"](block=block, document=blank("K", "J"))
    assert form["name"].value() == ""
    assert save(blocks.BY_SLUG["email"], block, {}) == block


def test_a_name_that_is_no_text_is_shown_as_it_is():
    block = {**blocks.BY_SLUG["goal"].new("GOAL", {}), "name": {"odd": 1}}
    form = blocks.BY_SLUG["goal"](block=block, document=blank("K", "J"))
    assert form["name"].value() == '{"odd": 1}'


@pytest.mark.parametrize("kind", DEFAULT_NAMES)
def test_words_of_a_change_do_not_call_it_a_name(kind: str):
    def journey(name: str) -> dict:
        block = {"key": DEFAULT_NAMES[kind], "type": "X", "name": name}
        return {**blank("K", "J"), MEMBER_OF[kind]: [block]}

    before, after = journey(DEFAULT_NAMES[kind]), journey("Spring")
    sentences = blocks.sentences(before, after)
    (there,) = change_text.words(diff.compare(before, after), sentences)
    (back,) = change_text.words(diff.compare(after, before), sentences)
    assert there.endswith("name “Spring” added") and back.endswith("name “Spring” removed")
