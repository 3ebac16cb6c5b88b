"""A bad server or network: never held longer than the deadline, never fed more than the cap."""

import contextlib
import gc
import gzip
import os
import select
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from journeys.explaining import sentence
from journeys.tenant import NotSent, Unclear, clock, names
from journeys.tenant.wire import Fault, Wire, prepare
from tests.tenant.helping import BODY, JOURNEY, client, token
from tests.tenant.server import answer, drip, hang, reset, serve

WHOLE = answer(200, JOURNEY)
CHUNKED = {"Content_Length": "", "Transfer_Encoding": "chunked"}


def create(server, timeout: float = 3.0):
    return client(server.url, timeout).create_interaction(BODY, token(server.url))


@pytest.mark.parametrize(
    "say",
    [
        hang,
        drip(WHOLE),
        drip(b"HTTP/1.1 200 OK\r\n" + b"X-More: 1\r\n" * 50),
        drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 50, 0.005),
        lambda connection, stop: (
            connection.sendall(WHOLE[:-90]),
            drip(WHOLE[-90:])(connection, stop),
        ),
        lambda connection, stop: (
            connection.sendall(answer(200, b"", **CHUNKED)),
            drip(b"1\r\n \r\n" * 50)(connection, stop),
        ),
    ],
    ids=["silent", "all", "headers", "continue", "body", "chunks"],
)
def test_no_server_can_hold_the_exchange_beyond_its_deadline(say):
    gc.collect()  # what earlier tests left to be closed
    threads, files = threading.active_count(), len(os.listdir("/dev/fd"))
    with serve(say) as server:
        one = client(server.url, 0.3)
        with pytest.raises(Unclear) as caught:
            one.create_interaction(BODY, token(server.url))
    assert caught.value.reason == "timeout"
    assert (threading.active_count(), len(os.listdir("/dev/fd"))) == (threads, files)


def test_the_deadline_is_for_the_whole_and_not_for_each_read():
    with serve(drip(WHOLE)) as server:
        wire = Wire(1.0)
        outcome = wire.exchange(prepare("GET", server.url, "/", {}, None), 0.3, 1000)
    assert outcome == Fault(True, "timeout", outcome.elapsed) and 0.29 < outcome.elapsed < 1.5


def test_a_server_that_does_not_read_cannot_hold_the_exchange():
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(Unclear) as caught:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        client(url, 0.3).create_interaction(b" " * 20_000_000, token(url), "welcome")
    assert caught.value.reason == "timeout"


def test_a_large_journey_may_take_longer_to_send_than_a_connection_to_open():
    request = prepare("POST", "", "/", {"Content-Length": "8000000"}, b" " * 8_000_000)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        request.url = request.origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        outcomes = []
        sending = threading.Thread(
            target=lambda: outcomes.append(Wire(0.1).exchange(request, 5.0, 1000))
        )
        sending.start()
        connection, _ = listener.accept()
        sending.join(0.4)
        with connection:
            while (part := connection.recv(1 << 20)) and (
                part[-1:] != b" " or _more_comes(connection)
            ):
                pass
            connection.sendall(answer(200, {}))
            sending.join(5)
    assert outcomes[0].status == 200


@pytest.mark.parametrize(
    "say", [reset, b"HTTP/1.1 2", b"\x16\x03\x01nonsense\r\n\r\n", b"SSH-2.0-x\r\n"]
)
def test_a_cut_or_senseless_answer_is_unclear(say):
    with serve(say, then_close=True) as server, pytest.raises(Unclear) as caught:
        create(server)
    assert "may have been created" in sentence(caught.value)


