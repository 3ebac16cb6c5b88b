from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from journeys.delivery import submit
from journeys.models import Attempt, Journey, Submission
from journeys.practice import PracticeServer
from journeys.spec import document as doc
from tests.explaining.test_phrases import by_phrase
from tests.markup import flat
from tests.people import approved, notifications, seal_state

HTMX = {"HX-Request": "true"}


@pytest.fixture
def sent(journey: Journey, maya: User, rob: User) -> Submission:
    return approved(journey, maya, rob).submit(maya)


def set_to(submission: Submission, **values: object) -> None:
    Submission.objects.filter(pk=submission.pk).update(**values)
    seal_state(Submission.objects.get(pk=submission.pk))


def page(client: Client, submission: Submission) -> str:
    return client.get(f"/submissions/{submission.pk}/").content.decode()


def progress(client: Client, submission: Submission, seen: str = ""):
    return client.get(f"/submissions/{submission.pk}/progress/", {"seen": seen}, headers=HTMX)


def missing(told: list[str], shown: str) -> list[str]:
    return [text for text in told if text not in shown]


def test_it_follows_an_open_one_and_says_nothing_while_nothing_changes(
    as_maya: Client, sent: Submission
):
    first = progress(as_maya, sent)
    seen = first.context["seen"]
    assert 'hx-trigger="every 1s"' in first.content.decode()
    assert progress(as_maya, sent, seen).status_code == 204
    set_to(sent, state="sending", fence=1)
    assert "Being sent to the practice tenant" in progress(as_maya, sent, seen).content.decode()


def test_it_asks_less_often_when_it_lasts(as_maya: Client, sent: Submission):
    seen = progress(as_maya, sent).context["seen"]
    long_ago = timezone.now() - timedelta(seconds=16)
    set_to(sent, created_at=long_ago)
    assert 'hx-trigger="every 5s"' in progress(as_maya, sent, seen).content.decode()
    assert progress(as_maya, sent, progress(as_maya, sent).context["seen"]).status_code == 204
    set_to(sent, state="sending", first_send_at=long_ago, last_send_at=timezone.now())
    assert 'hx-trigger="every 1s"' in progress(as_maya, sent).content.decode()


def test_it_stops_when_it_has_ended(as_maya: Client, sent: Submission):
    set_to(sent, state="cancelled", finished_at=timezone.now())
    assert "hx-trigger" not in progress(as_maya, sent).content.decode()


def test_it_leads_to_the_whole_page_without_script(as_maya: Client, sent: Submission):
    assert as_maya.get(f"/submissions/{sent.pk}/progress/").url == f"/submissions/{sent.pk}/"


@pytest.mark.parametrize(
    ("values", "headline"),
    [
        ({}, "Waiting to be sent"),
        ({"attempt_count": 1, "text": "Marketing Cloud asks to wait."}, "Waiting to try again"),
        ({"state": "sending"}, "Being sent to the practice tenant"),
        ({"state": "unclear"}, "Unclear: being looked up"),
        ({"state": "cancelled"}, "Cancelled"),
        ({"state": "needs-person"}, "Needs a decision"),
        ({"state": "refused", "explanation": {"title": "No!", "text": "Because."}}, "No!"),
        ({"state": "conflict", "explanation": {"title": "Conflict", "text": "Two."}}, "Conflict"),
    ],
)
def test_it_tells_every_state_in_words(
    as_maya: Client, sent: Submission, values: dict, headline: str
):
    set_to(sent, **values)
    assert as_maya.get(f"/submissions/{sent.pk}/").context["headline"].title == headline


def test_it_says_when_no_worker_takes_it(as_maya: Client, sent: Submission):
    set_to(sent, not_before=timezone.now() - timedelta(minutes=2))
    assert "It is sent as soon as a worker runs" in page(as_maya, sent)
    set_to(sent, state="unclear")
    assert "it goes on as soon as a worker runs" in page(as_maya, sent)
    set_to(sent, lease_until=timezone.now() + timedelta(minutes=2))
    assert "as soon as a worker runs" not in page(as_maya, sent)


def test_it_tells_what_unclear_means_and_when_it_looks_again(as_maya: Client, sent: Submission):
    moment = timezone.now() + timedelta(minutes=1)
    set_to(sent, state="unclear", not_before=moment)
    shown = page(as_maya, sent)
    told = [
        "It may have arrived or not. Nothing is sent twice",
        "Next look",
        moment.strftime("%H:%M:%S UTC"),
    ]
    assert missing(told, shown) == []


