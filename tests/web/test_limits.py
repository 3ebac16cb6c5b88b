"""What one person may take of the machine: how often, and how large."""

import time

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.test import Client
from django.urls import get_resolver

from composer.bodies import refusal
from journeys.models import Journey, Use
from journeys.models.use import TooMuch, count_use, forget_old_uses

KB, MB = 1024, 1024 * 1024
COSTLY = [
    "export/",
    "print/",
    "picture.svg",
    "history/1/",
    "document/",
    "search/?q=a",
    "convert/",
    "key/",
]


def over(what: str, person: User) -> None:
    """As if that person had done it far too often within the last minute."""
    Use.objects.create(person=person, what=what, began=time.time() - 20, count=10_000)


def what_limits(address: str) -> str:
    return get_resolver().resolve(address.partition("?")[0]).func.limited[0]


@pytest.mark.parametrize("page", COSTLY)
def test_it_tells_a_person_who_asks_too_often_how_long_to_wait(
    as_maya: Client, maya, journey: Journey, page: str
):
    address = f"/journeys/{journey.pk}/{page}"
    over(what_limits(address), maya)
    answer = as_maya.get(address)
    assert answer.status_code == 429 and 30 < int(answer["Retry-After"]) <= 41
    assert f"Wait {answer['Retry-After']} seconds" in answer.content.decode()
    assert answer["X-Request-ID"] in answer.content.decode()


@pytest.mark.parametrize("page", ["document/check/", "steps/copy/"])
def test_it_tells_a_fragment_the_sentence_alone(
    as_maya: Client, maya: User, journey: Journey, page: str
):
    address = f"/journeys/{journey.pk}/{page}"
    over(what_limits(address), maya)
    answer = as_maya.post(address, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["Content-Type"]) == (429, "text/plain; charset=utf-8")
    assert b"<" not in answer.content and b"Wait" in answer.content


def test_it_limits_each_person_admins_too_and_nobody_for_the_others(
    as_ada: Client, as_maya, ada: User, journey
):
    over("export", ada)
    address = f"/journeys/{journey.pk}/export/"
    assert [browser.get(address).status_code for browser in (as_ada, as_maya)] == [429, 200]


def test_it_shows_the_import_page_to_whom_it_takes_no_more_files_from(
    as_maya: Client, maya: User, tenant
):
    over("import", maya)
    assert [
        as_maya.get("/journeys/import/").status_code,
        as_maya.post("/journeys/import/").status_code,
    ] == [200, 429]


@pytest.mark.parametrize(
    ("what", "address"), [("export", "/journeys/{}/export/"), ("import", "/journeys/import/")]
)
def test_what_is_refused_leads_back_to_where_it_was_asked_for(
    as_maya: Client, maya: User, journey: Journey, what: str, address: str
):
    over(what, maya)
    there = f"http://testserver/journeys/{journey.pk}/?view=list"
    ask = as_maya.get if what == "export" else as_maya.post
    page = ask(address.format(journey.pk), headers={"Referer": there}).content.decode()
    assert f'href="/journeys/{journey.pk}/?view=list">' in page and "Back to where you were" in page
    elsewhere = ask(
        address.format(journey.pk), headers={"Referer": "https://example.com/x"}
    ).content.decode()
    assert "example.com" not in elsewhere and "To the journeys" in elsewhere


def test_an_upload_that_is_too_large_leads_back_to_its_page(as_maya: Client, tenant):
    there = {"Referer": "http://testserver/journeys/import/"}
    answer = as_maya.post(
        "/journeys/import/", b"-" * (16 * MB + 1), content_type="text/plain", headers=there
    )
    assert answer.status_code == 413 and b'href="/journeys/import/">' in answer.content


