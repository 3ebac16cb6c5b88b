"""The composer tells what was decided last, by whom, when, why, and what comes next."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.checks import check
from journeys.delivery.tenant_move import end_approvals
from journeys.models import HouseRules, Journey, Review, Submission, Tenant
from journeys.models.audit import record
from tests.markup import flat
from tests.people import approved, seal_state, set_rules

POINTS = [
    {
        "text": "The email is <not> known.",
        "todo": "Choose another one.",
        "places": [["activity", "EMAILV2-1", "configurationArguments.triggeredSend.emailId"]],
    },
    {"text": "The name is taken.", "todo": "Change it.", "places": [["journey", "", "name"]]},
]


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def part(client: Client, journey: Journey, begin: str, end: str) -> str:
    page = flat(client.get(f"/journeys/{journey.pk}/?view=list").content.decode())
    return page[page.index(begin) :].split(end)[0]


def notice(client: Client, journey: Journey) -> str:
    return words(part(client, journey, '<details id="standing"', "</details>"))


def line(client: Client, journey: Journey) -> str:
    return words(part(client, journey, '<p id="ends"', "</p>"))


def chip(client: Client, journey: Journey) -> str:
    return words(part(client, journey, '<details id="left"', "</details>"))


def drawer(client: Client, journey: Journey) -> str:
    return part(client, journey, '<section id="problems"', "</template>")


def refused(submission: Submission, **more: object) -> Submission:
    values = {"title": "2 points", "text": "Two things are wrong.", "todo": "", "parts": POINTS}
    told = {"state": "refused", "explanation": values, **more}
    Submission.objects.filter(pk=submission.pk).update(**told)
    submission.tell_journey()
    return seal_state(Submission.objects.get(pk=submission.pk))


@pytest.fixture
def sent(journey: Journey, maya: User, rob: User) -> Submission:
    return approved(journey, maya, rob).submit(maya)


def test_it_tells_who_asked_for_a_review_and_who_approved_it(
    as_maya: Client, journey: Journey, maya: User, rob: User
):
    review = journey.request_review(maya)
    assert line(as_maya, journey).startswith("Maya Marketer asked for a review, ")
    review.approve(rob, "Good <b>to</b> go.")
    for told in (line(as_maya, journey), chip(as_maya, journey)):
        assert "Rob Reviewer approved it, " in told and "Good <b>to</b> go." in told
    assert notice(as_maya, journey) == ""


def test_a_draft_about_which_nothing_was_decided_says_nothing(as_maya: Client, journey: Journey):
    assert line(as_maya, journey) == notice(as_maya, journey) == ""
    assert '<details id="left"' not in as_maya.get(f"/journeys/{journey.pk}/").content.decode()


def test_it_tells_who_submitted_it_and_what_came_of_it(as_maya: Client, sent: Submission):
    assert line(as_maya, sent.journey).startswith("Maya Marketer submitted it, ")
    assert "Waiting to be sent" in line(as_maya, sent.journey)
    Submission.objects.filter(pk=sent.pk).update(
        state="succeeded", remote_id="1", remote_definition_id="2", remote_status="Draft"
    )
    sent.tell_journey()
    seal_state(Submission.objects.get(pk=sent.pk))
    assert "The journey is in the practice tenant" in line(as_maya, sent.journey)
    assert chip(as_maya, sent.journey).startswith("Submitted Maya Marketer submitted it, ")


def test_it_tells_why_it_was_refused_and_leads_to_the_steps(as_maya: Client, sent: Submission):
    refused(sent)
    told = notice(as_maya, sent.journey)
    assert told.startswith("Refused by the practice tenant: Maya Marketer submitted it, ")
    assert "Two things are wrong." in told and "The email is <not> known." in told
    html = part(as_maya, sent.journey, '<details id="standing"', "</details>")
    assert "kind=activity&amp;key=EMAILV2-1&amp;field=configurationArguments" in html
    assert f"/submissions/{sent.pk}/" in html


def test_no_problems_found_never_stands_beside_a_refusal(as_maya: Client, sent: Submission):
    assert "problems-title" in drawer(as_maya, sent.journey)
    refused(sent)
    shown = drawer(as_maya, sent.journey)
    assert "Refused for 2 reasons" in words(shown)
    assert "No problems found" not in shown and "is in order" not in shown
    row = shown[shown.index('id="refused-1"') :].split("</li>")[0]
    assert "The email is <not> known. Choose another one." in words(row)
    assert "key=EMAILV2-1" in row and "data-go" in row


def test_a_refusal_stays_while_it_is_corrected_and_goes_with_the_next_request(
    as_maya: Client, sent: Submission, maya: User
):
    refused(sent)
    journey = Journey.objects.get()
    members = {"members": {"name": "Corrected"}}
    journey.apply("edit journey", members, based_on=journey.head.number, author=maya)
    told = notice(as_maya, journey)
    assert "This is about revision 1; the journey was changed since." in told
    assert "The email is <not> known." in told and "Refused for 2 reasons" in words(
        drawer(as_maya, journey)
    )
    assert chip(as_maya, journey).startswith("Draft ")
    Journey.objects.get().request_review(maya)
    assert notice(as_maya, journey) == ""


@pytest.mark.parametrize("is_sent_unreviewed", [False, True])
def test_a_moved_tenant_is_told_on_a_refused_draft(
    as_maya: Client, journey: Journey, maya: User, rob: User, ada: User, is_sent_unreviewed: bool
):
    if is_sent_unreviewed:
        sent = journey.submit(ada, without_review=True)
    else:
        sent = approved(journey, maya, rob).submit(maya)
    refused(sent)
    Journey.objects.get().request_review(maya)
    tenant = Tenant.objects.get()
    ended = end_approvals(tenant)
    record(ada, "tenant.changed", tenant=tenant, fields=["account_id"], approvals_ended=ended)
    told = notice(as_maya, journey)
    assert (
        told.startswith("Refused by the practice tenant: ") and "The email is <not> known." in told
    )
    assert "The review ended: the tenant has moved." in told
    assert "Ada Admin changed Practice tenant (MID)" in told and "Ask for a review again." in told
    row = as_maya.get("/?state=review-ended").content.decode()
    assert "The review ended: the tenant has moved." in row and "state-refused" in row


def test_an_approval_that_its_approver_took_along_is_told(
    as_maya: Client, journey: Journey, maya: User, rob: User
):
    approved(journey, maya, rob)
    User.objects.filter(pk=rob.pk).update(is_active=False)
    told = notice(as_maya, journey)
    assert told.startswith("Approval ended: Rob Reviewer approved it, ")
    assert "no longer has an account that is in use. Ask for a review again." in told


def test_an_acceptance_that_was_withdrawn_is_told_on_what_was_approved(
    as_maya: Client, journey: Journey, maya: User, rob: User
):
    HouseRules.objects.create(
        tenant=journey.tenant, naming_pattern="X.+", naming_severity="blocking"
    )
    journey.tenant.sealed()
    journey = Journey.objects.get()
    document = journey.head.document()
    problem = next(one for one in check(document, journey.tenant.rules()) if one.blocks)
    row = journey.accept(rob, problem, document, "Known.")
    approved(journey, maya, rob)
    assert notice(as_maya, journey) == ""
    journey.withdraw_acceptance(rob, row)
    told = notice(as_maya, journey)
    assert told.startswith("Approved: Rob Reviewer approved it, ")
    assert "Rob Reviewer opened an accepted problem again, so it blocks" in told
    journey.accept(rob, problem, document, "Known.")
    journey.submit(maya)
    assert notice(as_maya, journey) == ""
    journey.withdraw_acceptance(rob, journey.acceptances.get())
    told = notice(as_maya, journey)  # before its turn comes
    assert told.startswith("Being submitted: Maya Marketer submitted it, ")
    assert "Rob Reviewer opened an accepted problem again, so it blocks" in told


def test_its_authors_answer_what_was_sent_back(
    as_maya: Client, as_rob: Client, journey: Journey, maya: User, rob: User
):
    journey.request_review(maya).send_back(rob, "Why 2 days?")
    html = part(as_maya, journey, '<details id="standing"', "</details>")
    assert 'name="reply"' in html and "Your answer to the reviewer" in html
    assert 'name="reply"' not in part(as_rob, journey, '<details id="standing"', "</details>")
    as_maya.post(f"/journeys/{journey.pk}/review/", {"reply": " Two days <is> what we agreed. "})
    review = Review.objects.first()
    assert (review.state, review.reply) == ("requested", "Two days <is> what we agreed.")
    page = as_rob.get(f"/admin/journeys/review/{review.pk}/change/").content.decode()
    assert "Two days &lt;is&gt; what we agreed." in page
    assert "Two days <is> what we agreed." in line(as_maya, journey)


def test_a_longer_answer_is_refused_and_nothing_is_asked_for(
    as_maya: Client, journey: Journey, maya: User, rob: User
):
    journey.request_review(maya).send_back(rob, "Why 2 days?")
    answer = as_maya.post(
        f"/journeys/{journey.pk}/review/", {"reply": "a" * 1001}, follow=True
    ).content.decode()
    assert "use at most 1000 letters" in answer
    assert Review.objects.count() == 1


def test_where_no_review_is_asked_for_there_is_no_answer(
    as_maya: Client, journey: Journey, maya: User, rob: User
):
    journey.request_review(maya).send_back(rob, "Why 2 days?")
    set_rules(review_required=False)
    assert 'name="reply"' not in part(as_maya, journey, '<details id="standing"', "</details>")


UNKNOWN = {"text": "Marketing Cloud refused. Its own words stand below.", "todo": "Look for them."}


def test_it_shows_the_servers_own_words(as_maya: Client, sent: Submission):
    told = ["The <b>first</b> one.", "The second one. " + "x" * 5000]
    parts = [
        UNKNOWN | {"server_message": text, "code": f"9{number}", "places": []}
        for number, text in enumerate(told)
    ]
    values = {"title": "Marketing Cloud found 2 things", "text": "Look at Marketing Cloud’s words."}
    values |= {"todo": "Correct each of the points listed below.", "parts": parts}
    refused(sent, explanation=values)
    for shown in (notice(as_maya, sent.journey), words(drawer(as_maya, sent.journey))):
        assert "Server’s message: The <b>first</b> one. 90" in shown
        assert "Server’s message: The second one. xxx" in shown and "x" * 400 not in shown
        assert shown.count("The practice tenant refused. Its own words stand below.") == 2
        assert "Marketing Cloud refused" not in shown
    shown = notice(as_maya, sent.journey)
    assert shown.index("listed below") < shown.index("The practice tenant refused.")
    assert "Look at the practice tenant’s words." in shown
    page = words(as_maya.get(f"/submissions/{sent.pk}/").content.decode())
    assert "The practice tenant found 2 things" in page and "The practice tenant refused." in page


def test_one_refusal_has_its_own_words_as_well(as_maya: Client, sent: Submission):
    values = UNKNOWN | {"title": "Refused", "server_message": "No <such> thing.", "code": "99"}
    refused(sent, explanation=values)
    for shown in (notice(as_maya, sent.journey), words(drawer(as_maya, sent.journey))):
        assert shown.count("Its own words stand below.") == 1
        assert "Server’s message: No <such> thing. 99" in shown
    set_rules(practice_url="")
    assert "Marketing Cloud refused." in notice(as_maya, sent.journey)
