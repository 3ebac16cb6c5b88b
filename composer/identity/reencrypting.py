"""Second factors under another key: they are encrypted with ENCRYPTION_KEYS, as secrets of tenants
are."""

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction

from composer.encryption import fernet

ENCRYPTED = (
    "secret",
    "seed",
)  # members of what is kept of an authenticator app, and of recovery codes


def reencrypt_factors() -> tuple[int, list[str]]:
    """How many were written anew with the first key, and whose no key opens."""
    done, lost = 0, []
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():  # a code that somebody uses meanwhile stays used
            row = (
                Authenticator.objects.select_for_update(of=["self"])
                .select_related("user")
                .filter(pk=pk)
                .first()
            )
            if row is None or not any(name in row.data for name in ENCRYPTED):
                continue
            try:
                row.data |= {name: anew(row.data[name]) for name in ENCRYPTED if name in row.data}
            except InvalidToken:
                lost.append(row.user.get_username())
                continue
            row.save(update_fields=["data"])
            done += 1
    return done, lost


def anew(token: str) -> str:
    return fernet(tuple(settings.ENCRYPTION_KEYS)).rotate(token.encode()).decode()
