"""A fault has one severity, one place, one sentence and one fix, wherever it is told."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.checks import check, fix
from journeys.importing import Source, examine
from journeys.models import HouseRules, Journey, Tenant
from journeys.spec import document as doc
from tests.checks.test_cases import case
from tests.people import started

pytestmark = pytest.mark.one_database

OURS = ["split-paths-without-keys", "unknown-expressions", "two-paths-end", "cc-as-list"]
OURS += ["misnamed-members", "canvas-types"]


def in_html(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("'", "&#x27;")


@pytest.mark.parametrize("name", OURS)
def test_pages_commands_and_imports_tell_the_same(
    as_maya: Client, tenant: Tenant, maya: User, run, file, name: str
) -> None:
    document = case(name)
    problems = check(document)
    journey = started(document, tenant, maya)
    composer = as_maya.get(f"/journeys/{journey.pk}/?view=list").content.decode()
    submit = as_maya.get(f"/journeys/{journey.pk}/submit/").content.decode()
    row = run("check_journey", file(f"{name}.json", document), "--json").json["journeys"][0]
    assert problems == sorted(problems, key=lambda one: not one.blocks)
    assert [(one["severity"], one["place"], one["text"]) for one in row["problems"]] == [
        (one.severity, str(one.address), one.text) for one in problems
    ]
    fixes = [fix(document, one) for one in problems]
    assert [one.get("fix", "") for one in row["problems"]] == fixes
    for shown in (composer, submit):
        assert all(in_html(one.text) in shown for one in problems)
        assert all(in_html(f"Fix: {words}") in shown for words in fixes if words)
    [candidate] = examine([Source(name, doc.dumps(document))], None)
    blocking = sum(one.blocks for one in problems)
    assert (candidate.arrival.blocking, candidate.arrival.advice) == (
        blocking,
        len(problems) - blocking,
    )


def test_a_file_is_judged_by_the_rules_of_the_tenant_that_it_comes_to(
    as_maya: Client, tenant: Tenant, maya: User, run, file
) -> None:
    HouseRules.objects.create(tenant=tenant, goal_required=True, goal_severity="blocking")
    tenant = Tenant.objects.get(pk=tenant.pk)
    document = case("two-paths-end")
    ran = run("check_journey", file("a.json", document), "--tenant", tenant.name, "--json")
    assert ran.code == 1
    assert "house-goal" in {one["id"] for one in ran.json["journeys"][0]["problems"]}
    done = run("import_journey", file("a.json", document), "--nobody", "--json")
    assert done.json["journeys"][0]["report"]["blocking"] == 1


def test_a_problem_is_fixed_from_the_page_of_the_submission(
    as_maya: Client, tenant: Tenant, maya: User
) -> None:
    journey = started(case("two-paths-end"), tenant, maya)
    page = as_maya.get(f"/journeys/{journey.pk}/submit/").content.decode()
    assert page.count("Fix all 2") == 1
    data = {"back": "submit", "based_on": "1", "problem": "path-end-wait", "all": "yes"}
    data |= {"at_kind": "activity", "at_key": "D1", "at_field": "outcomes[a]"}
    for number in (2, 2):  # the second time there is nothing left
        answer = as_maya.post(f"/journeys/{journey.pk}/problem/repair/", data)
        assert answer.headers["Location"] == f"/journeys/{journey.pk}/submit/"
        assert Journey.objects.get().head.number == number
    again = as_maya.get(f"/journeys/{journey.pk}/submit/").content.decode()
    assert "This problem is no longer there" in again and "Fix all" not in again
