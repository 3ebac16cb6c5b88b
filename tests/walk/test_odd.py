"""Odd bodies and parameters, at every address: told, or taken for nothing, but never a failure of
ours.

What an address asks for is learnt by listening to what it reads out of the request.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import cycle, islice, product

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.utils.datastructures import MultiValueDict

from tests.depth import deep
from tests.walk.addresses import filled
from tests.walk.conftest import MISSING
from tests.walk.declared import DECLARED

ODD = [
    "",
    "\x00",
    "-1",
    "0",
    "9" * 30,
    "9" * 5000,
    "NaN",
    "1e999",
    "\ufffd\u202e\u200b",
    "x" * 100_000,
    "[",
    "{",
    "null",
]
ODD += [
    "[" * 5000,
    '["x"]',
    '{"key": 1}',
    '{"key": "\\ud800"}',
    "true",
    "../../etc/passwd",
    "%s%n{0}",
    "<b hx-get=/>",
]
ODD += [
    "2026-13-45",
    "1,2,3",
    "é" * 300,
    '{"a":' * 70 + "1" + "}" * 70,
    "\r\nX-Evil: 1",
    "\u2028",
    "٣",
]
BASE = {"based_on": "1", "kind": "activity", "key": "WAITBYDURATION-1"}
TRIES = int(
    os.environ.get("ODD_TRIES") or deep(2, 20)
)  # at each address; chance chooses, always alike on one database
KINDS = deep(2, 8)  # of the odd bodies, at each address: the next one gets the following ones
FILES = {"file", "files"}
BEYOND = [2**31, 2**63, 10**30]  # of columns for ids, and of each column
PLACES = ["pk", "object_id", "id", "content_type_id", "number"]
BODIES = [
    ("application/json", b'{"based_on": 1}'),
    ("application/x-www-form-urlencoded", b"based_on=%ff%fe&key=%00"),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(10_050))),
    ("application/x-www-form-urlencoded; charset=nonsense", b"key=1"),
    (
        "multipart/form-data; boundary=b",
        b"--b\r\nContent-Disposition: form-data; name=key\r\n\r\n1",
    ),
    ("multipart/form-data", b"--b"),
    ("multipart/form-data; boundary=" + "b" * 300, b""),
    ("text/xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
]


@pytest.fixture
def ada(browser_of, people: dict) -> Client:
    return browser_of(people["ada"])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_it_takes_odd_values_for_what_it_asks_for(
    method: str, ada: Client, own: dict, raises_nothing: None
):
    wrong = []
    for route, address in DECLARED.items():
        if (address.show if method == "GET" else address.change) and "?P" not in route:
            path = filled(route, own.get(address.of, MISSING))
            wrong += [(route, *told) for told in tried(ada, method, path)]
    assert not wrong, "\n" + "\n".join(map(str, wrong))


def test_it_knows_nothing_under_numbers_that_no_id_can_be(
    ada: Client, own: dict, raises_nothing: None
):
    wrong = []
    for route, address in DECLARED.items():
        if "<" not in route or "?P" in route:
            continue
        for beyond in BEYOND:
            path = filled(route, own.get(address.of, MISSING) | dict.fromkeys(PLACES, beyond))
            for method in [ada.get] * bool(address.show) + [ada.post] * bool(address.change):
                status = sent(ada, partial(method, path, BASE))
                wrong += [(route, beyond, status)] if status >= 500 else []
    assert not wrong, "\n".join(map(str, wrong))


def test_a_list_ignores_a_filter_by_a_number_that_no_id_can_be(
    ada: Client, own: dict, raises_nothing: None
):
    """Of each list in the administration, by each relation of its rows."""
    wrong = []
    for model in admin.site._registry:
        names = [one.name for one in model._meta.get_fields() if one.is_relation]
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for name, way in product(["id", *names], ["", "__id__exact", "__in"]):
            for beyond in BEYOND[-1:]:
                with transaction.atomic():
                    answer = ada.get(path, {name + way: beyond})
                    transaction.set_rollback(True)
                wrong += [(path, name + way, beyond)] if answer.status_code >= 500 else []
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("rows", ["review", "submission", "journey"])
def test_a_list_shows_its_rows_with_such_a_filter(ada: Client, own: dict, rows: str):
    shown = ada.get(f"/admin/journeys/{rows}/").context["cl"].result_list
    narrowed = ada.get(f"/admin/journeys/{rows}/", {"tenant": 2**63}).context["cl"].result_list
    assert shown and narrowed == shown


@pytest.mark.one_database
def test_it_takes_odd_bodies(ada: Client, own: dict, raises_nothing: None):
    wrong, bodies = [], cycle(BODIES)
    for route, address in DECLARED.items():
        if address.change and "?P" not in route:
            path = filled(route, own.get(address.of, MISSING))
            for kind, body in islice(bodies, KINDS):
                status = sent(ada, partial(ada.generic, "POST", path, body, kind))
                wrong += [(route, kind, body[:40], status)] if status >= 500 else []
    assert not wrong, "\n" + "\n".join(map(str, wrong))


def tried(client: Client, method: str, path: str) -> Iterator[tuple]:
    """What went wrong with which value of which name."""
    names: set[str] = set()
    chance = random.Random(path + connection.vendor)
    with listening(names):
        sent(client, partial(asked, client, method, path, BASE))
    choices = [(name, value) for name in sorted(names) for value in ODD]
    for name, value in chance.choices(choices, k=TRIES) if choices else []:
        status = sent(client, partial(asked, client, method, path, BASE | {name: value}))
        if status >= 500:
            yield name, value[:40], status


def asked(client: Client, method: str, path: str, data: dict):
    files = {name: SimpleUploadedFile("x.json", data[name].encode()) for name in FILES & set(data)}
    return client.post(path, data | files) if method == "POST" else client.get(path, data)


def sent(client: Client, send) -> int:
    cookies = client.cookies.copy()
    with transaction.atomic():
        status = send().status_code
        transaction.set_rollback(True)
    client.cookies = cookies
    return status


@contextmanager
def listening(names: set[str]) -> Iterator[None]:
    """Notes under which names the product looks into forms and addresses."""
    readers = {name: vars(MultiValueDict)[name] for name in ("get", "getlist", "__getitem__")}

    def noting(reader):
        def read(self, key, *rest):
            names.add(str(key))
            return reader(self, key, *rest)

        return read

    for name, reader in readers.items():
        setattr(MultiValueDict, name, noting(reader))
    try:
        yield
    finally:
        for name, reader in readers.items():
            setattr(MultiValueDict, name, reader)


@pytest.fixture
def raises_nothing(ada: Client) -> None:
    """A failure is an answer here, so that all of them are listed."""
    ada.raise_request_exception = False
