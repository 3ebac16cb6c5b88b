import pytest
from django.contrib.auth.models import Group, Permission, User

from journeys.models import Journey, Review


@pytest.fixture
def review(journey: Journey, maya: User) -> Review:
    return journey.request_review(maya)


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root", password="kept")


@pytest.fixture
def helper(people: dict[str, User]) -> User:
    """Looks after people, and after nothing else."""
    group = Group.objects.create(name="Helper")
    group.permissions.set(
        Permission.objects.filter(codename__in=["view_user", "add_user", "change_user"])
    )
    person = User.objects.create_user("helga")
    person.groups.add(group, Group.objects.get(name="Marketer"))
    return person
