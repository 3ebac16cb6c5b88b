"""Any document that can be taken in can be checked."""

from dataclasses import replace
from datetime import time

from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.blocks import LENSES
from journeys.blocks.locked import KNOWN
from journeys.checks import Rules, check, effect, fingerprint, repaired
from journeys.spec.document import dumps, require_shape
from journeys.spec.problem import ADVICE, BLOCKING
from tests.depth import deep

SAID = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
KEYS = st.sampled_from(["A", "B", "C", "", "remainder_path"]) | SAID
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-3, 120)
    | st.floats(allow_nan=False, allow_infinity=False)
    | KEYS
)
JUNK = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=5,
)
TYPES = st.sampled_from([name for lens in LENSES for name in lens.types])
TYPES |= st.sampled_from([name for _kind, types, *_rest in KNOWN for name in types])
OUTCOME = st.fixed_dictionaries(
    {}, optional={"key": KEYS, "next": KEYS | JUNK, "arguments": JUNK, "metaData": JUNK}
)
BLOCK = st.fixed_dictionaries(
    {},
    optional={
        "key": KEYS | JUNK,
        "type": TYPES | JUNK,
        "name": JUNK,
        "outcomes": st.lists(OUTCOME | JUNK, max_size=4) | JUNK,
        "arguments": st.fixed_dictionaries(
            {},
            optional={
                "activityData": st.fixed_dictionaries({"updateContactFields": JUNK}),
                "objectMap": st.fixed_dictionaries({"objects": st.lists(JUNK, max_size=2)}),
                "execute": st.fixed_dictionaries(
                    {"url": JUNK, "timeout": JUNK, "inArguments": JUNK}
                ),
            },
        )
        | JUNK,
        "configurationArguments": st.fixed_dictionaries(
            {},
            optional={
                "criteria": JUNK,
                "triggeredSend": JUNK,
                "waitDuration": JUNK,
                "waitForEventKey": JUNK,
                "duration": JUNK,
                "engagementUrls": JUNK,
                "params": JUNK,
                "refActivityCustomerKey": KEYS | JUNK,
                "primaryObjectFilterCriteria": st.fixed_dictionaries({"conditions": JUNK}) | JUNK,
            },
        )
        | JUNK,
        "metaData": JUNK,
    },
)
BLOCKS = st.deferred(lambda: st.lists(BLOCK, max_size=5) | st.none())
DOCUMENT = st.fixed_dictionaries(
    {"key": st.text("ab", min_size=1, max_size=3)},
    optional={
        "name": st.none() | SAID,
        "description": st.none() | SAID,
        "workflowApiVersion": st.sampled_from([1, 1.0, 0.5, "1.0", None, {}]),
        "triggers": BLOCKS,
        "goals": BLOCKS,
        "exits": BLOCKS,
        "activities": BLOCKS,
        "entryMode": JUNK,
        "definitionType": JUNK,
        "defaults": JUNK,
        "metaData": JUNK,
        "id": JUNK,
    },
)


RULES = Rules(
    "[A-Z].+", "advice", ("OnceAndDone",), longest_wait=1, most_steps=1, goal_required=True
)
RULES = replace(RULES, quiet_from=time(21), quiet_to=time(8))


@settings(max_examples=deep(75, 300))
@given(st.deferred(lambda: DOCUMENT))
def test_it_checks_any_document(document: dict) -> None:
    require_shape(document)
    before = dumps(document)
    for problem in check(document, RULES):
        effect(document, problem)
        require_shape(repaired(document, problem))
        assert fingerprint(document, problem.address)
        assert problem.id and problem.text and problem.severity in (BLOCKING, ADVICE)
        assert isinstance(problem.address.key, str) and isinstance(problem.address.inside, str)
    assert dumps(document) == before
