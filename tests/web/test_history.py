import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.models import Journey
from journeys.spec import document as doc
from tests.people import approved


@pytest.fixture
def edited(journey: Journey, maya: User) -> Journey:
    rename(journey, "Welcome, autumn", maya)
    return journey


def rename(journey: Journey, name: str, author: User) -> None:
    journey.apply(
        "edit journey", {"members": {"name": name}}, based_on=journey.head.number, author=author
    )


def rows(client: Client, journey: Journey) -> list[tuple[int, list[str], bool]]:
    shown = client.get(f"/journeys/{journey.pk}/history/").context["rows"]
    return [
        (revision.number, [mark.text for mark in marks], undone)
        for revision, marks, undone in shown
    ]


def test_it_lists_every_revision_with_the_newest_first(as_maya: Client, edited: Journey):
    page = as_maya.get(f"/journeys/{edited.pk}/history/").content.decode()
    assert rows(as_maya, edited) == [(2, [], False), (1, [], False)]
    assert (
        "“Welcome series” → “Welcome, autumn”" in page
        and "Maya Marketer" in page
        and edited.head.sha256 in page
    )


def test_it_tells_what_is_undone(as_maya: Client, edited: Journey, maya: User):
    edited.undo(maya)
    assert rows(as_maya, edited) == [(3, [], False), (2, [], True), (1, [], False)]
    edited.redo(maya)
    assert [undone for _, _, undone in rows(as_maya, edited)] == [False] * 4


def test_it_marks_what_was_reviewed_and_submitted(
    as_maya: Client, journey: Journey, maya: User, rob: User
):
    approved(journey, maya, rob).submit(maya)
    assert rows(as_maya, journey) == [(1, ["Approved", "Waiting to be sent"], False)]


def test_it_tells_a_review_that_an_edit_has_ended(
    as_maya: Client, journey: Journey, maya: User, rob: User
):
    approved(journey, maya, rob)
    rename(journey, "Changed", maya)
    assert rows(as_maya, journey) == [(2, [], False), (1, ["Approval ended"], False)]


def test_it_tells_edits_of_the_json_from_others(as_maya: Client, journey: Journey, maya: User):
    document = {**journey.head.document(), "name": "Edited as text"}
    journey.replace(document, based_on=1, author=maya, operation="edit as text")
    assert "JSON edit" in as_maya.get(f"/journeys/{journey.pk}/history/").content.decode()


def test_it_shows_fifty_a_page(as_maya: Client, journey: Journey, maya: User):
    for number in range(50):
        rename(journey, f"Name {number}", maya)
    shown = as_maya.get(f"/journeys/{journey.pk}/history/?page=2").context["rows"]
    assert [revision.number for revision, _, _ in shown] == [1]


def test_it_tells_what_changed_in_a_revision(as_maya: Client, edited: Journey):
    context = as_maya.get(f"/journeys/{edited.pk}/history/2/").context
    (block,) = context["changes"]
    assert block.sentences == ["Name: “Welcome series” → “Welcome, autumn”"]
    (row,) = [(block.name, change.inside, old, new) for change, old, new in block.rows]
    assert row == ("Journey settings", "name", '"Welcome series"', '"Welcome, autumn"')


def test_it_shows_the_document_of_that_time(as_maya: Client, edited: Journey):
    answer = as_maya.get(f"/journeys/{edited.pk}/history/1/")
    assert answer.context["document"] == doc.pretty(edited.revisions.get(number=1).document())
    assert "The first revision" in answer.content.decode()


def test_it_tells_the_change_of_a_block_by_its_sentence(
    as_maya: Client, journey: Journey, maya: User
):
    (wait, *_rest) = [
        step for step in journey.head.document()["activities"] if step["type"] == "WAIT"
    ]
    longer = {
        **wait,
        "configurationArguments": {**wait["configurationArguments"], "waitDuration": 5},
    }
    arguments = {"kind": "activity", "key": wait["key"], "block": longer}
    journey.apply("edit block", arguments, based_on=1, author=maya)
    context = as_maya.get(f"/journeys/{journey.pk}/history/2/").context
    (block,) = context["changes"]
    assert block.name == "Wait 5 days" and block.rows[0][1:] == ("2", "5")


def test_it_does_not_know_a_revision_that_is_not_there(as_maya: Client, journey: Journey):
    assert as_maya.get(f"/journeys/{journey.pk}/history/7/").status_code == 404


def test_it_restores_an_older_revision(as_maya: Client, edited: Journey, maya: User):
    older = edited.revisions.get(number=1).body
    answer = as_maya.post(f"/journeys/{edited.pk}/history/1/restore/")
    edited.refresh_from_db()
    assert answer.url == f"/journeys/{edited.pk}/"
    assert (edited.head.number, edited.head.body, edited.head.author) == (3, older, maya)
    assert edited.head.summary == "Restored revision 1"


def test_it_writes_nothing_when_there_is_nothing_to_restore(as_maya: Client, edited: Journey):
    as_maya.post(f"/journeys/{edited.pk}/history/2/restore/")
    assert edited.revisions.count() == 2


def test_it_does_not_offer_to_restore_the_draft_or_to_those_who_only_read(
    as_maya: Client, as_rob: Client, edited: Journey
):
    assert "disabled" in as_maya.get(f"/journeys/{edited.pk}/history/2/").content.decode()
    assert "disabled" not in as_maya.get(f"/journeys/{edited.pk}/history/1/").content.decode()
    assert "Restore" not in as_rob.get(f"/journeys/{edited.pk}/history/1/").content.decode()
