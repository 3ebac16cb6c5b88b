"""Who may see a journey and who may edit it, and the revision that a request names.

Every view reads its journey here: whoever may not see it gets the 404 of one that is not there.
"""

from collections.abc import Callable, Sequence

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from journeys.limiting import take_turn
from journeys.models import Journey, Revision
from journeys.screens.opening import RELATED, opened

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
    if not unread and read is None:
        return opened_in_turn(request, pk)
    journeys = Journey.objects.visible_to(request.user).select_related(*RELATED).defer(*unread)
    journeys = read(journeys) if read else journeys
    journey = get_object_or_404(journeys, pk=pk)
    if "head__packed" not in unread and take_turn(request, journey.head.size):
        return get_object_or_404(journeys, pk=pk)
    return journey


def editable_journey(request: HttpRequest, pk: int) -> Journey:
    if not request.user.has_perm("journeys.change_journey"):
        raise Http404
    return opened_in_turn(request, pk)


def opened_in_turn(request: HttpRequest, pk: int) -> Journey:
    """Where its document is large, the request waits for its turn. Somebody may have changed the
    journey meanwhile."""
    journey = opened(request.user, pk)
    if journey and take_turn(request, journey.head.size):
        journey = opened(request.user, pk)
    if journey is None:
        raise Http404
    return journey


def revision_of(journey: Journey, number: int) -> Revision:
    """The revision that the user was looking at; nearly always it is the newest one. Raises
    Revision.DoesNotExist, which is answered with the words that the page is out of date."""
    return journey.head if journey.head.number == number else journey.revisions.get(number=number)


def base_of(journey: Journey, number: int) -> dict:
    """The document of that revision, to make a change of: the draft as it stands, because its doubt
    goes on with it; any other one only as it was written. Raises Tampered, and as revision_of."""
    base = revision_of(journey, number)
    return base.stored() if base is journey.head else base.document()
