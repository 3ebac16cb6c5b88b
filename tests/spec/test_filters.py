"""FilterDefinition XML: read without loss, written with no more than the change, never expanded."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from journeys.spec import change_text, diff
from journeys.spec.condition_text import (
    OPERATORS,
    is_told_by,
    relative_value,
    relative_words,
    words,
)
from journeys.spec.filters import Condition, Group, Locked, conditions, locked_parts, parse, write
from tests.depth import deep

EXAMPLES = Path(__file__).parents[3] / "shared" / "examples"
SET = '<ConditionSet Operator="{}" ConditionSetName="Individual Filter Grouping">'
GOLD = (
    '<Condition IsEphemeralAttribute="true" Key="Event.APIEvent-1.Tier" Operator="Equal"'
    ' UiMetaData="{}"><Value><![CDATA[Gold]]></Value></Condition>'
)
RECENT = (
    '<Condition Key="Orders.Date" Operator="AtOrAfter"'
    ' UiMetaData="{&quot;groupToSetRelationshipId&quot;:1}"><AttributePath'
    ' RelationshipID="r2"><Value><![CDATA[;-;14;days]]></Value></AttributePath></Condition>'
)
OLD = '<Condition ID="68d5b834-968b" Operator="IsNotNull"><Value><![CDATA[]]></Value></Condition>'


def filter_of(*parts: str, operator: str = "AND") -> str:
    inside = f"{SET.format(operator)}{''.join(parts)}</ConditionSet>"
    return f"<FilterDefinition>{inside}</FilterDefinition>"


names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).filter(
    str.strip
)
values = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t"), max_size=12
)
values |= st.sampled_from(["]]>", "&amp;", "<b>", "]]", ";-;14;days"])
leaves = st.builds(
    Condition,
    names,
    st.sampled_from([operator.name for operator in OPERATORS]) | names,
    values.filter(lambda value: value == "" or value.strip()),
    st.booleans(),
    st.booleans(),
)
odd = st.sampled_from(
    ["<Odd/>", '<Odd a="&gt;"><b/>x</Odd>', '<ConditionSet Operator="XOR"></ConditionSet>']
).map(Locked)
parts = st.recursive(
    leaves | odd,
    lambda inner: st.builds(
        Group, st.sampled_from(["AND", "OR"]), st.lists(inner, max_size=3).map(tuple)
    ),
    max_leaves=8,
)
trees = st.builds(
    Group, st.sampled_from(["AND", "OR"]), st.lists(parts, min_size=1, max_size=4).map(tuple)
)
pieces = st.sampled_from(
    [
        "<FilterDefinition>",
        "</FilterDefinition>",
        SET.format("AND"),
        SET.format("or"),
        "</ConditionSet>",
        GOLD,
        RECENT,
    ]
    + [
        OLD,
        " \n",
        "<!-- note -->",
        "<Odd/>",
        "text",
        "&",
        "&#9;",
        "<![CDATA[x]]>",
        "<?xml version='1.0'?>",
        "<a b='1'>",
    ]
)


@given(trees)
def test_it_reads_what_it_writes(tree: Group) -> None:
    assert parse(write(tree)) == tree


@given(trees)
def test_it_keeps_the_text_of_a_tree_and_tells_it(tree: Group) -> None:
    xml = write(tree)
    assert write(parse(xml)) == xml
    assert words(tree) == words(parse(xml))


@settings(max_examples=deep(75, 300))
@given(st.text() | st.lists(pieces, max_size=9).map("".join))
@example("<a " + " " * 5000)
@example("<a" * 5000)
@example("<!--" * 5000)
def test_it_gives_any_text_back(text: str) -> None:
    tree = parse(text)
    assert write(tree) == text
    words(tree)


def xml_in(value: object) -> list[str]:
    if isinstance(value, str):
        return [value] if "<ConditionSet" in value else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [found for one in inner for found in xml_in(one)]


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the folder of samples is absent")
def test_it_reads_every_sample_whole() -> None:
    found = [
        xml
        for path in sorted(EXAMPLES.rglob("*.json"))
        for xml in xml_in(json.loads(path.read_text()))
    ]
    assert len(found) >= 5
    for xml in found:
        assert write(parse(xml)) == xml
        assert locked_parts(parse(xml)) == []


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    "xml",
    [
        BOMB + filter_of(GOLD),
        filter_of(GOLD.replace("Gold", "]]>&b;<![CDATA[")),
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">' + filter_of(GOLD),
        '<?xml-stylesheet href="http://example.com"?>' + filter_of(GOLD),
        filter_of(GOLD) * 2,
        filter_of(GOLD, GOLD)[:-1],
        filter_of(SET.format("AND") * 40 + "</ConditionSet>" * 40),
        filter_of(GOLD * 2000),
        filter_of("&#0;"),
        filter_of("\0"),
    ],
)
def test_it_locks_what_is_not_safe_or_not_xml(xml: str) -> None:
    tree = parse(xml)
    assert isinstance(tree, Locked) and not tree.is_xml and tree.reason
    assert write(tree) == xml


def test_it_locks_only_the_part_that_is_not_known() -> None:
    twice = '<Condition Key="A.B" Operator="In"><Value>1</Value><Value>2</Value></Condition>'
    xml = filter_of(GOLD, "<Odd/>", twice, '<ConditionSet Operator="NOT"/>')
    assert parse(xml).items == (
        Condition("Event.APIEvent-1.Tier", "Equal", "Gold", is_journey_data=True),
        Locked("<Odd/>"),
        Locked(twice),
        Locked('<ConditionSet Operator="NOT"/>'),
    )
    assert write(parse(xml)) == xml


def test_it_writes_only_the_condition_that_changed() -> None:
    xml = (
        f"<FilterDefinition a='1'>\n {SET.format('AND')}<!-- x"
        f" -->{GOLD}\n{RECENT}</ConditionSet>\n</FilterDefinition>"
    )
    tree = parse(xml)
    first, second = tree.items
    changed = replace(tree, items=(first, replace(second, operator="Before", value="2026-01-31")))
    assert write(changed) == xml.replace("AtOrAfter", "Before").replace(";-;14;days", "2026-01-31")
    assert write(replace(tree, operator="OR")) == xml.replace('"AND"', '"OR"')
    assert write(replace(tree, items=(first,))) == xml.replace("\n" + RECENT, "")


def test_it_writes_a_new_condition_as_real_filters_have_it() -> None:
    tier = Condition("Event.APIEvent-1.Tier", "Equal", "Gold", is_journey_data=True)
    assert write(Group(items=(tier,))) == filter_of(GOLD)
    assert write(Group("OR", (tier, tier))) == filter_of(GOLD, GOLD, operator="OR")
    assert write(replace(parse(""), items=(tier,))) == filter_of(GOLD)
    assert write(Group()) == ""


def test_it_fills_an_empty_set_and_a_condition_without_a_value() -> None:
    empty = parse('<FilterDefinition><ConditionSet Operator="AND"/></FilterDefinition>')
    bare = parse(filter_of('<Condition Key="A.B" Operator="IsNull" x="&lt;"/>')).items[0]
    assert (
        write(replace(empty, items=(replace(bare, operator="Equal", value="1"),)))
        == '<FilterDefinition><ConditionSet Operator="AND"><Condition Key="A.B" Operator="Equal"'
        ' x="&lt;"><Value><![CDATA[1]]></Value></Condition></ConditionSet></FilterDefinition>'
    )


def test_it_writes_references_and_takes_them_back() -> None:
    condition = parse(filter_of(GOLD)).items[0]
    other = replace(
        condition, is_reference=True, value="Contact.Level", is_journey_data=False, key="A.B"
    )
    written = write(Group(items=(other,)))
    assert parse(written).items == (other,)
    assert 'ValueIsReference="true"' in written and "IsEphemeral" not in written


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ("", ""),
        (filter_of(), ""),
        (filter_of(GOLD), "Tier (journey data) is Gold"),
        (filter_of(GOLD, RECENT),
         "Tier (journey data) is Gold and Orders: Date is on or after 14 days ago"),
        (filter_of(GOLD, SET.format("OR") + RECENT + OLD + "</ConditionSet>"),
         "Tier (journey data) is Gold and (Orders: Date is on or after 14 days ago"
         " or attribute 68d5b834 is not empty)"),
        (filter_of(GOLD.replace('"Equal"', '"Is"').replace("Gold", "true")),
         "Tier (journey data) is true"),
        (filter_of(GOLD.replace('"Equal"', '"BeginsWith"')),
         "Tier (journey data) begins with Gold"),
        (filter_of(GOLD.replace('"Equal"', '"Sounds"')), "Tier (journey data) Sounds Gold"),
        (filter_of(GOLD.replace('Equal"', 'Equal" ValueIsReference="true"').replace("Gold", "A.B")),
         "Tier (journey data) is the value of A: B"),
        (filter_of(GOLD, "<Odd/>"), "Tier (journey data) is Gold and an unknown part"),
    ],
)  # fmt: skip
def test_it_reads_as_a_sentence(xml: str, said: str) -> None:
    assert words(parse(xml)) == said


def test_it_tells_a_change_of_criteria_in_words_and_once() -> None:
    before, after = (
        {
            "key": "K",
            "goals": [
                {
                    "key": "GOAL",
                    "criteria": xml,
                    "metaData": {"configurationDescription": words(parse(xml))},
                }
            ],
        }
        for xml in (filter_of(GOLD), filter_of(GOLD.replace("Gold", "Silver")))
    )
    told = change_text.words(diff.compare(before, after), lambda kind, key: ("Bought", "Bought"))
    assert told == [
        "Bought: conditions “Tier (journey data) is Gold” → “Tier (journey data) is Silver”"
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (";-;14;days", "14 days ago"),
        (";-;1;months", "1 month ago"),
        (";+;3;hours", "in 3 hours"),
        (";+;0;days", "today"),
        (";+;0;minutes", "now"),
        ("2026-01-31", ""),
        (";-;x;days", ""),
    ],
)
def test_it_tells_relative_dates(value: str, said: str) -> None:
    assert relative_words(value) == said
    assert relative_value(said) == (value if said else "")


def test_it_reads_relative_dates_as_people_write_them() -> None:
    assert relative_value(" 2 Weeks ago") == ";-;2;weeks"
    assert relative_value("5 days from now") == ";+;5;days"
    assert relative_value("yesterday") == ";-;1;days"
    assert relative_value("14 days") == ";+;14;days"
    assert relative_value("soon") == ""


@pytest.mark.parametrize(
    ("description", "xml"),
    [
        ("Tier (journey data) is Gold", filter_of(GOLD)),
        ("Tier is Gold", filter_of(GOLD)),
        ("Tier equal Gold", filter_of(GOLD)),
        ("Date is on or after Today Minus 14 days andTier equal Gold", filter_of(RECENT, GOLD)),
    ],
)
def test_it_knows_its_own_words_and_those_of_journey_builder(description: str, xml: str) -> None:
    assert is_told_by(parse(xml), description)
    assert not is_told_by(parse(xml), "Only our best customers")
    assert len(conditions(parse(xml))) == xml.count("<Condition ")
