"""Tenants in the admin: checked addresses, and a secret that goes in and never comes out."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from journeys import tenant as rest
from journeys.models import AuditEntry, Tenant

PAGE = "/admin/journeys/tenant/"
FORM = {"name": "North", "subdomain": "mc-abc", "account_id": "510", "client_id": "client", "secret": "hush-hush"}
FORM |= {"house_rules-TOTAL_FORMS": "0", "house_rules-INITIAL_FORMS": "0"}
FORM |= {"allowed_domain": "marketingcloudapis.com", "review_required": "on"}


@pytest.fixture
def north(db: None) -> Tenant:
    kept = {
        name: value for name, value in FORM.items() if "-" not in name and name not in ("secret", "review_required")
    }
    return Tenant.objects.create(**kept, client_secret="hush-hush")


def change(client: Client, tenant: Tenant, **changes: str):
    return client.post(f"{PAGE}{tenant.pk}/change/", FORM | {"secret": ""} | changes)


def test_it_adds_a_tenant(as_ada: Client, maya: User):
    answer = as_ada.post(f"{PAGE}add/", FORM | {"subdomain": "MC-abc", "members": [maya.pk]})
    assert answer.status_code == 302
    tenant = Tenant.objects.get()
    assert tenant.credentials() == rest.Credentials("mc-abc", "client", "hush-hush", account_id="510")
    assert list(tenant.members.all()) == [maya]
    assert AuditEntry.objects.get().action == "tenant.added"


@pytest.mark.parametrize("subdomain", ["", "evil.example/", "a@b", "127.0.0.1:6379", "a" * 64])
def test_it_refuses_bad_subdomains(as_ada: Client, subdomain: str):
    answer = as_ada.post(f"{PAGE}add/", FORM | {"subdomain": subdomain})
    assert "subdomain" in answer.context["adminform"].form.errors
    assert not Tenant.objects.exists()


@pytest.mark.parametrize(("name", "value"), [("allowed_domain", "evil"), ("client_id", ""), ("secret", "")])
def test_it_refuses_half_a_package(as_ada: Client, name: str, value: str):
    answer = as_ada.post(f"{PAGE}add/", FORM | {name: value})
    assert list(answer.context["adminform"].form.errors) == [name]
    assert not Tenant.objects.exists()


def test_it_never_shows_the_secret(as_ada: Client, north: Tenant):
    pages = [
        as_ada.get(f"{PAGE}{north.pk}/change/"),
        as_ada.get(PAGE),
        change(as_ada, north, name="", secret="typed-now"),
    ]
    assert [page.status_code for page in pages] == [200] * 3
    assert not any("hush-hush" in page.content.decode() or "typed-now" in page.content.decode() for page in pages)


def test_it_keeps_the_secret_when_none_is_typed(as_ada: Client, north: Tenant):
    assert change(as_ada, north, name="North again").status_code == 302
    north.refresh_from_db()
    assert (north.name, north.client_secret) == ("North again", "hush-hush")


def test_it_replaces_the_secret_and_drops_the_token(as_ada: Client, north: Tenant):
    north.keep_token(rest.Token("token", 3600, "https://mc-abc.rest.marketingcloudapis.com"), timezone.now())
    change(as_ada, north, secret="newer")
    north.refresh_from_db()
    assert (north.client_secret, north.token, north.token_expires_at) == ("newer", "", None)
    assert "newer" not in str(AuditEntry.objects.get().data)


def test_it_keeps_the_token_when_only_the_name_changes(as_ada: Client, north: Tenant):
    north.keep_token(rest.Token("token", 3600, "https://mc-abc.rest.marketingcloudapis.com"), timezone.now())
    change(as_ada, north, name="North again")
    north.refresh_from_db()
    assert north.token == "token"


@pytest.mark.parametrize("moved", [{"subdomain": "elsewhere"}, {"allowed_domain": "evil.example"}])
def test_it_asks_for_the_secret_again_at_another_address(as_ada: Client, north: Tenant, moved: dict):
    answer = change(as_ada, north, **moved)
    assert list(answer.context["adminform"].form.errors) == ["secret"]
    assert change(as_ada, north, **moved, secret="known").status_code == 302


def test_it_does_not_change_the_practice_address(as_ada: Client, tenant: Tenant):
    before = tenant.practice_url
    answer = change(as_ada, tenant, name="Practice", subdomain="", practice_url="http://127.0.0.1:9")
    tenant.refresh_from_db()
    assert (answer.status_code, tenant.name, tenant.practice_url) == (302, "Practice", before)


def test_it_deletes_no_tenant(as_ada: Client, north: Tenant):
    assert as_ada.post(f"{PAGE}{north.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("person", ["as_maya", "as_rob"])
def test_it_is_closed_to_others(request: pytest.FixtureRequest, north: Tenant, person: str):
    client = request.getfixturevalue(person)
    assert [client.get(PAGE).status_code, change(client, north).status_code] == [403, 403]
