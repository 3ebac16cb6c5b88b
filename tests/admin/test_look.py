"""One header, one menu, one set of buttons: the administration is a part of the product, in the
product's words."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from journeys.models import Countersignature, Journey, Review, Tenant
from tests.markup import flat

pytestmark = pytest.mark.one_database

STOCK = re.compile(
    r"Select \w+( \w+)? to (change|view)|Home</a>|Django|Save and add another|Recent actions|Please"
    r" correct|"
    r"Are you sure|take me back|No, |By state| results? \(|Log out|View site|Authentication and"
    r" Authorization"
)


@pytest.fixture
def pages(tenant: Tenant, review: Review, ada: User, rob: User) -> list[str]:
    User.objects.filter(pk=ada.pk).update(is_superuser=True)  # only one deletes groups
    empty = Group.objects.create(name="Empty")
    kept = Countersignature.objects.create(
        what="lift-review", of="x", told="North", asked_by=rob, reason="Because."
    )
    of_table = (
        "review",
        "auditentry",
        "tenant",
        "submission",
        "attempt",
        "journey",
        "revision",
        "countersignature",
    )
    lists = [f"/admin/journeys/{name}/" for name in of_table] + [
        "/admin/auth/user/",
        "/admin/auth/group/",
    ]
    return [
        "/admin/",
        "/admin/journeys/",
        *lists,
        *(
            f"{one}add/"
            for one in ("/admin/journeys/tenant/", "/admin/auth/user/", "/admin/auth/group/")
        ),
        f"/admin/journeys/tenant/{tenant.pk}/change/",
        f"/admin/journeys/tenant/{tenant.pk}/history/",
        f"/admin/journeys/review/{review.pk}/change/",
        f"/admin/journeys/countersignature/{kept.pk}/change/",
        "/admin/journeys/countersignature/ask/",
        f"/admin/auth/user/{rob.pk}/change/",
        f"/admin/auth/group/{empty.pk}/delete/",
    ]


def menu(page: str) -> str:
    found = re.search(r'<header class="top-bar">.*?</header>', flat(page))
    return re.sub(r' aria-current="page"|value="\w+"', "", found.group()) if found else "no header"


def test_every_page_has_the_one_header_and_none_of_the_words_that_django_brings(
    as_ada: Client, pages: list[str]
):
    product = menu(as_ada.get("/").content.decode())
    for address in pages:
        answer = as_ada.get(address)
        page = answer.content.decode()
        assert (address, answer.status_code, menu(page)) == (address, 200, product)
        assert (address, STOCK.findall(page)) == (address, [])
        assert (address, page.count("<h1")) == (address, 1)


@pytest.mark.parametrize(
    ("address", "entry"),
    [("/admin/journeys/review/", "Review desk"), ("/admin/", "Administration")],
)
def test_the_menu_says_where_one_is(as_ada: Client, tenant: Tenant, address: str, entry: str):
    page = as_ada.get(address).content.decode()
    (current,) = re.findall(r'aria-current="page">\s*([^<]+)</a>', menu_as_it_is(page))
    assert current == entry


def menu_as_it_is(page: str) -> str:
    return page[page.index("<header") : page.index("</header>")]


def test_one_is_counted_as_one(as_rob: Client, review: Review):
    page = " ".join(as_rob.get("/admin/journeys/review/").content.decode().split())
    assert "1 review <" in page and "1 reviews" not in page


def test_a_form_that_was_refused_says_that_nothing_was_saved(as_ada: Client, tenant: Tenant):
    page = as_ada.post(f"/admin/journeys/tenant/{tenant.pk}/change/", {"name": ""}).content.decode()
    assert "Nothing was saved yet. Look at the" in page


def test_an_empty_list_says_so(as_ada: Client, journey: Journey):
    assert "Nothing here yet" in as_ada.get("/admin/journeys/attempt/").content.decode()
    assert "Nothing matches" in as_ada.get("/admin/journeys/journey/?q=nowhere").content.decode()


def test_what_deletes_can_be_left(as_ada: Client, tenant: Tenant, ada: User):
    User.objects.filter(pk=ada.pk).update(is_superuser=True)
    group = Group.objects.create(name="Empty")
    page = as_ada.get(f"/admin/auth/group/{group.pk}/delete/").content.decode()
    assert "Delete Empty?" in page
    assert re.search(rf'href="/admin/auth/group/{group.pk}/change/">\s*Cancel</a>', page)


def test_it_says_in_a_word_what_was_saved_and_deleted(as_ada: Client, tenant: Tenant, ada: User):
    User.objects.filter(pk=ada.pk).update(is_superuser=True)
    page = as_ada.post(
        "/admin/auth/group/add/", {"name": "Night shift"}, follow=True
    ).content.decode()
    group = Group.objects.get(name="Night shift")
    assert "Saved: Night shift." in page and "successfully" not in page
    stayed = as_ada.post(
        f"/admin/auth/group/{group.pk}/change/", {"name": "Day shift", "_continue": "1"}
    )
    assert stayed.url == f"/admin/auth/group/{group.pk}/change/"
    page = as_ada.post(
        f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"}, follow=True
    ).content.decode()
    assert "Deleted: Day shift." in page and "successfully" not in page
