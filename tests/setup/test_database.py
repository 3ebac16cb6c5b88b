"""What the tests do with their own database."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection

from journeys.models import Journey
from tests import database


@pytest.mark.django_db(transaction=True)
def test_it_is_put_back_as_the_migrations_left_it(journey: Journey) -> None:
    Group.objects.get(name="Marketer").delete()
    Group.objects.create(name="Another")
    Permission.objects.update(name="Changed")
    database.put_back()
    with connection.cursor() as cursor:
        assert {
            table: database.rows(cursor, table) for table in database.filled(cursor)
        } == database.migrated
    assert User.objects.count() == Journey.objects.count() == 0
    assert sorted(Group.objects.values_list("name", flat=True)) == ["Admin", "Marketer", "Reviewer"]
