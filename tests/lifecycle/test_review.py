"""Who may decide a review, by who they are and who wrote and asked."""

import pytest

from journeys.lifecycle.review import (
    UNKNOWN,
    is_ones_own,
    why_not_confirm,
    why_not_decide,
    why_second,
)

MAYA, MILES, ROB = 1, 2, 3


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, ""),
        ({"reviews": False}, "Only reviewers"),
        ({"is_active": False}, "Your account is no longer in use."),
        ({"authors": {MAYA, ROB}}, "You wrote some of these changes"),
        ({"authors": {MAYA, UNKNOWN}}, ""),  # with the confirmation of a second admin
        ({"authors": set()}, ""),
    ],
)
def test_it_lets_a_reviewer_decide_who_wrote_none_of_it(values: dict, told: str) -> None:
    facts = {"authors": {MAYA, MILES}, "reviews": True} | values
    said = why_not_decide(ROB, **facts)
    assert said.startswith(told) and bool(said) == bool(told)


@pytest.mark.parametrize(
    ("authors", "linked", "told"),
    [
        ({MAYA}, "", ""),
        ({MAYA}, "maya", "Your account and that of maya"),
        ({MAYA, UNKNOWN}, "", "Who wrote this journey, or its words, was changed"),
        ({MAYA, UNKNOWN}, "maya", "Who wrote this journey, or its words, was changed"),
    ],
)
def test_it_asks_for_a_second_admin_where_it_may_be_ones_own(
    authors: set, linked: str, told: str
) -> None:
    said = why_second(authors, linked)
    assert said.startswith(told) and bool(said) == bool(told)


def test_it_takes_no_confirmation_from_an_author() -> None:
    assert why_not_confirm(MAYA, {MAYA, MILES}).startswith("The admin who confirmed this wrote")
    assert (why_not_confirm(ROB, {MAYA}), why_not_confirm(None, {MAYA})) == ("", "")


@pytest.mark.parametrize(
    ("person", "is_own"), [(MAYA, True), (MILES, True), (ROB, False), (UNKNOWN, False)]
)
def test_it_is_the_work_of_who_asked_and_of_who_wrote(person: int, is_own: bool) -> None:
    assert is_ones_own(person, MAYA, {MILES}) is is_own
