"""A session that ended loses nothing: what a form sent is offered again to who sent it, and to
nobody else."""

import re
import time
from fnmatch import fnmatchcase

import pytest
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.test import Client

from composer.identity.deeds import about, told
from composer.identity.sessions import ACTIVE
from composer.identity.typed import SHOWN
from journeys.models import Journey, Review, Tenant
from tests.web.test_sudo import posted_on

pytestmark = pytest.mark.one_database

NEW = "/journeys/new/"
TYPED = {
    "name": "Spring",
    "description": "Greets “all” of them.",
    "key": "k-1",
    "spec_version": "1.0",
}


@pytest.fixture
def signed_in(client: Client, maya: User, tenant: Tenant) -> Client:
    """By the page itself, so that the browser is known to be hers."""
    client.post("/sign-in/", {"login": "maya", "password": "maya"})
    return client


def idle(client: Client) -> None:
    session = client.session
    session[ACTIVE] = time.time() - 3 * 3600
    session.save()


def signs_in(client: Client, name: str, answer) -> str:
    """Where they come to."""
    where = answer.headers["Location"]
    assert where.startswith("/sign-in/?next=/account/go-on/")
    return client.post(
        "/sign-in/", {"login": name, "password": name, "next": where.partition("next=")[2]}
    ).url


def test_it_offers_what_was_sent_after_the_session_ended(signed_in: Client, tenant: Tenant):
    typed = TYPED | {"tenant": str(tenant.pk)}
    idle(signed_in)
    answer = signed_in.post(NEW, typed)
    assert "what you sent is kept" in signed_in.get(answer.url).text
    page = signed_in.get(address := signs_in(signed_in, "maya", answer)).text
    assert "Greets “all” of them." in page and "start a journey" in page and "Create it now" in page
    labelled = dict(re.findall(r"<dt>(.+?)</dt>\s*<dd[^>]*>(.+?)</dd>", page))
    assert (labelled["Name"], labelled["Key"], labelled["Tenant"]) == ("Spring", "k-1", tenant.name)
    assert "data-go-on" not in page and not Journey.objects.exists()
    assert posted_on(signed_in.post(address).text) == (NEW, typed)
    assert signed_in.post(NEW, typed).status_code == 302 and Journey.objects.get().name == "Spring"


@pytest.mark.parametrize("how", ["signed out", "ended elsewhere"])
def test_it_offers_it_however_the_session_ended(signed_in: Client, how: str):
    if how == "signed out":
        signed_in.post("/sign-out/")
    else:
        signed_in.session.flush()
    address = signs_in(signed_in, "maya", signed_in.post(NEW, TYPED))
    assert "Greets" in signed_in.get(address).text


def test_it_shows_and_sends_it_to_nobody_else(signed_in: Client, people):
    idle(signed_in)
    address = signs_in(signed_in, "miles", signed_in.post(NEW, TYPED))
    for answer in (signed_in.get(address, follow=True), signed_in.post(address, follow=True)):
        assert "Greets" not in answer.text and "Nothing of yours waits here" in answer.text


def test_it_keeps_it_sealed_and_a_quarter_of_an_hour(signed_in: Client, monkeypatch):
    idle(signed_in)
    answer = signed_in.post(NEW, TYPED)
    assert "Greets" not in str(dict(signed_in.session.items()))
    address = signs_in(signed_in, "maya", answer)
    now = time.time()
    monkeypatch.setattr("cryptography.fernet.time.time", lambda: now + 901)
    assert "waited too long" in signed_in.get(address, follow=True).text


@pytest.mark.parametrize("how", ["signs out first", "is still signed in", "has three of their own"])
def test_it_keeps_it_for_its_writer_whoever_signs_in_and_out_meanwhile(
    signed_in: Client, people, how: str
):
    idle(signed_in)
    answer = signed_in.post(NEW, TYPED)
    address = signs_in(signed_in, "miles", answer)
    if how == "has three of their own":
        for _ in range(3):
            signed_in.post("/sign-out/")
            signs_in(signed_in, "miles", signed_in.post(NEW, TYPED))
    assert "Greets" not in signed_in.get(address, follow=True).text
    assert "Greets" not in str(dict(signed_in.session.items()))
    if how == "is still signed in":
        signed_in.cookies["sessionid"] = switched(signed_in, "maya")
    else:
        signed_in.post("/sign-out/")
        assert signs_in(signed_in, "maya", answer) == address
    assert "Greets" in signed_in.get(address).text
    assert posted_on(signed_in.post(address).text) == (NEW, TYPED)


