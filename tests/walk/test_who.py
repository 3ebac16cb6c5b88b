"""Every address, as six people, with what is theirs, what is another tenant's and what is not there
at all. Whether what is another's looks as if it were not there, each person is asked at every other
address, and every other method at every third: tomorrow at others."""

from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.depth import has_turn
from tests.walk.addresses import SHOW, Address, filled, routes
from tests.walk.conftest import MISSING
from tests.walk.declared import DECLARED

ROUTES = sorted({route for route, pattern in routes()})
PARTS = ("", "admin/auth/", "admin/journeys/", "admin/", "journeys/<int:pk>/", "submissions/")
SHUT = {403, 404, 405}
# what most addresses of a journey ask for, so that they get as far as they do for people
ASKED = {
    "based_on": "1",
    "kind": "activity",
    "key": "WAITBYDURATION-1",
    "text": "{}",
    "to": "later",
    "name": "N",
}
HTMX = {"HX-Request": "true"}
STARTING = {
    r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-\w]+)/$": "password/reset/1-set-password/",
    "^(?P<app_label>journeys|auth)/$": "journeys/",
    "(?P<url>.*)$": "no/such/page/",
}

pytestmark = pytest.mark.one_database


def test_it_declares_every_address_and_no_other():
    assert sorted(DECLARED) == ROUTES


@pytest.mark.parametrize("part", PARTS)
def test_it_lets_in_whom_it_says(part: str, clients: dict, own: dict, others: dict, missing: dict):
    wrong = []
    for route in routes_of(part):
        address = DECLARED[route]
        mine, other = (at(route, of.get(address.of, MISSING)) for of in (own, others))
        nothing = at(route, missing.get(address.of, MISSING))
        for name, client in clients.items():
            for method in ("GET", "POST"):
                # an address about nothing in particular is one and the same for all three
                more = address.of and has_turn(f"{route} {name} {method}", 2)
                paths = (mine, other, nothing) if more else (mine,)
                answers = [ask(client, method, path) for path in paths]
                if not fits(address, name, method, *answers):
                    wrong.append((route, name, method, [answer.status_code for answer in answers]))
    assert not wrong, "\n" + "\n".join(map(str, wrong))


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_it_serves_no_other_method(method: str, clients: dict, own: dict):
    wrong, asked = [], [route for route in ROUTES if has_turn(f"{route} {method}", 3)]
    assert asked
    for route in asked:
        address = DECLARED[route]
        path = at(route, own.get(address.of, MISSING))
        answers = {
            name: ask(clients[name], method, path).status_code for name in ("admin", "nobody")
        }
        if set(answers.values()) != {405}:
            wrong.append((route, answers))
    assert not wrong, "\n" + "\n".join(map(str, wrong))


def routes_of(part: str) -> list[str]:
    """Each route belongs to the longest beginning that it has."""
    return [
        route for route in ROUTES if max((p for p in PARTS if route.startswith(p)), key=len) == part
    ]


def fits(address: Address, name: str, method: str, mine, *others) -> bool:
    """What is not there lets nobody in; what is another's looks as if it were not there."""
    if kind(mine) != expected(address, name, method):
        return False
    if not others:
        return True
    other, nothing = others
    return kind(nothing) != "in" and sees_other(address, name, other, nothing, mine)


def sees_other(address: Address, name: str, other, nothing, mine) -> bool:
    """What is another tenant's looks as if it were not there, but for who may see all tenants (or
    belongs to it)."""
    if name == "admin":
        return other.status_code == mine.status_code
    if name == "stranger" or address.of in ("group", "gallery"):
        return True
    return other.status_code == nothing.status_code


def ask(client: Client, method: str, path: str) -> HttpResponse:
    """Whatever it changes is taken back, the sign-in as well."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        if method == "POST":
            answer = client.post(path, ASKED, headers=HTMX)
        else:
            answer = client.generic(method, f"{path}?{urlencode(ASKED)}", headers=HTMX)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def at(route: str, values: dict) -> str:
    for regex, path in STARTING.items():
        route = route.replace(regex, path)
    return filled(route, values)


def kind(answer: HttpResponse) -> str:
    """ "door": to the sign-in; "shut": refused or not there; "in": anything else that is no failure
    of ours."""
    if answer.status_code == 302 and answer.url.startswith(
        ("/sign-in/?next=", "/admin/login/?next=")
    ):
        return "door"
    if answer.status_code == 401:  # a fragment: the page says what to do
        return "door"
    if answer.status_code == 302 and answer.url == f"{answer.request['PATH_INFO']}change/":
        return "shut"  # Django's administration leads there without a look at what is asked for
    assert answer.status_code in (503, *range(500)), answer.request["PATH_INFO"]
    return "shut" if answer.status_code in SHUT else "in"


def expected(address: Address, name: str, method: str) -> str:
    if name == "nobody" and not opens(address, name):
        return "door" if address.leads_to_sign_in else "shut"
    may = address.show if method in SHOW else address.change if method == "POST" else None
    return "in" if may and name in may else "shut"


def opens(address: Address, name: str) -> bool:
    return name in (address.show or ()) or name in (address.change or ())
