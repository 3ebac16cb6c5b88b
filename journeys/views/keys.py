"""A key that the tenant may have already: what is there, and a person's choice."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from journeys.delivery.key_in_use import ask_for_key
from journeys.limiting import limited
from journeys.models import Journey
from journeys.models.key_use import must_be_asked_for, use_another_key
from journeys.tenant import Created
from journeys.views.access import editable_journey, visible_journey


def is_taken(journey: Journey) -> bool | None:
    """None when nobody could say: then the worker asks before it sends. Made-up keys are not asked
    for."""
    if not must_be_asked_for(journey):
        return False
    is_free = ask_for_key(journey).is_free
    return None if is_free is None else not is_free


@limited("review", per_minute=30)
@permission_required("journeys.change_journey", raise_exception=True)
@require_safe
def key(request: HttpRequest, pk: int) -> HttpResponse:
    journey = visible_journey(request, pk)
    answer = ask_for_key(journey)
    context = {
        "nav": "journeys",
        "journey": journey,
        "answer": answer,
        "facts": facts(answer.found) if answer.found else [],
        "can_submit": request.user.has_perm("journeys.submit_journey")
        and not journey.why_not_submit(),
    }
    return render(request, "journeys/key.html", context)


def facts(created: Created) -> list[tuple[str, str]]:
    """By the API's own names, because they are looked for by them."""
    values = {
        "name": created.raw.get("name"),
        "id": created.id,
        "definitionId": created.definition_id,
        "status": created.status,
        "version": created.version,
        "modifiedDate": created.modified_date,
    }
    return [(name, str(value)[:200]) for name, value in values.items() if value]


@limited("review", per_minute=30)
@require_POST
@permission_required("journeys.change_journey", raise_exception=True)
def another_key(request: HttpRequest, pk: int) -> HttpResponse:
    journey = editable_journey(request, pk)
    use_another_key(journey, request.user)
    messages.success(request, _t("The journey has a new key. It can be sent to review again."))
    return redirect("composer", journey.pk)
