"""HTTP/1.1 on a socket: one request in, one answer out, in a single send.

Smaller and several times faster than http.server, and each part of an answer can be spoilt on
purpose.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import cached_property
from http import HTTPStatus
from typing import BinaryIO
from urllib.parse import parse_qs, unquote, urlsplit

MAX_LINE = 65_536
MAX_HEADERS = 100
MAX_READ = (
    64 * 1024 * 1024
)  # a larger body is not read to its end; the connection is closed instead
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")


# Made once: json.loads and json.dumps with options build one for each call.
DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


class BadRequest(Exception):
    """What arrived is not HTTP that can be answered in the usual way; the connection ends after
    `status`."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass
class Answer:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def json(self) -> object:
        return json.loads(self.body)


@dataclass
class Request:
    method: str
    target: str
    headers: Mapping[str, str]  # names in lower case
    body: bytes = b""

    @cached_property
    def path(self) -> str:
        """As it was sent, still percent-encoded: an encoded slash in a key is no separator."""
        return urlsplit(self.target).path

    @cached_property
    def query(self) -> dict[str, str]:
        pairs = parse_qs(urlsplit(self.target).query, keep_blank_values=True)
        return {name: values[-1] for name, values in pairs.items()}

    @cached_property
    def document(self) -> object:
        """The body as JSON; raises ValueError when it is none."""
        try:
            value = DECODER.decode(self.body.decode("utf-8-sig"))
        except RecursionError as error:
            raise ValueError("nested too deep") from error
        if SURROGATE.search(
            self.body
        ):  # half a pair cannot be stored as text; encoding it raises a ValueError
            json.dumps(value, ensure_ascii=False).encode()
        return value

    @property
    def is_json(self) -> bool:
        return (
            self.headers.get("content-type", "").split(";")[0].strip().lower() == "application/json"
        )

    @property
    def wants_close(self) -> bool:
        return self.headers.get("connection", "").lower() == "close"


def json_answer(status: int, value: object, headers: dict[str, str] | None = None) -> Answer:
    body = ENCODER.encode(value).encode(errors="replace")
    return Answer(
        status, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    )


def head_of(answer: Answer, close: bool, length: int | None) -> bytes:
    """Status line and headers. Without a length the body ends where the connection does."""
    reason = (
        HTTPStatus(answer.status).phrase
        if answer.status in HTTPStatus._value2member_map_
        else "Unknown"
    )
    lines = [
        f"HTTP/1.1 {answer.status} {reason}",
        "Server: practice-tenant",
        f"Date: {formatdate(usegmt=True)}",
    ]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    lines.append("Connection: close" if close else "Connection: keep-alive")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def read_request(read: BinaryIO, write: BinaryIO) -> Request | None:
    """The next request of a connection; None when the other side has hung up."""
    line = read.readline(MAX_LINE + 1)
    if line in (b"\r\n", b"\n"):  # allowed before a request line
        line = read.readline(MAX_LINE + 1)
    if not line:
        return None
    parts = line.decode("latin-1").split()
    if len(line) > MAX_LINE or len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise BadRequest(400, "This is no HTTP request.")
    headers = _read_headers(read)
    length = _body_length(headers)
    if headers.get("expect", "").lower() == "100-continue":
        write.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = read.read(length)
    if len(body) < length:
        return None  # cut off on the way; nothing of it was carried out
    return Request(parts[0], parts[1], headers, body)


def decoded(segment: str) -> str:
    return unquote(segment, errors="replace")


def _read_headers(read: BinaryIO) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(MAX_HEADERS):
        line = read.readline(MAX_LINE + 1)
        if line in (b"\r\n", b"\n", b""):
            return headers
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or len(line) > MAX_LINE:
            raise BadRequest(400, "A header line has no colon or is too long.")
        headers[name.strip().lower()] = value.strip()
    raise BadRequest(431, "There are too many headers.")


def _body_length(headers: Mapping[str, str]) -> int:
    if "transfer-encoding" in headers:
        raise BadRequest(411, "Send the body with a Content-Length.")
    text = headers.get("content-length", "0")
    if not (text.isascii() and text.isdigit()):
        raise BadRequest(400, "The Content-Length is no number.")
    if int(text) > MAX_READ:
        raise BadRequest(413, "The body is far too large.")
    return int(text)
