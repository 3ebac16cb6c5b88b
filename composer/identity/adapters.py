"""What django-allauth asks of the house: addresses, mails, what has been shown lately, and how
secrets are kept."""

import base64
import logging
import secrets

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from composer.encryption import fernet
from composer.identity import local, mails, recording, sudo
from composer.identity.address import kept_address
from composer.identity.links import lasts
from composer.own_address import own_address

logger = logging.getLogger("composer.identity")
NOT_TAKEN = _lazy(
    "This code is not right any more, or was used already. Enter the newest one; if none is taken,"
    " set the clock of your phone."
)


class Accounts(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _lazy(
            "This account is switched off. Ask an admin if it should not be."
        ),
        "enter_current_password": _lazy("That is not your current password."),
        "incorrect_code": NOT_TAKEN,
        "incorrect_password": _lazy("That is not your password."),
        "username_password_mismatch": _lazy("The user name or the password is wrong."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def add_message(self, request: HttpRequest, *args: object, **words: object) -> None:
        """Where a password was set by a link, the page that comes says so itself; it may have been
        the first."""
        if (
            request.resolver_match
            and request.resolver_match.view_name == "account_reset_password_from_key"
        ):
            return
        super().add_message(request, *args, **words)

    def is_safe_url(self, url: str) -> bool:
        """Where one is led after signing in, or after the question: to pages of this very host."""
        return bool(own_address(self.request, url or "")) and super().is_safe_url(url)

    def get_client_ip(self, request: HttpRequest) -> str:
        return kept_address(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Asked before the library changes something: it is our own question that keeps what was
        posted."""
        if sudo.shown_recently(self.request):
            return False
        raise ImmediateHttpResponse(sudo.ask(self.request))

    def get_reauthentication_methods(self, user: object) -> list[dict]:
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        if not local.may_sign_in(user):
            methods = [one for one in methods if one["id"] != "reauthenticate"]
        methods = [{**one, "description": words[one["id"]]} for one in methods]
        if local.is_linked(user):
            name = _("Sign in again with %s") % settings.OIDC.name
            methods.append({"id": "provider", "description": name, "url": reverse("oidc-confirm")})
        return methods

    def pre_login(self, request: HttpRequest, user: User, **words: object) -> HttpResponse | None:
        """Also the way of passkeys and of links in mails, which ask no backend."""
        by_provider = (words.get("signal_kwargs") or {}).get("by_provider")
        if not by_provider and not local.may_sign_in(user):
            from composer.identity.views import sign_in_page

            return sign_in_page(request, _("Signing in here is turned off."), status=403)
        return super().pre_login(request, user, **words)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        message = self.render_mail(
            template_prefix, email, {"request": self.request, "email": email, **context}
        )
        mails.deliver(message)

    def send_password_reset_mail(self, user: User, email: str, context: dict) -> None:
        """Who was invited and set no password yet has more time, and is told so."""
        known = user.has_usable_password()
        name = "account/email/password_reset_key" if known else "account/email/first_password"
        self.send_mail(name, email, {**context, "lasts": lasts(user)})

    def send_notification_mail(
        self, template_prefix: str, user: User, *_args: object, **_more: object
    ) -> None:
        mails.tell(user, template_prefix, self.request)


class SecondFactors(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": _lazy("Set up an authenticator app or a passkey first."),
        "incorrect_code": NOT_TAKEN,
    }

    def encrypt(self, text: str) -> str:
        return fernet(tuple(settings.ENCRYPTION_KEYS)).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What no key opens becomes a secret that nobody knows: every code is wrong then, and an
        admin can help."""
        try:
            return fernet(tuple(settings.ENCRYPTION_KEYS)).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.warning("a second factor is encrypted with a key that is not there")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def _get_site_name(self) -> str:
        return settings.MFA_TOTP_ISSUER

    def generate_authenticator_name(self, user: object, type: str) -> str:
        return _("Passkey")


class Sessions(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: list) -> None:
        for session in sessions:
            session.end()
            recording.session_ended(context.request, session.user, "by the person")
