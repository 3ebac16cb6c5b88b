"""How a test and the bench get deep into a list without turning its pages one by one."""

from urllib.parse import urlencode, urlsplit

from django.test import Client

from journeys.paging import AFTER, LAST, page_of, signed, values_of


def link_beyond(client: Client, address: str, name: str, share: float) -> str:
    """The address of the page that follows this share of the rows; 1 is the last page, "" where there is only one."""
    asked = []

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
        client.get(address)
    finally:
        for room in rooms:
            room.page_of = page_of
    rows, order, page = asked[-1] if asked else (None, None, None)
    if page is None or page.is_all:
        return ""
    if share >= 1:
        return with_page(address, name, signed(rows.model, order, LAST, None))
    count = rows.order_by().count()
    row = rows.order_by(*order)[int(count * share)]
    start = int(count * share) + 2
    return with_page(address, name, signed(rows.model, order, AFTER, start, values_of(row, rows.model, order)))


def with_page(address: str, name: str, cursor: str) -> str:
    path, query = urlsplit(address).path, urlsplit(address).query
    return f"{path}?{query}{'&' if query else ''}{urlencode({name: cursor})}"
