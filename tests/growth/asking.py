"""Everything that pages do with a whole journey, asked of the test client."""

from collections.abc import Callable

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from journeys.models import Journey, Review

Ask = Callable[[], HttpResponse]
STEP = {"kind": "activity", "key": "S1"}


def reading(client: Client, journey: Journey) -> dict[str, Ask]:
    """Pages and fragments that only show."""

    def get(name: str, *more: object, **query: object) -> Ask:
        return lambda: client.get(reverse(name, args=[journey.pk, *more]), query)

    shown = {view: get("composer", view=view) for view in ("path", "list", "json")}
    return shown | {
        "another page of the list": get("outline", view="list", rows_from=800),
        "the list around a step": get("outline", view="list", around="S1"),
        "panel": get("panel", view="list", based_on=1, **STEP),
        "menu": get("step-menu", **STEP),
        "problems": get("problems"),
        "more problems": get("problems", problems_from=0),
        "search": get("search-journey", q="wait"),
        "gaps": get("path-gaps", keys="S1"),
        "targets": get("path-targets", key="S1"),
        "places to move to": get("places", **STEP),
        "places to lead to": get("places", outcome="S1-0", **STEP),
        "print": get("print"),
        "picture": get("picture"),
        "submit": get("submit"),
        "history": get("history"),
    }


def writing(client: Client, journey: Journey) -> dict[str, Ask]:
    """What changes the draft, in an order in which it can be done."""

    def post(name: str, view: str = "list", **fields: object) -> Ask:
        def ask() -> HttpResponse:
            journey.refresh_from_db()
            told = {"kind": "journey", "key": "", "view": view, "based_on": journey.head.number}
            return client.post(reverse(name, args=[journey.pk]), told | fields)

        return ask

    return {
        "name": post("name-journey", name="Another"),
        "add": post("add-block", slug="wait", after="S0", outcome="S0-0"),
        "undo": post("undo"),
        "redo": post("redo"),
        "from the path": post("name-journey", view="path", name="A third"),
    }


def comparing(client: Client, reviewer: Client, journey: Journey) -> dict[str, Ask]:
    """What shows two revisions; the journey has three at least."""
    journey.refresh_from_db()
    number = journey.head.number
    review = Review.objects.create(
        journey=journey, revision=journey.head, sha256=journey.head.sha256, tenant=journey.tenant, asked_by=None
    )
    picture = {"revision": number, "against": 1}
    return {
        "revision": lambda: client.get(reverse("revision", args=[journey.pk, number])),
        "compared picture": lambda: client.get(reverse("picture", args=[journey.pk]), picture),
        "review desk": lambda: reviewer.get(reverse("admin:journeys_review_change", args=[review.pk])),
    }
