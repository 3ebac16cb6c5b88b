"""The links that mails carry: to set a first password, or another one."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int
from django.utils.translation import ngettext

INVITATION = timedelta(days=3)
FORGOTTEN = timedelta(hours=1)


class OneUseLink(PasswordResetTokenGenerator):
    """Ends with its use, because it is made over the password; who has none yet was invited and has
    more time. It ends with the account, too."""

    def check_token(self, user: User | None, token: str | None) -> bool:
        if not super().check_token(user, token) or not user.is_active:
            return False
        age = self._num_seconds(self._now()) - base36_to_int(token.partition("-")[0])
        return age <= time_of(user).total_seconds()


def time_of(user: User) -> timedelta:
    return FORGOTTEN if user.has_usable_password() else INVITATION


def lasts(user: User) -> str:
    """How long a link for this person works, in words."""
    hours = int(time_of(user).total_seconds()) // 3600
    if hours % 24:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d day", "%(n)d days", hours // 24) % {"n": hours // 24}
