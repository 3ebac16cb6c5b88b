"""Loads the demo: made-up people, the practice tenant as the connected tenant, and sample
journeys."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from composer.identity.demo import PEOPLE, Person
from journeys.gallery.samples import samples
from journeys.management.reporting import ReportingCommand
from journeys.models import Journey, Tenant

TENANT = "Practice tenant"
PRACTICE_CLIENT = "practice"  # the practice tenant takes any client and any secret


class Command(ReportingCommand):
    help = "Loads the demo. What is there already stays as it is, so it may be run again."

    def handle(self, *args: object, as_json: bool, **options) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The demo's sign-ins are known to everybody: it can be loaded in demo mode only"
                " (DEMO=1)."
            )
        people, journeys = load()
        report = {"tenant": TENANT, "people": people, "journeys": journeys}
        lines = [f"Added: {', '.join(people + journeys) or 'nothing, all is there'}."]
        self.report(report, lines if options["verbosity"] else [], as_json)


@transaction.atomic
def load() -> tuple[list[str], list[str]]:
    """The user names and the journeys' keys that were not there before."""
    added = [person.username for person in PEOPLE if add_person(person)]
    tenant = practice_tenant()
    owner = get_user_model().objects.get(username="maya")
    missing = [
        document
        for document in samples()
        if not tenant.journeys.filter(key=document["key"]).exists()
    ]
    for document in missing:
        Journey.objects.start(
            document, tenant=tenant, owner=owner, operation="new", summary=_("Loaded with the demo")
        )
    return added, [document["key"] for document in missing]


def add_person(person: Person) -> User | None:
    users = get_user_model().objects
    if users.filter(username=person.username).exists():
        return None
    user = users.create_user(
        person.username,
        password=person.password,
        first_name=person.first_name,
        last_name=person.last_name,
    )
    user.groups.add(Group.objects.get(name=person.group))
    return user


def practice_tenant() -> Tenant:
    """Pointed at where the practice tenant listens now: its port can be moved."""
    values = {"practice_url": f"http://127.0.0.1:{settings.PRACTICE_PORT}"}
    new = {**values, "client_id": PRACTICE_CLIENT, "client_secret": PRACTICE_CLIENT}
    tenant, created = Tenant.objects.get_or_create(name=TENANT, defaults=new)
    if created:
        tenant.sealed()
        tenant.members.set(
            get_user_model().objects.filter(username__in=[person.username for person in PEOPLE])
        )
    else:
        Tenant.objects.filter(pk=tenant.pk).update(**values)
    return tenant


def is_stale() -> bool:
    """Nothing is loaded yet, or the practice tenant has been moved to another port since."""
    if not get_user_model().objects.exists():
        return True
    here = f"http://127.0.0.1:{settings.PRACTICE_PORT}"
    return Tenant.objects.filter(name=TENANT).exclude(practice_url=here).exists()
