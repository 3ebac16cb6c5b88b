"""What is wrong with a journey, before the endpoint says so.

A rule is a function from the document to problems; CHECKS lists them. What only one block type knows is in that
type's `problems`. A rule that a published real journey breaks is advice, whatever a page says. To add a rule: one
function, one line here, one test.
"""

from journeys.blocks import lens
from journeys.checks import definition, expressions, flow, names, settings, shape
from journeys.spec.document import blocks, is_version_0_5
from journeys.spec.problem import Problem

BOTH_VERSIONS = [
    names.key_is_usable,
    names.name_is_given,
    names.name_is_short,
    names.text_is_allowed,
    settings.version_is_known,
    settings.server_fields_are_absent,
    shape.blocks_have_keys,
    shape.step_keys_are_unique,
    shape.outcomes_are_lists,
    shape.outcome_keys_are_unique,
    shape.members_are_objects,
    shape.one_trigger_one_goal,
    flow.every_next_resolves,
    flow.there_is_no_cycle,
    flow.there_is_one_beginning,
]
ONLY_1_0 = [
    settings.entry_mode_is_known,
    settings.definition_type_is_known,
    settings.emails_have_an_address,
    shape.something_enters_and_happens,
    shape.steps_are_configured,
    shape.steps_are_few,
    flow.paths_end_in_a_wait,
    flow.waits_stand_alone,
    flow.last_waits_are_long,
    expressions.expressions_resolve,
    definition.quicksend_is_one_email,
    definition.transactional_is_one_message,
    definition.multistep_has_no_channel,
]
CHECKS = [*BOTH_VERSIONS, *ONLY_1_0]


def check(document: dict) -> list[Problem]:
    """Every problem of the journey and of its blocks. Any document that `require_shape` takes can be checked.

    Spec 0.5 names its types and fields otherwise, so only the rules that hold for both versions are asked of it.
    """
    if is_version_0_5(document):
        return [problem for rule in BOTH_VERSIONS for problem in rule(document)]
    found = [problem for rule in CHECKS for problem in rule(document)]
    for kind, block in blocks(document):
        found += lens(block, kind).problems(block, document)
    return found
