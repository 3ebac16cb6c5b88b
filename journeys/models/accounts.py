"""Who looks after people and tenants, and whose account somebody else has just changed.

Whoever sets another person's password may sign in as that person: for a while the two count as one.
"""

from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from journeys.models import clock
from journeys.models.audit import AuditEntry, record

RECENT = timedelta(hours=24)
ADDED, CHANGED, PASSWORD, GROUP = "person.added", "person.changed", "password.set", "group.changed"
LINK, INVITED = (
    "password.link-shown",
    "person.invited-by-link",
)  # whoever has read the link can set the password
ACCOUNT_CHANGES = (ADDED, CHANGED, PASSWORD, LINK, INVITED, GROUP)
ADMIN = "journeys.change_tenant"


def is_admin(user) -> bool:
    return bool(user and user.is_active and user.has_perm(ADMIN))


def admins() -> QuerySet:
    """The people with an account in use who look after tenants."""
    people = get_user_model().objects
    return people.with_perm(ADMIN, backend="django.contrib.auth.backends.ModelBackend")


def note_account_change(
    actor, person, what: list[str], action: str = CHANGED, *, was_admin: bool = False, **more
) -> None:
    """To be called wherever somebody changes an account, its groups or its password.

    `was_admin`: the person looked after tenants before the change.
    """
    data = {"person": person.get_username(), "person_id": person.pk, "was_admin": was_admin, **more}
    record(actor, action, **data, **({"what": what} if what else {}))


def note_group_change(actor, group, what: list[str]) -> None:
    """The rights of everybody in it have changed."""
    for person in group.user_set.all():
        note_account_change(actor, person, [f"group {group.name}: {name}" for name in what], GROUP)


def recent_changes() -> QuerySet:
    since = clock.moment() - RECENT
    return AuditEntry.objects.filter(action__in=ACCOUNT_CHANGES, at__gte=since).order_by("-id")


def as_one_with(person) -> set[int]:
    """Who may be the same hand: linked by changes of accounts of the last 24 hours, also by way of
    others.

    Who has set up two accounts may be both of them, and what they set up in turn.
    """
    pairs = (
        recent_changes()
        .exclude(actor=None)
        .order_by()
        .values_list("actor", "data__person_id")
        .distinct()
    )
    linked: dict[int, set[int]] = {}
    for actor, changed in pairs:
        linked.setdefault(actor, set()).add(changed)
        linked.setdefault(changed, set()).add(actor)
    people, waiting = {person.pk}, [person.pk]
    while waiting:
        new = linked.get(waiting.pop(), set()) - people
        people |= new
        waiting += new
    return people


def linked_author(authors, person):
    """One of these others who may be the same hand as this person; None where there is none."""
    others = (as_one_with(person) & set(authors)) - {person.pk}
    return get_user_model().objects.filter(pk__in=others).order_by("pk").first() if others else None


def recent_links() -> list[tuple]:
    """(who changed, whose account, when), the newest first."""
    return list(recent_changes().exclude(actor=None).values_list("actor", "data__person_id", "at"))


def apart_again(one, other, links: list[tuple] | None = None) -> datetime | None:
    """From when on the two count as two again, if nothing else is changed; None where they do now.
    `links`: those of `recent_links`, where several are asked for."""
    groups: dict[int, set[int]] = {}
    # the newest first: the one that joins the two is the last that holds them together
    for actor, changed, at in recent_links() if links is None else links:
        joined = groups.get(actor, {actor}) | groups.get(changed, {changed})
        groups |= dict.fromkeys(joined, joined)
        if {one.pk, other.pk} <= joined:
            return at + RECENT
    return None


def is_alone(user) -> bool:
    """There is no other admin, and it was not this one who has just taken the others away."""
    if admins().exclude(pk=user.pk).exists():
        return False
    taken_away = (
        recent_changes().filter(actor=user, data__was_admin=True).exclude(data__person_id=user.pk)
    )
    return not taken_away.exists()
