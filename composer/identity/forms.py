"""django-allauth's forms, with bounds on what is hashed and with what counts as guessing."""

import struct

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn import forms as webauthn
from cryptography.exceptions import InvalidSignature
from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from composer.identity import guessing, local
from composer.identity.passwords import LONGEST

LONGEST_CODE = 32
NEWEST = "newest_counter"  # of the codes that an app has shown and somebody used
STUMBLES = (
    forms.ValidationError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    struct.error,
    InvalidSignature,
)
CODE = _("Code of your app, or a recovery code")
NEW_LABELS = {"password1": _("New password"), "password2": _("New password again")}


def plain(form: forms.Form) -> None:
    """Labels are enough: what stands in an empty field reads as if it were filled in."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


def relabel(form: forms.Form, **labels: object) -> None:
    for name, label in labels.items():
        form.fields[name].label = label


def compare(form: forms.Form) -> None:
    """The library compares the two passwords, in words of its own."""
    errors = form.errors.get("password2")
    if errors and form.cleaned_data.get("password1") != form.data.get(form.add_prefix("password2")):
        errors[:] = [_("The two are not the same. Type the new password once more.")]


def bounded(field: forms.Field, longest: int) -> None:
    field.max_length = longest
    field.widget.attrs["maxlength"] = longest
    field.validators.append(forms.fields.validators.MaxLengthValidator(longest))


class SignIn(account.LoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        bounded(self.fields["password"], LONGEST)
        self.fields["password"].help_text = ""  # the page has the link for who forgot it
        plain(self)
        relabel(self, login=_("User name"))
        for field in self.fields.values():
            field.widget.attrs.pop("autofocus", None)
        first = "password" if self.is_bound and self.data.get("login") else "login"
        self.fields[first].widget.attrs["autofocus"] = True


class ChangePassword(account.ChangePasswordForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        bounded(self.fields["oldpassword"], LONGEST)
        self.fields["oldpassword"].help_text = ""
        plain(self)
        relabel(self, oldpassword=_("Current password"), **NEW_LABELS)

    def full_clean(self) -> None:
        super().full_clean()
        compare(self)

    def clean_oldpassword(self) -> str:
        """Through the same door as a sign-in, where guesses are counted."""
        typed = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, typed):
            raise get_adapter().validation_error("enter_current_password")
        return typed


class ConfirmByPassword(account.ReauthenticateForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        bounded(self.fields["password"], LONGEST)
        self.fields["password"].help_text = ""
        plain(self)
        self.fields["password"].widget.attrs["autofocus"] = True


class ForgotPassword(account.ResetPasswordForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        plain(self)

        relabel(self, email=_("Email address"))

    def clean_email(self) -> str:
        guessing.spend_mail(context.request, self.cleaned_data["email"])
        address = super().clean_email()
        self.users = [person for person in self.users if local.may_set_password(person)]
        return address


def clean_code(form: forms.Form, check: object) -> str:
    guessing.refuse_while_locked(context.request, form.user.username)
    try:
        with transaction.atomic():
            list(
                Authenticator.objects.select_for_update().filter(user=form.user)
            )  # one code at a time
            code = check()
            spend(form.authenticator, code)
            return code
    except forms.ValidationError:
        guessing.failed(context.request, form.user.username)
        raise


def spend(authenticator: Authenticator, code: str) -> None:
    """A code of an app is taken once, and none that is older than the last: in the database,
    because the library's own note of it is in the memory of one process."""
    if authenticator.type != Authenticator.Type.TOTP:
        return
    secret = decrypt(authenticator.data["secret"])
    typed = normalize_user_code(code)
    counters = [
        one
        for one in yield_hotp_counters_from_time()
        if format_hotp_value(hotp_value(secret, one)) == typed
    ]
    if not counters or counters[-1] <= authenticator.data.get(NEWEST, -1):
        raise get_mfa_adapter().validation_error("incorrect_code")
    authenticator.data[NEWEST] = counters[-1]
    authenticator.save(update_fields=["data"])


class SecondFactorCode(mfa.AuthenticateForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        bounded(self.fields["code"], LONGEST_CODE)
        plain(self)
        relabel(self, code=CODE)
        self.fields["code"].widget.attrs["autofocus"] = True

    def clean_code(self) -> str:
        return clean_code(self, super().clean_code)


class ConfirmByCode(mfa.ReauthenticateForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        bounded(self.fields["code"], LONGEST_CODE)
        plain(self)
        relabel(self, code=CODE)

    def clean_code(self) -> str:
        return clean_code(self, super().clean_code)


class AddAuthenticatorApp(totp.ActivateTOTPForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        bounded(self.fields["code"], LONGEST_CODE)
        plain(self)
        relabel(self, code=_("Code that the app shows"))
        self.fields["code"].widget.attrs["autofocus"] = True


def clean_passkey(check: object) -> object:
    """The library lets through what it stumbles over in an answer that no browser would give."""
    try:
        return check()
    except STUMBLES:
        raise forms.ValidationError(
            _(
                "This passkey was not taken: it is not known here, or the page was open for too"
                " long. Try again."
            ),
            "passkey",
        ) from None


class PasskeyAlone(webauthn.LoginWebAuthnForm):
    def clean_credential(self) -> object:
        return clean_passkey(super().clean_credential)


class SecondFactorPasskey(webauthn.AuthenticateWebAuthnForm):
    def clean_credential(self) -> object:
        return clean_passkey(super().clean_credential)


class ConfirmByPasskey(webauthn.ReauthenticateWebAuthnForm):
    def clean_credential(self) -> object:
        return clean_passkey(super().clean_credential)


class AddPasskey(webauthn.AddWebAuthnForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        bounded(self.fields["name"], 60)
        self.fields["passwordless"].label = _("Sign in with it alone")
        self.fields["passwordless"].help_text = _(
            "No password is asked for then, but the key asks for your PIN or finger."
        )

    def clean(self) -> dict:
        return clean_passkey(super().clean)


class SetPassword(account.ResetPasswordKeyForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        plain(self)
        relabel(self, **NEW_LABELS)

    def full_clean(self) -> None:
        super().full_clean()
        compare(self)
