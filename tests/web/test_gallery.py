import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.checks import check
from journeys.gallery import TEMPLATES
from journeys.models import AuditEntry, Journey, JourneyTemplate, Tenant
from journeys.spec import document as doc
from journeys.spec.intake import placeholders
from tests.people import started

pytestmark = pytest.mark.one_database

WELCOME = "/templates/welcome-series/"


def filled(client: Client, page: str, **changes: object) -> dict:
    """The form as it is shown, every ask answered."""
    form = client.get(page).context["form"]
    answers = {
        name: "17" if ask.kind == "email id" else "an-answer" for name, ask in form.asked.items()
    }
    shown = {
        name: form.get_initial_for_field(form.fields[name], name)
        for name in ("name", "description", "key")
    }
    return {**shown, **answers, "tenant": Tenant.objects.get(name="Practice tenant").pk, **changes}


def kept(tenant: Tenant, by: User | None, name: str = "Ours", **members: object) -> JourneyTemplate:
    document = {
        "key": "old",
        "name": "Old",
        "description": "",
        "activities": [],
        "workflowApiVersion": 1.0,
        **members,
    }
    return JourneyTemplate.objects.keep(
        document, tenant=tenant, name=name, description="For all", by=by
    )


def test_it_shows_every_template(as_maya: Client, tenant: Tenant):
    page = as_maya.get("/templates/").content.decode()
    assert all(f"/templates/{template.slug}/" in page for template in TEMPLATES)
    assert "Send Welcome 1" in page and "Wait 2 days" in page


@pytest.mark.parametrize("slug", [template.slug for template in TEMPLATES])
def test_it_starts_a_journey_that_nothing_stops(
    as_maya: Client, tenant: Tenant, maya: User, slug: str
):
    page = f"/templates/{slug}/"
    values = filled(as_maya, page, name="Mine")
    answer = as_maya.post(page, values)
    journey = Journey.objects.get()
    assert answer.url == f"/journeys/{journey.pk}/"
    assert (journey.name, journey.key, journey.owner, journey.key_proposed) == (
        "Mine",
        values["key"],
        maya,
        True,
    )
    assert placeholders(journey.head.document()) == []
    assert [problem for problem in check(journey.head.document()) if problem.blocks] == []
    assert journey.head.operation == "template"


def test_it_puts_each_answer_into_its_place(as_maya: Client, tenant: Tenant):
    as_maya.post(
        WELCOME, filled(as_maya, WELCOME, **{"ask-0": "API-1", "ask-1": "101", "ask-4": "class"})
    )
    document = Journey.objects.get().head.document()
    send = document["activities"][0]["configurationArguments"]["triggeredSend"]
    assert document["triggers"][0]["metaData"]["eventDefinitionKey"] == "API-1"
    assert (send["emailId"], send["sendClassificationId"]) == (101, "class")


def test_it_waits_for_answers_that_nobody_has_yet(as_maya: Client, tenant: Tenant):
    asks = as_maya.get(WELCOME).context["form"].asked
    as_maya.post(WELCOME, filled(as_maya, WELCOME, **dict.fromkeys(asks, "")))
    document = Journey.objects.get().head.document()
    assert placeholders(document) == []
    assert {problem.id for problem in check(document) if problem.blocks} == {
        "trigger-event",
        "email-missing",
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ask-0": "no spaces"}, "An event key holds only letters"),
        ({"ask-0": '"/><x>'}, "An event key holds only letters"),
        ({"ask-1": "0"}, "greater than or equal to 1"),
        ({"ask-4": "{{{p}}}"}, "Enter it without"),
        ({"name": "a/b"}, "Take out of the name"),
        ({"key": ""}, "This field is required."),
    ],
)
def test_it_refuses_and_says_why(as_maya: Client, tenant: Tenant, changes: dict, said: str):
    answer = as_maya.post(WELCOME, filled(as_maya, WELCOME, **changes))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Journey.objects.exists()


def test_it_leads_to_the_journey_that_has_the_key(
    as_maya: Client, tenant: Tenant, journey: Journey
):
    answer = as_maya.post(WELCOME, filled(as_maya, WELCOME, key=journey.key))
    assert (
        answer.status_code == 422
        and f'<a href="/journeys/{journey.pk}/">' in answer.content.decode()
    )


def test_it_keeps_a_journey_as_a_template(as_maya: Client, journey: Journey, maya: User):
    answer = as_maya.post(
        f"/journeys/{journey.pk}/template/", {"name": "Our welcome", "description": "Good"}
    )
    template = JourneyTemplate.objects.get()
    assert (
        answer.url == "/templates/" and "Our welcome" in as_maya.get("/templates/").content.decode()
    )
    assert (template.tenant, template.by, template.description) == (journey.tenant, maya, "Good")
    assert doc.dumps(template.document()) == journey.head.body
    assert AuditEntry.objects.filter(action="template.saved", actor=maya).exists()


def test_it_refuses_a_second_template_of_one_name(as_maya: Client, journey: Journey, maya: User):
    kept(journey.tenant, maya)
    answer = as_maya.post(f"/journeys/{journey.pk}/template/", {"name": "Ours"})
    assert answer.status_code == 422 and JourneyTemplate.objects.count() == 1


