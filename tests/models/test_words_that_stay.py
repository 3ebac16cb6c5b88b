"""Whose words stand in a block that another person edited since, and come back with it."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User

from journeys.models import Journey, NotAllowed, Tenant
from journeys.spec import document as doc
from tests.models.conftest import document
from tests.models.test_authorship import authors
from tests.people import approved, started
from tests.web.conflicting import post, settled


@pytest.fixture
def reviewing(people: dict[str, User]) -> None:
    """Everybody may decide, so that only their words stand against it."""
    Group.objects.get(name="Reviewer").user_set.add(*people.values())


ADAS = "A long description that nobody but Ada has ever written and that nobody else has approved"


@pytest.fixture
def described(journey: Journey, ada: User, reviewing) -> Journey:
    """Revision 2 is Ada's."""
    return edited(journey, ada, description=ADAS)


def step_of(journey: Journey, number: int | None = None) -> dict:
    seen = journey.revisions.get(number=number) if number else journey.head
    return next(one for one in seen.document()["activities"] if one["key"] == "ONE")


def edited(journey: Journey, author: User, **members: object) -> Journey:
    return put(journey, author, {**step_of(journey), **members})


def put(journey: Journey, author: User, block: dict) -> Journey:
    arguments = {"kind": "activity", "key": "ONE", "block": block}
    journey.apply("edit block", arguments, based_on=journey.head.number, author=author)
    return journey


def text_of(journey: Journey, number: int) -> dict:
    """As an old export of it, in which something else is new."""
    return {**journey.revisions.get(number=number).document(), "name": "Other"}


def replaced(journey: Journey, author: User, number: int, operation: str) -> None:
    based_on = journey.head.number
    journey.replace(text_of(journey, number), based_on=based_on, author=author, operation=operation)


BY_WHOM = {
    "undo": lambda journey, maya: journey.undo(maya),
    "undo and redo twice": lambda journey, maya: [
        journey.undo(maya),
        journey.redo(maya),
        journey.undo(maya),
    ],
    "revert": lambda journey, maya: journey.revert(journey.revisions.get(number=4), maya),
    "restore": lambda journey, maya: journey.restore(journey.revisions.get(number=3), maya),
    "text": lambda journey, maya: replaced(journey, maya, 3, "edit as text"),
    "import": lambda journey, maya: replaced(journey, maya, 3, "import"),
    "repair": lambda journey, maya: replaced(journey, maya, 3, "repair"),
}


def without_words(journey: Journey, maya: User) -> None:
    edited(journey, maya, description="Gone")


def without_step(journey: Journey, maya: User) -> None:
    arguments = {"key": "ONE"}
    journey.apply("remove step", arguments, based_on=journey.head.number, author=maya)


def refused(journey: Journey, asking: User, first: User) -> None:
    review = journey.request_review(asking)
    assert first.pk in review.authors()
    with pytest.raises(NotAllowed, match="You wrote some of these changes"):
        review.approve(first)


@pytest.mark.parametrize("taking", [without_words, without_step])
@pytest.mark.parametrize("way", BY_WHOM)
def test_words_in_a_block_that_another_edited_stay_their_first_writers(
    described: Journey, maya: User, rob: User, ada: User, way: str, taking: Callable
) -> None:
    edited(described, maya, name="Maya's")
    taking(described, maya)
    approved(described, maya, rob)
    BY_WHOM[way](described, maya)
    assert ADAS in step_of(described)["description"]
    refused(described, maya, ada)


def test_they_do_after_many_edits(described: Journey, maya: User, miles: User, rob, ada) -> None:
    for author, name in ((maya, "A"), (miles, "B"), (maya, "C")):
        edited(described, author, name=name)
    without_words(described, maya)
    approved(described, maya, rob)
    described.undo(maya)
    assert authors(described, maya) == {"ada", "maya", "miles"}


def test_an_edited_block_typed_in_as_it_was_stays_its_first_writers(
    described: Journey, maya: User, rob: User, ada: User
) -> None:
    edited(described, maya, name="Maya's")
    without_words(described, maya)
    approved(described, maya, rob)
    put(described, maya, step_of(described, 3))
    refused(described, maya, ada)


@pytest.mark.parametrize("operation", ["import", "team template"])
def test_a_copy_of_an_edited_block_stays_its_first_writers(
    described: Journey, tenant: Tenant, maya: User, ada: User, operation: str
) -> None:
    edited(described, maya, name="Maya's")
    copied = {**described.head.document(), "key": "copy"}
    copy = Journey.objects.start(
        copied, tenant=tenant, owner=maya, operation=operation, summary="Copied"
    )
    refused(copy, maya, ada)


def test_steps_copied_out_of_an_edited_block_stay_their_first_writers(
    described: Journey, tenant: Tenant, maya: User, ada: User
) -> None:
    edited(described, maya, name="Maya's")
    other = started(document(key="other"), tenant, maya)
    steps = [{**step_of(described), "key": "NEW", "outcomes": [{"key": "out-NEW"}]}]
    pasting = {"after": "THREE", "outcome": "out-THREE", "steps": steps}
    other.apply("paste steps", pasting, based_on=1, author=maya)
    refused(other, maya, ada)


def test_who_edits_a_block_makes_no_writer_of_those_before(
    described: Journey, maya: User, rob: User, ada: User
) -> None:
    """Ada's words were approved, and never left."""
    approved(described, maya, rob)
    edited(described, maya, name="Maya's")
    arguments = {"key": "TWO"}
    described.apply("remove step", arguments, based_on=3, author=maya)  # a link of Ada's step
    assert authors(described, maya) == {"maya"}


def test_who_writes_all_of_it_anew_is_its_only_writer(
    journey: Journey, maya: User, rob: User, ada: User, reviewing
) -> None:
    def describe(author: User, words: str) -> None:
        arguments = {"members": {"description": words}}
        journey.apply("edit journey", arguments, based_on=journey.head.number, author=author)

    describe(ada, ADAS)
    describe(maya, "Greets")
    describe(maya, "None")
    approved(journey, maya, rob)
    journey.undo(maya)
    edited(journey, maya, name="Maya's")
    assert authors(journey, maya) == {"maya"}


def test_a_conflict_about_own_words_alone_makes_no_writer_of_those_before(
    described: Journey, browser_of, maya: User, miles: User, rob: User
) -> None:
    approved(described, maya, rob)
    edited(described, miles, name="Miles's")
    as_maya = browser_of(maya)
    mine = doc.dumps({**step_of(described, 2), "name": "Own"}).decode()
    sent = {"kind": "activity", "key": "ONE", "text": mine}
    asked = post(as_maya, described, "block/save-text", 2, **sent)
    assert asked.status_code == 409
    assert settled(as_maya, described, asked).status_code == 200
    described.refresh_from_db()
    assert step_of(described)["name"] == "Own"
    assert authors(described, maya) == {"maya", "miles"}
