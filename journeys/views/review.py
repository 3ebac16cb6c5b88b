"""Asking for a review. What reviewers do stands in the admin's review desk."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from journeys.limiting import limited
from journeys.models import Journey, WrongState
from journeys.models.audit import record_refusal
from journeys.screens.page import VIEWS
from journeys.screens.selected import selected_of
from journeys.views.access import editable_journey
from journeys.views.keys import is_taken


@limited("review", per_minute=30)
@require_POST
@permission_required("journeys.change_journey", raise_exception=True)
def request_review(request: HttpRequest, pk: int) -> HttpResponse:
    journey = editable_journey(request, pk)
    if is_taken(journey):  # nobody should review what cannot be sent
        return redirect("key", journey.pk)
    try:
        journey.request_review(request.user, request.POST.get("reply", ""))
    except WrongState as error:
        record_refusal(
            request.user, "refused.review-request", journey=journey, error=error, reason=error.text
        )
        messages.error(request, error.text)
    return redirect(where_asked(request, journey))  # it says that it waits, and what ends that


def where_asked(request: HttpRequest, journey: Journey) -> str:
    """The composer, in the view and at the block where it was asked for."""
    address, view = reverse("composer", args=[journey.pk]), request.POST.get("view", "")
    if view not in VIEWS:
        return address
    selected = selected_of(request.POST, journey.head.stored())
    shown = "json" if view == "text" else view
    return f"{address}?{urlencode({'view': shown})}&{selected.query}"
