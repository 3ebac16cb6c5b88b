"""`lifecycle.conditions`, evaluated on an object instead of by a database."""

from django.db.models import Q


def holds(condition: Q, row) -> bool:
    found = False
    for child in condition.children:
        found = holds(child, row) if isinstance(child, Q) else compare(row, *child)
        if found == (condition.connector == Q.OR):
            break
    return found != condition.negated


def compare(row, lookup: str, wanted: object) -> bool:
    name, _, operator = lookup.partition("__")
    value = getattr(row, name)
    if operator == "":
        return value == wanted
    if operator == "in":
        return value in wanted
    if value is None:  # as in SQL: neither less nor more
        return False
    if operator == "lt":
        return value < wanted
    if operator == "lte":
        return value <= wanted
    if operator == "gt":
        return value > wanted
    raise ValueError(f"the simulator does not know “{lookup}”")
