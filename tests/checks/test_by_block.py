"""What the types find in a block is kept for its JSON, the journey's facts and the language."""

from collections.abc import Iterator

import pytest
from django.utils.translation import get_language, override
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.blocks import BY_SLUG, LENSES, lens
from journeys.blocks.base import Block
from journeys.blocks.facts import Facts, facts_of
from journeys.blocks.odd_values import odd_values
from journeys.blocks.places import bind, write
from journeys.checks import BLOCK_RULES, by_block, check
from journeys.checks.by_block import EachBlock, OfBlocks, Rule, forget
from journeys.spec import expression_faults
from journeys.spec.document import MEMBER_OF, blocks
from journeys.spec.graph import Walk
from journeys.spec.problem import ADVICE, Problem
from tests.checks.test_rules import email, journey, step
from tests.depth import deep

OF_EVENT = (
    '<FilterDefinition><ConditionSet Operator="AND" ConditionSetName="Individual Filter Grouping">'
    '<Condition IsEphemeralAttribute="true" Key="Event.One.Tier" Operator="Equal" UiMetaData="{}">'
    "<Value><![CDATA[Gold]]></Value></Condition></ConditionSet></FilterDefinition>"
)
CRITERIA = {
    "goal": "configurationArguments.criteria",
    "exit-criteria": "configurationArguments.criteria",
    "decision-split": "configurationArguments.criteria.default_path_1",
}


@pytest.fixture(autouse=True)
def without_memory() -> Iterator[None]:
    """Neither of other tests' blocks here, nor of these elsewhere."""
    forget()
    yield
    forget()


def block_problems(document: dict) -> list[Problem]:
    of_blocks = OfBlocks(document, BLOCK_RULES)
    by_rule = [problem for rule in BLOCK_RULES for problem in of_blocks.by_rule[rule]]
    return by_rule + of_blocks.of_types()


def afresh(document: dict) -> list[Problem]:
    walk, facts = Walk(document), facts_of(document)
    listed = list(blocks(document))
    found = [one for rule in BLOCK_RULES for one in asked(rule, document, listed)]
    for kind, block in listed:
        opened = lens(block, kind)
        found += opened.problems(block, facts) + opened.outcome_problems(block)
        found += odd_values(opened, block)
        found += opened.flow_problems(block, walk) if walk.steps.get(block["key"]) is block else []
    return found


def asked(rule: Rule, document: dict, listed: list) -> list[Problem]:
    if isinstance(rule, EachBlock):
        return [one for place in listed for one in rule.find(*place)]
    read = [(kind, block, rule.read(kind, block)) for kind, block in listed]
    return list(rule.find(document, [one for one in read if one[2]]))


def made(slug: str) -> dict:
    block = BY_SLUG[slug].new(slug, {})
    return write(block, bind(CRITERIA[slug]), OF_EVENT) if slug in CRITERIA else block


def entered(event: str, slug: str = "api-event") -> dict:
    trigger = BY_SLUG[slug].new("TRIGGER", {})
    return write(trigger, bind("metaData.eventDefinitionKey"), event)


def test_it_finds_the_same_as_without_memory() -> None:
    whole, holes = journey(), journey({**email("E", "W"), "configurationArguments": {}}, step("W"))
    for document in (whole, holes, whole, holes):
        assert block_problems(document) == afresh(document)
    assert block_problems(holes)


FRESH = [
    (one.kind, made(one.slug))
    for one in LENSES
    if one.new.__func__ is not Block.new.__func__ and one.kind != "trigger"
]
EVENTS = [[], [entered("One")], [entered("Two")], [entered("Two", "data-extension")]]


@settings(max_examples=deep(40, 2000), deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(EVENTS),
            st.lists(st.sampled_from(FRESH), max_size=6, unique_by=lambda one: one[1]["key"]),
            st.sampled_from(["", "Named"]),
        ),
        min_size=2,
        max_size=5,
    )
)
def test_it_finds_the_same_in_any_journeys_one_after_the_other(drafts: list) -> None:
    for triggers, chosen, name in drafts:
        document: dict = {member: [] for member in MEMBER_OF.values()}
        for kind, block in chosen:
            document[MEMBER_OF[kind]].append({**block, "name": name})
        document["triggers"] = triggers
        assert block_problems(document) == afresh(document)


