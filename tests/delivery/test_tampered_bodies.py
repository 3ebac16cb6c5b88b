"""Bodies that were changed by SQL: nothing is made of them, and who looks at one is told."""

import json
import zlib
from collections.abc import Callable
from functools import partial

import pytest
from django.contrib.auth.models import User

from journeys.models import AuditEntry, Journey, JourneyTemplate, NeedsSecond, Submission, Tampered
from journeys.spec import document as doc
from tests.commands.conftest import run  # noqa: F401
from tests.delivery.conftest import DOCUMENT
from tests.delivery.tampering import sql
from tests.delivery.test_seals import reviewed  # noqa: F401
from tests.people import ada, as_maya, as_rob, browser_of, maya, miles, people, rob, set_rules  # noqa: F401

EVIL = doc.dumps(DOCUMENT | {"description": "By SQL"})


def swap(number: int, *, with_hash: bool = False) -> None:
    """Another body for a revision; with the hash that fits it, or the old one."""
    assert (
        sql(
            "UPDATE journeys_revision SET packed = %s WHERE number = %s",
            zlib.compress(EVIL, 1),
            number,
        )
        == 1
    )
    if with_hash:
        sql("UPDATE journeys_revision SET sha256 = %s WHERE number = %s", doc.sha256(EVIL), number)


def described(journey: Journey, text: str, by: User, **more: object) -> None:
    journey.apply("edit journey", {"members": {"description": text}}, author=by, **more)


@pytest.fixture
def edited(reviewed: Journey, people: dict[str, User]) -> Journey:  # noqa: F811
    """Approved in revision 1; Maya and Miles went on."""
    described(reviewed, "By Maya", people["maya"], based_on=1)
    described(reviewed, "By Miles", people["miles"], based_on=2)
    return Journey.objects.get(pk=reviewed.pk)


def restored(journey: Journey, maya: User) -> None:  # noqa: F811
    swap(1)
    journey.restore(journey.revisions.get(number=1), maya)


def restored_with_a_hash_that_fits(journey: Journey, maya: User) -> None:  # noqa: F811
    swap(1, with_hash=True)
    journey.restore(journey.revisions.get(number=1), maya)


def undone(journey: Journey, maya: User) -> None:  # noqa: F811
    swap(2)
    journey.undo(journey.head.author)


def redone(journey: Journey, maya: User) -> None:  # noqa: F811
    author = journey.head.author
    journey.undo(author)
    swap(3)
    journey.redo(author)


def reverted(journey: Journey, maya: User) -> None:  # noqa: F811
    swap(2)
    journey.revert(journey.head, maya)


def changed_from_an_older_page(journey: Journey, maya: User) -> None:  # noqa: F811
    swap(2)
    journey.apply("edit journey", {"members": {"name": "New"}}, based_on=2, author=maya)


def replaced_from_an_older_page(journey: Journey, maya: User) -> None:  # noqa: F811
    swap(2)
    journey.replace({**DOCUMENT, "name": "New"}, based_on=2, author=maya, operation="edit as text")


ROADS = [
    restored,
    restored_with_a_hash_that_fits,
    undone,
    redone,
    reverted,
    changed_from_an_older_page,
]
ROADS += [replaced_from_an_older_page]


@pytest.mark.parametrize("road", ROADS)
def test_nobody_lends_their_name_to_words_that_sql_put_into_an_older_revision(
    edited: Journey,
    maya: User,  # noqa: F811
    road: Callable[[Journey, User], None],
) -> None:
    with pytest.raises(Tampered, match="Revision . of “Greeting” was changed in the database"):
        road(edited, maya)
    assert "By SQL" not in {
        row.stored().get("description") for row in edited.revisions.filter(number__gt=3)
    }


def test_a_draft_that_sql_changed_can_be_worked_on_with_the_doubt_of_its_page(
    reviewed: Journey,  # noqa: F811
    people,  # noqa: F811
) -> None:
    """Somebody else goes on meanwhile from the right bytes, which were put back: what came of the
    page is in doubt."""
    packed = bytes(reviewed.head.packed)
    swap(1)
    page = Journey.objects.select_related("head").get(pk=reviewed.pk)
    sql("UPDATE journeys_revision SET packed = %s", packed)
    other = Journey.objects.get(pk=reviewed.pk)
    other.apply("edit journey", {"members": {"name": "Other"}}, based_on=1, author=people["miles"])
    described(page, page.head.stored()["description"] + "!", people["maya"], based_on=1)
    with pytest.raises(NeedsSecond):
        Journey.objects.get(pk=page.pk).request_review(people["maya"]).approve(
            people["rob"], "Good."
        )


def test_a_draft_that_sql_changed_is_not_submitted_where_nobody_reviews(
    reviewed: Journey,  # noqa: F811
    maya: User,  # noqa: F811
) -> None:
    set_rules(review_required=False)
    described(reviewed, "By Maya", maya, based_on=1)
    swap(2, with_hash=True)
    with pytest.raises(Tampered):
        Journey.objects.get(pk=reviewed.pk).submit(maya)
    assert not Submission.objects.exists()