def switched(client: Client, name: str) -> str:
    """Another person signs in over who is signed in, as a provider's answer does."""
    request = HttpRequest()
    request.session = client.session
    login(request, User.objects.get(username=name), backend=settings.AUTHENTICATION_BACKENDS[-1])
    request.session.save()
    return request.session.session_key


def test_it_carries_nothing_on_that_waited_too_long(signed_in: Client, monkeypatch):
    idle(signed_in)
    signed_in.post(NEW, TYPED)
    now = time.time()
    monkeypatch.setattr("composer.identity.session_store.time.time", lambda: now + 901)
    signed_in.post("/sign-in/", {"login": "maya", "password": "maya"})
    assert "waiting-posts" in signed_in.session
    signed_in.post("/sign-out/")
    assert "waiting-posts" not in signed_in.session


def test_it_leads_back_to_the_page_with_it_in_its_form(signed_in: Client):
    idle(signed_in)
    answer = signed_in.post(NEW, TYPED, headers={"Referer": f"http://testserver{NEW}"})
    page = signed_in.get(signs_in(signed_in, "maya", answer)).text
    fields = dict(re.findall(r'name="(next|back)" value="([^"]+)"', page))
    assert signed_in.post("/account/confirm/cancel/", fields).url == NEW
    page = signed_in.get(NEW).text
    assert 'id="typed"' in page and "of them." in page


@pytest.mark.parametrize(
    "address", ["/password/", "/account/second-factor/totp/activate/", "/account/link/"]
)
def test_it_keeps_nothing_of_a_secret(signed_in: Client, address: str):
    signed_in.post("/sign-out/")
    answer = signed_in.post(address, {"oldpassword": "maya", "code": "123456"})
    assert answer.url == "/sign-in/?next=/"
    assert "was not stored" in signed_in.get(answer.url).text


def test_it_keeps_nothing_of_strangers_and_nothing_too_long(client: Client, signed_in: Client, db):
    stranger = Client()
    assert stranger.post(NEW, TYPED).url == "/sign-in/?next=/"
    assert "waiting-posts" not in stranger.session
    idle(signed_in)
    assert signed_in.post(NEW, {"name": "x" * 65_500}).status_code in (302, 413)
    assert "waiting-posts" not in signed_in.session


def test_it_offers_a_reviewers_comment_and_decides_nothing_by_itself(
    client: Client, rob: User, journey: Journey, maya: User
):
    review = journey.request_review(maya)
    client.post("/sign-in/", {"login": "rob", "password": "rob"})
    idle(client)
    answer = client.post(f"/admin/journeys/review/{review.pk}/approve/", {"comment": "Good to go."})
    page = client.get(signs_in(client, "rob", answer)).text
    review.refresh_from_db()
    assert (
        "approve a review</strong>: “Welcome series”, revision 1, for the tenant Practice tenant."
        in page
    )
    assert "<dt>Comment</dt>" in page and "Approve it now" in page and "Send it now" not in page
    assert "Good to go." in page and review.state == Review.State.REQUESTED


def test_it_names_nothing_that_the_person_does_not_see(
    rob: User, maya: User, foreign_journey: Journey, journey: Journey
):
    review, foreign = (
        journey.request_review(maya),
        Review.objects.create(
            journey=foreign_journey,
            tenant=foreign_journey.tenant,
            revision=foreign_journey.head,
            asked_by=maya,
        ),
    )
    desk = "/admin/journeys/review"
    assert "Welcome series" in about(rob, f"{desk}/{review.pk}/approve/")
    unseen = [f"{desk}/{foreign.pk}/approve/", f"/journeys/{foreign_journey.pk}/submit/"]
    unseen += [
        f"/admin/auth/user/{maya.pk}/change/",
        f"/admin/journeys/tenant/{foreign_journey.tenant_id}/change/",
    ]
    assert [about(rob, path) for path in unseen] == [""] * 4
    assert told(rob, NEW, [("tenant", str(foreign_journey.tenant_id))]) == []


