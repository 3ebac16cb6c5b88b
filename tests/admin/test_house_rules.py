"""House rules in the admin, beside the tenant that they belong to."""

from datetime import time

import pytest
from django.test import Client

from journeys.checks import Rules
from journeys.models import AuditEntry, HouseRules, Tenant
from tests.admin.test_tenants import FORM, PAGE

pytestmark = pytest.mark.one_database

SEVERITIES = ["naming", "entry_modes", "longest_wait", "most_steps", "goal", "quiet"]
EMPTY = {"house_rules-TOTAL_FORMS": "1"} | {
    f"house_rules-0-{name}_severity": "advice" for name in SEVERITIES
}


def save(client: Client, tenant: Tenant, **rules: object):
    named = {f"house_rules-0-{name}": value for name, value in rules.items()}
    form = FORM | {"name": "Practice", "subdomain": "", "secret": ""}
    return client.post(f"{PAGE}{tenant.pk}/change/", form | EMPTY | named)


def test_it_keeps_the_rules(as_ada: Client, tenant: Tenant):
    rules = {
        "naming_pattern": "[A-Z]+",
        "naming_severity": "blocking",
        "entry_modes": ["OnceAndDone"],
    }
    rules |= {
        "longest_wait": "30",
        "most_steps": "40",
        "goal_required": "on",
        "quiet_from": "21:00",
        "quiet_to": "08:00",
    }
    assert save(as_ada, tenant, **rules).status_code == 302
    assert Tenant.objects.get(pk=tenant.pk).rules() == Rules(
        naming_pattern="[A-Z]+",
        naming_severity="blocking",
        entry_modes=("OnceAndDone",),
        longest_wait=30,
        most_steps=40,
        goal_required=True,
        quiet_from=time(21),
        quiet_to=time(8),
    )
    assert (
        AuditEntry.objects.filter(action="tenant.house-rules-changed", tenant=tenant).count() == 1
    )


def test_it_has_none_until_some_are_set(as_ada: Client, tenant: Tenant):
    assert save(as_ada, tenant).status_code == 302
    assert (HouseRules.objects.count(), Tenant.objects.get(pk=tenant.pk).rules()) == (0, None)


@pytest.mark.parametrize(
    "rules",
    [
        {"naming_pattern": "(a+)+"},
        {"naming_pattern": "("},
        {"quiet_from": "21:00"},
        {"quiet_from": "21:00", "quiet_to": "21:00"},
        {"longest_wait": "0"},
        {"entry_modes": ["Twice"]},
        {"naming_pattern": "a", "naming_severity": "fatal"},
    ],
)
def test_it_refuses_what_makes_no_rule(as_ada: Client, tenant: Tenant, rules: dict):
    answer = save(as_ada, tenant, **rules)
    assert answer.status_code == 200 and any(
        answer.context["inline_admin_formsets"][0].formset.errors
    )
    assert not HouseRules.objects.exists()


@pytest.mark.parametrize("person", ["as_maya", "as_rob"])
def test_it_is_closed_to_others(request: pytest.FixtureRequest, tenant: Tenant, person: str):
    assert save(request.getfixturevalue(person), tenant, most_steps="1").status_code == 403