def test_it_counts_to_the_limit_and_begins_again_after_a_minute(maya: User):
    for _use in range(3):
        count_use(maya.pk, "work", 3)
    for _use in range(5):  # what is refused makes the wait no longer
        with pytest.raises(TooMuch) as refused:
            count_use(maya.pk, "work", 3)
    assert 55 < refused.value.seconds <= 61 and Use.objects.get().count == 3
    Use.objects.update(began=time.time() - 61)
    count_use(maya.pk, "work", 3)
    assert Use.objects.get().count == 1


def test_it_does_not_wait_for_a_clock_that_was_set_back(maya: User):
    Use.objects.create(person=maya, what="work", began=time.time() + 3600, count=3)
    count_use(maya.pk, "work", 3)


def test_it_counts_with_one_statement(maya: User, django_assert_num_queries):
    with django_assert_num_queries(1):
        count_use(maya.pk, "work", 3)


def test_it_forgets_what_is_long_over(maya: User):
    Use.objects.create(person=maya, what="old", began=time.time() - 2 * 24 * 3600, count=1)
    Use.objects.create(person=maya, what="new", began=time.time(), count=1)
    forget_old_uses()
    assert Use.objects.get().what == "new"


# Bodies


@pytest.fixture
def unread(monkeypatch) -> None:
    """Fails where a body is read."""

    def read(*_arguments: object) -> None:
        raise AssertionError("the body was read")

    monkeypatch.setattr("django.core.handlers.wsgi.LimitedStream.read", read)
    monkeypatch.setattr("django.core.handlers.wsgi.LimitedStream.readline", read)
    monkeypatch.setattr(MemoryFileUploadHandler, "handle_raw_input", read)


def posted(browser: Client, address: str, length: int, **options: object):
    return browser.post(
        address,
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=length,
        **options,
    )


@pytest.mark.parametrize("address", ["/sign-in/", "/journeys/import/", "/nowhere/", "/healthz"])
@pytest.mark.parametrize("cookie", ["", "made-up-session-key-0123456789"])
def test_it_reads_nothing_large_of_who_is_not_signed_in(
    client: Client, db, unread, address: str, cookie: str
):
    client.cookies["sessionid"] = cookie
    answer = posted(client, address, 64 * KB + 1)
    assert answer.status_code == 413 and b"At most 64 KB" in answer.content


@pytest.mark.parametrize(("behind", "left"), [(True, b""), (False, b"-" * 65 * KB)])
def test_it_lets_a_proxy_finish_what_it_sends_before_it_refuses(
    rf, settings, behind: bool, left: bytes
):
    """One that is cut off while it sends answers 502."""
    settings.BEHIND_PROXY = behind
    request = rf.post("/sign-in/", b"-" * 65 * KB, content_type="text/plain")
    request.user = AnonymousUser()
    assert refusal(request).status_code == 413
    assert request.META["wsgi.input"].read() == left


@pytest.mark.parametrize(
    ("length", "refused"), [(64 * KB + 1, False), (16 * MB, False), (16 * MB + 1, True)]
)
def test_it_takes_sixteen_megabytes_of_who_is_signed_in(
    as_maya: Client, tenant, length: int, refused: bool
):
    answer = as_maya.post("/journeys/import/", b"-" * length, content_type="text/plain")
    assert (answer.status_code == 413, b"At most 16 MB" in answer.content) == (refused, refused)


def test_it_writes_no_upload_to_the_disk(as_maya: Client, tenant, monkeypatch):
    def written(*_arguments: object) -> None:
        raise AssertionError("an upload was written to a file")

    monkeypatch.setattr(
        "django.core.files.uploadhandler.TemporaryFileUploadHandler.new_file", written
    )
    file = SimpleUploadedFile("large.json", b"-" * 6 * MB)
    assert (
        b"large.json"
        in as_maya.post("/journeys/import/", {"tenant": tenant.pk, "files": file}).content
    )


def test_it_reads_nothing_that_does_not_tell_its_length(as_maya: Client, unread):
    answer = posted(as_maya, "/journeys/import/", 0, HTTP_TRANSFER_ENCODING="chunked")
    assert answer.status_code == 411 and b"Content-Length" in answer.content
