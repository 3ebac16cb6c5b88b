"""What the audit trail and the log have of signing in: who, from where, by what; never what
somebody typed."""

import logging

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa
from axes.signals import user_locked_out
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.http import HttpRequest, HttpResponse

from composer.identity import devices, guessing, local, mails
from composer.identity.address import kept_address

logger = logging.getLogger("composer.identity")


def connect() -> None:
    """Once, when the applications are ready."""
    for signal, receiver in [
        (account.user_logged_in, signed_in),
        (user_logged_out, signed_out),
        (user_login_failed, failed),
        (user_locked_out, locked),
        (account.password_changed, password_changed),
        (account.password_set, password_changed),
        (account.password_reset, password_reset),
        (mfa.authenticator_added, factor_added),
        (mfa.authenticator_reset, factor_added),
        (mfa.authenticator_removed, factor_removed),
    ]:
        signal.connect(receiver, dispatch_uid=f"composer.identity.{receiver.__name__}")


def record(request: HttpRequest | None, actor: User | None, action: str, **data: object) -> None:
    from journeys.models.audit import record as recorded

    recorded(actor, action, **sender(request), **data)


def sender(request: HttpRequest | None) -> dict:
    return {"address": kept_address(request)} if request else {}


def named(person: User) -> dict:
    """For a sentence that names them as people do."""
    return {"full_name": person.get_full_name()} if person.get_full_name() else {}


def methods(request: HttpRequest, user: User) -> str:
    shown = [
        one.get("type") or one.get("method", "")
        for one in get_authentication_records(request, user)
    ]
    return " and ".join(dict.fromkeys(shown))


def signed_in(
    sender: object,
    request: HttpRequest,
    user: User,
    response: HttpResponse | None = None,
    **_: object,
):
    how = methods(request, user)
    if is_new_device(request, user):
        mails.tell(user, "another device", request)
    record(request, user, "sign-in.succeeded", method=how)
    if local.is_emergency(user) and "socialaccount" not in how:
        logger.critical(
            "the emergency account signed in", extra={"told": {"address": kept_address(request)}}
        )
        record(request, user, "sign-in.emergency", method=how)
    if response is not None:
        devices.remember(request, response, user)


def is_new_device(request: HttpRequest, user: User) -> bool:
    """Not at the very first sign-in, which is on a new device always."""
    from journeys.models import AuditEntry

    if not user.email or devices.known(request, user.username):
        return False
    return AuditEntry.objects.filter(actor=user, action="sign-in.succeeded").exists()


def signed_out(sender: object, request: HttpRequest | None, user: User | None, **_: object) -> None:
    if user is None:
        return
    ended = getattr(request, "session_ended", "")
    if ended:
        session_ended(request, user, ended)
    else:
        record(request, user, "sign-out")


def failed(
    sender: object, credentials: dict, request: HttpRequest | None = None, **_: object
) -> None:
    """While somebody has to wait, what they try says nothing: the wait itself is in the trail."""
    if request is None or getattr(request, "axes_was_locked", False):
        return
    name = guessing.name_of(request, credentials)
    details = {"name": guessing.hashed(name), "address": kept_address(request)}
    if signed_in_as(request) is not None:
        logger.warning(
            "somebody who is signed in did not show who they are", extra={"told": details}
        )
        return record(request, request.user, "sign-in.not-shown", **whose(name))
    logger.warning("a sign-in failed", extra={"told": details})
    return record(request, None, "sign-in.failed", **whose(name))


def locked(sender: object, request: HttpRequest, username: str, **_: object) -> None:
    details = {"name": guessing.hashed(username), "address": kept_address(request)}
    logger.warning(
        "too many sign-ins failed: whoever tries now has to wait", extra={"told": details}
    )
    record(request, signed_in_as(request), "sign-in.locked", **whose(username))


def signed_in_as(request: HttpRequest) -> User | None:
    """Who is asked for their password or a code while they are signed in."""
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def whose(name: str) -> dict:
    return {"name": name} if name.startswith(("#", "mail:")) else {"person": name}


def password_changed(sender: object, request: HttpRequest, user: User, **_: object) -> None:
    record(request, user, "password.changed")


def password_reset(sender: object, request: HttpRequest, user: User, **_: object) -> None:
    record(request, user, "password.reset")


def factor_added(
    sender: object, request: HttpRequest, user: User, authenticator: object, **_: object
) -> None:
    record(request, user, "second-factor.added", method=str(authenticator.type))


def factor_removed(
    sender: object, request: HttpRequest, user: User, authenticator: object, **_: object
) -> None:
    record(request, user, "second-factor.removed", method=str(authenticator.type))


def session_ended(request: HttpRequest | None, user: User, why: str) -> None:
    record(request, user, "session.ended", why=why)
