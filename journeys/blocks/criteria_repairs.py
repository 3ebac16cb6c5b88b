"""What can be put right in criteria without asking. The problem's place is that of their XML."""

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from journeys.blocks.criteria import is_unmarked
from journeys.blocks.places import read, write
from journeys.blocks.repair import BlockRepair, StepOf
from journeys.spec import address, condition_text, filters
from journeys.spec.address import Address
from journeys.spec.filters import Condition


def _mark_journey_data(condition: Condition) -> Condition:
    return replace(condition, is_journey_data=True) if is_unmarked(condition) else condition


def _write_known_operator(condition: Condition) -> Condition:
    meant = condition_text.meant_operator(condition.operator)
    return replace(condition, operator=meant) if meant else condition


def _write_relative_date(condition: Condition) -> Condition:
    """Words such as 14 days ago, which only the form reads, as a filter has them."""
    is_asked = condition_text.kind_of(condition.operator) == "date" and not condition.is_reference
    value = condition_text.relative_value(condition.value) if is_asked else ""
    return replace(condition, value=value) if value else condition


def _of_each(change: Callable[[Condition], Condition]) -> Callable[[dict, Address, StepOf], dict]:
    def changed(block: dict, where: Address, step_of: StepOf) -> dict:
        path = address.steps(where.inside)
        xml = read(block, path) if path else None
        if not isinstance(xml, str):
            return block
        new = filters.write(filters.mapped(filters.parse(xml), change))
        return block if new == xml else write(block, path, new)

    return changed


CRITERIA_REPAIRS = {
    "mark-journey-data": BlockRepair(
        _("Look for the fields in the journey data"), _of_each(_mark_journey_data)
    ),
    "write-known-operators": BlockRepair(
        _("Write the comparisons as Journey Builder does"), _of_each(_write_known_operator)
    ),
    "write-relative-dates": BlockRepair(
        _("Write the dates as Journey Builder does"), _of_each(_write_relative_date)
    ),
}
