import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.db import connection

from journeys.models import Tenant

SECRET = "s3cret-of-the-package"


@pytest.fixture
def stored(db: None) -> Tenant:
    return Tenant.objects.create(
        name="North", subdomain="mc-abc", client_id="package", client_secret=SECRET
    )


def column(tenant: Tenant) -> str:
    """As a thief of the database finds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT client_secret FROM journeys_tenant WHERE id = %s", [tenant.pk])
        return cursor.fetchone()[0]


def secret(tenant: Tenant) -> str:
    return Tenant.objects.get(pk=tenant.pk).client_secret


def test_it_is_encrypted_at_rest(stored: Tenant) -> None:
    assert (SECRET in column(stored), secret(stored)) == (False, SECRET)


def test_it_looks_different_each_time(stored: Tenant) -> None:
    before = column(stored)
    Tenant.objects.get(pk=stored.pk).save()
    assert (column(stored) != before, secret(stored)) == (True, SECRET)


def test_it_is_encrypted_by_updates_too(stored: Tenant) -> None:
    Tenant.objects.update(client_secret="an0ther-secret")
    assert ("an0ther" in column(stored), secret(stored)) == (False, "an0ther-secret")


def test_it_stays_readable_while_keys_are_rotated(stored: Tenant, settings) -> None:
    old, new = settings.ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [new, old]
    assert secret(stored) == SECRET
    Tenant.objects.get(pk=stored.pk).save()
    settings.ENCRYPTION_KEYS = [new]
    assert secret(stored) == SECRET
    settings.ENCRYPTION_KEYS = [old]
    assert secret(stored) == ""


@pytest.mark.parametrize("damaged", ["", "no token at all", "gAAAAA"])
def test_it_reads_as_nothing_what_no_key_opens(stored: Tenant, damaged: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journeys_tenant SET client_secret = %s WHERE id = %s", [damaged, stored.pk]
        )
    assert secret(stored) == ""


def test_it_is_in_no_repr(stored: Tenant, maya: User) -> None:
    credentials = stored.credentials()
    shown = [
        repr(stored),
        str(stored),
        repr(credentials),
        str(credentials),
        repr([maya, credentials]),
    ]
    assert (credentials.client_secret, [SECRET in text for text in shown]) == (
        SECRET,
        [False] * len(shown),
    )
