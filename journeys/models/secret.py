"""Text that is encrypted at rest."""

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import models

from composer.encryption import fernet
from journeys.spec.cache import kept, texts_weight


class SecretField(models.TextField):
    """Encrypts with the first of ENCRYPTION_KEYS and reads with any of them, so that keys can be
    rotated.

    What no key opens reads as "": the tenant then needs its secret typed in again, which the
    screens say.
    """

    def get_prep_value(self, value: str | None) -> str | None:
        if not value:
            return value
        return fernet(tuple(settings.ENCRYPTION_KEYS)).encrypt(value.encode()).decode()

    def from_db_value(
        self, value: str | None, expression: object, connection: object
    ) -> str | None:
        return opened(value, tuple(settings.ENCRYPTION_KEYS)) if value else value


@kept(2, lambda text, value, _keys: texts_weight(text, value))
def opened(value: str, keys: tuple[str, ...]) -> str:
    """Kept, because workers read a tenant's row for each round of submissions."""
    try:
        return fernet(keys).decrypt(value.encode()).decode()
    except InvalidToken:
        return ""
