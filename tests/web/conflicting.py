"""What tests of conflicts do: two people post, and answer the question that comes of it."""

import re
from html import unescape

from django.test import Client

from journeys.models import Journey
from journeys.spec import graph

WAIT = {"kind": "activity", "key": "WAITBYDURATION-1"}


def newest(journey: Journey) -> dict:
    return Journey.objects.get(pk=journey.pk).head.document()


def step(journey: Journey, key: str = WAIT["key"]) -> dict | None:
    return graph.steps(newest(journey)).get(key)


def post(browser: Client, journey: Journey, address: str, based_on: int = 1, **values: object):
    return browser.post(f"/journeys/{journey.pk}/{address}/", {"based_on": based_on, **values})


def words(answer) -> str:
    """What people read of the panel."""
    html = answer.content.decode().partition('id="status"')[0]
    shown = re.sub(r"<input[^>]*>|<[^>]+>", " ", html)
    return " ".join(unescape(shown).split())


def sent_again(answer) -> dict[str, list[str]]:
    """The values of the form in the panel."""
    html = answer.content.decode()
    form = html[html.index('class="conflict-form"') :].partition("</form>")[0]
    values: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        named = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if named["type"] == "radio" and "checked" not in tag:
            continue
        values.setdefault(unescape(named["name"]), []).append(unescape(named["value"]))
    return values


def settled(browser: Client, journey: Journey, answer, **changed: object):
    """Sends the form in the panel, with some of its values changed."""
    html = answer.content.decode()
    address = re.search(
        r'hx-post="([^"]+)"\s+hx-target="[^"]+"\s+hx-swap="outerHTML"\s+hx-incl', html
    )
    number = Journey.objects.get(pk=journey.pk).head.number
    values = {"based_on": number, **sent_again(answer)}
    return browser.post(address[1], {**values, **changed})


def radio(answer, label: str) -> str:
    """The name of the radio buttons of a field."""
    html = answer.content.decode()
    part = html[html.index(f"<span>{label}</span>") :]
    return unescape(re.search(r'name="(choice:[^"]+)"', part)[1])
