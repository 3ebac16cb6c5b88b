"""Whom a session stands for."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest

from composer.identity import local


class Backend(AuthenticationBackend):
    """Reads with the person, in the one query that each request costs anyway, how they stand with second factors."""

    def authenticate(self, request: HttpRequest | None, **credentials: object) -> User | None:
        """Where only the provider signs people in, the right password is as good as a wrong one."""
        user = super().authenticate(request, **credentials)
        return user if user and local.may_sign_in(user) else None

    def get_user(self, user_id: int) -> User | None:
        user = people_with_factors().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: User, obj: object = None) -> set[str]:
        """Their own and those of their groups in one query, which each page costs; Django asks two."""
        if not user_obj.is_active or user_obj.is_anonymous or user_obj.is_superuser or obj is not None:
            return super().get_all_permissions(user_obj, obj)
        if not hasattr(user_obj, "_perm_cache"):
            own = User.user_permissions.through.objects.filter(user=user_obj.pk).values("permission")
            of_groups = Group.permissions.through.objects.filter(group__user=user_obj.pk).values("permission")
            found = Permission.objects.filter(Q(pk__in=own) | Q(pk__in=of_groups)).order_by()
            names = found.values_list("content_type__app_label", "codename")
            user_obj._perm_cache = {f"{label}.{name}" for label, name in names}
        return user_obj._perm_cache


def people_with_factors():
    from allauth.mfa.models import Authenticator

    from journeys.models import GroupRules

    factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    asking = GroupRules.objects.filter(group__user=OuterRef("pk"), second_factor=True)
    return User.objects.annotate(has_second_factor=Exists(factors), group_asks_second_factor=Exists(asking))
