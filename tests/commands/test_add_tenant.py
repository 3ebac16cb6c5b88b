import pytest
from django.contrib.auth.models import User
from django.db import connection

from journeys.models import AuditEntry, Tenant

pytestmark = pytest.mark.django_db
REAL = ("North", "--subdomain", "MC-abc", "--client-id", "client")
LOOPBACK = "http://127.0.0.1:8025"


@pytest.fixture
def secret(monkeypatch) -> str:
    monkeypatch.setenv("TENANT_CLIENT_SECRET", "not-to-be-seen")
    return "not-to-be-seen"


def test_it_adds_a_tenant(run, secret: str, maya: User):
    ran = run(
        "add_tenant", *REAL, "--account-id", "510", "--member", "maya", "--no-review", "--json"
    )
    assert ran.json == {
        "tenant": {
            "name": "North",
            "address": "https://mc-abc.rest.marketingcloudapis.com",
            "practice": False,
            "reviewRequired": False,
            "members": ["maya"],
        },
        "error": None,
    }
    assert Tenant.objects.get().credentials().client_secret == secret
    assert AuditEntry.objects.get().action == "tenant.added"


def test_it_keeps_the_secret_encrypted(run, secret: str):
    run("add_tenant", *REAL)
    with connection.cursor() as cursor:
        cursor.execute("SELECT client_secret FROM journeys_tenant")
        (kept,) = cursor.fetchone()
    assert kept and secret not in kept


def test_it_needs_nothing_but_an_address_for_a_stand_in(run):
    ran = run("add_tenant", "Stand-in", "--practice-url", LOOPBACK, "--json")
    assert ran.json["tenant"] == {
        "name": "Stand-in",
        "address": LOOPBACK,
        "practice": True,
        "reviewRequired": True,
        "members": [],
    }
    credentials = Tenant.objects.get().credentials()
    assert credentials.client_id and credentials.client_secret


def test_it_refuses_a_name_that_is_taken(run):
    run("add_tenant", "Stand-in", "--practice-url", LOOPBACK)
    assert run("add_tenant", "Stand-in", "--practice-url", "http://127.0.0.1:9").code == 1
    assert Tenant.objects.get().address == LOOPBACK


@pytest.mark.parametrize(
    "url", ["http://192.0.2.1:80", "https://127.0.0.1", "http://127.0.0.1@evil.example", "x"]
)
def test_it_refuses_a_stand_in_elsewhere(run, url: str):
    ran = run("add_tenant", "Stand-in", "--practice-url", url)
    assert (ran.code, ran.error[:14]) == (1, "--practice-url")
    assert not Tenant.objects.exists()


def test_it_refuses_a_stand_in_outside_the_demo(run, settings):
    settings.DEMO = False
    assert run("add_tenant", "Stand-in", "--practice-url", LOOPBACK).code == 1


@pytest.mark.parametrize(
    "subdomain", ["evil.example/", "a@b", "127.0.0.1:6379", "a\\b", "-a", "a b"]
)
def test_it_refuses_a_bad_subdomain(run, secret: str, subdomain: str):
    ran = run("add_tenant", "North", f"--subdomain={subdomain}", "--client-id", "c", "--json")
    assert (ran.code, ran.json["tenant"], ran.json["error"][:11]) == (1, None, "--subdomain")
    assert not Tenant.objects.exists()


def test_it_refuses_a_bad_domain_and_a_long_name(run, secret: str):
    assert run("add_tenant", *REAL, "--allowed-domain", "evil").code == 1
    assert run("add_tenant", "N" * 81, *REAL[1:]).error.startswith("name: ")
    assert not Tenant.objects.exists()


@pytest.mark.parametrize("words", [("North",), REAL, (*REAL, "--member", "nobody")])
def test_it_is_wrong_use_without_what_it_needs(run, monkeypatch, words: tuple):
    monkeypatch.delenv("TENANT_CLIENT_SECRET", raising=False)
    assert run("add_tenant", *words).code == 2
    assert not Tenant.objects.exists()