def test_it_starts_a_journey_from_a_teams_template(as_maya: Client, tenant: Tenant, maya: User):
    template = kept(tenant, None, odd={"a": "{{{p}}}x", "b": "{{{q}}}"}, zzz=[1, 1.0, None])
    page = f"/templates/team/{template.pk}/"
    values = filled(as_maya, page, **{"ask-1": ""})
    as_maya.post(page, values)
    made = {
        "key": values["key"],
        "name": "Ours",
        "description": "For all",
        "activities": [],
        "workflowApiVersion": 1.0,
    }
    expected = {**made, "odd": {"a": "an-answerx", "b": "{{{q}}}"}, "zzz": [1, 1.0, None]}
    assert Journey.objects.get().head.body == doc.dumps(expected)


def test_it_keeps_a_teams_template_to_its_tenant(
    as_ada: Client, tenant: Tenant, foreign_tenant: Tenant, ada: User
):
    template = kept(foreign_tenant, ada)
    page = f"/templates/team/{template.pk}/"
    answer = as_ada.post(page, filled(as_ada, page, tenant=tenant.pk))
    assert answer.status_code == 422 and not Journey.objects.exists()


def test_it_hides_other_teams_templates(
    as_maya: Client, tenant: Tenant, foreign_tenant: Tenant, maya: User
):
    template = kept(foreign_tenant, maya, "Secret plan")
    assert "Secret plan" not in as_maya.get("/templates/").content.decode()
    assert as_maya.get(f"/templates/team/{template.pk}/").status_code == 404
    assert as_maya.post(f"/templates/team/{template.pk}/delete/").status_code == 404


@pytest.mark.parametrize(("who", "left"), [("maya", 0), ("miles", 1), ("ada", 0)])
def test_its_author_or_an_admin_deletes_it(
    browser_of, people: dict, tenant: Tenant, who: str, left: int
):
    template = kept(tenant, people["maya"])
    page = browser_of(people[who]).get("/templates/").content.decode()
    assert (f"/templates/team/{template.pk}/delete/" in page) is (left == 0)
    browser_of(people[who]).post(f"/templates/team/{template.pk}/delete/")
    assert JourneyTemplate.objects.count() == left


def test_it_is_not_for_reviewers(as_rob: Client, journey: Journey):
    pages = ["/templates/", WELCOME, f"/journeys/{journey.pk}/template/"]
    assert [as_rob.get(page).status_code for page in pages] == [403, 403, 403]


def test_it_knows_no_other_template(as_maya: Client, tenant: Tenant):
    assert as_maya.get("/templates/nope/").status_code == 404


def test_it_shows_odd_journeys_too(as_maya: Client, tenant: Tenant, maya: User):
    steps = [{"key": "A", "outcomes": [{"next": "A"}, {"next": 7}]}, {"outcomes": "x"}, {"key": 3}]
    kept(tenant, maya, activities=steps, triggers=[{}], goals=[{"type": 5}])
    assert as_maya.get("/templates/").status_code == 200


def test_the_list_and_the_new_page_lead_there(as_maya: Client, tenant: Tenant):
    assert 'href="/templates/"' in as_maya.get("/journeys/new/").content.decode()
    assert "Start from a template" in as_maya.get("/").content.decode()
    journey = started({"key": "a"}, tenant, None)
    assert (
        f'href="/journeys/{journey.pk}/template/"'
        in as_maya.get(f"/journeys/{journey.pk}/").content.decode()
    )


def test_it_asks_before_it_deletes_and_can_be_left(as_maya: Client, tenant: Tenant, maya: User):
    template = kept(tenant, maya)
    page = as_maya.get(f"/templates/team/{template.pk}/delete/").content.decode()
    assert "Delete Ours?" in page and "Journeys that were begun from it stay as they are" in page
    assert (
        'href="/templates/">Cancel</a>' in page
        and JourneyTemplate.objects.filter(pk=template.pk).exists()
    )


def test_it_says_who_may_delete_to_somebody_who_may_not(
    as_maya: Client, tenant: Tenant, miles: User
):
    page = as_maya.get(f"/templates/team/{kept(tenant, miles).pk}/delete/").content.decode()
    assert "Only its author or an admin" in page and "btn-danger" not in page


def test_it_shows_many_templates_page_by_page(as_maya: Client, tenant: Tenant, maya: User):
    for number in range(30):
        kept(tenant, maya, name=f"Ours {number:02}")
    first = as_maya.get("/templates/")
    assert [len(first.context["own"]), bool(first.context["built_in"])] == [24, True]
    second = as_maya.get("/templates/", {"page": first.context["page"].next})
    names = [one["template"].name for page in (first, second) for one in page.context["own"]]
    assert names == [f"Ours {number:02}" for number in range(30)] and not second.context["built_in"]


@pytest.mark.parametrize("page", ["/", "/journeys/new/", "/journeys/import/", WELCOME])
def test_somebody_without_a_tenant_is_told_why_and_whom_to_ask(
    as_maya: Client, tenant: Tenant, maya: User, page: str
):
    assert "belong to none yet" not in as_maya.get(page).content.decode()
    tenant.members.remove(maya)
    text = as_maya.get(page).content.decode()
    assert (
        "A journey belongs to a tenant, and you belong to none yet. Ask Ada Admin to add you to"
        " yours." in text
    )
    assert "Create and compose" not in text and "Start from a template or" not in text


def test_somebody_without_a_group_is_told_so(as_maya: Client, tenant: Tenant, maya: User):
    maya.groups.clear()
    assert (
        "You are in no group yet that sees journeys. Ask Ada Admin"
        in as_maya.get("/").content.decode()
    )
