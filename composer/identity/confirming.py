"""The page that asks again who it is: what for, every way to answer in one look, and the way
back."""

from contextlib import suppress

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from composer.admin_site import MANY_OF
from composer.identity import deeds, passkeys, sudo, typed, waiting
from composer.identity.forms import ConfirmByCode, ConfirmByPasskey, ConfirmByPassword, spend
from composer.own_address import own_address

PASSWORD, CODE, PASSKEY, PROVIDER = (
    "reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate:webauthn",
    "provider",
)
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
    "new-journey": gettext_lazy("start a journey"),
    "from-template": gettext_lazy("start a journey from a template"),
    "from-team-template": gettext_lazy("start a journey from a template"),
    "save-template": gettext_lazy("save a template"),
    "delete-template": gettext_lazy("delete a template"),
    "import": gettext_lazy("import journeys"),
    "convert": gettext_lazy("convert a journey"),
    "submit": gettext_lazy("submit a journey"),
    "restore": gettext_lazy("restore a revision"),
    "revert": gettext_lazy("revert a change"),
    "request-review": gettext_lazy("request a review"),
    "another-key": gettext_lazy("give a journey another key"),
    "cancel-submission": gettext_lazy("cancel a submission"),
    "try-again": gettext_lazy("let a submission go on"),
    "take-over": gettext_lazy("take over a journey"),
    "let-through": gettext_lazy("let calls to a tenant through again"),
}


class ByPasskey(ReauthenticateWebAuthnView):
    """A passkey that is refused leaves the person where they are; django-allauth leads to the first
    page."""

    def form_invalid(self, form: ReauthenticateWebAuthnForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **words: object) -> dict:
        context = super().get_context_data(**words)
        return {**context, **words}


class SetUpApp(ActivateTOTPView):
    """The code that sets an app up is used up by that: whoever saw it signs in with another one."""

    @transaction.atomic
    def form_valid(self, form: ActivateTOTPForm) -> HttpResponse:
        answer = super().form_valid(form)
        with suppress(forms.ValidationError):  # it has just grown too old for anything
            spend(
                Authenticator.objects.get(user=form.user, type=Authenticator.Type.TOTP),
                form.cleaned_data["code"],
            )
        return answer


@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    """What waited goes on no more by itself. The page where somebody comes back to has it in its
    form again."""
    page = own_address(request, request.POST.get("back", "")) or reverse("journeys")
    one = waiting.at(request, request.POST.get("next", ""))
    if one and one.fields:
        waiting.cancel(request, one, page)
    return redirect(page)


@require_http_methods(["GET", "HEAD", "POST"])
def go_on(request: HttpRequest, token: str) -> HttpResponse:
    """Posts what waited, from the browser: so it passes all that a post passes, and what comes has
    its own address. What somebody sent while they were signed out is shown to them first."""
    one = waiting.found(request, token)
    if one is None:
        return nothing_waits(request)
    if one.fields is None:
        waiting.forget(request, token)
        messages.warning(
            request,
            _("What you entered was too long to be kept, or waited too long. Send it again."),
        )
        return redirect(one.back)
    if one.offered and request.method != "POST":
        return render(request, "account/offered.html", offer(request, one))
    if not one.offered and not sudo.shown_recently(request):
        return sudo.ask_for(request, one.address)
    if not waiting.take(request, token):
        return nothing_waits(request)
    return render(request, "account/go_on.html", {"path": one.path, "fields": one.fields})


def nothing_waits(request: HttpRequest) -> HttpResponse:
    messages.warning(
        request, _("Nothing of yours waits here: it was sent already, or waited too long.")
    )
    return redirect("journeys")


def offer(request: HttpRequest, one: waiting.Waiting) -> dict:
    return {
        "one": one,
        "asked": asked_for(one.path),
        "about": deeds.about(request.user, one.path),
        "told": deeds.told(request.user, one.path, one.fields),
        "button": deeds.button(one.path),
        "back": way_back(request, one.address),
    }


def ways(request: HttpRequest, posted: forms.Form | None, js_data: dict | None) -> dict:
    """`posted` is the form whose page it is, with its errors; the other ways get fresh ones."""
    there = {way["id"]: way for way in get_adapter().get_reauthentication_methods(request.user)}
    made = {name: form_for(form, request, posted) for name, form in FORMS.items() if name in there}
    if PASSKEY in there and js_data is None:
        js_data = passkeys.asked_for(request.user)
    wanted = request.POST.get("next", request.GET.get("next", ""))
    one = waiting.at(request, wanted)
    focus_first(made.values())
    return {
        "request": request,
        "user": request.user,
        "asked": asked_for(one.path if one else wanted),
        "about": deeds.about(request.user, one.path if one else wanted),
        "kept": one and one.fields,
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
    fields = [
        (form, field)
        for form in made
        for field in form.fields.values()
        if not field.widget.is_hidden
    ]
    for _form, field in fields:
        field.widget.attrs.pop("autofocus", None)
    for _form, field in sorted(fields, key=lambda pair: not pair[0].errors)[:1]:
        field.widget.attrs["autofocus"] = True


def asked_for(path: str) -> str:
    """What the person wanted to do, in words that follow "to"."""
    name = typed.name_of(path)
    if name in ASKED:
        return str(ASKED[name])
    for model in admin.site._registry:
        if name.startswith(f"admin:{model._meta.app_label}_{model._meta.model_name}_"):
            return _("look after %(things)s in the administration") % {
                "things": things(model._meta)
            }
    return ""


def things(options: object) -> object:
    return MANY_OF.get(options.object_name, options.verbose_name_plural)


def way_back(request: HttpRequest, wanted: str) -> str:
    """The page before the question; not one that would ask it again."""
    one = waiting.at(request, wanted)
    addresses = [
        request.POST.get("back", ""),
        one.back if one else "",
        request.headers.get("Referer", ""),
    ]
    asks = () if sudo.shown_recently(request) else (wanted, one.path if one else "")
    page = next(filter(None, (own_address(request, address) for address in addresses)), "")
    if (
        page
        and not page.startswith((reverse("account_reauthenticate"), "/account/go-on/"))
        and page not in asks
    ):
        return page
    path = one.path if one else wanted
    if path.startswith("/admin/"):
        return reverse("admin:index")
    return reverse("account" if path.startswith("/account/") else "journeys")