@pytest.mark.parametrize(
    ("say", "reason"),
    [
        (answer(200, JOURNEY, Content_Length="5000"), "truncated"),
        (answer(200, JOURNEY, Content_Length=""), "unframed"),
        (answer(200, b'5\r\n{"a":\r\n', **CHUNKED), "truncated"),
        (answer(200, b" " * 100, Content_Length=str(9 * 1024 * 1024)), "oversize"),
        (answer(400, {"message": "No.", "errorcode": 10005}, Content_Length="5000"), "truncated"),
    ],
)
def test_an_answer_that_is_not_whole_is_unclear(say, reason):
    with serve(say, then_close=True) as server, pytest.raises(Unclear) as caught:
        create(server)
    assert caught.value.reason == reason


def test_an_endless_answer_is_read_up_to_the_cap_only():
    def pour(connection, stop):
        connection.sendall(answer(200, b"", **CHUNKED))
        for _ in range(4000):
            connection.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")

    with serve(pour) as server:
        outcome = Wire(1.0).exchange(prepare("GET", server.url, "/", {}, None), 5.0, 200_000)
    assert (outcome.flaw, len(outcome.body)) == ("oversize", 200_001)


def test_an_echo_of_four_megabytes_is_read_whole():
    journey = {**JOURNEY, "description": "x" * 4 * 1024 * 1024}
    with serve(answer(200, journey)) as server:
        assert create(server).json == journey


def test_a_compressed_answer_is_never_unpacked():
    bomb = gzip.compress(b" " * 10_000_000)
    with (
        serve(answer(200, bomb, Content_Encoding="gzip")) as server,
        pytest.raises(Unclear) as caught,
    ):
        create(server)
    assert caught.value.answer.body == bomb and caught.value.flaw == "compressed"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status):
    with (
        serve(WHOLE) as evil,
        serve(answer(status, b"", Location=f"{evil.url}/interaction/v1/interactions")) as server,
    ):
        with pytest.raises(Unclear) as caught:
            create(server)
    assert (caught.value.reason, evil.connections, len(server.requests)) == ("redirect", 0, 1)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Log in</html>",
        b"",
        b"null",
        b"[]",
        b'{"id":',
        b"\xff\xfe{}",
        b'{"a":NaN}',
        b"[" * 100_000,
        b"1" * 5000,
    ],
)
def test_a_2xx_that_is_no_json_object_is_unclear(body):
    with serve(answer(200, body)) as server, pytest.raises(Unclear) as caught:
        create(server)
    assert caught.value.reason == "not_json"


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("id", None),
        ("id", ""),
        ("id", 17),
        ("id", "x" * 1_000_000),
        ("id", "a\0b"),
        ("status", None),
        ("status", {}),
        ("definitionId", False),
        ("key", "another"),
        ("key", None),
        ("key", "Welcome"),
    ],
)
def test_a_2xx_about_something_else_is_unclear(member, value):
    with serve(answer(200, {**JOURNEY, member: value})) as server, pytest.raises(Unclear) as caught:
        create(server)
    assert caught.value.reason == "wrong_answer"


def test_a_refused_connection_sent_nothing():
    with serve(b"") as server:
        url = server.url
    with pytest.raises(NotSent) as caught:
        client(url).create_interaction(BODY, token(url))
    assert caught.value.reason == "refused" and "created" not in sentence(caught.value)


def test_a_name_that_nobody_knows_sent_nothing():
    request = prepare(
        "POST", "https://nobody.invalid", "/", {"Content-Length": str(len(BODY))}, BODY
    )
    assert Wire(1.0).exchange(request, 5.0, 1000).sent is False


def let_look_ups_end() -> None:
    """Else the next test waits for the one of this name that is still under way."""
    for thread in threading.enumerate():
        if thread.name == "name-look-up":
            thread.join(5)


def opened_after(seconds: float, deadline: float) -> tuple[Fault, float]:
    request, began = (
        prepare("POST", "http://nobody.invalid", "/", {"Content-Length": str(len(BODY))}, BODY),
        clock(),
    )
    return Wire(seconds).exchange(request, deadline, 1000), clock() - began


