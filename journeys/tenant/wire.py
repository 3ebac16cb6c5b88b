"""One exchange with one host: bytes out, bytes in, with a deadline for the whole of it.

`requests` and urllib3 count a time-out per read, so a server that drips headers or body holds them
for as long as it likes. Here every read and every write is given what is left until the deadline.
Because the connection is our own it also knows whether a byte was handed to the network, which
decides between "nothing left" and "may have been done".

The adapter is used without a Session on purpose: proxies from the environment, ~/.netrc, cookies
and redirects are all the Session's doing.
"""

import http.client
import io
import json
import os
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from .names import addresses_of

SEND_SIZE = (
    16 * 1024
)  # one TLS record: a larger write would get the remaining time anew for each record
# seconds; a kept connection that was idle for longer may be closed by the server as it is used
IDLE_LIMIT = 15.0
CONNECTIONS = 64  # kept per host and process

NAT64 = IPv6Network("64:ff9b::/96")

here = threading.local()  # .exchange is the one that this thread is in


def clock() -> float:
    """Seconds; where the system has such a clock it also runs while the machine sleeps."""
    return (
        time.clock_gettime(time.CLOCK_BOOTTIME)
        if hasattr(time, "CLOCK_BOOTTIME")
        else time.monotonic()
    )


@dataclass(frozen=True)
class Answer:
    """What came back. `headers` have lower-case names, `elapsed` is in seconds.

    `flaw` is "" for a whole answer, else "oversize", "truncated" (fewer bytes than announced) or
    "unframed" (neither a length nor chunks, so that a cut would go unseen).
    """

    status: int
    headers: dict[str, str]
    body: bytes
    elapsed: float = 0.0
    flaw: str = ""

    @cached_property
    def json(self) -> object:
        """The JSON value; None when the body is none. NaN, odd encodings and absurd nesting are no
        JSON."""
        try:
            return json.loads(self.body.decode("utf-8-sig"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True)
class Fault:
    """No answer. `sent` is False only when not one byte of the request was handed to the network.

    `reason` is "dns", "refused", "tls", "connect", "timeout", "reset" or "network".
    """

    sent: bool
    reason: str
    elapsed: float = 0.0


class Exchange:
    """`idle`: how long an answer that has begun may pause, in seconds."""

    __slots__ = ("deadline", "idle", "is_answered", "public_only", "sent", "started")

    def __init__(self, seconds: float, idle: float, public_only: bool = False) -> None:
        self.started, self.idle, self.public_only = clock(), idle, public_only
        self.deadline = self.started + seconds
        self.sent = self.is_answered = False

    def remaining(self) -> float:
        left = self.deadline - clock()
        if left <= 0:
            raise TimeoutError("The time for the whole exchange is over.")
        return left

    def until_next_byte(self) -> float:
        """The tenant may think for as long as there is time; once it speaks, silence means that the
        line is dead."""
        return min(self.remaining(), self.idle) if self.is_answered else self.remaining()

    def is_over(self) -> bool:
        return clock() >= self.deadline

    def elapsed(self) -> float:
        return clock() - self.started


class DeadlineReader(io.RawIOBase):
    """Reads from a socket; each read may take what is left of the exchange, or of a pause."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        super().__init__()
        self.raw, self.sock, self.exchange = raw, sock, here.exchange

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:
        self.sock.settimeout(self.exchange.until_next_byte())
        count = self.raw.readinto(buffer)
        self.exchange.is_answered = True
        return count

    def close(self) -> None:
        self.raw.close()  # the socket counts its files; without this the connection would stay open
        super().close()


class DeadlineResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args, **kwargs) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(DeadlineReader(self.fp.detach(), sock))


class DeadlineWrites:
    """Shared by the plain and the TLS connection."""

    response_class = DeadlineResponse
    idle_since = 0.0

    def _new_conn(self) -> socket.socket:
        """`self.timeout` is for each address; name, addresses and the TLS handshake share what is
        left of the time.

        What was looked at is connected to: a name that leads elsewhere a moment later does no harm.
        """
        exchange = here.exchange
        failed = OSError("The name leads to no address.")
        for family, kind, protocol, _name, address in addresses_of(
            self._dns_host, self.port, exchange.remaining()
        ):
            exchange.remaining()
            if exchange.public_only and not is_public(address[0]):
                failed = OSError(
                    f"The name leads to {address[0]}, which is not on the public internet."
                )
                continue
            try:
                return self._connected(socket.socket(family, kind, protocol), address, exchange)
            except OSError as error:
                failed = error
        raise failed

    def _connected(self, sock: socket.socket, address: tuple, exchange: Exchange) -> socket.socket:
        try:
            for option in self.socket_options or ():
                sock.setsockopt(*option)
            sock.settimeout(min(self.timeout, exchange.remaining()))
            sock.connect(address)
            sock.settimeout(min(self.timeout, exchange.remaining()))  # of the handshake
        except BaseException:
            sock.close()
            raise
        return sock

    def send(self, data: bytes) -> None:
        if self.sock is None:
            self.connect()
        exchange, view = here.exchange, memoryview(data)
        for start in range(0, len(view), SEND_SIZE):
            self.sock.settimeout(exchange.remaining())
            exchange.sent = True
            self.sock.sendall(view[start : start + SEND_SIZE])


class PlainConnection(DeadlineWrites, HTTPConnection):
    pass


class TlsConnection(DeadlineWrites, HTTPSConnection):
    pass


class FreshConnections:
    """Closes what was idle for too long. What the server has closed already, urllib3 sees by
    itself."""

    def _put_conn(self, conn: HTTPConnection | None) -> None:
        if conn is not None:
            conn.idle_since = clock()
        super()._put_conn(conn)

    def _get_conn(self, timeout: float | None = None) -> HTTPConnection:
        conn = super()._get_conn(timeout)
        if conn.sock is not None and clock() - conn.idle_since > IDLE_LIMIT:
            conn.close()
        return conn


class PlainPool(FreshConnections, HTTPConnectionPool):
    ConnectionCls = PlainConnection


class TlsPool(FreshConnections, HTTPSConnectionPool):
    ConnectionCls = TlsConnection


class Adapter(HTTPAdapter):
    """requests' own adapter with the connections of this module; the answer is left as urllib3
    gives it."""

    def __init__(self) -> None:
        self.pools: dict[str, HTTPConnectionPool] = {}
        super().__init__(pool_connections=8, pool_maxsize=CONNECTIONS, max_retries=0)

    def init_poolmanager(self, *args, **kwargs) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}

    def get_connection_with_tls_context(
        self, request, verify, proxies=None, cert=None
    ) -> HTTPConnectionPool:
        """The pool of the request's origin. To work it out anew costs a tenth of a small
        exchange."""
        pool = self.pools.get(request.origin)
        if pool is None:
            pool = super().get_connection_with_tls_context(
                request, verify, proxies=proxies, cert=cert
            )
            self.pools[request.origin] = pool
        return pool

    def build_response(self, request, response) -> urllib3.BaseHTTPResponse:
        return response


class Wire:
    """Kept connections for any number of threads. A forked child opens its own.

    `idle_timeout`: seconds that an answer may pause once it has begun. `public_only`: no address of
    a private network is connected to, whatever name leads there.
    """

    def __init__(
        self,
        connect_timeout: float = 5.0,
        verify: bool | str = True,
        idle_timeout: float = 30.0,
        *,
        public_only: bool = False,
    ) -> None:
        self.public_only = public_only
        self.connect_timeout, self.verify, self.idle_timeout = connect_timeout, verify, idle_timeout
        self.adapter, self.pid = Adapter(), os.getpid()

    def exchange(
        self, request: requests.PreparedRequest, seconds: float, cap: int
    ) -> Answer | Fault:
        """Never raises for what network or server do. `seconds` holds for the whole exchange, `cap`
        is in bytes."""
        if self.pid != os.getpid():
            self.adapter, self.pid = Adapter(), os.getpid()
        exchange = here.exchange = Exchange(seconds, self.idle_timeout, self.public_only)
        try:
            return self._exchange(request, exchange, cap)
        except (
            urllib3.exceptions.HTTPError,
            http.client.HTTPException,
            OSError,
            ValueError,
        ) as error:
            return Fault(exchange.sent, _reason(error, exchange), exchange.elapsed())

    def close(self) -> None:
        self.adapter.close()

    def _exchange(self, request: requests.PreparedRequest, exchange: Exchange, cap: int) -> Answer:
        timeout = (self.connect_timeout, seconds_left(exchange))
        raw = self.adapter.send(
            request, stream=True, timeout=timeout, verify=self.verify, proxies={}
        )
        try:
            body, flaw = _read(raw, cap)
        except BaseException:
            raw.close()
            raise
        if flaw:
            raw.close()
        headers = {name.lower(): value for name, value in raw.headers.items()}
        return Answer(raw.status, headers, body, exchange.elapsed(), flaw)


def seconds_left(exchange: Exchange) -> float:
    return max(exchange.deadline - clock(), 0.001)


def prepare(
    method: str, origin: str, path: str, headers: dict[str, str], body: bytes | None
) -> requests.PreparedRequest:
    """A request whose parts are already as they go out; Session.prepare_request would take as long
    as the exchange."""
    request = requests.PreparedRequest()
    request.method, request.url, request.origin = method, origin + path, origin
    request.headers, request.body, request.hooks = headers, body, {}
    return request


def _read(raw: urllib3.BaseHTTPResponse, cap: int) -> tuple[bytes, str]:
    """The body as it came, never decompressed, and its flaw."""
    if (raw.length_remaining or 0) > cap:
        return b"", "oversize"
    parts, left = [], cap + 1
    try:
        while left and (part := raw.read(left, decode_content=False)):
            parts.append(part)
            left -= len(part)
    except urllib3.exceptions.ProtocolError:  # the connection ended before the body did
        return b"".join(parts), "truncated"
    if not left:
        return b"".join(parts), "oversize"
    return b"".join(parts), "" if _is_framed(raw) else "unframed"


def _is_framed(raw: urllib3.BaseHTTPResponse) -> bool:
    if raw.status in (204, 304) or "content-length" in raw.headers:
        return True
    return "chunked" in raw.headers.get("transfer-encoding", "").lower()


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet: not private, loopback, link-local, reserved
    or of a group."""
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo and parsed.teredo[1])
        if inner:
            return parsed.ipv4_mapped is not None and inner.is_global and not inner.is_multicast
        if parsed in NAT64:
            return is_public(str(IPv4Address(int(parsed) & 0xFFFFFFFF)))
    return parsed.is_global and not parsed.is_multicast


def _reason(error: BaseException, exchange: Exchange) -> str:
    chain = list(_chain(error))
    if any(
        isinstance(one, urllib3.exceptions.NameResolutionError | socket.gaierror) for one in chain
    ):
        return "dns"
    if any(isinstance(one, ssl.SSLError | urllib3.exceptions.SSLError) for one in chain):
        return "tls"
    if exchange.is_over():
        return "timeout"
    if any(isinstance(one, ConnectionRefusedError) for one in chain):
        return "refused"
    if any(isinstance(one, TimeoutError | urllib3.exceptions.TimeoutError) for one in chain):
        return "timeout" if exchange.sent else "connect"
    if exchange.sent:
        return "reset"
    return "network"


def _chain(error: BaseException | None):
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
