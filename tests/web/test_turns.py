"""What is large is worked on in turn: one at a time for a person, and for a process, so that small
edits go through."""

import threading
import time
from contextlib import ExitStack

import pytest
from django.contrib.auth.models import User
from django.core.handlers.wsgi import LimitedStream
from django.db import connection
from django.test import Client

from composer.supervisor.children import web
from journeys import limiting
from journeys.models import Journey, JourneyTemplate, Submission
from journeys.models.use import Running, TooMuch
from tests.people import approved, seal_state

WAIT = {"kind": "activity", "key": "WAITBYDURATION-1", "based_on": 1, "duration": "9"}
ROOM_PLACES = 4


@pytest.fixture
def large(monkeypatch) -> None:
    """Every journey counts as large, and nobody waits long."""
    monkeypatch.setattr(limiting, "LARGE", 1000)
    monkeypatch.setattr(limiting, "LONGEST_WAIT", 0.3)


def working(person: User) -> Running:
    """As if another process worked on something large of theirs."""
    return Running.objects.create(person=person, what="large", until=time.time() + 20)


def save(browser: Client, journey: Journey, **headers: str):
    return browser.post(f"/journeys/{journey.pk}/block/save/", WAIT, headers=headers)


def test_it_tells_a_fragment_in_words_that_it_is_not_its_turn_and_changes_nothing(
    as_maya: Client, maya: User, journey: Journey, large
):
    working(maya)
    answer = save(as_maya, journey, HX_Request="true")
    assert (answer.status_code, answer["Content-Type"]) == (429, "text/plain; charset=utf-8")
    assert f"nothing is lost. Wait {answer['Retry-After']} second" in answer.content.decode()
    assert journey.revisions.count() == 1


def test_it_goes_on_as_soon_as_the_other_work_is_done(
    as_maya: Client, maya: User, journey: Journey, large
):
    row = working(maya)
    assert save(as_maya, journey).status_code == 429
    row.delete()
    assert save(as_maya, journey).status_code == 200
    assert not Running.objects.exists()


def test_it_lets_nobody_wait_for_another_person(
    as_maya: Client, miles: User, journey: Journey, large
):
    working(miles)
    assert save(as_maya, journey).status_code == 200


def test_it_lets_small_journeys_pass_whatever_runs(
    as_maya: Client, maya: User, journey: Journey, monkeypatch
):
    monkeypatch.setattr(limiting, "ROOM", limiting.Room(1))
    working(maya)
    with limiting.ROOM.turn:
        assert save(as_maya, journey).status_code == 200


PAGES = [
    "",
    "?view=json",
    "panel/?kind=journey&based_on=1",
    "list/",
    "problems/",
    "print/",
    "picture.svg",
    "export/",
]
PAGES += [
    "document/",
    "history/1/",
    "submit/",
    "convert/",
    "search/?q=a",
    "path/gaps/?keys=WAITBYDURATION-1",
]


@pytest.mark.parametrize("page", PAGES)
def test_it_opens_large_journeys_in_turn(
    as_maya: Client, maya: User, journey: Journey, large, page: str
):
    working(maya)
    answer = as_maya.get(f"/journeys/{journey.pk}/{page}")
    assert (
        answer.status_code == 429 and "Other large journeys come first" in answer.content.decode()
    )


def test_it_opens_the_review_desk_in_turn(
    as_rob: Client, rob: User, maya: User, journey: Journey, large
):
    review = journey.request_review(maya)
    working(rob)
    assert as_rob.get(f"/admin/journeys/review/{review.pk}/change/").status_code == 429


def test_it_opens_templates_and_pictures_in_turn(
    as_maya: Client, maya: User, journey: Journey, large
):
    document = journey.head.document() | {"description": "long " * 300}
    own = JourneyTemplate.objects.keep(
        document, tenant=journey.tenant, name="Own", description="", by=maya
    )
    working(maya)
    pages = ["/templates/", f"/templates/team/{own.pk}/", f"/journeys/pictures/?of={journey.pk}"]
    assert [as_maya.get(page).status_code for page in pages] == [429, 429, 429]


