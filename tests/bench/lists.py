"""How a test and the bench get deep into a list without turning its pages one by one."""

from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

from django.test import Client

from journeys.paging import AFTER, LAST, page_of, signed, values_of


def links_beyond(client: Client, address: str, name: str, shares: Sequence[float]) -> list[str]:
    """The addresses of the pages that follow these shares of the rows; 1 is the last page. None
    where there is one."""
    return links_of(what_it_lists(client, address), address, name, shares)


def links_of(listed: tuple, address: str, name: str, shares: Sequence[float]) -> list[str]:
    rows, order, page = listed
    if page is None or page.is_all:
        return []
    count = rows.order_by().count() if min(shares) < 1 else 0
    links = []
    for share in shares:
        if share >= 1:
            links.append(signed(rows.model, order, LAST, None))
            continue
        at = int(count * share)
        row = rows.order_by(*order)[at]
        links.append(signed(rows.model, order, AFTER, at + 2, values_of(row, rows.model, order)))
    return [with_page(address, name, link) for link in links]


def what_it_lists(client: Client, address: str) -> tuple:
    """The rows, their order and the page that a view asks for; the last of them, where there are
    several."""
    asked = [(None, None, None)]

    def watched(rows, order, *arguments, **more):
        page = page_of(rows, order, *arguments, **more)
        asked.append((rows, order, page))
        return page

    import journeys.admin.reading as reading
    from journeys.views import history, journeys, submission

    rooms = (reading, history, journeys, submission)
    for room in rooms:
        room.page_of = watched
    try:
        assert client.get(address).status_code == 200
    finally:
        for room in rooms:
            room.page_of = page_of
    return asked[-1]


def with_page(address: str, name: str, cursor: str) -> str:
    path, query = urlsplit(address).path, urlsplit(address).query
    return f"{path}?{query}{'&' if query else ''}{urlencode({name: cursor})}"
