"""What people are told by mail about their own account. A mail never holds up, and never undoes,
what it tells of."""

import logging
from concurrent.futures import ThreadPoolExecutor
from smtplib import SMTPException
from threading import BoundedSemaphore

from allauth.account.adapter import get_adapter
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from composer.identity import local
from composer.identity.address import kept_address
from journeys.models import clock

logger = logging.getLogger(__name__)
post = ThreadPoolExecutor(1, thread_name_prefix="mail")
MOST_WAITING = 500
room = BoundedSemaphore(MOST_WAITING)

# by django-allauth's name for it, or ours: the subject, and what happened
TOLD = {
    "account/email/password_changed": (
        _("Your password was changed"),
        _("Your password was changed."),
    ),
    "account/email/password_set": (
        _("Your password was set"),
        _("A password was set for your account."),
    ),
    "account/email/password_reset": (
        _("Your password was set"),
        _("Another password was set for your account, by a link that was sent to this address."),
    ),
    "mfa/email/totp_activated": (
        _("A second factor was added"),
        _("An authenticator app was added to your account."),
    ),
    "mfa/email/totp_deactivated": (
        _("A second factor was removed"),
        _("The authenticator app was removed from your account."),
    ),
    "mfa/email/webauthn_added": (
        _("A passkey was added"),
        _("A passkey was added to your account."),
    ),
    "mfa/email/webauthn_removed": (
        _("A passkey was removed"),
        _("A passkey was removed from your account."),
    ),
    "mfa/email/recovery_codes_generated": (
        _("New recovery codes were made"),
        _("Recovery codes were made for your account. Older ones no longer work."),
    ),
    "factors taken away": (
        _("Your second factors were taken away"),
        _(
            "Your second factors were taken away, recovery codes as well, and you were signed out"
            " everywhere."
        ),
    ),
    "address changed": (
        _("The email address of your account was changed"),
        _("Your account has another email address now. Mails about it no longer come to this one."),
    ),
    "address given": (
        _("This is the email address of your account now"),
        _("Your account has this email address now. Mails about it come here."),
    ),
    "linked": (
        _("Your account was linked"),
        _(
            "Your account was linked to your organisation’s sign-in: whoever you are there can sign"
            " in as you here."
        ),
    ),
    "unlinked": (
        _("Your account is no longer linked"),
        _(
            "Your account is no longer linked to your organisation’s sign-in, and you were signed"
            " out everywhere."
        ),
    ),
    "another device": (
        _("A new sign-in"),
        _(
            "Somebody signed in as you on a device on which you never signed in before, or forgot"
            " that you did."
        ),
    ),
}


def tell(person: User, what: str, request: HttpRequest, *, to: str = "", more: str = "") -> None:
    """Writes to the person, or to the address that was theirs until now."""
    address = to or person.email
    if not address:
        return
    subject, sentence = TOLD[what]
    by_another = request.user.is_authenticated and request.user.pk != person.pk
    context = {
        "subject": subject,
        "sentence": sentence,
        "more": more,
        "name": person.get_full_name() or person.username,
        "username": person.username,
        "when": f"{clock.moment():%-d %b %Y, %H:%M} UTC",
        "by": (request.user.get_full_name() or request.user.username) if by_another else "",
        "where": "" if by_another else kept_address(request),
        "another_password": another_password(person, request),
    }
    get_adapter(request).send_mail("account/email/told", address, context)


def another_password(person: User, request: HttpRequest) -> str:
    """Where somebody sets one whose account is in strange hands, if that can be done here."""
    if not local.may_set_password(person):
        return ""
    return build_absolute_uri(request, reverse("account_reset_password"))


def deliver(message: EmailMessage) -> None:
    """Beside the request: how long a mail takes would tell whether somebody has an account here."""
    if settings.EMAIL_BACKEND.endswith(
        "locmem.EmailBackend"
    ):  # a test looks into its own thread's box
        send(message)
    elif room.acquire(blocking=False):
        post.submit(send, message).add_done_callback(lambda _done: room.release())
    else:
        logger.error("a mail was not sent: %d wait already", MOST_WAITING)


def send(message: EmailMessage) -> None:
    try:
        message.send()
    except (OSError, SMTPException) as error:
        logger.error(
            "a mail could not be sent (%s): look at EMAIL_HOST and its neighbours",
            type(error).__name__,
        )
    except Exception:
        logger.exception("a mail could not be sent")
