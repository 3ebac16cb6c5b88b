"""What every type promises, asked of every class: those of the palette, those that are only opened,
and the settings.

Each has a case in `contract/`, named by its slug: what is typed into the form of a fresh block, and
the whole block that has to come out. A new type needs its own.
"""

import json
import re
from copy import deepcopy
from pathlib import Path

import pytest
from crispy_forms.utils import render_crispy_form
from django.utils.html import escape
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.blocks import LENSES, type_of
from journeys.blocks.base import Block
from journeys.blocks.facts import facts_of
from journeys.blocks.fields import LinesField, NumberField, PlacedField, TextField
from journeys.blocks.journey import JourneySettings
from journeys.blocks.locked import locked_like
from journeys.blocks.named_things import called_addresses, named_things
from journeys.blocks.places import MISSING, write
from journeys.spec import address
from journeys.spec.document import blank, dumps
from tests.blocks.browser import read_form, save, send
from tests.blocks.comparing import leaves
from tests.blocks.test_round_trip import JUNK
from tests.depth import deep

CASES = Path(__file__).parent / "contract"
ALL = [*LENSES, JourneySettings]
EMAIL = {
    "key": "EMAILV2-1",
    "type": "EMAILV2",
    "name": "Offer",
    "outcomes": [{"key": "on", "next": "K-1"}],
}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

every_type = pytest.mark.parametrize("opened", ALL, ids=lambda opened: opened.slug)


def case(opened: type[Block]) -> dict:
    path = CASES / f"{opened.slug}.json"
    assert path.exists(), f"{opened.__name__} has no case: write {path.name}"
    return json.loads(path.read_text())


def fresh(opened: type[Block]) -> dict:
    """As it is added; keys of paths that are made up each time are path-1, path-2, …"""
    if opened is JourneySettings:
        return {
            name: value
            for name, value in blank("key", "Name").items()
            if not isinstance(value, list)
        }
    block = opened.new("K-1", {"key": "journey"})
    for number, outcome in enumerate(block["outcomes"], 1):
        if UUID.fullmatch(outcome["key"]):
            outcome["key"] = f"path-{number}"
    return block


def journey(block: dict) -> dict:
    return {"key": "journey", "activities": [EMAIL, block]}


def filled(opened: type[Block], typed: dict) -> dict:
    block = fresh(opened)
    return save(opened, block, typed, document=journey(block))


@every_type
def test_it_takes_a_draft_with_holes(opened: type[Block]) -> None:
    block = fresh(opened)
    assert dumps(save(opened, block)) == dumps(block)
    form = opened(block=block, document={})
    plain = [
        name
        for name, field in form.fields.items()
        if isinstance(field, TextField | NumberField | LinesField)
    ]
    cleared = save(opened, block, {form.add_prefix(name): "" for name in plain})
    assert isinstance(str(opened.sentence(cleared)), str)


@every_type
def test_it_writes_the_whole_block(opened: type[Block]) -> None:
    written = case(opened)
    assert dumps(filled(opened, written["typed"])) == dumps(written["block"])


@every_type
def test_it_types_into_every_field(opened: type[Block]) -> None:
    block = fresh(opened)
    form = opened(block=block, document=journey(block))
    asked = {
        name
        for name in read_form(form).places
        if not name.endswith(("-base", "-tree", "-drawn", "-match"))
    }
    assert asked <= set(case(opened)["typed"])


@every_type
def test_it_takes_what_it_wrote_as_complete(opened: type[Block]) -> None:
    """Strictly: nothing that blocks is left in it."""
    block = case(opened)["block"]
    assert [
        problem for problem in opened.problems(block, facts_of(journey(block))) if problem.blocks
    ] == []


@every_type
def test_it_binds_stored_data_to_the_same_clean_data(opened: type[Block]) -> None:
    block = case(opened)["block"]
    form = opened(block=block, document=journey(block))
    bound = opened(send(form), block=block, document=journey(block))
    assert bound.is_valid() and not bound.has_changed()
    for part in (bound, *(row for row in bound.every_row() if not row.is_new)):
        found = {
            name: field.found
            for name, field in part.fields.items()
            if isinstance(field, PlacedField)
        }
        assert {name: part.cleaned_data[name] for name in found} == found
    assert dumps(bound.written()) == dumps(block)


@every_type
def test_it_shows_its_labels_and_help_texts(opened: type[Block]) -> None:
    block = case(opened)["block"]
    form = opened(block=block, document=journey(block))
    page = render_crispy_form(form)
    fields = [field for part in (form, *form.every_row()) for field in part.fields.values()]
    assert fields
    for field in fields:
        assert str(field.label) and escape(str(field.label)) in page, field.label
        assert escape(str(field.help_text)) in page, field.label


@pytest.mark.parametrize(
    "opened", [one for one in ALL if one is not JourneySettings], ids=lambda opened: opened.slug
)
@settings(max_examples=deep(20, 40))
@given(st.data())
def test_it_says_a_sentence_whatever_stands_in_it(opened: type[Block], data: st.DataObject) -> None:
    """Any JSON, or nothing, in place of any of its members, at any depth."""
    block = deepcopy(case(opened)["block"])
    paths = {path[:depth] for path, _value in leaves(block) for depth in range(1, len(path) + 1)}
    for path in data.draw(
        st.lists(st.sampled_from(sorted(paths, key=address.written)), min_size=1, max_size=3)
    ):
        try:
            block = write(block, path, data.draw(JUNK | st.just(MISSING)))
        except LookupError:  # what was drawn before took its parent away
            continue
    said = opened.sentence(block)
    assert isinstance(str(said), str)
    opened.problems(block, facts_of(journey(block)))
    assert all(isinstance(place, str) for place in opened.switched_off(block))
    assert all(isinstance(words, str) for words in opened.criteria_in_words(block).values())
    assert all(thing.value for thing in named_things(journey(block)))
    assert all(isinstance(url, str) for _place, url in called_addresses(block))


@every_type
def test_it_answers_what_rules_ask_of_its_type(opened: type[Block]) -> None:
    """A message says that it sends, a wait that it waits, whoever asks: the form's class, the one
    for its name, or a card for a block that no form can hold."""
    block = case(opened)["block"]
    assert opened.sends is (opened.family == "message")
    assert bool(opened.entry) <= (opened.kind == "trigger")
    if opened is JourneySettings:
        return
    named, locked = type_of(block, opened.kind), locked_like(opened)
    for answering in (named, locked):
        for name in ("sends", "channel", "entry", "gives"):
            assert getattr(answering, name) == getattr(opened, name)
    assert opened.waits(block) is named.waits(block) is locked.waits(block)
    assert (opened.wait(block) is not None) is opened.waits(block)
    assert opened.holds(block) is named.holds(block) is locked.holds(block)
    assert not (opened.waits(block) and opened.holds(block))
    assert opened.waits(block) or opened.holds(block) or opened.lasts(block) == (0, 0)
