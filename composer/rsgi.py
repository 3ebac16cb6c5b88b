"""What the web server calls: the WSGI application in threads, which no slow line holds.

A body is waited for before a thread is taken, and no longer than LONGEST_BODY_SECONDS; a large one
only where somebody is signed in who does not send others already. Why one is not there stands in
the environment, for `composer.bodies`.

granian's own WSGI waits for a body in the thread that asks for it, for as long as it takes: eight
people who send a byte now and then would keep everybody from everything.
"""

import asyncio
import io
import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from django.conf import settings

from composer import bodies
from composer.wsgi import application as django

AT_ONCE = (
    1024 * 1024
)  # bytes of an answer that are the server's at once: a slow reader holds no thread, either
LARGE_OF_ONE, LARGE_OF_ALL = (
    2,
    8,
)  # large bodies that one person, and everybody, sends at a time to this process
THREADS = ThreadPoolExecutor(settings.WEB_THREADS, thread_name_prefix="web")
sending: Counter[int] = Counter()  # large bodies, by person; of the event loop alone


async def application(scope, protocol) -> None:
    if scope.proto != "http":
        return
    loop, environ = asyncio.get_running_loop(), environ_of(scope)
    environ["wsgi.input"] = io.BytesIO()
    length = bodies.told(environ)
    if 0 < length <= settings.LARGEST_BODY_OF_STRANGERS:
        await take_in(environ, protocol)
    elif 0 < length <= settings.LARGEST_BODY:
        person = await loop.run_in_executor(THREADS, bodies.sender, environ)
        await take_in_large(environ, protocol, person)
    await loop.run_in_executor(THREADS, answer, environ, protocol, loop)


async def take_in_large(environ: dict, protocol, person: int | None) -> None:
    if person is None:
        if settings.BEHIND_PROXY:
            await let_go(protocol)
        return
    if sending[person] >= LARGE_OF_ONE or sending.total() >= LARGE_OF_ALL:
        environ[bodies.MISSING] = bodies.MANY
        return
    sending[person] += 1
    try:
        await take_in(environ, protocol)
    finally:
        sending[person] -= 1


async def take_in(environ: dict, protocol) -> None:
    try:
        async with asyncio.timeout(settings.LONGEST_BODY_SECONDS):
            environ["wsgi.input"] = io.BytesIO(await protocol())
    except TimeoutError:
        environ[bodies.MISSING] = bodies.LATE
    except Exception:  # noqa: BLE001 of the server's own kinds of error: the line was cut
        environ[bodies.MISSING] = bodies.CUT


async def let_go(protocol) -> None:
    """Keeps nothing of what a proxy has ready: one that is cut off while it sends answers 502
    instead."""
    try:
        async with asyncio.timeout(settings.LONGEST_BODY_SECONDS):
            async for _part in protocol:
                pass
    except Exception:  # noqa: BLE001 too slow, or cut: it is refused either way
        return


def environ_of(scope) -> dict:
    """PEP 3333. A name with an underline is none: it would stand for one with a hyphen, which a
    proxy sets."""
    server, _colon, port = scope.server.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.authority:
        environ["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        between = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
    return environ


def answer(environ: dict, protocol, loop: asyncio.AbstractEventLoop) -> None:
    """In a thread."""
    head: list = []
    parts = django(
        environ, lambda status, headers, _error=None: head.extend((int(status[:3]), headers))
    )
    try:
        status, headers = head
        send(protocol, status, [(name.lower(), value) for name, value in headers], parts, loop)
    finally:
        parts.close()


def send(
    protocol, status: int, headers: list, parts: Iterable[bytes], loop: asyncio.AbstractEventLoop
) -> None:
    begun, size, parts = [], 0, iter(parts)
    for part in parts:
        begun.append(part)
        size += len(part)
        if size > AT_ONCE:
            break
    else:
        protocol.response_bytes(status, headers, b"".join(begun))
        return
    line = protocol.response_stream(status, headers)
    for part in chain([b"".join(begun)], parts):
        hand_on(line, part, loop)


def hand_on(line, part: bytes, loop: asyncio.AbstractEventLoop) -> None:
    async def handed_on() -> None:
        async with asyncio.timeout(settings.LONGEST_BODY_SECONDS):
            await line.send_bytes(part)

    asyncio.run_coroutine_threadsafe(handed_on(), loop).result()
