"""A change is worked out before its writer takes the lock, for which everybody else has to wait."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection

from journeys.gallery.samples import samples
from journeys.models import Journey, Revision, Tenant, checking, merging, taking_back, turning
from journeys.models import journey as journeys
from journeys.spec import document as doc
from tests.people import started

pytestmark = pytest.mark.django_db(transaction=True)
HEAVY = [
    (merging, "summarise"),
    (merging, "words_of"),
    (merging.doc, "require_shape"),
    (merging.zlib, "compress"),
]
HEAVY += [
    (merging, "carried_out"),
    (merging.diff, "patch"),
    (taking_back, "made_of"),
    (turning, "taken_back"),
    (journeys, "made_of"),
    (journeys, "summarise"),
]


def renamed(journey: Journey, person: User, name: str) -> Revision:
    number = journey.head.number
    return journey.apply(
        "edit journey", {"members": {"name": name}}, based_on=number, author=person
    )


def described(journey: Journey, person: User, text: str) -> Revision:
    """By somebody whose page shows the journey's first revision."""
    return journey.apply(
        "edit journey", {"members": {"description": text}}, based_on=1, author=person
    )


@pytest.fixture
def locked(monkeypatch) -> list[tuple[str, bool]]:
    """What was worked out, and whether others had to wait meanwhile."""
    found: list[tuple[str, bool]] = []

    def watched(name: str, work: Callable) -> Callable:
        def run(*arguments: object, **more: object) -> object:
            found.append((name, connection.in_atomic_block))
            return work(*arguments, **more)

        return run

    for module, name in HEAVY:
        monkeypatch.setattr(module, name, watched(name, getattr(module, name)))
    return found


CHANGES: dict[str, Callable[[Journey, User], object]] = {
    "apply": lambda journey, person: renamed(journey, person, "Another"),
    "merge": lambda journey, person: described(journey, person, "Said"),
    "replace": lambda journey, person: journey.replace(
        {**journey.head.document(), "description": "As text"},
        based_on=2,
        author=person,
        operation="edit as text",
    ),
    "undo": lambda journey, person: journey.undo(journey.owner),
    "redo": lambda journey, person: (journey.undo(journey.owner), journey.redo(journey.owner)),
    "revert": lambda journey, person: journey.revert(journey.head, person),
    "restore": lambda journey, person: journey.restore(journey.revisions.get(number=1), person),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_holds_the_lock_only_to_write(
    journey: Journey, maya: User, miles: User, locked, change: str
):
    renamed(journey, maya, "Called so")
    locked.clear()
    CHANGES[change](journey, miles)
    assert {"require_shape", "compress", "words_of"} <= {name for name, _is_locked in locked}
    assert [name for name, is_locked in locked if is_locked] == []


def meeting(monkeypatch, other: Callable[[], None], times: int) -> list[bool]:
    """Each time that a change is worked out, so many times, somebody else was quicker."""
    made_of, found = journeys.made_of, []

    def made(*arguments: object, **more: object) -> merging.Made:
        found.append(connection.in_atomic_block)
        result = made_of(*arguments, **more)
        if len(found) <= times:
            monkeypatch.setattr(journeys, "made_of", made_of)
            other()
            monkeypatch.setattr(journeys, "made_of", made)
        return result

    monkeypatch.setattr(journeys, "made_of", made)
    return found


@pytest.mark.parametrize(
    ("times", "locked"), [(0, [False]), (1, [False, False]), (2, [False, False, True])]
)
def test_it_works_a_change_out_again_where_somebody_was_quicker(
    journey: Journey, maya: User, miles: User, monkeypatch, times: int, locked: list[bool]
):
    def other() -> None:
        theirs = Journey.objects.get(pk=journey.pk)
        renamed(theirs, miles, f"{theirs.name}!")

    was, found = journey.name, meeting(monkeypatch, other, times)
    described(journey, maya, "Said meanwhile")
    newest = Journey.objects.get(pk=journey.pk)
    assert found == locked
    assert (newest.name, newest.description) == (was + "!" * times, "Said meanwhile")
    assert [one.number for one in newest.revisions.all()] == list(range(times + 2, 0, -1))
    assert doc.sha256(newest.head.body) == newest.head.sha256


def test_it_asks_again_whether_a_change_belongs_to_a_run_where_the_state_changed(
    journey: Journey, maya: User, monkeypatch
):
    """Quick edits are one step of Undo, but not over a review."""
    told = {"page": "p", "run": "r", "field": "name", "kind": "journey", "key": ""}

    def typed(name: str) -> Revision:
        number = journey.head.number
        return journey.apply(
            "edit journey", {"members": {"name": name}}, based_on=number, author=maya, told=told
        )

    typed("A")
    meeting(monkeypatch, lambda: Journey.objects.get(pk=journey.pk).request_review(maya), times=1)
    typed("AB")
    assert journey.head.undo_top == 3
    assert journey.undo(maya).document()["name"] == "A"


def test_it_knows_what_it_wrote_and_shares_what_stayed(journey: Journey, maya: User):
    before = journey.head.document()
    block = {**before["activities"][1], "name": ("not", "as read")}
    after = {**before, "activities": [before["activities"][0], block, before["activities"][2]]}
    journey.replace(after, based_on=1, author=maya, operation="edit as text")
    kept = journey.head.document()
    assert kept == doc.parse(journey.head.body) and kept["activities"][1]["name"] == [
        "not",
        "as read",
    ]
    assert [
        new is old for new, old in zip(kept["activities"], before["activities"], strict=True)
    ] == [
        True,
        False,
        True,
    ]


def test_it_checks_what_is_sent_to_review_and_what_is_submitted_before_the_lock(
    tenant: Tenant, maya: User, rob: User, browser_of, monkeypatch
):
    journey = started(samples()[0], tenant, maya)
    check, locked = journeys.checks.check, []

    def watched(*told: object) -> list:
        locked.append(connection.in_atomic_block)
        return check(*told)

    monkeypatch.setattr(journeys.checks, "check", watched)
    for work in (
        lambda: journey.request_review(maya),
        lambda: journey.reviews.get().approve(rob, "Good."),
    ):
        checking._problems.cache_clear()
        work()
    answer = browser_of(maya).post(f"/journeys/{journey.pk}/submit/", {"key_known": "1"})
    assert answer.status_code == 302 and journey.submissions.exists()
    assert locked and not any(locked)
