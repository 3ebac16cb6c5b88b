import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_it_has_a_migration_for_every_change_of_a_model():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_it_passes_djangos_own_checks():
    call_command("check", fail_level="WARNING")
