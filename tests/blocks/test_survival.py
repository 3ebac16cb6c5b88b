"""Whole documents: what comes in goes out again, and an edit of one field touches one place."""

from collections.abc import Iterator

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from journeys.blocks import LENSES, lens
from journeys.blocks.fields import NumberField, TextField
from journeys.checks.on_import import arrival
from journeys.gallery import TEMPLATES
from journeys.spec import document as doc
from journeys.spec import edit, graph, intake
from tests.blocks.browser import read_form, save
from tests.blocks.comparing import followed, kept
from tests.depth import deep

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
NUMBERS = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
FOREIGN = st.dictionaries(TEXT.map(lambda name: f"x-{name}"), JSON, min_size=1, max_size=2)
STEPS = [one for one in LENSES if one.kind == "activity"]
OTHERS = [one for one in LENSES if one.kind != "activity"]


@st.composite
def journeys(draw: st.DrawFn) -> dict:
    """Made of blocks as they are added in the composer; or a template."""
    if draw(st.integers(0, 4)) == 0:
        return draw(st.sampled_from(TEMPLATES)).build()
    journey = doc.blank(draw(TEXT.filter(bool)), draw(TEXT), draw(TEXT))
    for other in draw(st.lists(st.sampled_from(OTHERS), max_size=2)):
        member, made = doc.MEMBER_OF[other.kind], other.new(other.new_key(journey), journey)
        journey = {**journey, member: [*doc.block_list(journey, other.kind), made]}
    for made in draw(st.lists(st.sampled_from(STEPS), max_size=6)):
        steps = graph.steps(journey)
        ways = [
            (key, graph.outcome_key(way))
            for key, step in steps.items()
            for way in graph.outcomes(step)
        ]
        gap = draw(st.sampled_from([graph.START, *ways]))
        journey = edit.insert(journey, gap, made.new(made.new_key(journey), journey))
    return journey


@st.composite
def strange_journeys(draw: st.DrawFn) -> dict:
    """With members that nobody knows, at any level."""
    journey = doc.parse(doc.dumps(draw(journeys())))
    places = list(objects(journey))
    for index in draw(st.lists(st.integers(0, len(places) - 1), min_size=1, max_size=4)):
        places[index] |= draw(FOREIGN)
    return journey


def objects(value: object) -> Iterator[dict]:
    if isinstance(value, dict):
        yield value
    for inner in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from objects(inner)


def imported(data: bytes | str) -> dict:
    document, _stripped = doc.strip_server_assigned(doc.loads(data))
    return document


@settings(max_examples=deep(25, 150))
@given(journeys() | strange_journeys())
def test_it_survives_import_export_import(journey: dict) -> None:
    once = imported(doc.dumps(journey))
    assert doc.dumps(once) == doc.dumps(journey)
    assert doc.dumps(imported(doc.pretty(once))) == doc.dumps(journey)
    ((_number, item),), _headings = intake.sorted_out(
        intake.items_of(doc.dumps({"items": [journey]}))
    )
    assert item == doc.dumps(journey)


@settings(max_examples=deep(25, 150))
@given(strange_journeys())
def test_it_keeps_what_is_strange_when_blocks_are_opened_and_saved(journey: dict) -> None:
    for kind, block in doc.blocks(journey):
        key = block["key"]
        journey = doc.replace_block(
            journey, kind, key, save(lens(block, kind), block, document=journey)
        )
    assert doc.dumps(imported(doc.dumps(journey))) == doc.dumps(journey)
    assert arrival(journey, []).unknown == [name for name in journey if name.startswith("x-")]


@settings(max_examples=deep(35, 200))
@given(strange_journeys(), st.data())
def test_it_changes_one_place_for_one_field(journey: dict, data: st.DataObject) -> None:
    drawn = [(kind, block) for kind, block in doc.blocks(journey) if lens(block, kind).editable]
    assume(drawn)
    kind, block = data.draw(st.sampled_from(drawn))
    opened = lens(block, kind)
    form = opened(block=block, document=journey)
    fields = {
        name: field
        for name, field in form.fields.items()
        if type(field) in (TextField, NumberField)
    }
    sent = dict(read_form(form).sent)
    open_to_all = [
        name for name in fields if name in sent and getattr(fields[name], "check", None) is None
    ]
    assume(open_to_all)
    name = data.draw(st.sampled_from(open_to_all))
    typed = number_for(fields[name]) or data.draw(st.sampled_from(["Zz 9", "{{Event.a.b}}"]))
    after = doc.replace_block(
        journey,
        kind,
        block["key"],
        save(opened, block, {form.add_prefix(name): typed}, document=journey),
    )
    here = (doc.MEMBER_OF[kind], journey[doc.MEMBER_OF[kind]].index(block))
    allowed = {(*here, *path) for path in {fields[name].path} | followed(opened, form)}
    assert kept(journey, allowed) == kept(after, allowed)
    assert list(after) == list(journey)


def number_for(field: object) -> str:
    """A number that the field takes; "" when it takes text."""
    if not isinstance(field, NumberField):
        return ""
    return str(min(7 if field.high is None else field.high, max(7, field.low or 0)))
