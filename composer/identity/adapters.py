"""What django-allauth asks of the house: addresses, mails, what has been shown lately, and how secrets are kept."""

import logging
from concurrent.futures import ThreadPoolExecutor

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from composer.identity import local, recording, sudo
from composer.identity.address import kept_address
from journeys.models.secret import fernet

logger = logging.getLogger(__name__)
post = ThreadPoolExecutor(1, thread_name_prefix="mail")


class Accounts(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return kept_address(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        return not sudo.shown_recently(self.request)

    def get_reauthentication_methods(self, user: object) -> list[dict]:
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        found = super().get_reauthentication_methods(user)
        if not local.may_sign_in(user):
            found = [one for one in found if one["id"] != "reauthenticate"]
        found = [{**one, "description": words[one["id"]]} for one in found]
        if local.is_linked(user):
            name = _("Sign in again with %s") % settings.OIDC.name
            found.append({"id": "provider", "description": name, "url": reverse("oidc-confirm")})
        return found

    def pre_login(self, request: HttpRequest, user: User, **words: object) -> HttpResponse | None:
        """Also the way of passkeys and of links in mails, which ask no backend."""
        by_provider = (words.get("signal_kwargs") or {}).get("by_provider")
        if not by_provider and not local.may_sign_in(user):
            from composer.identity.views import sign_in_page

            return sign_in_page(request, _("Signing in here is turned off."), status=403)
        return super().pre_login(request, user, **words)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Beside the request: how long a mail takes would tell whether somebody has an account here."""
        message = self.render_mail(template_prefix, email, {"request": self.request, "email": email, **context})
        if settings.EMAIL_BACKEND.endswith("locmem.EmailBackend"):  # a test looks into its own thread's box
            message.send()
        else:
            post.submit(send, message)


def send(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception:
        logger.exception("a mail could not be sent: look at EMAIL_HOST and its neighbours")


class SecondFactors(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return fernet(tuple(settings.ENCRYPTION_KEYS)).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return fernet(tuple(settings.ENCRYPTION_KEYS)).decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        return settings.MFA_TOTP_ISSUER

    def generate_authenticator_name(self, user: object, type: str) -> str:
        return _("Passkey")


class Sessions(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: list) -> None:
        for session in sessions:
            session.end()
            recording.session_ended(context.request, session.user, "by the person")
