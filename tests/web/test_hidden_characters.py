"""Characters that nobody sees are shown wherever words of a document are; the true text stays what
it is."""

import re
from copy import deepcopy

import pytest
from django.contrib.auth.models import User
from django.test import Client

from composer.hidden_characters import marked
from journeys.drawing import text_width
from journeys.models import Journey
from journeys.spec.hidden import visible

RLO, ZERO, SOFT, TAG, NBSP = "\u202e", "\u200b", "\u00ad", "\U000e0041", "\u00a0"
MARK = '<bdi class="hidden-character" data-code="{code}" title="{code} {name}">{character}</bdi>'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", "a[U+202E]b"),
        ("a\u200b\u200d\ufeff", "a[U+200B][U+200D][U+FEFF]"),
        ("a\u00adb\u00a0c\u2003d\u3000", "a[U+00AD]b[U+00A0]c[U+2003]d[U+3000]"),
        ("\U000e0041\u3164\u2800\x07\x7f", "[U+E0041][U+3164][U+2800][U+0007][U+007F]"),
        ("a\ufe0f", "a[U+FE0F]"),
        ("Ordinary “words” – 100\u00a0% of 3\u00a0MB,\n\ttoo: ü ж 中", None),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f", None),
    ],
)
def test_it_finds_what_nobody_sees(text: str, shown: str | None):
    assert visible(text) == (text if shown is None else shown)


def test_it_marks_words_and_keeps_them_true():
    page = marked(f'<p title="a{RLO}">Sale{RLO} now</p>')
    mark = MARK.format(code="U+202E", name="right-to-left override", character=RLO)
    assert page == f'<p title="a[U+202E]">Sale{mark} now</p>'


def test_it_marks_inputs_and_boxes_beside_them():
    unseen = f'<input type="hidden" value="{TAG}">'
    page = marked(f'<input type="text" value="a{ZERO}b"><textarea>c{SOFT}</textarea>{unseen}')
    assert (
        f'value="a{ZERO}b">' in page and f"<textarea>c{SOFT}</textarea>" in page and unseen in page
    )
    assert re.findall('data-code="(.*?)"', page) == ["U+200B", "U+00AD"]


def test_it_marks_in_letters_where_only_text_can_stand():
    page = marked(
        f"<title>{ZERO}</title><option>{ZERO}</option><svg><text>{ZERO}</text></svg><script>{ZERO}</script>"
    )
    u = "[U+200B]"
    drawn = f"<svg><text>{u}</text></svg>"
    assert page == f"<title>{u}</title><option>{u}</option>{drawn}<script>{ZERO}</script>"
    assert text_width.cut(f"a{NBSP}b", 10, 1000) == "a[U+00A0]b"


def test_it_leaves_a_page_without_any_as_it_is():
    page = "<p title='>'>“Sale” <b>now</b></p><textarea>\n<</textarea>"
    assert marked(page) == page


@pytest.fixture
def disguised(journey: Journey, maya: User) -> Journey:
    document = deepcopy(journey.head.document())
    wait = next(step for step in document["activities"] if step["type"] == "WAIT")
    document |= {"name": f"Spring{RLO} offer", "description": f"For all{ZERO}"}
    wait |= {"name": f"Wait{RLO}2", "description": f"d{SOFT}"}
    journey.append(
        document, author=maya, operation="form", summary=f"Wait → Wait{RLO}2", based_on=1
    )
    journey.refresh_from_db()
    return journey


PAGES = [
    "?view=list",
    "?view=path",
    "history/",
    "history/2/",
    "print/",
    "picture.svg",
    "submit/",
    "export/?as=curl",
]


@pytest.mark.parametrize("address", ["/", *(f"/journeys/PK/{page}" for page in PAGES[:-1])])
def test_it_marks_every_page_that_shows_words(as_maya: Client, disguised: Journey, address: str):
    page = as_maya.get(address.replace("PK", str(disguised.pk))).content.decode()
    assert "U+202E" in page
    shown = re.sub(
        r"<bdi.*?</bdi>|<textarea.*?</textarea>|\s(?:data-[\w-]+|value|hx-vals|href)=\"[^\"]*\"",
        "",
        page,
    )
    assert RLO not in shown


def test_it_marks_the_review_desk(as_rob: Client, maya: User, rob: User, disguised: Journey):
    review = disguised.request_review(maya)
    page = as_rob.get(f"/admin/journeys/review/{review.pk}/change/").content.decode()
    assert page.count('data-code="U+202E"') > 2 and 'data-code="U+00AD"' in page


def test_it_exports_the_true_text(as_maya: Client, disguised: Journey):
    assert RLO in as_maya.get(f"/journeys/{disguised.pk}/export/").content.decode()
