"""Wherever conditions are told, they name the source of their fields."""

from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.models import Journey, Tenant
from tests.cases import case
from tests.people import started

SPLIT = "MULTICRITERIADECISIONV2-1"
STATUS = "Status (journey data) is NEW"
CUSTOMER = "Customer: Status is NEW"
REFERENCE = "ItemID (journey data) is the value of Customer: ItemID"


def unlabelled() -> dict:
    document = case("journey-data-and-contact-data")
    for way in document["activities"][0]["outcomes"]:
        way["metaData"]["label"] = ""
    return document


@pytest.fixture
def sources(tenant: Tenant, maya: User) -> Journey:
    return started(unlabelled(), tenant, maya)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).split())


@pytest.mark.one_database
@pytest.mark.parametrize(
    "rest",
    ["?view=list", "?view=path", f"panel/?kind=activity&key={SPLIT}", "print/", "picture.svg"],
)
def test_it_names_them_where_the_journey_is_shown(as_maya: Client, sources: Journey, rest: str):
    shown = page(as_maya, f"/journeys/{sources.pk}/{rest}")
    assert "Status (journey data)" in shown
    for words in () if rest == "picture.svg" else (STATUS, CUSTOMER, REFERENCE):
        assert words in shown


def test_it_names_them_in_history_and_review(
    as_maya: Client, as_rob: Client, sources: Journey, maya: User
):
    changed = unlabelled()
    criteria = changed["activities"][0]["configurationArguments"]["criteria"]
    criteria["b"] = criteria["b"].replace("[NEW]", "[OLD]")
    criteria["c"] = criteria["c"].replace("Customer.ItemID", "Order.ItemID")
    sources.replace(changed, based_on=1, author=maya, operation="edit as text")
    review = sources.request_review(maya)
    told = f"conditions “{CUSTOMER}” → “Customer: Status is OLD”"
    assert "Split by" in page(as_maya, f"/journeys/{sources.pk}/history/")
    desk = page(as_rob, f"/admin/journeys/review/{review.pk}/change/?against=1")
    first = page(as_maya, f"/journeys/{sources.pk}/history/2/")
    for shown in (desk, first):
        assert STATUS in shown
    assert told in first
    assert f"“{REFERENCE}” → “{REFERENCE.replace('Customer', 'Order')}”" in first
