"""The rights that groups give, in words, and how far one person's reach over others goes."""

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _t

from journeys.models.accounts import ADMIN, admins
from journeys.models.right_names import RIGHTS
from journeys.models.tenant import Tenant

# who has one of these finds something in the administration
ADMINISTERING = [name for name in RIGHTS if name.startswith("auth.") or "_tenant" in name] + [
    "journeys.approve_review",
    "journeys.view_review",
    "journeys.view_revision",
    "journeys.view_submission",
    "journeys.view_attempt",
    "journeys.view_auditentry",
]


def administers(user) -> bool:
    return user.is_active and any(user.has_perm(name) for name in ADMINISTERING)


def permissions_of(names: list[str]) -> list[Permission]:
    """In the order of the list; a permission is known by its app and name."""
    rows = Permission.objects.select_related("content_type").filter(
        codename__in=[name.partition(".")[2] for name in names]
    )
    return [row for row in rows if label(row) in names]


def label(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"


def grantable(user) -> QuerySet[Group]:
    """The groups that give nothing that this person does not have."""
    if user.is_superuser:
        return Group.objects.all()
    held = user.get_all_permissions()
    rows = Permission.objects.select_related("content_type").filter(group__isnull=False).distinct()
    return Group.objects.exclude(permissions__in=[row.pk for row in rows if label(row) not in held])


def why_not_touch(actor, person) -> str:
    """Why this person's account is not the other one's to change; "" when it is.

    Whoever can have a link sent, or change where it is sent, can become that person.
    """
    if person.is_superuser and not actor.is_superuser:
        return _t("This is a superuser: only a superuser changes the account.")
    if actor.is_superuser:
        return ""
    if person.get_all_permissions() - actor.get_all_permissions():
        return _t(
            "This person may do more than you: somebody who may as much has to change the account."
        )
    if person.tenants.exclude(pk__in=Tenant.objects.visible_to(actor)).exists():
        return _t(
            "This person belongs to tenants that you do not see: somebody who sees them has to"
            " change it."
        )
    return ""


def is_last_admin(person, groups) -> bool:
    """Whether nobody would look after tenants any more if this person had these groups only, or
    (None) were gone."""
    lock_admins()
    if person.pk is None or not admins().filter(pk=person.pk).exists():
        return False
    if admins().exclude(pk=person.pk).exists():
        return False
    if groups is None:
        return True
    return not person.is_superuser and not gives_admin(groups) and not of_person(person, ADMIN)


def loses_all_admins(group: Group, rights: list[str]) -> bool:
    """Whether nobody would look after tenants any more if the group gave these rights."""
    lock_admins()
    if (
        ADMIN in rights
        or not group.pk
        or not gives_admin([group])
        or not group.user_set.filter(is_active=True).exists()
    ):
        return False
    others = admins().exclude(pk__in=group.user_set.values("pk"))
    by_another_group = admins().filter(
        groups__in=Group.objects.exclude(pk=group.pk).filter(**with_right(ADMIN))
    )
    return not (
        others.exists() or by_another_group.exists() or admins().filter(is_superuser=True).exists()
    )


def lock_admins() -> None:
    """Two admins who take each other away at the same moment take turns. Inside a transaction."""
    list(Permission.objects.select_for_update().filter(codename=ADMIN.partition(".")[2]))


def with_right(name: str) -> dict[str, str]:
    app, _dot, codename = name.partition(".")
    return {"permissions__content_type__app_label": app, "permissions__codename": codename}


def gives_admin(groups) -> bool:
    return Group.objects.filter(pk__in=[group.pk for group in groups], **with_right(ADMIN)).exists()


def of_person(person, name: str) -> bool:
    app, _dot, codename = name.partition(".")
    return person.user_permissions.filter(content_type__app_label=app, codename=codename).exists()


def is_reserved(username: str) -> bool:
    """The one name that gets in past the provider."""
    return not settings.LOCAL_SIGN_IN and username == settings.EMERGENCY_USER


def with_rights(groups: QuerySet[Group]) -> QuerySet[Group]:
    return groups.prefetch_related(
        Prefetch("permissions", Permission.objects.select_related("content_type"))
    )
