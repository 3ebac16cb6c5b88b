"""What the administration does for somebody: inviting them, and taking lost second factors away."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.password_reset import get_reset_password_from_key_url
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from composer.identity import local, mails, recording
from composer.identity.links import OneUseLink, lasts

NO_WAY_IN = _("You have no other way to sign in now: ask an admin for a link to set a password.")


def mail_goes_out() -> bool:
    return settings.MAIL_GOES_OUT


def link_for(person: User, request: HttpRequest) -> str:
    key = f"{user_pk_to_url_str(person)}-{OneUseLink().make_token(person)}"
    return get_reset_password_from_key_url(request, key)


def send_link(person: User, request: HttpRequest) -> None:
    """To set a first password, or another one."""
    if not person.has_usable_password():
        return invite(person, request)
    context = {
        "password_reset_url": link_for(person, request),
        "username": person.username,
        "lasts": lasts(person),
    }
    get_adapter(request).send_mail("account/email/password_reset_key", person.email, context)
    return recording.record(request, request.user, "password.link-sent", person=person.username)


def invite(person: User, request: HttpRequest) -> None:
    """Sends a link to set a first password. Whoever has none cannot sign in, so the link alone
    opens the account."""
    if person.has_usable_password() or not person.email:
        raise ValueError("only who has an email address and no password yet can be invited")
    link = link_for(person, request)
    inviter = request.user.get_full_name() or request.user.username
    context = {
        "link": link,
        "username": person.username,
        "inviter": inviter,
        "lasts": lasts(person),
    }
    get_adapter(request).send_mail("account/email/invitation", person.email, context)
    recording.record(
        request, request.user, "person.invited", person=person.username, **recording.named(person)
    )


def take_factors_away(person: User, request: HttpRequest) -> int:
    """For somebody who lost theirs, recovery codes as well. Their sessions end, so that they show
    who they are."""
    gone = list(Authenticator.objects.filter(user=person))
    Authenticator.objects.filter(user=person).delete()
    for one in gone:
        recording.record(
            request,
            request.user,
            "second-factor.removed",
            person=person.username,
            method=str(one.type),
        )
    end_sessions(person, request)
    if gone:
        mails.tell(person, "factors taken away", request)
    return len(gone)


def unlink(person: User, request: HttpRequest) -> int:
    """From the organisation's sign-in, the one of today or of earlier. Whoever came by it is signed
    out."""
    gone, _kinds = SocialAccount.objects.filter(user=person).delete()
    if gone:
        recording.record(request, request.user, "person.unlinked", person=person.username)
        end_sessions(person, request)
        mails.tell(person, "unlinked", request, more="" if has_a_way_in(person) else str(NO_WAY_IN))
    return gone


def has_a_way_in(person: User) -> bool:
    if local.is_linked(person):
        return True
    if not local.may_sign_in(person):
        return False
    keys = Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN)
    return person.has_usable_password() or any(key.wrap().is_passwordless for key in keys)


def address_changed(person: User, before: str, request: HttpRequest) -> None:
    """Tells both addresses: whoever takes an account over would else do so unseen."""
    if before:
        mails.tell(person, "address changed", request, to=before)
    mails.tell(person, "address given", request)


def end_sessions(person: User, request: HttpRequest) -> None:
    for session in UserSession.objects.filter(user=person):
        session.end()
        recording.record(
            request, request.user, "session.ended", person=person.username, why="by an admin"
        )