def test_it_tells_a_fragment_so(client: Client, journey: Journey):
    answer = client.post(f"/journeys/{journey.pk}/undo/", headers={"HX-Request": "true"})
    assert answer.status_code == 401 and "You are signed out, so nothing was stored." in answer.text


@pytest.mark.parametrize("name", ["old_pass", "passwd", "pw", "otp", "PIN", "password"])
def test_an_old_form_shows_no_field_that_its_page_does_not_have(
    browser_of, maya: User, name: str, tenant
):
    old = browser_of(maya, enforce_csrf_checks=True)
    own = {"Sec-Fetch-Site": "same-origin"}
    typed = {"name": "Spring is here", name: "a secret of mine"}
    for address in (NEW, "/password/", "/sign-in/", "/account/confirm/"):
        page = old.post(address, typed, headers=own).text
        assert "a secret of mine" not in page and "Send it again" not in page
        assert ("Spring is here" in page) == (address == NEW)


def test_an_old_form_of_somebody_else_says_so_and_sends_nothing(people, tenant):
    client = Client(enforce_csrf_checks=True)
    for name in ("maya", "miles"):
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', client.get("/sign-in/").text)[1]
        client.post("/sign-in/", {"login": name, "password": name, "csrfmiddlewaretoken": token})
        if name == "maya":
            old = re.search(r'csrfmiddlewaretoken" value="(\w+)"', client.get(NEW).text)[1]
            client.post("/sign-out/", {"csrfmiddlewaretoken": old})
    sent = TYPED | {"csrfmiddlewaretoken": old}
    answer = client.post(NEW, sent, headers={"Sec-Fetch-Site": "same-origin"})
    assert (
        "Somebody else signed in here meanwhile" in answer.text
        and "Send it again" not in answer.text
    )
    assert "Greets" in answer.text and "open for too long" not in answer.text
    main = answer.text[answer.text.index('<main id="main"') :]
    assert (
        "Sign in as somebody else" in main
        and "Open the page anew" not in main
        and "you typed" not in main.lower()
    )
    form = main[main.index("<form") : main.index("</form>")]
    assert 'action="/sign-out/"' in form
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', form)[1]
    there = client.post("/sign-out/", {"csrfmiddlewaretoken": token, "next": NEW})
    assert there.url == NEW and client.get(NEW).url == f"/sign-in/?next={NEW}"


def opened(client: Client, name: str, tenant: Tenant, journey: Journey, review: Review) -> str:
    pages = {
        "new-journey": NEW,
        "from-template": "/templates/welcome-series/",
        "save-template": f"/journeys/{journey.pk}/template/",
        "import": "/journeys/import/",
        "convert": f"/journeys/{journey.pk}/convert/",
        "submit": f"/journeys/{journey.pk}/submit/",
        "admin:journeys_review_approve": f"/admin/journeys/review/{review.pk}/change/",
        "admin:journeys_countersignature_ask": "/admin/journeys/countersignature/ask/",
        "admin:auth_user_add": "/admin/auth/user/add/",
        "admin:auth_user_change": f"/admin/auth/user/{review.asked_by_id}/change/",
        "admin:auth_group_add": "/admin/auth/group/add/",
        "admin:auth_group_change": "/admin/auth/group/1/change/",
        "admin:journeys_tenant_add": "/admin/journeys/tenant/add/",
        "admin:journeys_tenant_change": f"/admin/journeys/tenant/{tenant.pk}/change/",
    }
    return client.get(pages[name]).text if name in pages else ""


def test_it_shows_again_every_field_of_these_forms_that_is_no_secret(
    as_ada: Client, tenant: Tenant, journey: Journey, maya: User
):
    review, wrong, seen = journey.request_review(maya), [], set()
    for name, patterns in SHOWN.items():
        main = opened(as_ada, name, tenant, journey, review).partition('<main id="main"')[2]
        for kind, field in re.findall(
            r'<(?:input|textarea|select)(?: type="(\w+)")?[^>]*? name="([^"]+)"', main
        ):
            if field == "csrfmiddlewaretoken" or kind == "file" or field.endswith("_FORMS"):
                continue
            seen.add((name, kind, field))
            is_shown = any(fnmatchcase(field, pattern) for pattern in patterns)
            wrong += [(name, kind, field)] if is_shown == (kind == "password") else []
    assert not wrong and len(seen) > 50
    assert ("admin:journeys_tenant_change", "password", "secret") in seen
