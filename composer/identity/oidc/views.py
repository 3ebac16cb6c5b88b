"""To the provider and back. What went wrong is said in words; nobody gets an account by going
there."""

import logging
import secrets
import time
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from composer.identity import mails, recording, sudo
from composer.identity.oidc import people
from composer.identity.oidc.provider import LEEWAY, Bad, Endpoints, app, showed_at

logger = logging.getLogger("composer.identity")
SIGN_IN, CONFIRM, LINK = "login", "confirm", "connect"
BROKEN = (RequestException, OAuth2Error, ValueError, KeyError, TypeError)  # also of what it answers


@login_not_required
@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    return lead_there(request, SIGN_IN)


@require_safe
def confirm(request: HttpRequest) -> HttpResponse:
    """Asks the provider to ask the person again."""
    return lead_there(request, CONFIRM)


@require_POST
def link(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in says that a person of the provider is them; nobody else can."""
    if not settings.OIDC:
        raise Http404
    if not sudo.shown_recently(request):
        return sudo.ask(request)
    address = lead_there(request, LINK).headers.get("Location")
    if not address:
        return problem(request, "away")
    # a link and no redirect: pages may send forms to this host only, and browsers hold that against
    # redirects, too
    return render(
        request, "socialaccount/link.html", {"address": address, "provider": settings.OIDC.name}
    )


def lead_there(request: HttpRequest, process: str) -> HttpResponse:
    if not settings.OIDC:
        raise Http404
    nonce = secrets.token_urlsafe(32)
    asked = {"nonce": nonce}
    if process != SIGN_IN:
        asked |= {"prompt": "login", "max_age": "0"}
    try:
        endpoints = Endpoints(request, settings.OIDC.issuer)
        if not settings.DEMO and urlsplit(endpoints.authorize_url).scheme != "https":
            raise ValueError("not https")
        return endpoints.get_provider().redirect(
            request,
            process,
            next_url=get_next_redirect_url(request),
            auth_params=asked,
            nonce=nonce,
            begun=time.time(),
            person=request.user.pk,
        )
    except BROKEN as error:
        logger.warning("the sign-in provider cannot be asked: %s", type(error).__name__)
        return problem(request, "away")


@login_not_required
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    if not settings.OIDC:
        raise Http404
    issuer = settings.OIDC.issuer
    state = statekit.unstash_state(
        request, provider_id=issuer, state_id=request.GET.get("state", "")
    )
    if state is None:
        return problem(request, "stale")
    if request.GET.get("error") or not request.GET.get("code"):
        cancelled = request.GET.get("error") == "access_denied"
        return problem(request, "cancelled" if cancelled else "refused")
    if request.GET.get("iss", issuer).rstrip("/") != issuer:
        return problem(request, "bad")
    try:
        claims = claims_for(request, state)
    except Bad as error:
        logger.warning("a sign-in through the provider was refused: %s", error)
        return problem(request, "bad")
    except BROKEN as error:
        logger.warning("a sign-in through the provider failed: %s", type(error).__name__)
        return problem(request, "away")
    return {SIGN_IN: signed_in, CONFIRM: confirmed, LINK: was_linked}[state["process"]](
        request, claims, state
    )


def claims_for(request: HttpRequest, state: dict) -> dict:
    endpoints = Endpoints(request, settings.OIDC.issuer)
    client = endpoints.get_client(request, app())
    answer = endpoints.get_access_token_data(
        request, app(), client, pkce_code_verifier=state["pkce_code_verifier"]
    )
    if not isinstance(answer.get("id_token"), str):
        raise Bad("there is no token in the answer")
    claims = endpoints.claims(answer["id_token"], state["nonce"])
    return endpoints.with_groups(claims, answer["access_token"])


def signed_in(request: HttpRequest, claims: dict, state: dict) -> HttpResponse:
    wanted, person = people.groups_in(claims), people.linked(claims)
    if person:
        people.refresh_groups(person, wanted)
    if not wanted:
        return no_entry(request, "no_group", person)
    if not person:
        try:
            person = people.added(claims, wanted)
        except people.Taken:
            return no_entry(request, "taken", None)
    if not person.is_active:
        return no_entry(request, "inactive", person)
    if request.user.is_authenticated:
        logout(request)
    shown(request, person, claims)
    request.session[sudo.PROVIDER_FACTOR] = people.second_factor_in(claims)
    return perform_login(
        request, person, redirect_url=state.get("next"), signal_kwargs={"by_provider": True}
    )


def confirmed(request: HttpRequest, claims: dict, state: dict) -> HttpResponse:
    """Only who is signed in here, and only if the provider asked them since they went there."""
    if not request.user.is_authenticated or people.linked(claims) != request.user:
        return problem(request, "other")
    if showed_at(claims) < state["begun"] - LEEWAY:
        return problem(request, "not_asked")
    shown(request, request.user, claims)
    request.GET = request.GET.copy()
    request.GET["next"] = state.get("next") or settings.LOGIN_REDIRECT_URL
    return resume_request(request) or redirect(settings.LOGIN_REDIRECT_URL)


def was_linked(request: HttpRequest, claims: dict, state: dict) -> HttpResponse:
    if not request.user.is_authenticated or request.user.pk != state["person"]:
        return problem(request, "other")
    if showed_at(claims) < state["begun"] - LEEWAY:
        return problem(request, "not_asked")
    if not people.link(request.user, claims):
        return problem(request, "linked")
    recording.record(request, request.user, "person.linked", person=request.user.username)
    mails.tell(request.user, "linked", request)
    messages.success(request, _("From now on you can sign in with %s.") % settings.OIDC.name)
    return redirect("account")


def shown(request: HttpRequest, person: User, claims: dict) -> None:
    about = {
        "provider": settings.OIDC.issuer,
        "uid": str(claims["sub"]),
        "auth_time": showed_at(claims),
    }
    record_authentication(request, person, "socialaccount", **about)


def no_entry(request: HttpRequest, why: str, person: User | None) -> HttpResponse:
    about = {"person": person.username} if person else {}
    recording.record(
        request, None, "sign-in.failed", reason=why.replace("_", " "), method="provider", **about
    )
    return problem(request, why)


STATUS = {"away": 503, "stale": 400, "cancelled": 200}


def problem(request: HttpRequest, why: str) -> HttpResponse:
    title, text = words(why)
    status = STATUS.get(why, 403)
    response = render(
        request,
        "socialaccount/authentication_error.html",
        {"title": title, "text": text, "why": why},
        status=status,
    )
    if status == 503:
        response["Retry-After"] = "30"
    return response


def words(why: str) -> tuple[str, str]:
    texts = {
        "away": (
            _("%(name)s does not answer"),
            _(
                "Nothing is wrong with your account. Try again in a minute; if it stays so, tell"
                " your administrators."
            ),
        ),
        "stale": (
            _("This sign-in took too long"),
            _(
                "It was begun in another browser, more than ten minutes ago, or used already. Begin"
                " again."
            ),
        ),
        "cancelled": (
            _("You were not signed in"),
            _("You stopped at %(name)s. Nothing was changed."),
        ),
        "refused": (
            _("%(name)s did not sign you in"),
            _("Begin again; if it stays so, tell your administrators."),
        ),
        "bad": (
            _("The answer of %(name)s is not valid"),
            _(
                "Nobody was signed in. Begin again; if it stays so, tell your administrators: the"
                " log says why."
            ),
        ),
        "no_group": (
            _("You have no access yet"),
            _(
                "%(name)s knows you, but you are in no group that may use the journey composer. Ask"
                " whoever looks after groups there, then sign in again. No account was made."
            ),
        ),
        "taken": (
            _("There is an account with your name here already"),
            _(
                "It may be yours: sign in to it with its password, open your account and link it to"
                " %(name)s. If you cannot, ask an admin. No second account was made."
            ),
        ),
        "inactive": (
            _("Your account is not in use"),
            _("An admin made it inactive. Ask an admin if that is a mistake."),
        ),
        "other": (
            _("That was somebody else"),
            _(
                "%(name)s signed in another person than the one who is signed in here. Nothing was"
                " changed."
            ),
        ),
        "not_asked": (
            _("%(name)s did not ask who you are"),
            _("It has to ask again before what you wanted to do. Sign out there, then try again."),
        ),
        "linked": (
            _("It could not be linked"),
            _(
                "That person of %(name)s, or you, are linked already: to somebody else. Ask an"
                " admin."
            ),
        ),
    }
    return tuple(text % {"name": settings.OIDC.name} for text in texts[why])
