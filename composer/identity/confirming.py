"""The page that asks again who it is: what for, every way to answer in one look, and the way back."""

from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from composer.identity import passkeys, sudo
from composer.identity.forms import ConfirmByCode, ConfirmByPasskey, ConfirmByPassword
from composer.own_address import own_address

PASSWORD, CODE, PASSKEY, PROVIDER = "reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate:webauthn", "provider"
FORMS = {PASSWORD: ConfirmByPassword, CODE: ConfirmByCode, PASSKEY: ConfirmByPasskey}

# by the names of addresses; those of the administration are told by what they are about
ASKED = {
    "mfa_activate_totp": gettext_lazy("set up an authenticator app"),
    "mfa_deactivate_totp": gettext_lazy("remove your authenticator app"),
    "mfa_add_webauthn": gettext_lazy("add a passkey"),
    "mfa_edit_webauthn": gettext_lazy("rename a passkey"),
    "mfa_remove_webauthn": gettext_lazy("remove a passkey"),
    "mfa_view_recovery_codes": gettext_lazy("see your recovery codes"),
    "mfa_download_recovery_codes": gettext_lazy("download your recovery codes"),
    "mfa_generate_recovery_codes": gettext_lazy("make new recovery codes"),
    "oidc-link": gettext_lazy("link your account to your organisation’s sign-in"),
    "admin:journeys_review_approve": gettext_lazy("approve a review"),
    "admin:journeys_review_send-back": gettext_lazy("send a review back"),
}


class ByPasskey(ReauthenticateWebAuthnView):
    """A passkey that is refused leaves the person where they are; django-allauth leads to the first page."""

    def form_invalid(self, form: ReauthenticateWebAuthnForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **words: object) -> dict:
        context = super().get_context_data(**words)
        return {**context, **words}


@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    """What waited is forgotten: it must not be carried out when its page is confirmed another time."""
    sudo.forget(request, request.POST.get("next", ""))
    return redirect(own_address(request, request.POST.get("back", "")) or "journeys")


def ways(request: HttpRequest, posted: forms.Form | None, js_data: dict | None) -> dict:
    """`posted` is the form whose page it is, with its errors; the other ways get fresh ones."""
    there = {way["id"]: way for way in get_adapter().get_reauthentication_methods(request.user)}
    made = {name: form_for(form, request, posted) for name, form in FORMS.items() if name in there}
    if PASSKEY in there and js_data is None:
        js_data = passkeys.asked_for(request.user)
    wanted = request.POST.get("next", request.GET.get("next", ""))
    focus_first(made.values())
    return {
        "request": request,
        "user": request.user,
        "asked": asked_for(wanted),
        "kept": sudo.waits(request, wanted),
        "next": wanted,
        "back": way_back(request, wanted),
        "by_password": made.get(PASSWORD),
        "by_code": made.get(CODE),
        "by_passkey": made.get(PASSKEY),
        "by_provider": there.get(PROVIDER),
        "js_data": js_data,
    }


def form_for(kind: type[forms.Form], request: HttpRequest, posted: forms.Form | None) -> forms.Form:
    return posted if isinstance(posted, kind) else kind(user=request.user)


def focus_first(made) -> None:
    """One field at most has the focus: what was wrong, else the first."""
    fields = [(form, field) for form in made for field in form.fields.values() if not field.widget.is_hidden]
    for _form, field in fields:
        field.widget.attrs.pop("autofocus", None)
    for _form, field in sorted(fields, key=lambda pair: not pair[0].errors)[:1]:
        field.widget.attrs["autofocus"] = True


def asked_for(wanted: str) -> str:
    """What the person wanted to do, in words that follow "to"."""
    try:
        name = resolve(urlsplit(wanted).path).view_name
    except Resolver404:
        return ""
    if name in ASKED:
        return str(ASKED[name])
    for model in admin.site._registry:
        if name.startswith(f"admin:{model._meta.app_label}_{model._meta.model_name}_"):
            return _("look after %(things)s in the administration") % {"things": model._meta.verbose_name_plural}
    return ""


def way_back(request: HttpRequest, wanted: str) -> str:
    """The page before the question."""
    told = [
        request.POST.get("back", ""),
        sudo.waits(request, wanted).get("back", ""),
        request.headers.get("Referer", ""),
    ]
    found = next(filter(None, (own_address(request, one) for one in told)), "")
    if found and not found.startswith(reverse("account_reauthenticate")) and found != wanted:
        return found
    if wanted.startswith("/admin/"):
        return reverse("admin:index")
    return reverse("account" if wanted.startswith("/account/") else "journeys")
