"""What is wrong with a journey, before the endpoint says so.

A rule is a function from the document to problems; CHECKS lists them. One that looks at each block
alone takes a kind and a block instead, and is listed as `EachBlock`: it is asked about new blocks
only (by_block.py). One that puts together what it reads in each block is listed as `OverBlocks`: it
reads new blocks only. One that looks at where steps lead alone is listed as `OfPath`: it is asked
when that changed (by_skeleton.py). What only one block type knows is in that type's `problems` (the
block alone) and `flow_problems` (where it stands). A rule that a published real journey breaks is
advice, whatever a page says. To add a rule: one function, one line here, one test. House rules
(house.py) are what one tenant asks besides; repairs.py puts right what can be put right without
asking; acceptance.py tells open problems from accepted ones.
"""

from journeys.checks import (
    definition,
    expressions,
    flow,
    misnamed,
    names,
    placeholders,
    server_made,
    settings,
    shape,
)
from journeys.checks.acceptance import Accepted as Accepted
from journeys.checks.acceptance import fingerprint as fingerprint
from journeys.checks.acceptance import sort_out as sort_out
from journeys.checks.by_block import EachBlock, OfBlocks, OverBlocks
from journeys.checks.by_skeleton import OfPath, of_paths
from journeys.checks.house import Rules as Rules
from journeys.checks.house import house_problems
from journeys.checks.house import why_not_safe as why_not_safe
from journeys.checks.repair_batch import LEFT_TO_PEOPLE as LEFT_TO_PEOPLE
from journeys.checks.repair_batch import repaired_at_once as repaired_at_once
from journeys.checks.repairs import effect as effect
from journeys.checks.repairs import fix as fix
from journeys.checks.repairs import fixes as fixes
from journeys.checks.repairs import repaired as repaired
from journeys.spec.document import is_version_0_5
from journeys.spec.problem import Problem

BOTH_VERSIONS = [
    names.key_is_usable,
    names.name_is_given,
    names.name_is_short,
    names.text_is_allowed,
    settings.version_is_known,
    settings.server_fields_are_absent,
    placeholders.placeholders_are_filled_in,
    EachBlock(placeholders.values_are_replaced),
    EachBlock(shape.block_has_a_key),
    OfPath(shape.step_keys_are_unique),
    EachBlock(shape.outcomes_are_a_list),
    EachBlock(shape.outcomes_have_keys),
    EachBlock(shape.outcome_keys_are_unique),
    shape.journey_has_its_shape,
    EachBlock(shape.block_has_its_shape),
    shape.one_trigger_one_goal,
    OfPath(flow.every_next_resolves),
    OfPath(flow.there_is_no_cycle),
    flow.there_is_one_beginning,
]
ONLY_1_0 = [
    settings.entry_mode_is_known,
    settings.definition_type_is_known,
    OverBlocks(settings.email_to_default, settings.emails_have_an_address),
    OverBlocks(settings.text_to_default, settings.texts_have_a_number),
    misnamed.journey_has_no_misnamed,
    EachBlock(misnamed.block_has_no_misnamed),
    shape.something_enters_and_happens,
    EachBlock(shape.step_is_configured),
    shape.steps_are_few,
    OfPath(flow.paths_end_in_a_wait),
    OfPath(flow.waits_stand_alone),
    OfPath(flow.last_waits_are_long),
    OverBlocks(expressions.expressions_in, expressions.expressions_resolve),
    definition.quicksend_is_one_email,
    definition.transactional_is_one_message,
    definition.multistep_has_no_channel,
    OfPath(flow.first_step_stands_first),
    OfPath(flow.first_step_is_no_wait),
    EachBlock(flow.wait_is_an_hour),
    EachBlock(shape.type_is_in_capitals),
    EachBlock(shape.event_key_is_plain),
    EachBlock(shape.trigger_leads_nowhere),
    OverBlocks(server_made.parts_read, server_made.server_parts_are_absent),
]
CHECKS = [*BOTH_VERSIONS, *ONLY_1_0]
BLOCK_RULES = tuple(rule for rule in CHECKS if isinstance(rule, EachBlock | OverBlocks))
PATH_RULES = {
    is_old: tuple(rule for rule in rules if isinstance(rule, OfPath))
    for is_old, rules in ((True, BOTH_VERSIONS), (False, CHECKS))
}


def check(document: dict, rules: Rules | None = None) -> list[Problem]:
    """Every problem of the journey and of its blocks, what blocks first. Any document that
    `require_shape` takes can be checked.

    Spec 0.5 names its types and fields otherwise, so only the rules that hold for both versions are
    asked of it.
    """
    is_old = is_version_0_5(document)
    of_blocks = OfBlocks(document, BLOCK_RULES)
    by_rule = of_blocks.by_rule | of_paths(of_blocks.skeleton, PATH_RULES[is_old])
    problems: list[Problem] = []
    for rule in BOTH_VERSIONS if is_old else CHECKS:
        problems += by_rule[rule] if rule in by_rule else rule(document)
    if not is_old:
        problems += of_blocks.of_types()
        problems += house_problems(document, rules) if rules else []
    return sorted(problems, key=lambda problem: not problem.blocks)
