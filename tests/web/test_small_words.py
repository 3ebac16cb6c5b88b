"""Small words on screens: initials, fixes, counts, why a button is off, where a page stands."""

import re

import pytest
from django.contrib.auth.models import User
from django.template.loader import get_template
from django.test import Client

from journeys.models import Journey
from journeys.templatetags.formatting import to_do
from journeys.templatetags.icons import initials
from tests.markup import flat


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Maya Marketer", "MM"),
        ("<Grace> Hopper", "GH"),
        ("(1) x", "1X"),
        ("Émile", "É"),
        ("<>", "–"),
    ],
)
def test_initials_are_letters(name: str, told: str):
    assert initials(User(username=name)) == told


def test_what_would_be_done_is_told_as_not_done_yet():
    told = "Added Wait 1 day after Send Hello; Wait 3 days: duration 1 → 3; Removed Wait Added"
    assert (
        to_do(told)
        == "add Wait 1 day after Send Hello; Wait 3 days: duration 1 → 3; remove Wait Added"
    )


@pytest.mark.parametrize(
    ("done", "to_be_done"),
    [
        ("Replaced Wait 2 days by Send Hello", "replace Wait 2 days by Send Hello"),
        ("Pasted 3 steps", "paste 3 steps"),
        ("Duplicated Wait 1 day", "duplicate Wait 1 day"),
    ],
)
def test_every_deed_is_told_as_not_done_yet(done: str, to_be_done: str):
    assert to_do(done) == to_be_done


def test_the_tab_of_checks_counts_what_blocks_apart_from_advice(as_maya: Client, journey: Journey):
    head = as_maya.get(f"/journeys/{journey.pk}/").content.decode().partition('id="tab-checks"')[2]
    assert 'class="badge-problem blocking"' not in head.partition("</button>")[0]
    count = get_template("journeys/_checks_count.html").render(
        {"block_blocking": 1, "block_advice": 1200}
    )
    assert re.findall(r'badge-problem (\w+)"[^>]*>([0-9,]+)<', flat(count)) == [
        ("blocking", "1"),
        ("advice", "1,200"),
    ]


def test_why_the_main_button_is_off_is_told_to_who_gets_there_by_keyboard(
    as_maya: Client, journey: Journey
):
    journey.apply("edit journey", {"members": {"name": ""}}, based_on=1, author=None)
    page = flat(as_maya.get(f"/journeys/{journey.pk}/").content.decode())
    button = re.search(r'<button type="button" id="main-button"[^>]*>', page)[0]
    assert 'aria-disabled="true"' in button and " disabled" not in button
    assert 'aria-describedby="main-why"' in button
    assert re.search(r'id="main-why"[^>]*>Something has to be put right first', page)


def test_the_desk_of_who_has_no_administration_does_not_name_it(
    as_rob: Client, as_ada: Client, tenant
):
    pages = [client.get("/admin/journeys/review/").content.decode() for client in (as_rob, as_ada)]
    crumbs = [re.search(r'<nav class="crumbs".*?</nav>', page, re.S)[0] for page in pages]
    assert ["Administration" in one for one in crumbs] == [False, True]
