"""What people do with their own account: password, sessions, links that mails carry."""

import re
import time
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Permission, User
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from composer.identity import browsers, sessions
from composer.identity import people as administration
from composer.identity.links import OneUseLink
from composer.identity.sessions import ACTIVE, BEGUN, forget_ended
from journeys.models import AuditEntry
from tests.markup import flat

NEW = "nine-otters-play-chess"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/131.0.0.0 Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
EDGE = f"{CHROME} Edg/131.0.0.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)


def signed_in(name: str, **options: str) -> Client:
    client = Client(**options)
    assert client.post("/sign-in/", {"login": name, "password": name}).status_code == 302
    return client


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def link_of(message: mail.EmailMessage) -> str:
    return re.search(r"http://testserver(/password/reset/\S+)", message.body)[1]


def set_password(client: Client, link: str, password: str = NEW):
    form = client.get(link, follow=True)
    if not form.redirect_chain:
        return form
    return client.post(form.redirect_chain[-1][0], {"password1": password, "password2": password})


@pytest.fixture
def invited(people: dict[str, User], ada: User) -> User:
    noor = User.objects.create_user("noor", "noor@example.com")
    request = RequestFactory().get("/")
    request.user = ada
    administration.invite(noor, request)
    return noor


def test_it_signs_out_everywhere_else(people: dict[str, User], maya: User):
    here, there = (
        signed_in("maya", HTTP_USER_AGENT=CHROME),
        signed_in("maya", HTTP_USER_AGENT=FIREFOX),
    )
    page = here.get("/account/sessions/").content.decode()
    assert re.findall(r"<td>(\w+ on \w+)( <span[^>]+>this one)?", flat(page)) == [
        ("Chrome on Windows", ' <span class="chip chip-plain">this one'),
        ("Firefox on Linux", ""),
    ]
    page = here.post("/account/sessions/", follow=True).text
    assert "Done: 1 other browser is signed out." in page and page.count('class="notice ') == 1
    assert there.get("/").headers["Location"].startswith("/sign-in/")
    assert here.get("/").status_code == 200
    assert actions()[-1] == "session.ended"


def test_it_ends_other_sessions_with_a_new_password(people: dict[str, User]):
    here, there = signed_in("maya"), signed_in("maya")
    here.post("/password/", {"oldpassword": "maya", "password1": NEW, "password2": NEW})
    assert (here.get("/").status_code, there.get("/").status_code) == (200, 302)
    assert actions()[-1] == "password.changed"


@pytest.mark.parametrize(("name", "age"), [(BEGUN, 12 * 3600 + 60), (ACTIVE, 2 * 3600 + 60)])
def test_it_ends_a_session_by_the_clock(as_maya: Client, name: str, age: int):
    as_maya.get("/")
    session = as_maya.session
    session[name] = time.time() - age
    session.save()
    assert as_maya.get("/").headers["Location"] == "/sign-in/?next=/"
    assert actions() == ["session.ended"]


def test_it_renews_nothing_beyond_twelve_hours(as_maya: Client):
    as_maya.get("/")
    session = as_maya.session
    session[BEGUN] = begun = time.time() - 11 * 3600
    session[ACTIVE] = time.time() - 3600
    session.save()
    as_maya.get("/")
    assert as_maya.session[BEGUN] == begun and as_maya.session[ACTIVE] > time.time() - 5


def test_it_takes_no_page_that_asks_by_itself_for_a_person(as_maya: Client):
    as_maya.get("/")
    session = as_maya.session
    session[ACTIVE] = idle = time.time() - 3600
    session.save()
    as_maya.get(
        "/submissions/00000000-0000-4000-8000-000000000000/progress/",
        headers={"HX-Request": "true"},
    )
    assert as_maya.session[ACTIVE] == idle


def test_it_forgets_sessions_that_have_ended(as_maya: Client, maya: User):
    old = timezone.now() - timedelta(hours=13)
    Session.objects.update(expire_date=old)
    UserSession.objects.create(
        user=maya, session_key="x", ip="192.0.2.1", user_agent="x", created_at=old
    )
    forget_ended()
    assert not Session.objects.exists() and not UserSession.objects.exists()