@pytest.fixture
def practice(tmp_path, sent: Submission):
    """The practice tenant runs, and the submission goes to it."""
    with PracticeServer(state_path=tmp_path / "practice.sqlite3") as server:
        type(sent.tenant).objects.update(practice_url=server.url)
        yield server


def test_it_shows_the_ids_that_came_back(
    as_maya: Client, sent: Submission, practice: PracticeServer
):
    submit.work(sent.pk)
    sent.refresh_from_db()
    context = as_maya.get(f"/submissions/{sent.pk}/").context
    assert (
        sent.state == "succeeded"
        and context["headline"].title == "The journey is in the practice tenant"
    )
    ids = dict(context["ids"])
    assert list(ids) == ["id", "definitionId", "status", "version", "createdDate", "modifiedDate"]
    assert (ids["id"], ids["definitionId"], ids["status"]) == (
        sent.remote_id,
        sent.remote_definition_id,
        "Draft",
    )
    shown = page(as_maya, sent)
    assert missing([f'data-copy="{value}"' for value in ids.values()], shown) == []


def test_it_calls_a_date_of_the_year_one_never(as_maya: Client, sent: Submission):
    ids = {
        "remote_id": "1",
        "remote_definition_id": "1",
        "remote_status": "Draft",
        "remote_modified": "",
    }
    set_to(sent, state="succeeded", **ids)
    assert dict(as_maya.get(f"/submissions/{sent.pk}/").context["ids"])["modifiedDate"] == "never"


def test_it_shows_what_the_server_dropped_or_changed(as_maya: Client, sent: Submission):
    answer = {**doc.parse(sent.payload), "id": "1", "name": "Renamed"}
    del answer["channel"]
    ids = {"remote_id": "1", "remote_definition_id": "1", "remote_status": "Draft"}
    set_to(sent, state="succeeded", answer=doc.dumps(answer), **ids)
    lost = as_maya.get(f"/submissions/{sent.pk}/").context["lost"]
    assert sorted(lost) == [
        ("channel", "dropped", '""', ""),
        ("name", "changed", '"Welcome series"', '"Renamed"'),
    ]


def test_it_tells_a_refusal_with_the_step_and_what_to_do(as_maya: Client, sent: Submission):
    step = doc.parse(sent.payload)["activities"][0]["key"]
    explanation = {
        "title": "Marketing Cloud refused the journey",
        "text": "An email did not pass.",
        "todo": "Open the email.",
        "code": "121008",
        "server_message": "Email <b>failed</b>",
        "places": [["activity", step, "name"]],
        "parts": [],
    }
    set_to(
        sent,
        state="refused",
        http_status=400,
        explanation=explanation,
        answer=b'{"errorcode":121008}',
    )
    link = (
        f'href="/journeys/{sent.journey_id}/?kind=activity&amp;key={step}&amp;field=name">Send'
        " Welcome 1</a>"
    )
    told = [
        "An email did not pass.",
        "Open the email.",
        "121008",
        "Email &lt;b&gt;failed&lt;/b&gt;",
        link,
    ]
    assert missing(told, page(as_maya, sent)) == []


def test_it_tells_each_point_of_a_refusal(as_maya: Client, sent: Submission):
    point = {
        "text": "A name.",
        "todo": "Take it out.",
        "code": "121072",
        "server_message": "bad",
        "places": [],
    }
    points = [
        {**point, "places": [["journey", "", "name"]]},
        {**point, "places": [["activity", "gone", ""]]},
    ]
    explanation = {
        "title": "Two things",
        "text": "See below.",
        "todo": "Correct them.",
        "places": [],
        "parts": points,
    }
    set_to(sent, state="refused", explanation=explanation)
    shown = page(as_maya, sent)
    assert missing(["Take it out.", "Journey settings</a>", "key=gone"], shown) == []


def test_it_tells_the_steps_so_far_and_hides_secrets(as_maya: Client, sent: Submission):
    moment = timezone.now()
    row = {
        "fence": 1,
        "phase": "send",
        "started_at": moment,
        "seconds": 1.25,
        "http_status": 503,
        "result": "unclear",
    }
    Attempt.objects.create(
        submission=sent, text="Trouble over there.", answer="<h1>503</h1>", **row
    )
    set_to(
        sent,
        state="needs-person",
        ambiguous=True,
        answer=b'{"access_token": "SECRET", "message": "no"}',
    )
    told = [
        "Sent. It is not clear what came of it.",
        "Trouble over there.",
        "HTTP 503, 1.2 s",
        "&lt;h1&gt;503&lt;/h1&gt;",
    ]
    assert missing(told, flat(page(as_maya, sent))) == []
    answer = as_maya.get(f"/submissions/{sent.pk}/answer/")
    assert b"SECRET" not in answer.content and b'"message": "no"' in answer.content
    assert (
        answer["Content-Type"] == "text/plain; charset=utf-8"
        and "attachment" in answer["Content-Disposition"]
    )


