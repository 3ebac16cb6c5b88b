"""The links that mails carry: to set a first password, or another one."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int

INVITATION = timedelta(days=3)
FORGOTTEN = timedelta(hours=1)


class OneUseLink(PasswordResetTokenGenerator):
    """Ends with its use, because it is made over the password; who has none yet was invited and has more time."""

    def check_token(self, user: User | None, token: str | None) -> bool:
        if not super().check_token(user, token):
            return False
        age = self._num_seconds(self._now()) - base36_to_int(token.partition("-")[0])
        return age <= (FORGOTTEN if user.has_usable_password() else INVITATION).total_seconds()
