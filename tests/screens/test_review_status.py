"""What a review left for the journey's author, in the list and in the composer."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from journeys.delivery.tenant_move import end_approvals
from journeys.models import Journey, Tenant
from journeys.models.audit import record
from tests.markup import flat
from tests.people import set_rules, started


def text_of(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def row(client: Client, query: str = "") -> str:
    """The table's cell with the state."""
    found = re.search(
        r'<td class="stands">.*?</td>', client.get(f"/{query}").content.decode(), re.S
    )
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split()) if found else ""


def head(client: Client, journey: Journey) -> str:
    page = flat(client.get(f"/journeys/{journey.pk}/").content.decode())
    found = page[page.index('<header id="status"') : page.index("</header>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found)).split())


def renamed(journey: Journey, name: str, by: User) -> None:
    journey.refresh_from_db()
    number = journey.head.number
    journey.apply("edit journey", {"members": {"name": name}}, based_on=number, author=by)


@pytest.fixture
def sent_back(journey: Journey, maya: User, rob: User) -> Journey:
    journey.request_review(maya).send_back(rob, "The wait is <too> short.")
    return journey


def test_the_list_and_the_composer_say_that_it_was_sent_back(
    as_maya: Client, sent_back: Journey
) -> None:
    assert row(as_maya).startswith("Sent back Rob Reviewer, ")
    assert row(as_maya).endswith("The wait is <too> short.")
    assert "Sent back Rob Reviewer sent it back, " in head(as_maya, sent_back)
    assert (
        "The wait is <too> short. Change what has to be changed, then ask for a review again."
        in head(as_maya, sent_back)
    )


def test_the_list_is_narrowed_to_what_was_sent_back(
    as_maya: Client, sent_back: Journey, maya: User
) -> None:
    assert '<option value="sent-back">Sent back</option>' in as_maya.get("/").content.decode()
    assert row(as_maya, "?state=sent-back").startswith("Sent back")
    assert row(as_maya, "?state=draft") == ""


def test_it_stays_sent_back_through_edits_until_a_review_is_asked_for(
    as_maya: Client, sent_back: Journey, maya: User, rob: User
) -> None:
    renamed(sent_back, "Longer", maya)
    assert row(as_maya).startswith("Sent back Rob Reviewer") and "Request review" in head(
        as_maya, sent_back
    )
    sent_back.request_review(maya)
    assert (row(as_maya), "sent it back" in head(as_maya, sent_back)) == ("In review", False)
    renamed(sent_back, "Longer still", maya)
    assert row(as_maya) == "Draft"  # the newest review was ended by its author, who knows


@pytest.mark.parametrize(("decided", "what"), [(False, "review"), (True, "approval")])
def test_it_says_that_a_moved_tenant_ended_the_review(
    as_maya: Client,
    journey: Journey,
    tenant: Tenant,
    maya: User,
    rob: User,
    ada: User,
    decided: bool,
    what: str,
) -> None:
    review = journey.request_review(maya)
    if decided:
        review.approve(rob)
    end_approvals(tenant)
    told, word = f"The {what} ended: the tenant has moved.", f"{what.capitalize()} ended"
    assert (
        row(as_maya)
        == row(as_maya, "?state=review-ended")
        == f"{word} {told} Ask for a review again."
    )
    assert f"{word} {told} " in head(as_maya, journey)
    assert "Nothing in the journey has to be changed. Ask for a review again." in head(
        as_maya, journey
    )
    renamed(journey, "Another", maya)
    assert (row(as_maya), word in head(as_maya, journey)) == ("Draft", False)
    assert row(as_maya, "?state=review-ended") == ""


def test_the_composer_says_who_moved_the_tenant(
    as_ada: Client, as_maya: Client, foreign_tenant: Tenant, maya: User, journey: Journey
) -> None:
    foreign_tenant.members.add(maya)
    journey = started({**journey.head.document(), "key": "ELSEWHERE"}, foreign_tenant, maya)
    journey.request_review(maya)
    form = {
        "name": "Other unit",
        "subdomain": "other",
        "client_id": "newer",
        "secret": "newer",
        "ends": "1",
    }
    form |= {"allowed_domain": "marketingcloudapis.com", "review_required": "on"}
    form |= {"house_rules-TOTAL_FORMS": "0", "house_rules-INITIAL_FORMS": "0"}
    assert (
        as_ada.post(f"/admin/journeys/tenant/{foreign_tenant.pk}/change/", form).status_code == 302
    )
    assert "Ada Admin changed Other unit (client id, client secret), " in head(as_maya, journey)


def test_the_list_asks_no_more_for_its_reviews(
    as_maya: Client, tenant: Tenant, maya: User, rob: User, journey: Journey
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            as_maya.get("/")
        return len(seen)

    without = queries()
    for number in range(5):
        one = started({**journey.head.document(), "key": f"K-{number}"}, tenant, maya)
        one.request_review(maya).send_back(rob, "No.")
    assert queries() == without


@pytest.fixture
def moved(journey: Journey, tenant: Tenant, maya: User, as_ada: Client) -> Journey:
    """Its review ended when Ada gave the tenant another MID."""
    journey.request_review(maya)
    end_approvals(tenant)
    record(
        User.objects.get(username="ada"),
        "tenant.changed",
        tenant=tenant,
        fields=["account_id"],
        approvals_ended=0,
    )
    return journey


def test_the_history_tells_what_ended_a_review(as_maya: Client, moved: Journey, maya: User) -> None:
    told = text_of(as_maya.get(f"/journeys/{moved.pk}/history/"))
    assert "History Review ended " in told
    assert "Review ended : Ada Admin changed Practice tenant (MID), " in told.replace(
        "ended:", "ended :"
    )
    moved.refresh_from_db()
    moved.request_review(maya)
    renamed(moved, "Another", maya)
    told = text_of(as_maya.get(f"/journeys/{moved.pk}/history/"))
    assert "Review ended: Maya Marketer changed the journey in revision 2, " in told


def test_the_history_asks_no_more_for_many_ended_reviews(
    as_maya: Client, moved: Journey, maya: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            as_maya.get(f"/journeys/{moved.pk}/history/")
        return len(seen)

    before = queries()
    for number in range(4):
        moved.refresh_from_db()
        moved.request_review(maya)
        renamed(moved, f"Another {number}", maya)
    assert queries() == before


def test_the_fields_of_a_moved_tenant_are_called_as_its_form_calls_them(
    as_maya: Client, moved: Journey
) -> None:
    assert "Ada Admin changed Practice tenant (MID), " in head(as_maya, moved)


def test_what_was_sent_back_can_be_submitted_where_no_review_is_asked_for(
    as_maya: Client, sent_back: Journey
) -> None:
    set_rules(review_required=False)
    assert "then submit it: its tenant asks for no review any more." in head(as_maya, sent_back)
    assert "review again" not in head(as_maya, sent_back)
    page = text_of(as_maya.get(f"/journeys/{sent_back.pk}/submit/"))
    assert "Rob Reviewer sent it back, " in page and "The wait is <too> short." in page


def test_the_comment_stands_above_the_journey_until_a_review_is_asked_for(
    as_maya: Client, sent_back: Journey, maya: User
) -> None:
    address = f"/journeys/{sent_back.pk}/"
    notice = re.compile(r'<details id="standing"[^>]*>(.*?)</details>', re.S)
    found = notice.search(flat(as_maya.get(address).content.decode()))[1]
    assert "Rob Reviewer sent it back" in found and "short.</p>" in found
    sent_back.request_review(maya)
    assert notice.search(flat(as_maya.get(address).content.decode()))[1].strip() == ""


def test_it_blames_no_move_where_a_submission_ended_the_review(
    as_maya: Client, journey: Journey, maya: User, ada: User
) -> None:
    journey.request_review(maya)
    journey.submit(ada, without_review=True).cancel(maya)
    assert (row(as_maya), row(as_maya, "?state=review-ended")) == ("Draft", "")
    assert "the tenant has moved" not in head(as_maya, journey)
