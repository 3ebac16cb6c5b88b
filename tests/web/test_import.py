import json

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from journeys.gallery.samples import samples
from journeys.models import Journey, Revision, Tenant
from journeys.spec import document as doc

PLAIN = {
    "key": "sale",
    "name": "Sale",
    "workflowApiVersion": 1.0,
    "strange": [1, 1.0, "1", None],
    "activities": [],
}


def file(value: object, name: str = "sale.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, value if isinstance(value, bytes) else doc.dumps(value))


def post(client: Client, tenant: Tenant, **values: object):
    return client.post("/journeys/import/", {"tenant": tenant.pk, **values})


def said(client: Client) -> str:
    return client.get("/").content.decode()


def test_it_takes_a_file_in_as_it_is(as_maya: Client, tenant: Tenant, maya: User):
    answer = post(as_maya, tenant, files=file(PLAIN))
    journey = Journey.objects.get()
    assert answer.url == f"/journeys/{journey.pk}/"
    assert journey.head.body == doc.dumps(PLAIN)
    assert (journey.owner, journey.head.operation, journey.head.summary) == (
        maya,
        "import",
        "Imported from sale.json",
    )
    assert not journey.key_proposed


def test_it_takes_pasted_text_in(as_maya: Client, tenant: Tenant):
    post(as_maya, tenant, text="\ufeff" + doc.pretty(PLAIN).replace("\n", "\r\n"))
    assert Journey.objects.get().head.document() == PLAIN


def test_it_takes_several_files_in(as_maya: Client, tenant: Tenant):
    other = {**PLAIN, "key": "other"}
    answer = post(
        as_maya,
        tenant,
        files=[file(PLAIN), file(other, "other.json")],
        text=json.dumps({"key": "third"}),
    )
    assert answer.url == "/journeys/import/report/"
    assert sorted(Journey.objects.values_list("key", flat=True)) == ["other", "sale", "third"]


def test_it_strips_what_the_server_makes_and_says_so(as_maya: Client, tenant: Tenant):
    made = {
        "id": "1",
        "key": "sale",
        "status": "Published",
        "activities": [{"key": "A", "id": "kept"}],
        "stats": {},
    }
    post(as_maya, tenant, files=file(made))
    assert Journey.objects.get().head.document() == {
        "key": "sale",
        "activities": [{"key": "A", "id": "kept"}],
    }
    assert "Left out, because Marketing Cloud makes them itself: id, status, stats" in said(as_maya)


BAD = {
    "no JSON": (b"nothing like it", "line 1, column 1"),
    "empty": (b"", "There is nothing in it."),
    "cut": (b'{"key": "a"', "line 1"),
    "no UTF-8": (b'{"key": "\xff"}', "byte 9"),
    "double member": (b'{"key": "a", "key": "b"}', "key"),
    "NaN": (b'{"key": "NaN",\n "n": [1, NaN]}', "line 2, column 11"),
    "a number that would change": (
        b'{"key": "a", "n": 0.12345678901234567890}',
        "line 1, column 19",
    ),
    "NUL": (b'{"key": "a", "n": ["x\\u0000"]}', "n[0]"),
    "half a character": (b'{"key": "a", "n": {"m": "\\ud800"}}', "n.m"),
    "deep": (
        b'{"key": "a", "n": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        "nested more than 64 levels",
    ),
    "large": (b'{"key": "a", "n": "' + b"x" * doc.MAX_BYTES + b'"}', "larger than 4 MB"),
    "a list": (b"[]", "not a list"),
    "no key": (b'{"name": "a"}', "has no key"),
    "long key": (json.dumps({"key": "k" * 201}).encode(), "201 characters"),
    "activities that are an object": (b'{"key": "a", "activities": {}}', "activities"),
}


@pytest.mark.parametrize("name", BAD)
def test_it_refuses_bad_files_and_names_the_place(as_maya: Client, tenant: Tenant, name: str):
    data, place = BAD[name]
    answer = post(as_maya, tenant, files=file(data, "bad.json"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "bad.json" in page and place in page
    assert not Journey.objects.exists() and not Revision.objects.exists()


@pytest.mark.parametrize("name", [name for name in BAD if name not in ("empty", "no UTF-8")])
def test_it_refuses_bad_text_and_gives_it_back(as_maya: Client, tenant: Tenant, name: str):
    text = BAD[name][0].decode()
    answer = post(as_maya, tenant, text=text)
    assert answer.status_code == 422 and BAD[name][1] in answer.content.decode()
    assert answer.context["form"]["text"].value() == text
    assert not Journey.objects.exists()


def test_it_takes_drafts_with_holes_in(as_maya: Client, tenant: Tenant):
    steps = [{"key": "A", "outcomes": [{"next": "A"}]}, {"outcomes": [{"next": "gone"}]}]
    draft = {"key": "holes", "triggers": [{}, {}], "activities": steps}
    post(as_maya, tenant, files=file(draft))
    assert Journey.objects.get().head.document() == draft


def test_it_imports_nothing_while_one_file_is_refused_and_keeps_the_others(
    as_maya: Client, tenant: Tenant
):
    answer = post(as_maya, tenant, files=[file(PLAIN), file(b"{", "bad.json")])
    assert answer.status_code == 422 and not Journey.objects.exists()
    (kept,) = answer.context["good"]
    assert (kept.source.name, doc.loads(kept.text)) == ("sale.json", PLAIN)
    post(as_maya, tenant, kept_name=[kept.source.name], kept_text=[kept.text])
    assert Journey.objects.get().head.body == doc.dumps(PLAIN)


def test_it_asks_what_to_do_with_a_known_key(as_maya: Client, tenant: Tenant, journey: Journey):
    answer = post(as_maya, tenant, files=file({**PLAIN, "id": "1", "key": journey.key}))
    page = answer.content.decode()
    assert answer.status_code == 409 and 'value="update"' in page and 'value="new-key"' in page
    assert "&quot;strange&quot;:[1,1.0,&quot;1&quot;,null]" in page
    assert Journey.objects.count() == journey.revisions.count() == 1


@pytest.mark.parametrize("choice", ["", "invented"])
def test_it_asks_again_until_it_is_told(
    as_maya: Client, tenant: Tenant, journey: Journey, choice: str
):
    text = json.dumps({"key": journey.key})
    answer = post(as_maya, tenant, kept_name=["a.json"], kept_text=[text], **{"choice-0": choice})
    assert answer.status_code == 409 and journey.revisions.count() == 1


def test_it_updates_the_journey_when_told_so(
    as_maya: Client, tenant: Tenant, journey: Journey, maya: User
):
    document = {"id": "1", **samples()[0], "name": "Welcome, renewed"}
    post(
        as_maya,
        tenant,
        kept_name=["a.json"],
        kept_text=[json.dumps(document)],
        **{"choice-0": "update", "seen-0": "1"},
    )
    journey.refresh_from_db()
    del document["id"]
    assert journey.head.body == doc.dumps(document)
    assert (journey.head.number, journey.head.author, journey.head.operation) == (2, maya, "import")
    assert "makes them itself: id" in said(as_maya)


def test_it_takes_a_new_key_when_told_so(as_maya: Client, tenant: Tenant, journey: Journey):
    document = {**PLAIN, "key": journey.key}
    post(
        as_maya,
        tenant,
        kept_name=["a.json"],
        kept_text=[json.dumps(document)],
        **{"choice-0": "new-key"},
    )
    made = Journey.objects.exclude(pk=journey.pk).get()
    assert made.head.document() == {**document, "key": made.key} and made.key_proposed
    assert list(made.head.document()) == list(document)


def test_it_says_that_a_new_key_makes_it_too_large(as_maya: Client, tenant: Tenant) -> None:
    frame = {"key": "k", "name": "", "workflowApiVersion": 1.0}
    large = frame | {"name": "x" * (doc.MAX_BYTES - len(doc.dumps(frame)))}
    assert post(as_maya, tenant, files=[file(large)]).status_code == 302
    kept = {"kept_name": ["large.json"], "kept_text": [doc.dumps(large).decode()]}
    answer = post(as_maya, tenant, **kept, **{"choice-0": "new-key"})
    assert (answer.status_code, "larger than 4 MB" in answer.text) == (422, True)
    assert Journey.objects.count() == 1


def test_it_leaves_out_what_it_is_told_to(as_maya: Client, tenant: Tenant, journey: Journey):
    text = json.dumps({"key": journey.key})
    post(as_maya, tenant, kept_name=["a.json"], kept_text=[text], **{"choice-0": "leave-out"})
    assert Journey.objects.count() == journey.revisions.count() == 1
    assert "Nothing was imported." in said(as_maya)


def test_it_asks_about_two_files_with_one_key(as_maya: Client, tenant: Tenant):
    answer = post(as_maya, tenant, files=[file(PLAIN), file(PLAIN, "again.json")])
    assert (
        answer.status_code == 409 and "It has the same key as sale.json." in answer.content.decode()
    )
    assert not Journey.objects.exists()


def test_it_lets_one_of_two_files_update_a_journey(
    as_maya: Client, tenant: Tenant, journey: Journey
):
    texts = [json.dumps({**PLAIN, "key": journey.key, "name": name}) for name in ("One", "Two")]
    chosen = {"kept_name": ["a.json", "b.json"], "kept_text": texts, "choice-0": "update"}
    chosen |= {"seen-0": "1", "seen-1": "1"}
    answer = post(as_maya, tenant, **chosen, **{"choice-1": "update"})
    assert answer.status_code == 409 and journey.revisions.count() == 1
    assert "It has the same key as a.json." in answer.content.decode()
    post(as_maya, tenant, **chosen, **{"choice-1": "leave-out"})
    assert Journey.objects.get().name == "One"


def test_it_does_not_update_another_tenants_journey(
    as_maya: Client, tenant: Tenant, foreign_journey: Journey
):
    post(as_maya, tenant, files=file({**PLAIN, "key": foreign_journey.key}))
    assert foreign_journey.revisions.count() == 1
    assert Journey.objects.get(tenant=tenant).key == foreign_journey.key


def test_it_refuses_another_tenant(as_maya: Client, tenant: Tenant, foreign_tenant: Tenant):
    answer = post(as_maya, foreign_tenant, files=file(PLAIN))
    assert answer.status_code == 422 and not Journey.objects.exists()


def test_it_asks_for_a_file(as_maya: Client, tenant: Tenant):
    answer = post(as_maya, tenant)
    assert answer.status_code == 422 and "Choose a file, or paste" in answer.content.decode()


def test_it_takes_a_list_answer_apart(as_maya: Client, tenant: Tenant):
    answer = {
        "count": 3,
        "items": [{**PLAIN, "id": "1"}, {"key": "row", "name": "Row"}, {**PLAIN, "key": "other"}],
    }
    page = as_maya.get(post(as_maya, tenant, files=file(answer, "list.json")).url).content.decode()
    assert sorted(journey.head.body for journey in Journey.objects.all()) == [
        doc.dumps({**PLAIN, "key": "other"}),
        doc.dumps(PLAIN),
    ]
    assert "Item 2 of list.json (Row) is only a heading without activities." in page
    assert "from list.json, item 3." in page and "makes them itself: id" in page


def test_it_says_when_a_list_answer_holds_no_whole_journey(as_maya: Client, tenant: Tenant):
    page = post(as_maya, tenant, files=file({"items": [{"key": "row"}]}))
    assert page.status_code == 422 and "There is no whole journey in it." in page.content.decode()


def test_it_still_tells_the_headings_after_a_question(
    as_maya: Client, tenant: Tenant, journey: Journey
):
    items = {"items": [{"name": "Row"}, {**PLAIN, "key": journey.key}]}
    (note,) = post(as_maya, tenant, files=file(items)).context["notes"]
    kept = {
        "kept_name": ["a"],
        "kept_text": [json.dumps({**PLAIN, "key": journey.key})],
        "choice-0": "update",
        "seen-0": "1",
    }
    answer = as_maya.get(post(as_maya, tenant, kept_note=[note], **kept).url)
    assert answer.context["notes"] == [note] and len(answer.context["journeys"]) == 1


def test_it_says_what_is_strange_and_kept(as_maya: Client, tenant: Tenant):
    strange = {
        **PLAIN,
        "activities": [{"key": "{{{prefix}}}A", "type": "NEWTYPE", "r__event_key": "x"}],
    }
    post(as_maya, tenant, files=file(strange))
    page = said(as_maya)
    assert Journey.objects.get().head.body == doc.dumps(strange)
    assert "described these members: strange" in page and "no form for these types: NEWTYPE" in page
    assert (
        "put ids in their place: r__event_key" in page and "to be filled in: {{{prefix}}}" in page
    )


TORN = {
    **PLAIN,
    "activities": [
        {
            "key": "W",
            "type": "wait",
            "x-own": {"a": [1]},
            "outcomes": [{"key": "on", "next": "gone", "x-more": None}],
        }
    ],
}


def test_it_shows_what_it_would_repair_before_it_does_so(as_maya: Client, tenant: Tenant):
    answer = post(as_maya, tenant, files=file(TORN), repair="on")
    page = answer.content.decode()
    assert answer.status_code == 409 and not Journey.objects.exists()
    [one] = answer.context["good"]
    assert one.repairs == [  # nothing is done yet
        "Wait: End the path here",
        "Wait: Write the type as “WAIT”",
    ]
    assert all(words in page for words in one.repairs)
    answered = {
        "kept_name": [one.source.name],
        "kept_text": [one.text],
        "asked-0": "1",
        "repair-0": "repair",
    }
    post(as_maya, tenant, **answered)
    repaired = {
        **TORN["activities"][0],
        "type": "WAIT",
        "outcomes": [{"key": "on", "x-more": None}],
    }
    assert Journey.objects.get().head.document() == {**TORN, "activities": [repaired]}
    told = said(as_maya)
    assert told.count("Repaired: ") == 2 and "Repaired: Wait: ends here" in told


@pytest.mark.parametrize("repair", ["keep", ""])
def test_it_repairs_nothing_unless_it_is_told_so(as_maya: Client, tenant: Tenant, repair: str):
    answers = {"asked-0": "1", "repair-0": "keep"} if repair else {}
    post(as_maya, tenant, kept_name=["a.json"], kept_text=[json.dumps(TORN)], **answers)
    assert Journey.objects.get().head.body == doc.dumps(TORN)
    assert "Repaired" not in said(as_maya)


def test_it_asks_again_about_repairs_that_nobody_answered(as_maya: Client, tenant: Tenant):
    asked = {"kept_name": ["a.json"], "kept_text": [json.dumps(TORN)], "asked-0": "1"}
    assert post(as_maya, tenant, **asked).status_code == 409 and not Journey.objects.exists()


def test_it_does_not_ask_about_repairs_where_there_are_none(as_maya: Client, tenant: Tenant):
    post(as_maya, tenant, files=file(PLAIN), repair="on")
    assert Journey.objects.get().head.body == doc.dumps(PLAIN)
