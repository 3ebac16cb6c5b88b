"""What comes to the door of the import and is no journey, or one that lacks something, or one that
somebody else changed meanwhile."""

import codecs
import json
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.gallery.samples import birthday_greeting
from journeys.importing import UPDATE, Source, examine, take_in
from journeys.models import ChangedMeanwhile, Journey, Tenant
from journeys.spec import document as doc
from tests.web.test_import import PLAIN, file, post, said

CASES = Path(__file__).parents[1] / "cases"
KEYLESS = {name: value for name, value in PLAIN.items() if name != "key"}
EVENT = {"type": "APIEvent", "name": "Sign-up", "mode": "Production", "eventDefinitionKey": "E-1"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("custom-activity-config", "configuration of a custom activity"),
        ("fire-event-body", "body of POST /events"),
        ("one-activity", "one activity, not a journey"),
    ],
)
@pytest.mark.parametrize("is_pasted", [False, True])
def test_it_says_what_a_file_is_that_is_no_journey(
    as_maya: Client, tenant: Tenant, name: str, words: str, is_pasted: bool
):
    data = (CASES / f"{name}.json").read_bytes()
    sent = {"text": data.decode()} if is_pasted else {"files": file(data, f"{name}.json")}
    answer = post(as_maya, tenant, **sent)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Journey.objects.exists()


def test_it_says_once_what_a_list_holds_that_holds_no_journeys(as_maya: Client, tenant: Tenant):
    answer = post(as_maya, tenant, files=file({"items": [EVENT, EVENT]}, "events.json"))
    (note,) = answer.context["notes"]
    assert answer.status_code == 422 and "There is no whole journey in it." in answer.text
    assert note.startswith("None of the 2 items of events.json is a journey. Of each: This is an")


def test_it_names_what_stands_between_journeys(as_maya: Client, tenant: Tenant):
    page = as_maya.get(post(as_maya, tenant, files=file([PLAIN, EVENT, {"name": "Row"}])).url)
    assert Journey.objects.get().head.body == doc.dumps(PLAIN)
    first, second = page.context["notes"]
    assert "Item 2 of sale.json (Sign-up): This is an event definition" in first
    assert "Item 3 of sale.json (Row) is only a heading" in second


@pytest.mark.parametrize("start", ["", " \n", "\ufeff", "\ufeff \r\n"])
def test_it_takes_a_bare_list_apart(as_maya: Client, tenant: Tenant, start: str):
    text = start + json.dumps([PLAIN, {**PLAIN, "key": "other"}])
    post(as_maya, tenant, files=file(text.encode(), "list.json"))
    assert sorted(Journey.objects.values_list("key", flat=True)) == ["other", "sale"]


@pytest.mark.parametrize("is_pasted", [False, True])
def test_a_mark_at_the_start_is_no_part_of_it(as_maya: Client, tenant: Tenant, is_pasted: bool):
    text = "\ufeff" + json.dumps(PLAIN)
    post(as_maya, tenant, **({"text": text} if is_pasted else {"files": file(text.encode())}))
    assert Journey.objects.get().head.body == doc.dumps(PLAIN)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (codecs.BOM_UTF16_LE + json.dumps(PLAIN).encode("utf-16-le"), "UTF-16"),
        (json.dumps(PLAIN).encode("utf-16-be"), "UTF-16"),
        (json.dumps(PLAIN).encode("utf-16-le"), "UTF-16"),
        (codecs.BOM_UTF8 + b" \n", "There is nothing in it."),
    ],
)
def test_it_says_how_a_text_is_written_that_it_cannot_read(
    as_maya: Client, tenant: Tenant, data: bytes, words: str
):
    answer = post(as_maya, tenant, files=file(data))
    assert answer.status_code == 422 and words in answer.content.decode()


@pytest.mark.parametrize(
    "document",
    [KEYLESS, {**KEYLESS, "key": None}, {**KEYLESS, "key": ""}, {**KEYLESS, "key": " \t "}],
)
def test_it_offers_a_key_to_a_journey_without_one(as_maya: Client, tenant: Tenant, document: dict):
    """Chosen already, so that one click takes it in."""
    answer = post(as_maya, tenant, files=file(document))
    (one,) = answer.context["good"]
    assert answer.status_code == 409 and "It has no key" in answer.text
    assert 'value="new-key" checked' in " ".join(answer.text.split())
    assert "A key of these files is in use here already" not in answer.text
    kept = {"kept_name": [one.source.name], "kept_text": [one.text], "choice-0": "new-key"}
    post(as_maya, tenant, **kept)
    made = Journey.objects.get()
    assert made.head.document() == {**document, "key": made.key} and made.key_proposed
    page = said(as_maya)
    assert "Imported “Sale” from sale.json." in page
    assert f"It had no key and was given a new one: {made.key}" in page