def test_it_tells_what_came_of_large_journeys_in_turn(
    as_maya: Client, maya: User, rob: User, journey: Journey, large
):
    sent = approved(journey, maya, rob).submit(maya)
    working(maya)
    assert (
        as_maya.get(f"/submissions/{sent.pk}/").status_code == 200
    )  # nothing of it is read before it has ended
    Submission.objects.filter(pk=sent.pk).update(state="refused", answer=b"-" * 2000)
    seal_state(sent)
    assert [
        as_maya.get(f"/submissions/{sent.pk}/{page}").status_code for page in ("", "answer/")
    ] == [429, 429]


@pytest.mark.parametrize("model", ["revision", "submission"])
def test_it_opens_documents_in_the_administration_in_turn(
    as_ada: Client, ada: User, maya: User, rob: User, journey: Journey, large, model: str
):
    row = journey.head if model == "revision" else approved(journey, maya, rob).submit(maya)
    working(ada)
    assert as_ada.get(f"/admin/journeys/{model}/{row.pk}/change/").status_code == 429


def test_it_exports_an_older_large_revision_in_turn(
    as_maya: Client, maya: User, journey: Journey, monkeypatch
):
    was = journey.head.size
    journey.replace(
        {**journey.head.document(), "activities": []}, based_on=1, author=maya, operation="import"
    )
    monkeypatch.setattr(limiting, "LARGE", was)
    monkeypatch.setattr(limiting, "LONGEST_WAIT", 0.3)
    working(maya)
    address = f"/journeys/{journey.pk}/export/"
    assert [as_maya.get(f"{address}{asked}").status_code for asked in ("", "?revision=1")] == [
        200,
        429,
    ]


@pytest.mark.parametrize("page", ["history/", "look-up/email/"])
def test_it_needs_no_turn_where_no_document_is_opened(
    as_maya: Client, maya: User, journey: Journey, large, page: str
):
    working(maya)
    assert as_maya.get(f"/journeys/{journey.pk}/{page}").status_code == 200


def test_it_takes_no_turn_before_what_is_sent_has_come(
    as_maya: Client, maya: User, tenant, large, monkeypatch
):
    """A line may be slow; whoever waits for it must not keep others from their turns."""
    free, read = [], LimitedStream.read

    def noted(stream: LimitedStream, size: int = -1, /) -> bytes:
        free.append((limiting.ROOM.turn.locked(), Running.objects.exists()))
        return read(stream, size)

    monkeypatch.setattr(LimitedStream, "read", noted)
    as_maya.post("/journeys/import/", b"-" * 1000, content_type="text/plain")
    assert free and set(free) == {(False, False)}


def test_it_weighs_what_is_sent(as_maya: Client, maya: User, tenant, large):
    working(maya)
    answer = as_maya.post("/journeys/import/", b"-" * 1000, content_type="text/plain")
    assert answer.status_code == 429


def test_it_gives_its_turn_back_however_a_request_ends(
    as_maya: Client, maya: User, journey: Journey, large
):
    address = f"/journeys/{journey.pk}/"
    ends = [
        as_maya.get(f"{address}history/99/"),
        as_maya.get(f"{address}undo/"),
        as_maya.post(f"{address}undo/"),
    ]
    assert [answer.status_code for answer in ends] == [404, 405, 409]
    assert not Running.objects.exists() and limiting.ROOM.turn.acquire(blocking=False)
    limiting.ROOM.turn.release()


# Of one process


