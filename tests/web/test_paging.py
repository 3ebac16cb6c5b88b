"""Links to pages: they hold while rows move, and only those that were made here mean anything."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from journeys import paging
from journeys.models import Journey, Tenant
from journeys.paging import page_of

ORDER = ["-changed_at", "-id"]


@pytest.fixture
def rows(tenant: Tenant, maya: User) -> list[int]:
    """Ids of 23 journeys, newest first; some are of the same moment."""
    moment = timezone.now()
    made = [
        Journey(
            tenant=tenant,
            owner=maya,
            key=f"k{n}",
            name=f"N{n}",
            changed_at=moment - timedelta(hours=n // 3),
        )
        for n in range(23)
    ]
    Journey.objects.bulk_create(made)
    return list(Journey.objects.order_by(*ORDER).values_list("pk", flat=True))


def shown(asked: str = "", order: list[str] = ORDER) -> paging.Page:
    return page_of(Journey.objects.all(), order, asked, size=5)


def walked(way: str, asked: str = "") -> list[list[int]]:
    page = shown(asked)
    pages = [[row.pk for row in page]]
    while link := getattr(page, way):
        page = shown(link)
        pages.append([row.pk for row in page])
    return pages


def test_every_row_is_on_one_page_in_both_directions(rows: list[int]) -> None:
    assert sum(walked("next"), []) == rows
    *back, top = walked("previous", shown().last)
    assert top == rows[:5]  # whole, although fewer are left there
    assert list(dict.fromkeys(sum([top, *reversed(back)], []))) == rows


def test_an_edit_between_two_pages_hides_no_other_row(rows: list[int]) -> None:
    """A row that was still to come goes to the top; one that was shown already, and is the border,
    moves as well."""
    first = shown()
    Journey.objects.filter(pk__in=[rows[4], rows[9]]).update(
        changed_at=timezone.now() + timedelta(hours=1)
    )
    rest = sum(walked("next", first.next), [])
    assert rest == [pk for pk in rows[5:] if pk != rows[9]]
    assert {row.pk for row in shown()} >= {rows[4], rows[9]}


def test_a_row_that_comes_in_shifts_nothing(rows: list[int], tenant: Tenant) -> None:
    link = shown().next
    Journey.objects.create(
        tenant=tenant, key="new", name="New", changed_at=timezone.now() + timedelta(hours=1)
    )
    assert [row.pk for row in shown(link)] == rows[5:10]


def test_a_link_that_was_not_made_here_leads_to_the_first_page(rows: list[int]) -> None:
    link = shown().next
    changed = link[:10] + ("A" if link[10] != "A" else "B") + link[11:]
    for forged in (changed, link.partition(":")[0], "x", "-1", "9" * 30, "\0", "²"):
        assert [row.pk for row in shown(forged)] == rows[:5]
    other = ["changed_at", "id"]
    assert [row.pk for row in shown(link, other)] == list(reversed(rows))[
        :5
    ]  # a link means one order


def test_old_addresses_with_numbers_lead_to_their_rows(rows: list[int]) -> None:
    assert [row.pk for row in shown("2")] == rows[5:10]
    assert [row.pk for row in shown("15")] == rows[:5]  # there are no such rows any more


def test_it_counts_no_further_than_it_tells(rows: list[int], django_assert_num_queries) -> None:
    page = page_of(Journey.objects.all(), ORDER, size=5, most=10)
    assert (page.count, page.total, page.told) == (11, "more than 10", "1–5 of more than 10")
