"""Django's own, but for one process at a time: two that are started together would make the same
tables."""

from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS

from composer.alone import alone


class Command(migrate.Command):
    def handle(self, *args: object, **options: object) -> None:
        with alone(options["database"] or DEFAULT_DB_ALIAS):
            super().handle(*args, **options)
