"""The server: connections on loopback, each in its own thread, until it is stopped."""

import gc
import http.client
import ipaddress
import json
import socket
import socketserver
import threading
import traceback
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from journeys.practice import control, faults
from journeys.practice.exchange import Exchange
from journeys.practice.state import State
from journeys.practice.store import Store
from journeys.practice.wire import Answer, BadRequest, Request, head_of, json_answer, read_request


class PracticeServer:
    """A practice tenant on `host` (loopback only, else ValueError) and `port` (0 takes a free one).

    `state_path` is the SQLite file that outlives it; None keeps everything in memory. The port is
    bound at once (OSError when it is in use); requests are answered between `start` and `stop`.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        state_path: str | Path | None = None,
        log: Callable[[str], None] | None = None,
    ) -> None:
        require_loopback(host)
        self.listener = _Listener(host, port, log or (lambda text: None))
        try:
            self.state = State(Store(state_path))
        except BaseException:
            self.listener.server_close()
            raise
        self.listener.state = self.state
        self.host, self.port = host, self.listener.server_address[1]

    @property
    def url(self) -> str:
        """Without a slash at the end."""
        return (
            f"http://[{self.host}]:{self.port}"
            if ":" in self.host
            else f"http://{self.host}:{self.port}"
        )

    def start(self) -> "PracticeServer":
        self.listener.running = True
        threading.Thread(target=self.run, name="practice-tenant", daemon=True).start()
        return self

    def run(self) -> None:
        self.listener.running = True
        self.listener.serve_forever(poll_interval=0.02)

    def stop(self) -> None:
        """Open connections are cut. Not started or stopped twice is no error."""
        if self.state.stopping.is_set():
            return
        self.state.stopping.set()
        self.listener.stop()
        self.state.store.close()

    def control(self, name: str, change: dict | None = None, **query: object) -> object:
        """Asks a control route over HTTP: `control("faults", {...})` posts, `control("requests",
        key="k")` gets.

        The JSON answer, or bytes for "bodies"; ValueError for a refusal.
        """
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        target = f"/control/{name}" + (f"?{urlencode(query)}" if query else "")
        with closing(connection):
            if change is None:
                connection.request("GET", target)
            else:
                connection.request(
                    "POST", target, json.dumps(change), {"Content-Type": "application/json"}
                )
            response = connection.getresponse()
            body = response.read()
        if response.status != 200:
            raise ValueError(body.decode())
        return body if name == "bodies" else json.loads(body)

    def __enter__(self) -> "PracticeServer":
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()


def serve(
    host: str, port: int, state_path: str | Path | None, log: Callable[[str], None] = print
) -> None:
    """Answers until interrupted. ValueError for a host that is not loopback, OSError for a port in
    use."""
    gc.set_threshold(
        50_000, 20, 100
    )  # a journey is a thousand small dicts and no cycle; saves a sixth of the time
    server = PracticeServer(host, port, state_path, log)
    log(f"The practice tenant answers on {server.url}")
    try:
        server.run()
    except KeyboardInterrupt:
        log("The practice tenant stops.")
    finally:
        server.stop()


def require_loopback(host: str) -> None:
    if not is_loopback(host):
        raise ValueError(
            f"The practice tenant listens on this machine only; “{host}” is not a loopback address."
        )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, log: Callable[[str], None]) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.state: State
        self.log = log
        self._open: set[socket.socket] = set()
        self.running = False  # or about to; shutdown() waits for the loop only when there is one
        super().__init__((host, port), _Connection)

    def stop(self) -> None:
        if self.running:
            self.shutdown()
        self.server_close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def process_request(self, request: socket.socket, client_address: object) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:
        """Without the usual shutdown(), which would turn a reset into a proper end."""
        self._open.discard(request)
        request.close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Reached only by what `_Connection` does not expect."""
        self.log(traceback.format_exc())


class _Connection(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    rbufsize = 64 * 1024
    server: _Listener

    def handle(self) -> None:
        with suppress(OSError):  # the other side hung up
            try:
                while self._one():
                    pass
            except BadRequest as problem:
                answer = json_answer(problem.status, {"message": str(problem)})
                self.connection.sendall(head_of(answer, True, len(answer.body)) + answer.body)

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()

    def _one(self) -> bool:
        """Answers one request; False when the connection is to end."""
        request = read_request(self.rfile, self.wfile)
        if request is None:
            return False
        answer = self._outside(request)
        if answer:
            self.connection.sendall(
                head_of(answer, request.wants_close, len(answer.body)) + answer.body
            )
            return not request.wants_close
        exchange = Exchange(self.server.state, request, self.connection)
        self._answer(exchange)
        return exchange.open

    def _outside(self, request: Request) -> Answer | None:
        """The answer to what never reaches the tenant: foreign hosts and the control routes."""
        host = request.headers.get("host", "")
        if not _names_loopback(host):
            # A page of another site whose name was made to lead here sends that site's name.
            return json_answer(
                421, {"message": "The practice tenant answers to this machine's own names only."}
            )
        if request.path.startswith("/control/"):
            return control.answer(self.server.state, request)
        return None

    def _answer(self, exchange: Exchange) -> None:
        try:
            fault = self.server.state.faults.take(
                exchange.route, exchange.request.method, exchange.key
            )
            if fault is None:
                exchange.send(exchange.act())
                return
            exchange.arrival.fault = fault.kind
            faults.meet(fault, exchange)
        except OSError:
            raise
        except Exception:  # noqa: BLE001 a stand-in that dies of a strange request would hide what the request did
            exchange.open = False
            if self.server.state.stopping.is_set():
                return
            self.server.log(traceback.format_exc())
            exchange.send(
                json_answer(500, {"message": "The practice tenant failed; its log says why."})
            )


def _names_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    return name is not None and is_loopback(name)