def test_it_counts_the_problems_that_are_left_with_the_key_that_it_gets(
    as_maya: Client, tenant: Tenant
):
    whole = {name: value for name, value in birthday_greeting().items() if name != "key"}
    with_key = {**whole, "key": "birthday"}
    answer = post(as_maya, tenant, files=[file(whole), file(with_key, "b.json")])
    without, having = answer.context["good"]
    assert without.arrival.blocking == having.arrival.blocking
    kept = {"kept_name": ["a"], "kept_text": [json.dumps(whole)], "choice-0": "new-key"}
    post(as_maya, tenant, **kept)
    count = having.arrival.blocking
    assert f"{count} problem{'s stop' if count > 1 else ' stops'} it" in said(as_maya)


def test_it_says_that_another_key_was_given(as_maya: Client, tenant: Tenant, journey: Journey):
    text = json.dumps({**PLAIN, "key": journey.key})
    post(as_maya, tenant, kept_name=["a"], kept_text=[text], **{"choice-0": "new-key"})
    made = Journey.objects.exclude(pk=journey.pk).get()
    assert f"It was given a new key: {made.key}" in said(as_maya)


def test_it_does_not_take_two_journeys_without_a_key_for_one(as_maya: Client, tenant: Tenant):
    texts = [json.dumps(KEYLESS), json.dumps({**KEYLESS, "name": "Two"})]
    post(
        as_maya,
        tenant,
        kept_name=["a", "b"],
        kept_text=texts,
        **{"choice-0": "new-key", "choice-1": "new-key"},
    )
    assert sorted(Journey.objects.values_list("name", flat=True)) == ["Sale", "Two"]


def test_an_update_takes_the_place_of_what_was_shown_and_of_nothing_else(
    as_maya: Client, tenant: Tenant, journey: Journey, miles: User
):
    """Somebody saves between the question and its answer: it is asked again, with who and what."""
    document = {**PLAIN, "key": journey.key}
    answer = post(as_maya, tenant, files=file(document))
    assert answer.context["good"][0].seen == 1 and 'name="seen-0"' in answer.text
    theirs = {**journey.head.document(), "description": "Theirs"}
    journey.replace(theirs, based_on=1, author=miles, operation="edit as text")
    chosen = {"kept_name": ["a"], "kept_text": [json.dumps(document)], "choice-0": "update"}
    again = post(as_maya, tenant, **chosen, **{"seen-0": "1"})
    journey.refresh_from_db()
    assert again.status_code == 409 and journey.head.document() == theirs
    assert "Miles Marketer saved revision 2 of it meanwhile" in " ".join(again.text.split())
    assert 'value="update" checked' not in " ".join(again.text.split())
    post(as_maya, tenant, **chosen, **{"seen-0": "2"})
    journey.refresh_from_db()
    assert (journey.head.document(), journey.head.number) == (document, 3)


@pytest.mark.parametrize("seen", [{}, {"seen-0": "x"}, {"seen-0": ""}, {"seen-0": "-1"}])
def test_an_update_that_names_no_revision_asks_again(
    as_maya: Client, tenant: Tenant, journey: Journey, seen: dict
):
    text = json.dumps({**PLAIN, "key": journey.key})
    chosen = {"kept_name": ["a"], "kept_text": [text], "choice-0": "update"}
    answer = post(as_maya, tenant, **chosen, **seen)
    assert answer.status_code == 409 and journey.revisions.count() == 1


def test_what_was_saved_while_it_was_being_written_stays(
    tenant: Tenant, journey: Journey, maya: User, miles: User
):
    """Between the look at the journey and the write, whoever's block it is."""
    document = {**journey.head.document(), "name": "Mine"}
    source = Source("a.json", json.dumps(document), choice=UPDATE)
    (candidate,) = examine([source], tenant.journeys)
    theirs = {**journey.head.document(), "description": "Theirs"}
    journey.replace(theirs, based_on=1, author=miles, operation="edit as text")
    with pytest.raises(ChangedMeanwhile):
        take_in([candidate], tenant, maya)
    journey.refresh_from_db()
    assert journey.head.document() == theirs and journey.revisions.count() == 2


@pytest.mark.parametrize("text", ["\ufeff%s", "%s"])
def test_the_whole_document_as_text_may_begin_with_a_mark(
    as_maya: Client, journey: Journey, text: str
):
    document = {**journey.head.document(), "activities": [{"key": "A", "type": "WAIT"}]}
    sent = {"text": text % doc.pretty(document), "based_on": "1"}
    checked = as_maya.post(f"/journeys/{journey.pk}/document/check/", sent)
    lines = [problem["line"] for problem in checked.context["problems"]]
    plain = as_maya.post(
        f"/journeys/{journey.pk}/document/check/", {**sent, "text": doc.pretty(document)}
    )
    assert lines == [problem["line"] for problem in plain.context["problems"]]
    assert as_maya.post(f"/journeys/{journey.pk}/document/save/", sent).status_code == 200
    journey.refresh_from_db()
    assert journey.head.document() == document


def test_the_whole_document_as_text_is_no_other_kind(as_maya: Client, journey: Journey):
    sent = {"text": (CASES / "one-activity.json").read_text(), "based_on": "1"}
    answer = as_maya.post(f"/journeys/{journey.pk}/document/save/", sent)
    assert answer.status_code == 422 and "This is one activity" in answer.text
    assert journey.revisions.count() == 1
