"""Whether the parts of the product are alive, and what they have done, for whoever watches them."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from journeys.delivery.prometheus import text
from journeys.models.heartbeat import ProcessKind, is_alive


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Says only that the web server answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    return alive(ProcessKind.WORKER)


@login_not_required
@require_safe
def sweeper(request: HttpRequest) -> HttpResponse:
    return alive(ProcessKind.SWEEPER)


def alive(kind: str) -> HttpResponse:
    """200 when a process of the kind was heard of within a minute, else 503; also when the database
    is away."""
    try:
        alive = is_alive(kind)
    except DatabaseError:
        alive = False
    return HttpResponse(
        "ok" if alive else "gone", content_type="text/plain", status=200 if alive else 503
    )


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole (RFC 9116); nothing where the installation names nobody."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    fields = [("Contact", contact) for contact in settings.SECURITY_CONTACT]
    fields += [("Expires", settings.SECURITY_EXPIRES), ("Preferred-Languages", "en")]
    fields.append(("Canonical", request.build_absolute_uri(request.path)))
    text = "".join(f"{name}: {value}\n" for name, value in fields)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def prometheus(request: HttpRequest) -> HttpResponse:
    """For a scraper that knows METRICS_TOKEN, and for people who look after tenants: names of
    tenants are in it."""
    if not (knows_token(request) or request.user.has_perm("journeys.change_tenant")):
        raise PermissionDenied
    return HttpResponse(text(), content_type="text/plain; version=0.0.4; charset=utf-8")


def knows_token(request: HttpRequest) -> bool:
    kind, _, sent = request.headers.get("Authorization", "").partition(" ")
    token = settings.METRICS_TOKEN
    return bool(token) and kind.lower() == "bearer" and constant_time_compare(sent.strip(), token)
