"""What the audit keeps: refusals, values of a tenant, and never a secret."""

import json
import logging

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from journeys.models import AuditEntry, Journey, Tenant
from journeys.models.audit import MOST_REFUSALS, record

LIST = "/admin/journeys/auditentry/"


def test_it_keeps_what_was_refused_but_not_without_end(as_rob: Client, rob: User):
    for _time in range(MOST_REFUSALS + 5):
        assert as_rob.get("/journeys/new/").status_code == 403
    entries = AuditEntry.objects.filter(actor=rob, action="refused.permission")
    assert entries.count() == MOST_REFUSALS
    assert entries[0].data == {"method": "GET", "path": "/journeys/new/"}


def test_it_keeps_refused_decisions_once(browser_of, journey: Journey, maya: User, rob: User):
    review = journey.request_review(maya)
    maya.user_permissions.add(Permission.objects.get(codename="approve_review"))
    assert browser_of(maya).post(f"/admin/journeys/review/{review.pk}/approve/").status_code == 403
    entry = AuditEntry.objects.get(kind="refused")
    assert entry.action == "refused.decision" and "You wrote some" in entry.data["reason"]


def test_it_keeps_a_submission_that_the_gate_refused(as_maya: Client, journey: Journey):
    as_maya.post(f"/journeys/{journey.pk}/submit/")
    entry = AuditEntry.objects.get(kind="refused")
    assert (entry.action, entry.journey) == (
        "refused.submission",
        journey,
    ) and "not approved" in entry.data["reason"]


@pytest.mark.parametrize(
    ("page", "action"),
    [
        ("export/", "export.json"),
        ("export/?as=curl", "export.curl"),
        ("print/", "export.print"),
        ("picture.svg?download=1", "export.picture"),
    ],
)
def test_it_keeps_who_took_what_out(
    as_maya: Client, journey: Journey, maya: User, page: str, action: str
):
    as_maya.get(f"/journeys/{journey.pk}/{page}")
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.journey) == (maya, action, journey)


def test_it_keeps_old_and_new_values_of_a_tenant_but_no_secret(
    as_ada: Client, foreign_tenant: Tenant
):
    page = f"/admin/journeys/tenant/{foreign_tenant.pk}/change/"
    form = as_ada.get(page).context["adminform"].form
    rules = {
        f"house_rules-{name}": value
        for name, value in {"TOTAL_FORMS": 1, "INITIAL_FORMS": 0}.items()
    }
    sent = {name: form[name].value() or "" for name in form.fields} | rules
    sent |= {"name": "Renamed", "review_required": "on", "account_id": "77", "secret": "CANARY-1"}
    sent |= {"house_rules-0-most_steps": "30", "house_rules-0-tenant": foreign_tenant.pk}
    for name in ("naming", "entry_modes", "longest_wait", "most_steps", "goal", "quiet"):
        sent[f"house_rules-0-{name}_severity"] = "blocking"
    as_ada.post(page, sent)
    changes = AuditEntry.objects.get(action="tenant.changed").data["changes"]
    assert changes == {
        "name": ["Other unit", "Renamed"],
        "account_id": ["", "77"],
        "secret": "replaced",
    }
    rules = AuditEntry.objects.get(action="tenant.house-rules-changed").data["changes"]
    assert rules["most_steps"] == [None, 30]
    assert "CANARY" not in as_ada.get(LIST).content.decode()


def test_it_tells_the_log_as_well_what_was_kept(
    maya, journey, caplog, django_capture_on_commit_callbacks
):
    caplog.set_level(logging.INFO, "journeys.audit")
    with django_capture_on_commit_callbacks(execute=True):
        entry = record(
            maya, "journey.exported", journey=journey, note="with client_secret=abcdefghijkl"
        )
    told = [one.told for one in caplog.records if one.name == "journeys.audit"]
    about = {"journey": journey.pk, "tenant": journey.tenant_id, "data": entry.data}
    assert told == [{"entry": entry.pk, "action": "journey.exported", "person": maya.pk} | about]
    assert "abcdefghijkl" not in str(told)


def test_it_hides_secrets_in_what_it_keeps(tenant: Tenant):
    entry = record(
        None,
        "refused.submission",
        tenant=tenant,
        reason="client_secret=CANARY&x",
        deep={"a": ["Bearer CANARY1"]},
    )
    assert "CANARY" not in json.dumps(entry.data)
