"""Encrypts anew with the first of ENCRYPTION_KEYS what an older one encrypted, so that the older
one can go."""

from django.db import transaction

from composer.identity.reencrypting import reencrypt_factors
from journeys.management.reporting import ReportingCommand
from journeys.models import Tenant


class Command(ReportingCommand):
    help = (
        "Encrypts tenants' secrets and people's second factors anew with the first of"
        " ENCRYPTION_KEYS."
    )

    def handle(self, *args: object, as_json: bool, **options) -> None:
        tenants, without = reencrypt_tenants()
        factors, lost = reencrypt_factors()
        lines = [
            f"Encrypted with the first key: {tenants} tenants' secrets, {factors} second factors."
        ]
        report = {
            "tenants": tenants,
            "factors": factors,
            "lost_tenants": without,
            "lost_factors": lost,
        }
        said = [f"the secret of {name}" for name in without] + [
            f"a second factor of {name}" for name in lost
        ]
        refused = (
            f"No key opens {', '.join(said)}. Keep the old keys, or enter them again."
            if said
            else ""
        )
        self.report(report, lines, as_json, refused)


def reencrypt_tenants() -> tuple[int, list[str]]:
    """How many, and the names of those whose secret no key opens."""
    done, lost = 0, []
    for pk in Tenant.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():  # else a token that is fetched meanwhile would be overwritten
            tenant = Tenant.objects.select_for_update().get(pk=pk)
            if tenant.client_secret:
                secrets = {"client_secret": tenant.client_secret, "token": tenant.token}
                Tenant.objects.filter(pk=pk).update(**secrets)
                done += 1
            elif Tenant.objects.filter(pk=pk).exclude(client_secret="").exists():
                lost.append(tenant.name)
    return done, lost