def test_it_sends_a_link_for_a_forgotten_password_that_works_once(client: Client, with_mail: User):
    there = signed_in("maya")
    client.post("/password/reset/", {"email": "maya@example.com"})
    link = link_of(mail.outbox[0])
    assert set_password(client, link).headers["Location"] == "/password/reset/done/"
    with_mail.refresh_from_db()
    assert with_mail.check_password(NEW)
    assert "does not work any more" in set_password(Client(), link).content.decode()
    assert there.get("/").status_code == 302
    assert "password.reset" in actions()


def test_it_lets_a_link_for_a_forgotten_password_end_after_an_hour(with_mail: User, monkeypatch):
    token = OneUseLink().make_token(with_mail)
    assert OneUseLink().check_token(with_mail, token)
    later = OneUseLink()._now() + timedelta(minutes=61)
    monkeypatch.setattr(OneUseLink, "_now", lambda self: later)
    assert not OneUseLink().check_token(with_mail, token)


def test_it_says_the_same_of_an_address_that_nobody_has(client: Client, with_mail: User):
    known, unknown = (
        client.post("/password/reset/", {"email": address}, follow=True)
        for address in ("maya@example.com", "nobody@example.com")
    )
    shown = [
        re.sub(r'X-CSRFToken": "\w+|value="\w{64}', "", page.content.decode())
        for page in (known, unknown)
    ]
    assert shown[0] == shown[1] and known.redirect_chain == unknown.redirect_chain
    assert [message.to for message in mail.outbox] == [["maya@example.com"]]


def test_it_invites_by_mail(client: Client, invited: User):
    message = mail.outbox[0]
    assert (
        message.to == ["noor@example.com"]
        and "Ada Admin" in message.body
        and "noor" in message.body
    )
    set_password(client, link_of(message))
    assert client.post("/sign-in/", {"login": "noor", "password": NEW}).headers["Location"] == "/"
    assert actions()[0] == "person.invited"


def test_it_lets_an_invitation_end_after_three_days(invited: User, monkeypatch):
    token = OneUseLink().make_token(invited)
    now = OneUseLink()._now()
    monkeypatch.setattr(OneUseLink, "_now", lambda self: now + timedelta(days=2, hours=23))
    assert OneUseLink().check_token(invited, token)
    monkeypatch.setattr(OneUseLink, "_now", lambda self: now + timedelta(days=3, minutes=1))
    assert not OneUseLink().check_token(invited, token)


def test_it_keeps_the_rules_for_a_first_password(client: Client, invited: User):
    answer = set_password(client, link_of(mail.outbox[0]), "noor-noor-noor")
    assert "too easy to guess" in answer.content.decode()
    invited.refresh_from_db()
    assert not invited.has_usable_password()


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short-one", "has fewer than 12 characters"),
        ("Password1234", "too easy to guess"),
        ("maya.marketer.maya", "too easy to guess"),
        ("journeycomposer2026", "too easy to guess"),
        ("qwertyuiop[]", "too easy to guess"),
        ("x" * 129, "more than 128 characters"),
    ],
)
def test_it_takes_no_weak_password(as_maya: Client, maya: User, password: str, why: str):
    answer = as_maya.post(
        "/password/", {"oldpassword": "maya", "password1": password, "password2": password}
    )
    assert re.search(why, answer.content.decode())
    maya.refresh_from_db()
    assert maya.check_password("maya")


def test_it_hashes_nothing_of_great_length(client: Client, people: dict[str, User]):
    answer = client.post("/sign-in/", {"login": "maya", "password": "x" * 50_000})
    assert "at most 128 characters" in answer.content.decode()


def test_it_keeps_createsuperuser_to_the_rules(db: None, monkeypatch, settings: Settings):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "root")
    with pytest.raises(CommandError, match="DJANGO_SUPERUSER_PASSWORD"):
        call_command("createsuperuser", "--noinput", username="root", email="root@example.com")
    assert not User.objects.exists()
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", NEW)
    call_command(
        "createsuperuser", "--noinput", username="root", email="root@example.com", verbosity=0
    )
    assert User.objects.get().check_password(NEW)