@pytest.mark.parametrize("slug", [*CRITERIA])
def test_it_asks_again_when_another_event_lets_contacts_in(slug: str) -> None:
    member = MEMBER_OF[BY_SLUG[slug].kind]
    for event, is_odd in (("One", False), ("Two", True), ("One", False)):
        document = {member: [made(slug)], "triggers": [entered(event)]}
        assert ("criteria-event" in {one.id for one in block_problems(document)}) is is_odd


def test_it_asks_again_when_contacts_enter_at_another_time() -> None:
    split = write(made("path-optimizer"), bind("configurationArguments.holdBackPercentage"), 10)
    for slug, is_odd in (("data-extension", False), ("api-event", True), ("date-event", False)):
        document = {"activities": [split], "triggers": [entered("One", slug)]}
        assert ("path-optimizer-run-once" in {one.id for one in block_problems(document)}) is is_odd


def looking(monkeypatch: pytest.MonkeyPatch) -> list[Facts]:
    """The facts with which a made-up type was asked, each time."""
    asked = []

    class Looking(Block):
        @classmethod
        def problems(cls, block: dict, facts: Facts) -> list[Problem]:
            asked.append(facts)
            return [Problem("looked", ADVICE, f"{get_language()} {facts.event_key}")]

    monkeypatch.setattr(by_block, "lens", lambda block, kind: Looking)
    return asked


def test_it_speaks_the_language_of_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    looking(monkeypatch)
    document = {"activities": [{"key": "K"}]}
    for language in ("en-gb", "de", "en-gb"):
        with override(language):
            assert [problem.text for problem in block_problems(document)] == [f"{language} "]


def test_it_asks_once_for_equal_blocks_and_equal_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = looking(monkeypatch)
    one = {"activities": [{"key": "K"}, {"key": "K"}], "goals": None}
    for document in (one, {**one, "name": "Named", "exits": []}, {"activities": [{"key": "K"}]}):
        block_problems(document)
    assert asked == [Facts()]
    block_problems({"activities": [{"key": "L"}]})
    block_problems({**one, "triggers": [entered("One")]})
    assert asked[1:] == [Facts(), Facts("One", True), Facts("One", True)]


def test_it_does_not_ask_twice_for_a_block_that_stands_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = journey(email("E", "W"), step("W", name="Only here"))
    first = check(document)
    monkeypatch.setattr(by_block, "lens", None)
    assert check(document) == first


def test_it_shares_nothing_that_a_reader_could_change() -> None:
    document = journey({**email("E", "W"), "configurationArguments": {}}, step("W"))
    first = block_problems(document)
    first.clear()
    assert block_problems(document) == afresh(document) != []


def test_it_weighs_what_rules_read_in_blocks() -> None:
    """A place may be as long as the block, and every expression has its own."""
    texts = ["{{Contact.Key}}"] * 200
    step = {"key": "K", "type": "EMAILV2", "arguments": {"long" * 1000: texts}}
    block_problems({"activities": [step]})
    assert by_block.KEPT.used > 200 * 4000


def test_it_reads_expressions_of_new_blocks_only(monkeypatch: pytest.MonkeyPatch) -> None:
    document = journey(email("E", "W"), step("W", name="{{Event.x}} {{Interaction.X.y}}"))
    first = check(document)
    asked = []
    monkeypatch.setattr(expression_faults, "find", lambda _value, name: asked.append(name) or [])
    assert check(document) == first and "name" not in asked
    check({**document, "activities": [step("X", name="{{Event.x}}")]})
    assert "name" in asked


def test_it_weighs_the_problems_that_it_keeps() -> None:
    """A split of 200 paths without criteria has as many problems, of some 500 bytes each."""
    ways = [{"key": f"path-{number}"} for number in range(200)]
    split = {**made("decision-split"), "outcomes": [*ways, {"key": "remainder_path"}]}
    problems = block_problems({"activities": [split]})
    assert len(problems) > 200
    assert by_block.KEPT.used > sum(len(one.text) + len(str(one.address)) for one in problems)
    forget()
    assert by_block.KEPT.used == 0
