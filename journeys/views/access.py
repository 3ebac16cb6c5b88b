"""Who may see a journey and who may edit it, and the revision that a request names.

Every view reads its journey here: whoever may not see it gets the 404 of one that is not there.
"""

from collections.abc import Callable, Sequence

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from journeys.limiting import take_turn
from journeys.models import Journey, Revision

RELATED = ("head", "tenant", "tenant__house_rules", "owner", "head__author")
UNREAD = ("head__packed", "tenant__client_secret", "tenant__token")  # in lists


def visible_journey(
    request: HttpRequest,
    pk: int,
    *,
    unread: Sequence[str] = (),
    read: Callable[[QuerySet], QuerySet] | None = None,
) -> Journey:
    """`unread` are columns, such as UNREAD, that this page does not need; `read` adds what it needs
    besides."""
    journeys = Journey.objects.visible_to(request.user).select_related(*RELATED).defer(*unread)
    journeys = read(journeys) if read else journeys
    return in_turn(request, journeys, pk, is_opened="head__packed" not in unread)


def editable_journey(request: HttpRequest, pk: int) -> Journey:
    return in_turn(request, Journey.objects.editable_by(request.user).select_related(*RELATED), pk)


def in_turn(
    request: HttpRequest, journeys: QuerySet[Journey], pk: int, *, is_opened: bool = True
) -> Journey:
    """Where its document is large, the request waits for its turn. Somebody may have changed the
    journey meanwhile."""
    journey = get_object_or_404(journeys, pk=pk)
    if is_opened and take_turn(request, journey.head.size):
        return get_object_or_404(journeys, pk=pk)
    return journey


def revision_of(journey: Journey, number: int) -> Revision:
    """The revision that the user was looking at; nearly always it is the newest one."""
    return (
        journey.head
        if journey.head.number == number
        else get_object_or_404(journey.revisions, number=number)
    )


def base_of(journey: Journey, number: int) -> dict:
    """The document of that revision, to make a change of: the draft as it stands, because its doubt
    goes on with it; any other one only as it was written. Raises Tampered."""
    base = revision_of(journey, number)
    return base.stored() if base is journey.head else base.document()
