"""An old encryption key is taken out: whatever it encrypted goes on being read."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.test import Client

from journeys.models import Tenant

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def kept(settings, maya: User) -> Tenant:
    """A tenant's secret and Maya's two factors, encrypted with the old key; then the new one comes
    first."""
    settings.ENCRYPTION_KEYS = [OLD]
    tenant = Tenant.objects.create(
        name="North", subdomain="mc-abc", client_id="package", client_secret="s3cret"
    )
    Tenant.objects.filter(pk=tenant.pk).update(token="t0ken")
    TOTP.activate(maya, generate_totp_secret())
    RecoveryCodes.activate(maya)
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    return tenant


def factors(maya: User) -> tuple[str, list[str]]:
    rows = {row.type: row for row in Authenticator.objects.filter(user=maya)}
    return rows["totp"].wrap().instance.data["secret"], rows[
        "recovery_codes"
    ].wrap().get_unused_codes()


def test_everything_is_read_with_the_new_key_alone(settings, kept: Tenant, maya: User, run):
    codes = factors(maya)[1]
    ran = run("reencrypt", "--json")
    assert (
        ran.json == {"tenants": 1, "factors": 2, "lost_tenants": [], "lost_factors": []}
        and ran.code == 0
    )
    settings.ENCRYPTION_KEYS = [NEW]
    tenant = Tenant.objects.get(pk=kept.pk)
    assert (tenant.client_secret, tenant.token, factors(maya)[1]) == ("s3cret", "t0ken", codes)
    assert Fernet(NEW).decrypt(factors(maya)[0].encode())


def test_it_says_what_no_key_opens_and_leaves_it_alone(settings, kept: Tenant, maya: User, run):
    settings.ENCRYPTION_KEYS = [NEW]
    ran = run("reencrypt")
    assert ran.code == 1
    assert (
        "No key opens the secret of North, a second factor of maya, a second factor of maya."
        in ran.error
    )
    settings.ENCRYPTION_KEYS = [OLD]
    assert Tenant.objects.get(pk=kept.pk).client_secret == "s3cret" and len(factors(maya)[1]) == 10


def test_a_factor_that_no_key_opens_takes_no_code_and_breaks_nothing(
    settings, kept: Tenant, maya: User
):
    codes = factors(maya)[1]
    settings.ENCRYPTION_KEYS = [NEW]
    client = Client()
    client.post("/sign-in/", {"login": "maya", "password": "maya"})
    for code in (codes[0], "000000", ""):
        assert (
            client.post("/account/second-factor/authenticate/", {"code": code}).status_code == 200
        )
    assert client.get("/").status_code == 302
