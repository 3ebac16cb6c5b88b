"""Everything that pages do with a whole journey, asked of the test client."""

from collections.abc import Callable

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from journeys.models import Journey, Review
from journeys.spec import graph
from journeys.spec.selection import as_text

Ask = Callable[[], HttpResponse]
STEP = {"kind": "activity", "key": "S1"}


def reading(client: Client, journey: Journey) -> dict[str, Ask]:
    """Pages and fragments that only show, all about the second step."""
    second = journey.head.document()["activities"][1]["key"]
    step = {"kind": "activity", "key": second}

    def get(name: str, *more: object, **query: object) -> Ask:
        return lambda: client.get(reverse(name, args=[journey.pk, *more]), query)

    shown = {view: get("composer", view=view) for view in ("path", "list", "json")}
    return shown | {
        "journeys": lambda: client.get(reverse("journeys")),
        "export": get("export"),
        "copy": lambda: client.post(
            reverse("copy-steps", args=[journey.pk]), {"keys": [second], "based_on": 1}
        ),
        "another page of the list": get("outline", view="list", rows_from=800),
        "the list around a step": get("outline", view="list", around=second),
        "panel": get("panel", view="list", based_on=1, **step),
        "menu": get("step-menu", **step),
        "problems": get("problems"),
        "more problems": get("problems", problems_from=0),
        "search": get("search-journey", q="wait"),
        "gaps": get("path-gaps", keys=second),
        "targets": get("path-targets", key=second),
        "places to move to": get("places", **step),
        "places to lead to": get("places", outcome=f"{second}-0", **step),
        "print": get("print"),
        "picture": get("picture"),
        "submit": get("submit"),
        "history": get("history"),
    }


def writing(client: Client, journey: Journey) -> dict[str, Ask]:
    """What changes the draft, in an order in which it can be done."""

    def post(address: str, /, *more: object, **fields: object) -> Ask:
        def ask() -> HttpResponse:
            journey.refresh_from_db()
            told = {"kind": "journey", "key": "", "view": "list", "based_on": journey.head.number}
            return client.post(reverse(address, args=[journey.pk, *more]), told | fields)

        return ask

    def paste() -> HttpResponse:
        return post(
            "paste-steps",
            text=as_text([graph.steps(journey.head.document())["S3"]]),
            after="S0",
            outcome="S0-0",
        )()

    return {
        "name": post("name-journey", name="Another"),
        "a field": post("save-block", **STEP | {"name": "Called so"}),
        "a block as text": post(
            "save-block-text", kind="activity", key="S2", text='{"key": "S2", "type": "WAIT"}'
        ),
        "add": post("add-block", slug="wait", after="S0", outcome="S0-0"),
        "undo": lambda: post("undo", number=journey.revisions.first().undo_top)(),
        "redo": lambda: post("redo", number=journey.revisions.first().redo_top)(),
        "duplicate": post("duplicate-steps", keys=["S1"], **STEP),
        "paste": paste,
        "move later": post("move-step", to="later", **STEP),
        "move steps": post("move-steps", keys=["S1"], after="", outcome=""),
        "remove": post("remove-block", **STEP),
        "from the path": post("name-journey", view="path", name="A third"),
        "save all as text": lambda: post(
            "save-document", text=journey.head.body.decode().replace("third", "4th")
        )(),
        "check all as text": lambda: post("check-document", text=journey.head.body.decode())(),
        "restore": post("restore", 1),
    }


def changing(client: Client, journey: Journey) -> dict[str, Ask]:
    """What people do most, with the page as it was before."""
    all_of_them = writing(client, journey)
    opened = {"opened": reading(client, journey)["list"]}
    return opened | {name: all_of_them[name] for name in ("name", "a field", "add", "undo", "redo")}


def comparing(client: Client, reviewer: Client, journey: Journey) -> dict[str, Ask]:
    """What shows two revisions; the journey has three at least."""
    journey.refresh_from_db()
    number = journey.head.number
    review = Review.objects.create(
        journey=journey,
        revision=journey.head,
        sha256=journey.head.sha256,
        tenant=journey.tenant,
        asked_by=None,
    )
    picture = {"revision": number, "against": 1}
    return {
        "revision": lambda: client.get(reverse("revision", args=[journey.pk, number])),
        "compared picture": lambda: client.get(reverse("picture", args=[journey.pk]), picture),
        "review desk": lambda: reviewer.get(
            reverse("admin:journeys_review_change", args=[review.pk])
        ),
    }