def test_a_key_that_sql_gave_a_journey_is_not_the_one_that_is_sent(
    reviewed: Journey,  # noqa: F811
    maya: User,  # noqa: F811
) -> None:
    """It would be looked up under one key, and be sent under another."""
    sql("UPDATE journeys_journey SET key = 'elsewhere'")
    with pytest.raises(Tampered, match="key of this journey was changed"):
        Journey.objects.get(pk=reviewed.pk).submit(maya)


# Team templates


@pytest.fixture
def kept(reviewed: Journey, maya: User) -> JourneyTemplate:  # noqa: F811
    document = reviewed.head.document()
    return JourneyTemplate.objects.keep(
        document, tenant=reviewed.tenant, name="Ours", description="", by=maya
    )


COLUMNS = {
    "packed": zlib.compress(EVIL, 1),
    "by_id": None,
    "seal": "",
    "name": "Other",
    "sha256": doc.sha256(EVIL),
}


@pytest.mark.parametrize("column", COLUMNS)
def test_no_journey_is_begun_with_a_template_that_sql_changed(
    kept: JourneyTemplate, column: str
) -> None:
    assert kept.document() == kept.stored()
    sql(f"UPDATE journeys_journeytemplate SET {column} = %s", COLUMNS[column])
    with pytest.raises(Tampered, match="save it anew from a journey"):
        JourneyTemplate.objects.get().document()


def test_not_even_with_other_bytes_whose_hash_fits(kept: JourneyTemplate) -> None:
    sql(
        "UPDATE journeys_journeytemplate SET packed = %s, sha256 = %s",
        COLUMNS["packed"],
        COLUMNS["sha256"],
    )
    with pytest.raises(Tampered):
        JourneyTemplate.objects.get().document()


def test_its_pages_say_so(kept: JourneyTemplate, as_maya) -> None:  # noqa: F811
    sql("UPDATE journeys_journeytemplate SET packed = %s", COLUMNS["packed"])
    assert as_maya.get("/templates/").status_code == 200
    answer = as_maya.get(f"/templates/team/{kept.pk}/")
    assert (answer.status_code, "was changed in the database" in answer.content.decode()) == (
        423,
        True,
    )
    assert AuditEntry.objects.filter(action="tampering.found", tenant=kept.tenant).count() == 1


# What people see


def test_the_desk_compares_with_nothing_that_sql_put_over_what_was_approved(
    reviewed: Journey,  # noqa: F811
    people,  # noqa: F811
    as_rob,  # noqa: F811
) -> None:
    """The draft's own bytes over the approved revision: the desk said that nothing had changed."""
    described(reviewed, "By Maya", people["maya"], based_on=1)
    review = Journey.objects.get(pk=reviewed.pk).request_review(people["maya"])
    page = f"/admin/journeys/review/{review.pk}/change/"
    assert "approved revision 1" in as_rob.get(page).content.decode()
    sql("UPDATE journeys_revision SET packed = %s WHERE number = 1", bytes(review.revision.packed))
    shown = as_rob.get(page).content.decode()
    assert "Revision 1, which was approved last, was changed in the database" in shown
    assert "Nothing." not in shown and "By Maya" in shown


def test_a_page_that_only_shows_it_says_so_and_shows_what_there_is(
    edited: Journey,
    as_maya,  # noqa: F811
) -> None:
    swap(2)
    for number in (2, 3):  # it itself, and what is compared with it
        shown = as_maya.get(f"/journeys/{edited.pk}/history/{number}/")
        assert "Revision 2 of “Greeting” was changed in the database" in shown.content.decode()
    assert "By SQL" in as_maya.get(f"/journeys/{edited.pk}/history/2/").content.decode()
    swap(3)
    shown = as_maya.get(f"/journeys/{edited.pk}/?view=json").content.decode()
    assert "This draft was changed in the database past the composer" in shown and "By SQL" in shown


@pytest.mark.parametrize("htmx", [{}, {"headers": {"HX-Request": "true"}}])
def test_what_is_asked_of_it_is_refused_in_words_and_told_admins(
    edited: Journey,
    as_maya,  # noqa: F811
    htmx: dict,
) -> None:
    swap(1)
    swap(2)
    ask = {
        "restore": partial(as_maya.post, f"/journeys/{edited.pk}/history/1/restore/"),
        "undo": partial(as_maya.post, f"/journeys/{edited.pk}/undo/", {"number": 2}),
        "export": partial(as_maya.get, f"/journeys/{edited.pk}/export/?revision=1"),
    }
    for name, request in ask.items():
        answer = request(**htmx)
        assert (name, answer.status_code) == (
            name,
            423,
        ) and "Tell an admin" in answer.content.decode()
    assert edited.revisions.count() == 3
    assert AuditEntry.objects.filter(action="tampering.found", tenant=edited.tenant).count() == 3


def test_a_command_exports_none_of_it(reviewed: Journey, run, tmp_path) -> None:  # noqa: F811
    swap(1)
    done = run("export_journey", "--all", "--to", str(tmp_path), "--json")
    assert (
        done.code == 1
        and "was changed in the database" in json.loads(done.out)["journeys"][0]["error"]
    )
    assert run("export_journey", "greeting").code == 1
