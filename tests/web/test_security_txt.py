"""Whom to tell of a hole."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from composer.security_txt import security_contacts, security_expiry

ADDRESS = "/.well-known/security.txt"


def test_it_names_the_contact_to_everybody(client: Client, settings) -> None:
    settings.SECURITY_CONTACT = security_contacts(
        ["security@example.com", "https://example.com/report"]
    )
    settings.SECURITY_EXPIRES = security_expiry("2030-01-31")
    answer = client.get(ADDRESS)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "Contact: mailto:security@example.com",
        "Contact: https://example.com/report",
        "Expires: 2030-01-31T00:00:00Z",
        "Preferred-Languages: en",
        f"Canonical: http://testserver{ADDRESS}",
    ]


def test_it_is_not_there_without_a_contact(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 404


@pytest.mark.parametrize(
    "contact", ["nobody", "javascript:alert(1)", "http://example.com", "mailto:a@b\nContact: x"]
)
def test_it_refuses_what_is_no_contact(contact: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        security_contacts([contact])


@pytest.mark.parametrize("day", ["", "soon", "2030-13-01"])
def test_it_refuses_a_contact_without_a_day(day: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        security_expiry(day)
