import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.models import Journey, Tenant
from journeys.spec import document as doc
from tests.people import approved, started


@pytest.fixture
def three(tenant: Tenant, maya: User, miles: User) -> list[Journey]:
    """In the order in which they were made."""
    texts = [
        ("b-key", "Birthday", "A greeting on the day"),
        ("a-key", "autumn sale", "20 % off"),
        ("c-key", "Cart", ""),
    ]
    owners = [maya, miles, maya]
    return [
        started(doc.blank(*text), tenant, owner) for text, owner in zip(texts, owners, strict=True)
    ]


def names(client: Client, query: str = "") -> list[str]:
    return [journey.name for journey in client.get(f"/{query}").context["page"]]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Cart", "autumn sale", "Birthday"]),
        ("?sort=changed", ["Birthday", "autumn sale", "Cart"]),
        ("?sort=name", ["autumn sale", "Birthday", "Cart"]),
        ("?sort=-name", ["Cart", "Birthday", "autumn sale"]),
        ("?q=AUTUMN", ["autumn sale"]),
        ("?q=c-key", ["Cart"]),
        ("?q=day+greeting", ["Birthday"]),
        ("?q=nothing", []),
        ("?q=%00", ["Cart", "autumn sale", "Birthday"]),
        ("?state=approved", []),
        ("?state=draft", ["Cart", "autumn sale", "Birthday"]),
        ("?state=invented&owner=x&tenant=-1&sort=up&page=99", ["Cart", "autumn sale", "Birthday"]),
    ],
)
def test_it_lists_what_is_asked_for(
    as_maya: Client, three: list[Journey], query: str, shown: list[str]
):
    assert names(as_maya, query) == shown


def test_it_filters_by_owner_and_tenant(
    as_maya: Client, three: list[Journey], miles: User, tenant: Tenant
):
    assert names(as_maya, f"?owner={miles.pk}&tenant={tenant.pk}") == ["autumn sale"]


def test_it_filters_by_state(
    as_maya: Client, journey: Journey, three: list[Journey], maya: User, rob: User
):
    approved(journey, maya, rob)
    assert names(as_maya, "?state=approved") == ["Welcome series"]


def test_it_shows_nothing_of_other_tenants(
    as_maya: Client, foreign_journey: Journey, foreign_tenant: Tenant
):
    assert names(as_maya) == []
    assert names(as_maya, f"?tenant={foreign_tenant.pk}") == []


def test_it_starts_work_where_there_is_none(as_maya: Client):
    page = as_maya.get("/").content.decode()
    assert (
        "No journeys yet" in page
        and 'href="/journeys/new/"' in page
        and 'href="/journeys/import/"' in page
    )


def test_it_offers_to_clear_filters_that_find_nothing(as_maya: Client, three: list[Journey]):
    page = as_maya.get("/?q=nothing").content.decode()
    assert "No journey matches" in page and "Clear filters" in page


def test_it_shows_fifty_a_page(as_maya: Client, tenant: Tenant, maya: User):
    for number in range(51):
        started(doc.blank(f"key-{number}", f"Journey {number:02}"), tenant, maya)
    assert names(as_maya, "?sort=name&page=2") == ["Journey 50"]
    assert "1–50 of 51 journeys" in as_maya.get("/?sort=name").content.decode()


def test_it_reads_no_document_and_asks_little(
    as_maya: Client, three: list[Journey], django_assert_max_num_queries
):
    as_maya.get("/")  # draws the small pictures, which are kept
    with django_assert_max_num_queries(12) as queries:
        as_maya.get("/")
    assert not any(
        "packed" in query["sql"] or "client_secret" in query["sql"]
        for query in queries.captured_queries
    )


def test_it_tells_the_address_of_what_is_shown(as_maya: Client, three: list[Journey]):
    answer = as_maya.get("/?q=cart&state=&tenant=&owner=&sort=name", headers={"HX-Request": "true"})
    assert answer["HX-Replace-Url"] == "/?q=cart&sort=name"
