"""The admin: the review desk, and a look at everything for those who look after the
installation."""

from journeys.admin import (
    audit,
    countersignatures,
    groups,
    journeys,
    people,
    review,
    submissions,
    tenants,
)

__all__ = [
    "audit",
    "countersignatures",
    "groups",
    "journeys",
    "people",
    "review",
    "submissions",
    "tenants",
]
