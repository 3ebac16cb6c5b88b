"""Whom a session stands for."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission, User
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from composer.composed_once import ComposedOnce
from composer.identity import local


class Backend(AuthenticationBackend):
    """Reads with the person, in the one query that each request costs anyway, how they stand with
    second factors, and in one query what they and their groups may."""

    def authenticate(self, request: HttpRequest | None, **credentials: object) -> User | None:
        """Where only the provider signs people in, the right password is as good as a wrong one."""
        user = super().authenticate(request, **credentials)
        return user if user and local.may_sign_in(user) else None

    def get_user(self, user_id: int) -> User | None:
        user = next(iter(_person(user_id)), None)
        return user if user and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user: User, obj: object = None) -> set[str]:
        if user.is_anonymous or user.is_superuser or not user.is_active or obj is not None:
            return super().get_all_permissions(user, obj)
        if not hasattr(user, "_perm_cache"):  # where Django keeps it, too
            user._perm_cache = {f"{label}.{name}" for label, name in _permissions(user.pk, user.pk)}
        return user._perm_cache


def people_with_factors():
    from allauth.mfa.models import Authenticator

    from journeys.models import GroupRules

    factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    asking = GroupRules.objects.filter(group__user=OuterRef("pk"), second_factor=True)
    return User.objects.annotate(
        has_second_factor=Exists(factors), group_asks_second_factor=Exists(asking)
    )


_person = ComposedOnce(lambda pk: people_with_factors().filter(pk=pk))


@ComposedOnce
def _permissions(own: int, by_groups: int) -> QuerySet:
    names = Permission.objects.order_by().values_list("content_type__app_label", "codename")
    return names.filter(user=own).union(names.filter(group__user=by_groups))
