from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from journeys.models import Journey, Revision, Tenant
from tests.people import ada, foreign_tenant, maya, miles, people, rob, tenant  # noqa: F401
from tests.people import started as start


def wait(key: str, next: str | None = None, days: int = 1) -> dict:
    outcome = {"key": f"out-{key}", **({"next": next} if next else {})}
    settings = {"waitDuration": days, "waitUnit": "DAYS"}
    return {"key": key, "type": "WAIT", "configurationArguments": settings, "outcomes": [outcome]}


def document(**members: object) -> dict:
    """Three waits in a row."""
    steps = [wait("ONE", "TWO"), wait("TWO", "THREE"), wait("THREE")]
    journey = {
        "key": "greeting",
        "name": "Greeting",
        "workflowApiVersion": 1.0,
        "triggers": [],
        "activities": steps,
    }
    return {**journey, **members}


@pytest.fixture
def journey(tenant: Tenant, maya: User) -> Journey:  # noqa: F811
    return start(document(), tenant, maya)


@pytest.fixture
def lasting(journey: Journey, maya: User) -> Callable[..., Revision]:  # noqa: F811
    """Changes one step's duration, as the form of a person who saw revision `based_on` does."""

    def change(key: str, days: int, author: User = maya, based_on: int | None = None) -> Revision:
        seen = journey.revisions.get(number=based_on) if based_on else journey.head
        (step,) = [step for step in seen.document()["activities"] if step["key"] == key]
        block = {**step, "configurationArguments": {"waitDuration": days, "waitUnit": "DAYS"}}
        arguments = {"kind": "activity", "key": key, "block": block}
        return journey.apply("edit block", arguments, based_on=seen.number, author=author)

    return change


def days(journey: Journey) -> list[int]:
    steps = Journey.objects.get(pk=journey.pk).head.document()["activities"]
    return [step["configurationArguments"]["waitDuration"] for step in steps]
