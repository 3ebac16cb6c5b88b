import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.models import Journey, Tenant


def filled(client: Client, unit: Tenant, /, **changes: str) -> dict:
    proposed = client.get("/journeys/new/").context["form"].initial["key"]
    values = {
        "name": "Spring sale",
        "description": "",
        "tenant": unit.pk,
        "key": proposed,
        "spec_version": "1.0",
    }
    return {**values, **changes}


def test_it_starts_a_journey(as_maya: Client, tenant: Tenant, maya: User):
    values = filled(as_maya, tenant, description="For everybody")
    answer = as_maya.post("/journeys/new/", values)
    journey = Journey.objects.get()
    assert answer.url == f"/journeys/{journey.pk}/"
    assert (journey.name, journey.key, journey.owner, journey.tenant) == (
        "Spring sale",
        values["key"],
        maya,
        tenant,
    )
    assert journey.head.document()["description"] == "For everybody"
    assert journey.key_proposed


def test_it_keeps_the_spec_version_as_a_number(as_maya: Client, tenant: Tenant):
    as_maya.post("/journeys/new/", filled(as_maya, tenant, spec_version="0.5"))
    assert Journey.objects.get().head.document()["workflowApiVersion"] == 0.5


def test_it_takes_any_key_and_knows_that_it_did_not_make_it(as_maya: Client, tenant: Tenant):
    as_maya.post("/journeys/new/", filled(as_maya, tenant, key="Ünser/Schlüssel 1"))
    journey = Journey.objects.get()
    assert (journey.key, journey.key_proposed) == ("Ünser/Schlüssel 1", False)


def test_it_does_not_believe_in_a_proposal_that_was_used(as_maya: Client, tenant: Tenant):
    values = filled(as_maya, tenant)
    as_maya.post("/journeys/new/", values)
    Journey.objects.update(key="moved on")
    as_maya.post("/journeys/new/", values)
    assert not Journey.objects.get(key=values["key"]).key_proposed


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "This field is required."),
        (
            "name",
            "Tea & cake",
            "Take out of the name what Marketing Cloud does not accept there: &amp;",
        ),
        ("name", 'a<b>"c"', "accept there: &lt;  &gt;  &quot;"),
        (
            "description",
            "either/or",
            "Take out of the description what Marketing Cloud does not accept there: /",
        ),
        ("key", "", "This field is required."),
        ("key", "   ", "more than spaces"),
        ("key", "k" * 201, "at most 200 characters (it has 201)"),
        ("key", "a\0b", "Null characters are not allowed."),
        ("spec_version", "2.0", "2.0 is not one of the available choices"),
        ("tenant", "", "This field is required."),
    ],
)
def test_it_refuses_and_says_why(
    as_maya: Client, tenant: Tenant, field: str, value: str, said: str
):
    answer = as_maya.post("/journeys/new/", filled(as_maya, tenant, **{field: value}))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Journey.objects.exists()


def test_it_puts_the_cursor_into_the_first_wrong_field(as_maya: Client, tenant: Tenant):
    form = as_maya.post("/journeys/new/", filled(as_maya, tenant, key="")).context["form"]
    assert [name for name, field in form.fields.items() if field.widget.attrs.get("autofocus")] == [
        "key"
    ]


def test_it_offers_only_the_users_tenants(as_maya: Client, tenant: Tenant, foreign_tenant: Tenant):
    answer = as_maya.post("/journeys/new/", filled(as_maya, tenant, tenant=str(foreign_tenant.pk)))
    assert answer.status_code == 422 and not Journey.objects.exists()
    assert list(answer.context["form"].fields["tenant"].queryset) == [tenant]


def test_it_leads_to_the_journey_that_has_the_key(
    as_maya: Client, tenant: Tenant, journey: Journey
):
    answer = as_maya.post("/journeys/new/", filled(as_maya, tenant, key=journey.key))
    assert answer.status_code == 422
    assert f'<a href="/journeys/{journey.pk}/">Welcome series</a>' in answer.content.decode()