def test_it_has_no_answer_to_download_before_one_came(as_maya: Client, sent: Submission):
    assert as_maya.get(f"/submissions/{sent.pk}/answer/").status_code == 404


def test_it_cancels(as_maya: Client, sent: Submission):
    as_maya.post(f"/submissions/{sent.pk}/cancel/")
    sent.refresh_from_db()
    assert sent.state == "cancelled"
    answer = as_maya.post(f"/submissions/{sent.pk}/cancel/", follow=True)
    assert "There is nothing to cancel." in answer.content.decode()


def test_it_says_that_a_send_under_way_was_asked_to_stop(as_maya: Client, sent: Submission):
    set_to(sent, state="unclear")
    as_maya.post(f"/submissions/{sent.pk}/cancel/")
    shown = page(as_maya, sent)
    assert "Asked to stop." in shown and "Cancel submission" not in shown


def test_it_tries_again(as_maya: Client, sent: Submission, django_capture_on_commit_callbacks):
    set_to(sent, state="needs-person", ambiguous=True)
    assert "looks first whether the journey has arrived" in page(as_maya, sent)
    with django_capture_on_commit_callbacks() as calls:
        as_maya.post(f"/submissions/{sent.pk}/try-again/")
    sent.refresh_from_db()
    assert sent.state == "unclear" and notifications(calls) == 1


def test_it_does_not_try_again_what_does_not_wait_for_it(as_maya: Client, sent: Submission):
    answer = as_maya.post(f"/submissions/{sent.pk}/try-again/", follow=True)
    assert "is not waiting for a decision" in answer.content.decode()


def test_it_offers_no_buttons_to_those_who_only_read(as_rob: Client, sent: Submission):
    assert "Cancel submission" not in page(as_rob, sent)


def test_it_lists_submissions_and_filters_them(as_maya: Client, sent: Submission):
    assert [row.pk for row in as_maya.get("/submissions/").context["page"]] == [sent.pk]
    assert [row.pk for row in as_maya.get("/submissions/?state=waiting").context["page"]] == [
        sent.pk
    ]
    empty = as_maya.get("/submissions/?state=refused")
    assert (
        list(empty.context["page"]) == []
        and "No submission fits these filters" in empty.content.decode()
    )


def test_it_lists_no_submission_of_another_tenant(as_maya: Client, foreign_journey: Journey):
    foreign_journey.submit(None, without_review=True)
    assert "Nothing was submitted yet" in as_maya.get("/submissions/").content.decode()


def test_it_reads_no_bodies_for_the_list(
    as_maya: Client, sent: Submission, django_assert_max_num_queries
):
    with django_assert_max_num_queries(8) as queries:
        as_maya.get("/submissions/")
    assert not any(
        '"payload"' in query["sql"] or "packed" in query["sql"]
        for query in queries.captured_queries
    )


def test_it_asks_little_while_it_follows(
    as_maya: Client, sent: Submission, django_assert_max_num_queries
):
    seen = progress(as_maya, sent).context["seen"]
    with django_assert_max_num_queries(7) as queries:
        progress(as_maya, sent, seen)
    assert not any('"payload"' in query["sql"] for query in queries.captured_queries)


def test_it_shows_an_answer_that_is_json_but_no_text(as_maya: Client, sent: Submission):
    ids = {"remote_id": "1", "remote_definition_id": "1", "remote_status": "Draft"}
    set_to(sent, state="succeeded", answer=rb'{"id":"1","name":"half of \ud83d"}', **ids)
    assert "half of ?" in page(as_maya, sent)


def test_it_lists_what_a_refusal_can_mean_with_its_places(as_maya: Client, sent: Submission):
    told = by_phrase(
        "Category not found", 30003, status=404, document=doc.parse(bytes(sent.payload))
    )
    set_to(sent, state="refused", explanation=told.as_data(), http_status=404)
    shown = flat(page(as_maya, sent))
    assert "One of these can be meant:" in shown
    assert "Event definition key: APIEvent-newsletter-sign-up" in shown
    assert "kind=trigger&amp;key=TRIGGER" in page(as_maya, sent)
