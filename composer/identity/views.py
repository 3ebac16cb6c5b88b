"""Pages of signing in that django-allauth does not have."""

from allauth.account.internal.stagekit import clear_login
from allauth.account.internal.templatekit import get_entrance_context_data
from allauth.account.views import LoginView
from allauth.mfa.webauthn.views import login_webauthn
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from composer.identity import local, recording, second_factor, sessions
from composer.identity.demo import PEOPLE, Person
from composer.identity.forms import SignIn


def demo_people() -> list[Person]:
    """Who the sign-in page says one can be: in demo mode only, where everybody may know."""
    return PEOPLE if settings.DEMO else []


def ways() -> dict:
    return {
        "demo_people": demo_people(),
        "provider": settings.OIDC,
        "local": settings.LOCAL_SIGN_IN,
    }


def begin_anew(request: HttpRequest) -> None:
    """Whoever enters a name here starts over: the code that another tab still asks for is asked for
    no more. Without this the library leads them to the code of whoever began there."""
    if request.method == "POST" and not request.user.is_authenticated:
        clear_login(request)


@login_not_required
def by_passkey_alone(request: HttpRequest) -> HttpResponse:
    begin_anew(request)
    return login_webauthn(request)


@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    begin_anew(request)
    return LoginView.as_view(extra_context=ways())(request)


def sign_in_page(request: HttpRequest, error: str, status: int) -> HttpResponse:
    """The sign-in page again, with the reason and the name that was typed."""
    form = SignIn(request=request, initial={"login": request.POST.get("login", "")[:150]})
    context = {**get_entrance_context_data(request), "form": form, "error": error, **ways()}
    context |= {"redirect_field_name": "next", "redirect_field_value": request.POST.get("next", "")}
    return render(request, "account/login.html", context, status=status)


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    link = local.link_of(request.user)
    context = {
        "provider": settings.OIDC,
        "link": link,
        "name_there": local.name_there(link) if link else "",
    }
    return render(request, "account/account.html", context)


@require_safe
def second_factor_needed(request: HttpRequest) -> HttpResponse:
    if not second_factor.is_missing(request):
        return redirect("mfa_index")
    return render(request, "account/second_factor_needed.html")


def sessions_list(request: HttpRequest) -> HttpResponse:
    """The library ends all others; what is shown is read here."""
    own_sessions = sessions.listed(request.user, request.session.session_key)
    others = sum(not one.is_current for one in own_sessions)
    if request.method == "POST":
        text = ngettext(
            "Done: %(n)d other browser is signed out.",
            "Done: %(n)d other browsers are signed out.",
            others,
        )
        messages.success(request, text % {"n": others})
    return ListUserSessionsView.as_view(extra_context={"found": own_sessions})(request)


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.session_key == request.session.session_key:
        logout(request)
        return redirect("sign-in")
    session.end()
    recording.session_ended(request, request.user, "by the person")
    messages.success(request, _("That browser is signed out."))
    return redirect("usersessions_list")


def no_password_here(request: HttpRequest) -> HttpResponse:
    """Who signs in through their organisation has no password here to change."""
    return render(request, "account/no_password.html", status=403)