def test_a_name_that_is_looked_up_for_ever_holds_nobody(monkeypatch: pytest.MonkeyPatch):
    """Neither those who wait, nor one thread for each of them."""
    hung, asked = threading.Event(), []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *words: (asked.append(words), hung.wait(20)))
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(opened_after, [5.0] * 4, [0.3] * 4))
    hung.set()
    let_look_ups_end()
    assert [(fault.sent, fault.reason) for fault, _took in outcomes] == [(False, "dns")] * 4
    assert max(took for _fault, took in outcomes) < 2 and len(asked) == 1


def test_no_more_than_so_many_names_are_looked_up_at_a_time(monkeypatch: pytest.MonkeyPatch):
    hung = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *words: hung.wait(20) and [])
    monkeypatch.setattr(names, "MOST", 2)
    for host, seconds in (("a.invalid", 0.05), ("b.invalid", 0.05), ("c.invalid", 20)):
        with pytest.raises(socket.gaierror):
            names.addresses_of(host, 443, seconds)
    hung.set()
    let_look_ups_end()


@pytest.fixture
def silent() -> Iterator[list[tuple]]:
    """Addresses whose queue of connections is full, so that the system answers no further one."""
    with contextlib.ExitStack() as opened:
        found = []
        for _number in range(6):
            listener = opened.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
            for _time in range(3):
                waiting = opened.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex(listener.getsockname())
            found.append((socket.AF_INET, socket.SOCK_STREAM, 6, "", listener.getsockname()))
        yield found


def test_many_silent_addresses_share_the_time(monkeypatch: pytest.MonkeyPatch, silent: list[tuple]):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *words: silent)
    fault, took = opened_after(0.4, 1.0)
    assert (fault.sent, fault.reason) == (False, "timeout") and 0.9 < took < 2


def test_the_next_address_is_tried_when_one_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, silent: list[tuple]
):
    with serve(WHOLE) as server:
        good = (*silent[0][:4], ("127.0.0.1", server.port))
        monkeypatch.setattr(socket, "getaddrinfo", lambda *words: [silent[0], good])
        answered, took = opened_after(0.2, 5.0)
    assert answered.status == 200 and 0.2 <= took < 3


def test_a_line_that_goes_dead_in_an_answer_is_given_up_before_the_deadline():
    def half(connection: socket.socket, stop: threading.Event) -> None:
        connection.sendall(WHOLE[:-90])
        stop.wait(10)

    with serve(half) as server, pytest.raises(Unclear) as caught:
        began = clock()
        client(server.url, 9.0, idle_timeout=0.2).create_interaction(BODY, token(server.url))
    assert caught.value.reason == "timeout" and clock() - began < 5


def test_a_tenant_may_think_for_longer_than_an_answer_may_pause():
    def late(connection: socket.socket, stop: threading.Event) -> None:
        stop.wait(0.5)
        connection.sendall(WHOLE)

    with serve(late) as server:
        assert (
            client(server.url, 9.0, idle_timeout=0.1)
            .create_interaction(BODY, token(server.url))
            .status
            == 200
        )


def test_a_header_that_cannot_be_sent_sent_nothing():
    with serve(WHOLE) as server:
        outcome = Wire(1.0).exchange(
            prepare("GET", server.url, "/", {"X-A": "a\r\nX-B: b"}, None), 1.0, 1000
        )
    assert outcome.sent is False and server.requests == []


def test_errors_carry_no_secret_whichever_way_they_are_looked_at():
    with serve(reset) as server, pytest.raises(Unclear) as caught:
        create(server)
    error = caught.value
    assert error.__cause__ is None and error.__context__ is None
    assert "t0ken-value" not in repr(vars(error))


def test_a_forked_child_opens_its_own_connection():
    with serve(WHOLE) as server:
        one = client(server.url)
        one.create_interaction(BODY, token(server.url))
        child = os.fork()
        if child == 0:
            one.create_interaction(BODY, token(server.url))
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        one.create_interaction(BODY, token(server.url))
    assert server.connections == 2


def _more_comes(connection: socket.socket) -> bool:
    return bool(select.select([connection], [], [], 0.2)[0])