@pytest.mark.parametrize(
    "page",
    [
        "/account/",
        "/account/sessions/",
        "/account/second-factor/",
        "/password/",
        "/account/confirm/",
    ],
)
def test_it_opens_the_pages_of_an_account(as_maya: Client, page: str):
    assert as_maya.get(page).status_code == 200
    assert Client().get(page).headers["Location"] == f"/sign-in/?next={page}"


@pytest.mark.parametrize(
    "page", ["/password/reset/", "/password/reset/sent/", "/password/reset/1-x-y/"]
)
def test_it_opens_the_pages_for_who_cannot_sign_in(client: Client, db: None, page: str):
    assert client.get(page).status_code == 200


def test_it_logs_no_link_that_sets_a_password(
    client: Client, invited: User, settings: Settings, caplog
):
    settings.ACCESS_LOG = True
    link = link_of(mail.outbox[0])
    with caplog.at_level("INFO"):
        client.get(link)
    lines = [record.told["path"] for record in caplog.records if record.name == "composer.access"]
    assert lines == ["/password/reset/…/"]


def test_it_notes_that_somebody_is_there_by_one_statement(
    as_maya: Client, django_assert_num_queries
):
    session = as_maya.session
    session[ACTIVE] = time.time() - 61
    with django_assert_num_queries(1) as seen:
        session.save()
    assert seen[0]["sql"].startswith("UPDATE")
    Session.objects.all().delete()
    with pytest.raises(UpdateError):  # what was ended elsewhere meanwhile is not written anew
        session.save()


def test_it_knows_rights_of_groups_and_of_ones_own_by_one_query(
    people: dict[str, User], django_assert_num_queries
):
    people["rob"].user_permissions.add(Permission.objects.get(codename="view_tenant"))
    rob = User.objects.get(username="rob")
    with django_assert_num_queries(1):
        assert rob.has_perm("journeys.approve_review") and rob.has_perm("journeys.view_tenant")
        assert not rob.has_perm("journeys.change_tenant")
    User.objects.filter(pk=rob.pk).update(is_active=False)
    assert not User.objects.get(pk=rob.pk).has_perm("journeys.approve_review")


def test_it_signs_out_one_browser_and_no_other(people: dict[str, User], maya: User):
    here, there, third = (
        signed_in("maya"),
        signed_in("maya", HTTP_USER_AGENT=FIREFOX),
        signed_in("maya"),
    )
    of_rob = signed_in("rob")
    strange = UserSession.objects.get(user=people["rob"])
    assert here.post(f"/account/sessions/{strange.pk}/end/").status_code == 404
    row = UserSession.objects.get(user_agent=FIREFOX)
    assert here.post(f"/account/sessions/{row.pk}/end/").headers["Location"] == "/account/sessions/"
    assert [client.get("/").status_code for client in (here, there, third, of_rob)] == [
        200,
        302,
        200,
        200,
    ]
    assert AuditEntry.objects.get(action="session.ended").data["why"] == "by the person"
    assert "Firefox" not in here.get("/account/sessions/").content.decode()


def test_it_shows_only_where_somebody_is_signed_in_indeed(people: dict[str, User], maya: User):
    here, idle, other = signed_in("maya"), signed_in("maya"), signed_in("maya")
    session = idle.session
    session[ACTIVE] = time.time() - 3 * 3600
    session.save()
    assert len(sessions.listed(maya)) == 2
    session = other.session
    session[ACTIVE] = time.time() - 600
    session.save()
    assert "10\xa0minutes ago" in here.get("/account/sessions/").content.decode()
    maya.set_password(NEW)
    maya.save()
    assert sessions.listed(maya) == []


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (CHROME, "Chrome on Windows"),
        (EDGE, "Edge on Windows"),
        (FIREFOX, "Firefox on Linux"),
        (IPHONE, "Safari on iPhone or iPad"),
        ("curl/8.5", "curl"),
        ("", "Unknown browser"),
        ("<script>x", "Unknown browser"),
        ("Mozilla/5.0 (" * 5_000, "Unknown browser"),
    ],
)
def test_it_tells_a_browser_in_words(sent: str, words: str):
    begun = time.process_time()
    assert browsers.in_words(sent) == words
    assert time.process_time() - begun < 2