def at_once(room: limiting.Room, people: list[int]) -> list[str]:
    """What became of each, in the order in which they ended: all come while the first one works."""
    ended, begun, all_came = [], threading.Event(), threading.Event()
    monitor: list[int] = []

    def come(person: int) -> None:
        try:
            with room.worked_in(person):
                monitor.append(1)
                begun.set()
                all_came.wait(5)
                ended.append(f"worked, {sum(monitor)} at a time")
                monitor.append(-1)
        except TooMuch:
            ended.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=come, args=(person,)) for person in people]
    threads[0].start()
    assert begun.wait(5)
    for thread in threads[1:]:
        thread.start()
    while sum(thread.is_alive() for thread in threads) > 2:  # one works, one waits
        time.sleep(0.01)
    all_came.set()
    for thread in threads:
        thread.join(10)
    return ended


@pytest.mark.django_db(transaction=True)
def test_it_works_on_one_at_a_time_and_lets_only_half_of_the_threads_wait(people: dict[str, User]):
    keys = [person.pk for person in people.values()]
    ended = at_once(limiting.Room(2), [keys[0], keys[1], keys[2], keys[3]])
    assert ended == ["refused", "refused", "worked, 1 at a time", "worked, 1 at a time"]


@pytest.mark.django_db(transaction=True)
def test_it_works_on_one_of_a_person_at_a_time_in_all_processes(
    people: dict[str, User], maya: User
):
    rooms, together, most = [limiting.Room(2), limiting.Room(2)], [], []

    def come(room: limiting.Room) -> None:
        with room.worked_in(maya.pk):
            together.append(1)
            most.append(sum(together))
            time.sleep(0.2)
            together.append(-1)
        connection.close()

    threads = [threading.Thread(target=come, args=(room,)) for room in rooms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_it_lets_one_persons_many_requests_take_nobodys_place(maya: User, miles: User):
    room, worked, refused = limiting.Room(ROOM_PLACES), [], []

    def come(person: User) -> None:
        try:
            with room.worked_in(person.pk):
                worked.append(person)
        except TooMuch:
            refused.append(person)
        connection.close()

    his = [threading.Thread(target=come, args=(miles,)) for _ in range(10)]
    hers = threading.Thread(target=come, args=(maya,))
    with room.worked_in(miles.pk):
        for thread in his:
            thread.start()
        while (
            sum(thread.is_alive() for thread in his) > limiting.WAITING_OF_ONE and room.free._value
        ):
            time.sleep(0.01)
        hers.start()
        while room.free._value == ROOM_PLACES - 1 and hers.is_alive():
            time.sleep(0.01)
    for thread in [*his, hers]:
        thread.join(20)
    assert (worked.count(maya), refused.count(maya)) == (1, 0)
    assert (worked.count(miles), refused.count(miles)) == (
        limiting.WAITING_OF_ONE,
        10 - limiting.WAITING_OF_ONE,
    )
    assert not room.waiting and room.free._value == ROOM_PLACES


def test_it_keeps_a_thread_for_what_is_small_and_a_waiting_place_for_somebody_else(settings):
    room, held = limiting.Room(ROOM_PLACES), ExitStack()
    with held:
        for person in (1, 1, 2):
            held.enter_context(room._waiting(person))
        assert room.waiting.total() + ROOM_PLACES < settings.WEB_THREADS
        with pytest.raises(TooMuch):
            held.enter_context(room._waiting(3))
    with held:
        for person in (1, 2):
            held.enter_context(room._waiting(person))
        with pytest.raises(TooMuch):  # the last one is for a third person
            held.enter_context(room._waiting(1))
        held.enter_context(room._waiting(3))


def test_it_has_a_turn_for_four_people_at_once_in_one_process():
    assert limiting.ROOM.free._initial_value == ROOM_PLACES
    assert (
        limiting.LONGEST_WAIT > (ROOM_PLACES - 1) * 8
    )  # seconds that one of 8,000 steps takes on a busy machine


def test_it_lets_as_many_wait_as_half_of_the_web_server_has_threads(settings):
    from composer import rsgi

    assert rsgi.THREADS._max_workers == settings.WEB_THREADS == 2 * ROOM_PLACES
    assert "composer.rsgi:application" in web().command
