"""Host names to addresses, within a time: the system's own look-up knows none, and can hang for
minutes."""

import os
import socket
import threading
from concurrent.futures import Future

from urllib3.util.connection import allowed_gai_family

MOST = 128  # names that are looked up at a time, each by one thread, however many wait for it

Asked = tuple[int, str, int]  # a process, because a forked one has no such thread; a host, a port

under_way: dict[Asked, Future] = {}
lock = threading.Lock()


def addresses_of(host: str, port: int, seconds: float) -> list[tuple]:
    """What `getaddrinfo` gives. Raises gaierror, also when the time is over; what comes later is
    thrown away."""
    try:
        return _asked(host, port).result(timeout=seconds)
    except TimeoutError:
        raise socket.gaierror(socket.EAI_AGAIN, "The name was not found in time.") from None


def _asked(host: str, port: int) -> Future:
    asked = (os.getpid(), host, port)
    with lock:
        if asked in under_way:
            return under_way[asked]
        if len(under_way) >= MOST:
            raise socket.gaierror(socket.EAI_AGAIN, "No name is found at the moment.")
        future = Future()
        threading.Thread(
            target=_look_up, args=(asked, future), name="name-look-up", daemon=True
        ).start()
        under_way[asked] = future
        return future


def _look_up(asked: Asked, found: Future) -> None:
    _process, host, port = asked
    try:
        answer, error = (
            socket.getaddrinfo(host, port, allowed_gai_family(), socket.SOCK_STREAM),
            None,
        )
    except Exception as caught:  # noqa: BLE001 whatever it is, it is for those who wait
        answer, error = None, caught
    with lock:
        del under_way[asked]
    found.set_exception(error) if error else found.set_result(answer)
