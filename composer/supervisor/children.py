"""The processes of the product, as the supervisor starts them, and how each shows that it is
there."""

import http.client
import signal
import socket
import sys
import time

from django.conf import settings

from composer.supervisor import redis_server
from composer.supervisor.processes import Child


def python(name: str, *words: object, **options: object) -> Child:
    return logged(name, [sys.executable, *(str(word) for word in words)], **options)


def logged(name: str, command: list[str], **options: object) -> Child:
    log = settings.DATA_DIR / "logs" / f"{name.replace(' ', '-')}.log"
    size = int(settings.LOG_MEGABYTES * 1024 * 1024)
    return Child(name, command, log, largest_log=size, logs_kept=settings.LOG_FILES, **options)


def manage(name: str, *words: object, **options: object) -> Child:
    return python(name, settings.BASE_DIR / "manage.py", *words, **options)


def web() -> Child:
    address = ["--host", settings.BIND, "--port", settings.PORT]
    size = ["--workers", 2]
    safety = ["--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", 3]
    words = [
        "-m",
        "granian",
        "--interface",
        "rsgi",
        *address,
        *size,
        *safety,
        "composer.rsgi:application",
    ]
    return python("web server", *words, answers=page_answers)


def practice() -> list[Child]:
    if not settings.DEMO:
        return []
    return [manage("practice tenant", "practice_tenant", answers=practice_answers)]


def private_redis() -> list[Child]:
    server = redis_server.program()
    if settings.REDIS_URL or server is None:
        return []
    path = settings.REDIS_SOCKET
    return [
        logged(
            "redis",
            redis_server.command(server, path),
            answers=lambda child: redis_server.answers(path),
        )
    ]


def worker() -> list[Child]:
    """Not without a broker. Killed when orphaned: what it leaves half done is looked up, as after
    any crash."""
    if not settings.REDIS_URL and redis_server.program() is None:
        return []
    words = [
        "-m",
        "celery",
        "-A",
        "composer",
        "worker",
        "--loglevel",
        "INFO",
        "--without-mingle",
        "--without-gossip",
    ]
    options = {"orphaned": signal.SIGKILL, "seconds_to_stop": seconds_to_finish()}
    return [python("worker", *words, answers=worker_answers, **options)]


def sweeper() -> Child:
    options = {"seconds_to_stop": seconds_to_finish()}
    return manage(
        "sweeper", "sweep", answers=lambda child: time.monotonic() - child.started > 1.5, **options
    )


def seconds_to_finish() -> float:
    """For what is being sent when the end is asked for, and to write what came of it."""
    return settings.SUBMIT_TIMEOUT_SECONDS + 2 * settings.SUBMIT_MARGIN_SECONDS


def page_answers(child: Child) -> bool:
    host = settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost")
    client = http.client.HTTPConnection(settings.BIND, settings.PORT, timeout=2)
    try:
        client.request("GET", "/healthz", headers={"Host": host})
        return client.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        client.close()


def practice_answers(child: Child) -> bool:
    try:
        socket.create_connection(("127.0.0.1", settings.PRACTICE_PORT), timeout=1).close()
    except OSError:
        return False
    return True


def worker_answers(child: Child) -> bool:
    """A broker elsewhere may be away for a while; that is no reason not to start."""
    output = child.output()
    return " ready." in output or (bool(settings.REDIS_URL) and "Cannot connect to" in output)
