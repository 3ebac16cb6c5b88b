"""What people are told by mail about their account, and that no mail holds up or undoes what it
tells of."""

import re
import socket
import threading
import time
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from pytest_django import Settings

from composer.identity import mails
from journeys.models import Tenant
from tests.web.test_account import NEW, link_of, set_password
from tests.web.test_second_factor import code

APP = "/account/second-factor/totp/"


def told() -> list[tuple[str, list[str]]]:
    return [
        (message.subject.removesuffix(" (journey composer)"), message.to) for message in mail.outbox
    ]


def new_password(client: Client):
    return client.post("/password/", {"oldpassword": "maya", "password1": NEW, "password2": NEW})


def test_it_tells_of_another_password_in_words(as_maya: Client, with_mail: User):
    new_password(as_maya)
    text = re.sub(r"\d+ \w+ \d{4}, \d\d:\d\d", "TIME", mail.outbox[0].body)
    assert told() == [("Your password was changed", ["maya@example.com"])]
    assert mail.outbox[0].alternatives == []
    assert (
        text == "Hello Maya Marketer,\n\nYour password was changed.\n\nAccount: maya\nWhen: TIME"
        " UTC\nFrom: 127.0.0.1\n\nThat was you? Then nothing has to be done.\nIt was not you?"
        " Set another password at once, and tell an"
        " admin:\nhttp://testserver/password/reset/\n\nThe journey composer"
    )


def test_it_tells_of_each_second_factor(
    as_maya: Client,
    with_mail: User,
    django_capture_on_commit_callbacks: Callable,
):
    as_maya.get(f"{APP}activate/")
    with django_capture_on_commit_callbacks(execute=True):
        as_maya.post(f"{APP}activate/", {"code": code(as_maya.session["mfa.totp.secret"])})
        as_maya.post("/account/second-factor/recovery-codes/generate/")
    as_maya.post(f"{APP}deactivate/")
    assert [subject for subject, _ in told()] == [
        "A second factor was added",
        "New recovery codes were made",
        "A second factor was removed",
    ]


def test_it_tells_what_an_admin_did_and_who(as_ada: Client, with_mail: User):
    TOTP.activate(with_mail, generate_totp_secret())
    as_ada.post(f"/admin/auth/user/{with_mail.pk}/take-factors-away/")
    assert told() == [("Your second factors were taken away", ["maya@example.com"])]
    assert "By: Ada Admin\n" in mail.outbox[0].body and "127.0.0.1" not in mail.outbox[0].body


def test_it_tells_both_addresses_of_another_one(
    as_ada: Client,
    with_mail: User,
    tenant: Tenant,
    django_capture_on_commit_callbacks: Callable,
):
    kept = {
        "username": "maya",
        "first_name": "Maya",
        "last_name": "Marketer",
        "is_active": "on",
        "tenants": tenant.pk,
    }
    kept["groups"] = with_mail.groups.get().pk
    with django_capture_on_commit_callbacks(execute=True):
        as_ada.post(
            f"/admin/auth/user/{with_mail.pk}/change/", {**kept, "email": "new@example.com"}
        )
    assert told() == [
        ("The email address of your account was changed", ["maya@example.com"]),
        ("This is the email address of your account now", ["new@example.com"]),
    ]
    assert "new@example.com" not in mail.outbox[0].body


def test_it_tells_of_a_sign_in_on_a_new_device(client: Client, with_mail: User):
    typed = {"login": "maya", "password": "maya"}
    client.post("/sign-in/", typed)
    client.post("/sign-out/")
    client.post("/sign-in/", typed)
    assert told() == []
    Client().post("/sign-in/", typed)
    assert told() == [("A new sign-in", ["maya@example.com"])]


def test_it_gives_who_has_no_password_yet_the_time_of_an_invitation(
    client: Client, people: dict[str, User]
):
    User.objects.create_user("noor", "noor@example.com")
    client.post("/password/reset/", {"email": "noor@example.com"})
    assert mail.outbox[0].subject == "Set your password for the journey composer"
    assert "the first password of your account noor" in mail.outbox[0].body
    assert "works once, and for 3 days" in mail.outbox[0].body
    assert "hour" not in client.get("/password/reset/sent/").content.decode()
    assert (
        set_password(client, link_of(mail.outbox[0])).headers["Location"] == "/password/reset/done/"
    )
    client.post("/password/reset/", {"email": "noor@example.com"})
    assert "works once, and for 1 hour" in mail.outbox[-1].body


@pytest.fixture
def server_that_hangs(settings: Settings):
    """A mail server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = listening.getsockname()
        settings.EMAIL_TIMEOUT = 2
        yield


def test_it_waits_for_no_mail_server(
    server_that_hangs: None, as_maya: Client, with_mail: User, caplog
):
    begun = time.monotonic()
    assert new_password(as_maya).status_code == 302
    assert time.monotonic() - begun < 1.5
    mails.post.submit(threading.Event).result(timeout=10)  # behind the mail
    with_mail.refresh_from_db()
    assert with_mail.check_password(NEW)
    assert "a mail could not be sent (" in caplog.text and "Traceback" not in caplog.text


def test_it_keeps_no_more_mails_than_it_has_room_for(
    server_that_hangs: None, as_maya: Client, with_mail, caplog
):
    taken = [mails.room.acquire(blocking=False) for _ in range(mails.MOST_WAITING)]
    try:
        assert new_password(as_maya).status_code == 302
    finally:
        for _ in filter(None, taken):
            mails.room.release()
    assert "a mail was not sent: 500 wait already" in caplog.text


def test_it_has_words_for_all_that_the_library_tells_of():
    """A new version of django-allauth may tell of more; what has no words here would fail while it
    is told."""
    from importlib.util import find_spec
    from pathlib import Path

    source = Path(find_spec("allauth").origin).parent
    found = set()
    for part in ("account/internal/flows/password_*.py", "mfa/**/flows.py"):
        for file in source.glob(part):
            found |= set(re.findall(r'send_notification_mail\(\s*"([^"]+)"', file.read_text()))
    assert len(found) == 8 and found <= set(mails.TOLD)
    assert Authenticator.Type.values == ["recovery_codes", "totp", "webauthn"]
