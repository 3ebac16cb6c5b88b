"""The admin: the review desk, and a look at everything for those who look after the installation."""

from journeys.admin import audit, countersignatures, journeys, people, review, submissions, tenants

__all__ = ["audit", "countersignatures", "journeys", "people", "review", "submissions", "tenants"]
