"""A server that says exactly what a test tells it to, byte by byte, over real sockets."""

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Server:
    port: int
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def answer(status: int, body: object = b"", **headers: str) -> bytes:
    """A whole answer; a body that is not bytes is written as JSON. An empty header is left out."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"Content-Type": "application/json", "Content-Length": str(len(data))}
    given.update({name.replace("_", "-"): value for name, value in headers.items()})
    lines = [
        f"HTTP/1.1 {status} Said",
        *(f"{name}: {value}" for name, value in given.items() if value),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + data


def drip(data: bytes, seconds: float = 0.05) -> Callable[[socket.socket, threading.Event], None]:
    """Says the first bytes one at a time, each well within any time-out for a read."""

    def say(connection: socket.socket, stop: threading.Event) -> None:
        for index in range(len(data)):
            if stop.wait(seconds):
                return
            connection.sendall(data[index : index + 1])

    return say


def hang(connection: socket.socket, stop: threading.Event) -> None:
    stop.wait(10)


def reset(connection: socket.socket, stop: threading.Event) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@contextlib.contextmanager
def serve(*says, tls: ssl.SSLContext | None = None, then_close: bool = False) -> Iterator[Server]:
    """Gives the says in turn, one per request, and the last for ever. A say is bytes or a function
    of the socket."""
    listener = socket.create_server(("127.0.0.1", 0))
    server, stop, lock = Server(listener.getsockname()[1]), threading.Event(), threading.Lock()
    opened, threads = [], []

    def talk(plain: socket.socket) -> None:
        with contextlib.suppress(OSError), plain:
            if not tls:
                return listen(plain)
            with tls.wrap_socket(plain, server_side=True) as connection:
                listen(connection)

    def listen(connection: socket.socket) -> None:
        while request := _read(connection):
            with lock:
                say = says[min(len(server.requests), len(says) - 1)]
                server.requests.append(request)
            if callable(say):
                return say(connection, stop)
            connection.sendall(say)
            if then_close:
                return

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                server.connections += 1
                opened.append(connection)
                threads.append(threading.Thread(target=talk, args=(connection,), daemon=True))
                threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield server
    finally:
        stop.set()
        for one in (listener, *opened):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in (accepting, *threads):
            thread.join(2)


def _read(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (
            int(line[15:])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ),
        0,
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
