"""Runs everything: web server, worker, sweeper, in the demo the practice tenant, and a private
Redis if need be."""

import errno
import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from argparse import ArgumentParser
from typing import IO

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from composer.alone import alone
from composer.supervisor import redis_server, static_build
from composer.supervisor.processes import (
    Child,
    ProcessError,
    Stopped,
    catches_interrupts,
    end_with_parent,
    start_all,
    stop_all,
    watch,
)
from journeys.management.commands.load_demo import SIGN_INS
from journeys.management.commands.load_demo import TENANT as PRACTICE_TENANT
from journeys.models import Tenant

SECONDS_TO_START = 60
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# seconds in which several signals mean one thing: a terminal tells `make` as well, which tells us
ONE_WISH = 0.5
NO_REDIS = (
    "No Redis here (REDIS_URL is unset, no redis-server or valkey-server found): the sweeper"
    " submits by itself."
)


class Interrupts:
    """Ctrl-C and its kin. They break off what runs in this process; once there are children they
    are only noted.

    `parent`: a process whose end means ours, or 0. `make` keeps a SIGINT that is sent to it alone
    for itself.
    """

    def __init__(self, parent: int) -> None:
        self.noted, self.breaks_off = False, True
        self.noted_at, self.again = 0.0, False
        self.parent = parent if parent and catches_interrupts(parent) else 0
        for number in STOPPING:
            signal.signal(number, self.note)

    def note(self, number: int, frame: object) -> None:
        if self.noted and time.monotonic() - self.noted_at > ONE_WISH:
            self.again = True
        if not self.noted:
            self.noted, self.noted_at = True, time.monotonic()
        if self.breaks_off:
            raise KeyboardInterrupt

    def only_note(self) -> None:
        self.breaks_off = False

    def came(self) -> bool:
        return self.noted or bool(self.parent and not catches_interrupts(self.parent))

    def in_a_hurry(self) -> bool:
        """Whether somebody asked a second time, after a moment."""
        return self.again


class Command(BaseCommand):
    help = "Starts the web server, the worker, the sweeper and what they need; Ctrl-C stops them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--with-parent",
            action="store_true",
            help="end when the process that started this one ends",
        )

    def handle(self, *args: object, with_parent: bool, **options: object) -> None:
        parent = os.getppid() if with_parent else 0
        if parent:
            end_with_parent(signal.SIGTERM)
        interrupts = Interrupts(parent)
        groups: list[list[Child]] = []
        try:
            self.run(groups, interrupts)
        except (KeyboardInterrupt, Stopped):
            self.say("Stopping.")
        except (ProcessError, ImproperlyConfigured, DatabaseError) as error:
            raise CommandError(first_line(error)) from None
        finally:
            interrupts.only_note()
            stop_all(groups, interrupts.in_a_hurry, self.say)

    def run(self, groups: list[list[Child]], interrupts: "Interrupts") -> None:
        refuse_used_port("PORT", settings.BIND, settings.PORT)
        if settings.DEMO:
            refuse_used_port("PRACTICE_PORT", "127.0.0.1", settings.PRACTICE_PORT)
            refuse_one_port_for_both()
        os.umask(0o077)
        self.lock = only_one()
        self.prepare()
        interrupts.only_note()
        redis, pages, working, tenant = private_redis(), web(), [*worker(), sweeper()], practice()
        first, later = [*redis, pages], [*tenant, *working]
        # stopped in this order: a send under way is finished, for which it needs the tenant
        groups[:] = [[pages, *working], tenant, redis]
        start_all(
            first, SECONDS_TO_START, interrupts.came
        )  # the others would make the first page late
        start_all(later, SECONDS_TO_START, interrupts.came)
        self.welcome()
        watch([*later, *first], self.say, interrupts.came)

    def prepare(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.say("Setting up the database.")
            call_command("migrate", interactive=False, verbosity=0)
        if settings.DEMO:
            with alone():  # another `serve` may load it at this moment
                self.load_demo()
        if not settings.DEBUG and static_build.build():
            self.say("Built the static files.")
        connections.close_all()

    def load_demo(self) -> None:
        if demo_is_stale():
            self.say("Loading the demo.")
            call_command("load_demo", verbosity=0)

    def welcome(self) -> None:
        if not settings.REDIS_URL and redis_server.program() is None:
            self.say(NO_REDIS)
        self.say(f"\nThe journey composer is ready: http://{settings.BIND}:{settings.PORT}/")
        if settings.DEMO:
            self.sign_ins()
        self.say(f"Logs: {settings.DATA_DIR / 'logs'}. Ctrl-C stops everything.")

    def sign_ins(self) -> None:
        self.say("Demo: everybody knows these sign-ins, and journeys go to the practice tenant.")
        for name, password, who in SIGN_INS:
            self.say(f"  {name:8} {password:20} {who}")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def demo_is_stale() -> bool:
    """Nothing is loaded yet, or the practice tenant has been moved to another port since."""
    if not get_user_model().objects.exists():
        return True
    here = f"http://127.0.0.1:{settings.PRACTICE_PORT}"
    return Tenant.objects.filter(name=PRACTICE_TENANT).exclude(practice_url=here).exists()


def first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def refuse_used_port(variable: str, host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = (
                "is in use"
                if error.errno == errno.EADDRINUSE
                else f"cannot be used ({error.strerror})"
            )
            raise ProcessError(
                f"Port {port} on {host} {why}; set {variable} to another one."
            ) from None


def refuse_one_port_for_both() -> None:
    if settings.PORT == settings.PRACTICE_PORT:
        raise ProcessError(
            f"Port {settings.PORT} is the practice tenant's; set PORT or PRACTICE_PORT to another"
            " one."
        )


def only_one() -> IO[str]:
    """Held for as long as the file is open; two supervisors on one data folder would share one
    Redis."""
    settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = (settings.DATA_DIR / "serve.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ProcessError(
            f"Already running with {settings.DATA_DIR}; stop that one or set DATA_DIR."
        ) from None
    return lock


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
