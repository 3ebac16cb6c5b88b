"""The review desk: who gets there, what they read, and what a decision does."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from journeys.gallery.samples import samples
from journeys.models import AuditEntry, Journey, Review
from tests.people import started

QUEUE = "/admin/journeys/review/"


def desk(review: Review) -> str:
    return f"{QUEUE}{review.pk}/change/"


def approve(review: Review) -> str:
    return f"{QUEUE}{review.pk}/approve/"


def send_back(review: Review) -> str:
    return f"{QUEUE}{review.pk}/send-back/"


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def edited(journey: Journey, author: User, **members: object) -> Journey:
    journey.refresh_from_db()
    document = journey.head.document() | members
    journey.replace(document, based_on=journey.head.number, author=author, operation="edit as text")
    return journey


@pytest.fixture
def foreign_review(foreign_journey: Journey, maya: User) -> Review:
    return foreign_journey.request_review(maya)


def test_it_queues_what_waits_first(
    as_rob: Client, review: Review, journey: Journey, maya: User, rob: User
):
    review.approve(rob)
    second = edited(journey, maya, description="Second").request_review(maya)
    edited(journey, maya, description="Third")
    third = journey.request_review(maya)
    found = [row.pk for row in as_rob.get(QUEUE).context["cl"].result_list]
    assert found == [third.pk, second.pk, review.pk]


def test_it_queues_only_the_tenants_of_the_reviewer(
    as_rob: Client, review: Review, foreign_review: Review
):
    answer = as_rob.get(QUEUE)
    assert [row.pk for row in answer.context["cl"].result_list] == [review.pk]
    assert "Other unit" not in answer.content.decode()


def test_it_loads_no_bodies_for_the_queue(as_rob: Client, review: Review):
    (row,) = as_rob.get(QUEUE).context["cl"].result_list
    assert "packed" in row.revision.get_deferred_fields()


def test_it_shows_what_is_decided_on(as_rob: Client, review: Review):
    page = text_of(as_rob.get(desk(review)))
    assert review.sha256 in page
    for words in (
        "Welcome series",
        "Maya Marketer",
        "Send Welcome 1",
        "Wait 2 days",
        "practice tenant",
    ):
        assert words in page
    assert "&quot;key&quot;: &quot;welcome-series&quot;" in page
    assert "Never approved before" in page


def test_it_tells_what_changed_since_the_last_approval(
    as_rob: Client, review: Review, rob: User, miles: User
):
    review.approve(rob)
    second = edited(review.journey, miles, description="Greets twice.").request_review(miles)
    answer = as_rob.get(desk(second))
    old, new = "Greets everybody who signs up for the newsletter.", "Greets twice."
    (block,) = answer.context["changes"]
    assert block.rows[0][1:] == (f'"{old}"', f'"{new}"')
    assert len(block.sentences) == 1 and new in block.sentences[0]
    assert [author.username for author in answer.context["authors"]] == ["miles"]


def test_it_approves(as_rob: Client, review: Review, rob: User):
    answer = as_rob.post(approve(review), {"comment": "Good to go."})
    assert (answer.status_code, answer.url) == (302, QUEUE)
    review.refresh_from_db()
    assert (review.state, review.decided_by, review.comment) == ("approved", rob, "Good to go.")
    assert review.journey.approval() == review
    assert AuditEntry.objects.first().action == "review.approved"


def test_it_sends_back_with_a_comment(as_rob: Client, review: Review):
    assert as_rob.post(send_back(review), {"comment": "Too soon."}).status_code == 302
    review.refresh_from_db()
    assert (review.state, review.comment, review.journey.state) == (
        "sent-back",
        "Too soon.",
        "sent-back",
    )


@pytest.mark.parametrize("comment", ["", " \n "])
def test_it_does_not_send_back_in_silence(as_rob: Client, review: Review, comment: str):
    answer = as_rob.post(send_back(review), {"comment": comment})
    assert answer.status_code == 422 and "what has to be changed" in answer.content.decode()
    review.refresh_from_db()
    assert review.state == "requested"


@pytest.mark.parametrize("url", [approve, send_back])
def test_it_decides_only_by_post(as_rob: Client, review: Review, url):
    assert as_rob.get(url(review)).status_code == 405
    assert as_rob.post(desk(review)).status_code == 405


def test_it_refuses_forged_forms(browser_of, rob: User, review: Review):
    assert browser_of(rob, enforce_csrf_checks=True).post(approve(review)).status_code == 403
    review.refresh_from_db()
    assert review.state == "requested"


@pytest.mark.parametrize("url", [approve, send_back])
def test_it_lets_no_author_decide(browser_of, review: Review, maya: User, url):
    maya.user_permissions.add(Permission.objects.get(codename="approve_review"))
    author = browser_of(User.objects.get(pk=maya.pk))
    assert "Somebody else has to review them" in author.get(desk(review)).content.decode()
    assert author.post(url(review), {"comment": "Mine."}).status_code == 403
    review.refresh_from_db()
    assert review.state == "requested"


@pytest.mark.parametrize("url", [desk, approve, send_back])
def test_it_is_closed_to_marketers(as_maya: Client, review: Review, url):
    assert as_maya.get(url(review)).status_code == 403
    assert as_maya.post(url(review), {"comment": "x"}).status_code == 403


@pytest.mark.parametrize("url", [desk, approve, send_back])
def test_it_is_closed_to_staff_who_review_nothing(browser_of, review: Review, miles: User, url):
    User.objects.filter(pk=miles.pk).update(is_staff=True)
    assert browser_of(miles).get(url(review)).status_code in (403, 405)
    assert browser_of(miles).post(url(review), {"comment": "x"}).status_code in (403, 405)
    review.refresh_from_db()
    assert review.state == "requested"


@pytest.mark.parametrize("url", [approve, send_back])
def test_it_hides_other_tenants_reviews(as_rob: Client, foreign_review: Review, url):
    assert as_rob.get(desk(foreign_review)).status_code == 404
    assert as_rob.post(url(foreign_review), {"comment": "x"}).status_code == 404


@pytest.mark.parametrize("page", ["999999/change/", "x/change/"])
def test_it_has_no_page_for_what_is_not_there(as_rob: Client, tenant, page: str):
    assert as_rob.get(QUEUE + page).status_code == 404


def test_it_cannot_approve_what_was_edited_since(as_rob: Client, review: Review, miles: User):
    edited(review.journey, miles, description="Changed meanwhile")
    answer = as_rob.post(approve(review), follow=True)
    assert "no longer open" in answer.content.decode()
    review.refresh_from_db()
    assert (review.state, review.decided_by) == ("outdated", None)


def test_it_ends_an_approval_with_the_next_edit(as_rob: Client, review: Review, miles: User):
    as_rob.post(approve(review))
    journey = edited(review.journey, miles, description="Changed afterwards")
    review.refresh_from_db()
    assert (review.state, journey.approval(), journey.state) == ("outdated", None, "draft")
    assert "asks for a new review" in text_of(as_rob.get(desk(review)))


def test_it_decides_once(as_rob: Client, review: Review):
    as_rob.post(approve(review))
    as_rob.post(send_back(review), {"comment": "On second thoughts"})
    review.refresh_from_db()
    assert (review.state, review.comment) == ("approved", "")


def test_it_offers_no_decision_on_what_is_decided(as_rob: Client, review: Review):
    as_rob.post(approve(review))
    assert "formaction" not in as_rob.get(desk(review)).content.decode()


@pytest.mark.parametrize("page", ["add/", "{pk}/delete/", "{pk}/history/"])
def test_it_adds_and_deletes_nothing(as_ada: Client, review: Review, page: str):
    answer = as_ada.post(QUEUE + page.format(pk=review.pk), {"post": "yes"})
    assert answer.status_code in (403, 405) or page.endswith("history/")
    assert Review.objects.count() == 1


def test_it_tells_the_author_what_the_reviewer_said(
    as_rob: Client, as_maya: Client, review: Review
):
    as_rob.post(send_back(review), {"comment": "Too soon."})
    pages = [as_maya.get(f"/journeys/{review.journey_id}/history/{page}") for page in ("", "1/")]
    assert all(
        re.search(r"Rob Reviewer, <time.*?</time>: Too soon\.", text_of(page)) for page in pages
    )


def test_it_says_who_changed_the_journey_after_it_was_asked_for(
    as_rob: Client, review: Review, journey: Journey, miles
):
    edited(journey, miles, description="Later")
    page = text_of(as_rob.get(desk(review)))
    assert (
        "Miles Marketer changed the journey after this review was asked for, in revision 2:" in page
    )
    assert (
        "Nothing is to be done here" in page
        and "in the composer." not in page
        and f"/journeys/{journey.pk}/history/2/" in page
    )


@pytest.mark.parametrize("decided", [True, False])
def test_it_says_who_moved_the_tenant_and_what_to_do(
    as_ada: Client, as_rob: Client, foreign_tenant, maya: User, rob: User, decided: bool
):
    foreign_tenant.members.add(maya, rob)
    journey = started(samples()[0], foreign_tenant, maya)
    review = journey.request_review(maya)
    if decided:
        review.approve(rob)
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
    page = text_of(as_rob.get(desk(review)))
    assert "Ada Admin changed where the tenant Other unit stands (client id, client secret)" in page
    assert "The journey is as it was" in page
    assert "It can be submitted" not in page and (
        "Approval ended" in page,
        "Review ended" in page,
    ) == (
        decided,
        not decided,
    )


def test_the_decision_comes_before_the_long_lists_for_the_keyboard(as_rob: Client, review: Review):
    page = text_of(as_rob.get(desk(review)))
    main = page[page.index("<main") :]
    before = main[: main.index("/approve/")]
    assert len(re.findall(r"<a |<button|<summary|<textarea|tabindex=\"0\"", before)) <= 4


def test_what_was_approved_and_submitted_is_not_simply_outdated(
    as_rob: Client, review: Review, journey: Journey, maya: User, miles: User, rob: User
):
    review.approve(rob)
    journey.refresh_from_db()
    journey.submit(maya)
    edited(journey, miles, description="Later")
    page = text_of(as_rob.get(desk(review)))
    assert (
        "It was submitted as it was approved." in page
        and "Outdated" not in page
        and "Approval ended" in page
    )
    assert '<span class="chip state-outdated">Approval ended</span>' in text_of(
        as_rob.get("/admin/journeys/review/")
    )
    assert ">Reviewended<" in re.sub(
        r"\s+", "", text_of(as_rob.get("/admin/journeys/review/"))
    )  # the filter's word


def test_it_says_who_submitted_the_journey_before_it_was_decided(
    as_rob: Client, as_maya: Client, review: Review, journey: Journey, ada: User, rob: User
):
    journey.submit(ada, without_review=True)
    page = text_of(as_rob.get(desk(review)))
    assert "Ada Admin submitted the journey before this review was decided" in page
    assert "there is nothing left to decide" in page and "formaction" not in page
    assert "asks for a new review" not in page
    told = text_of(as_maya.get(f"/journeys/{journey.pk}/history/"))
    assert "Ada Admin submitted the journey, " in told


def test_it_shows_what_was_sent_back_beside_the_answer(
    as_rob: Client, review: Review, journey: Journey, maya: User, rob: User
):
    assert "Sent back before" not in text_of(as_rob.get(desk(review)))
    review.send_back(rob, "Why <2> days?")
    again = journey.request_review(maya, "As agreed.")
    page = text_of(as_rob.get(desk(again)))
    facts = page[page.index('id="facts-title"') :].split("</dl>")[0]
    assert facts.index("Sent back before") < facts.index("Why &lt;2&gt; days?")
    assert facts.index("Why &lt;2&gt; days?") < facts.index("As agreed.")
    assert "Rob Reviewer" in facts and ">revision 1</a>" in facts
    edited(journey, maya, description="Second")  # it ends this review; the question still stands
    third = journey.request_review(maya)
    assert "Why &lt;2&gt; days?" in text_of(as_rob.get(desk(third)))
    third.approve(rob, "Good.")
    fourth = edited(journey, maya, description="Third").request_review(maya)
    assert "Sent back before" not in text_of(as_rob.get(desk(fourth)))
