"""What every answer bears, also the ones that refuse and the ones that broke."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import path

from composer import urls
from journeys.models import Journey
from tests.serving import environment

pytestmark = pytest.mark.one_database

POLICY = {
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "default-src 'self'",
}
WITH_HTMX = {"HX-Request": "true"}


def broken(request: object) -> None:
    raise RuntimeError("broken")


broken.login_required = False
urlpatterns = [path("broken/", broken), *urls.urlpatterns]


def assert_guarded(answer: object) -> None:
    policy = set(answer.headers["Content-Security-Policy"].split("; "))
    assert policy >= POLICY and not {part for part in policy if "unsafe" in part}
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "address", ["/", "/templates/", "/submissions/", "/admin/", "/nowhere/", "/admin/nowhere/"]
)
def test_it_guards_and_never_keeps_pages(as_ada: Client, address: str):
    assert_guarded(as_ada.get(address))


@pytest.mark.parametrize(
    "address", ["", "panel/", "history/", "export/", "picture.svg", "search/?q=a", "undo/"]
)
def test_it_guards_and_never_keeps_what_belongs_to_a_journey(
    as_maya: Client, journey: Journey, address: str
):
    assert_guarded(as_maya.get(f"/journeys/{journey.pk}/{address}", headers=WITH_HTMX))


def test_it_guards_what_strangers_get(client: Client, db: None):
    for address in ("/", "/sign-in/", "/admin/", "/nowhere/", "/favicon.ico"):
        assert_guarded(client.get(address))
    assert_guarded(client.get("/", headers=WITH_HTMX))


def test_it_guards_refusals_and_what_breaks(browser_of, maya: User, settings):
    settings.ROOT_URLCONF = __name__
    answers = [
        browser_of(maya, enforce_csrf_checks=True).post("/journeys/new/"),
        browser_of(maya).get("/admin/"),
        browser_of(maya).get("/", headers={"Host": "elsewhere.example"}),
        browser_of(maya, raise_request_exception=False).get("/broken/"),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 400, 500]
    for answer in answers:
        assert_guarded(answer)


@pytest.mark.django_db  # closing an answer looks after connections
def test_it_lets_files_be_kept(client: Client):
    answer = client.get(f"{settings.STATIC_URL}js/common/guard.js")
    assert answer.status_code == 200 and "no-store" not in answer.headers.get("Cache-Control", "")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    b"".join(answer)
    answer.close()


def test_it_gives_cookies_for_this_host_alone_where_there_is_https():
    told = (
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_PATH,"
        " s.CSRF_COOKIE_PATH,"
    )
    told += (
        " s.SESSION_COOKIE_DOMAIN, s.CSRF_COOKIE_DOMAIN, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_COOKIE_SECURE,"
    )
    told = (
        f"from django.conf import settings as s; {told} s.SESSION_COOKIE_HTTPONLY,"
        " s.SESSION_COOKIE_SAMESITE)"
    )
    own = {"DEMO": "0", "SECRET_KEY": "k" * 50, "ALLOWED_HOSTS": "a.example"}
    own |= {
        "ENCRYPTION_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "APPROVAL_KEYS": "k" * 50,
        "DJANGO_SETTINGS_MODULE": "composer.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", told], env=environment(**own), capture_output=True, text=True
    )
    names, ways = (
        ["__Host-sessionid", "__Host-csrftoken", "/", "/", "None", "None"],
        ["True", "True", "True", "Lax"],
    )
    assert done.stdout.split() == names + ways, done.stderr
