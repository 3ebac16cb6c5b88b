"""The processes of a run, as `manage.py serve` starts them but more of them, and what is done to
them.

Imported after Django was set up for the run. All is started by the main thread: the kernel ends a
process whose supervising thread has ended.
"""

import json
import shutil
import signal
import urllib.request
from collections import Counter

from django.conf import settings
from redis import Redis

from composer.supervisor import children
from composer.supervisor.processes import Child, start_all, stop_all
from journeys.models import Heartbeat

READY = 600  # seconds that everything may take to start on a machine with much else to do


class House:
    def __init__(self, without: str, freezes: float, frozen: float) -> None:
        environ = {
            "CHAOS_WITHOUT": without,
            "CHAOS_FREEZES": str(freezes),
            "CHAOS_FROZEN": str(frozen),
        }
        self.workers = [entry(f"worker {number}", "worker", environ) for number in (1, 2)]
        self.sweepers = [entry(f"sweeper {number}", "sweeper", environ) for number in (1, 2)]
        (self.redis,), (self.practice,), self.web = (
            children.private_redis(),
            children.practice(),
            children.web(),
        )
        self.stopped: dict[str, float] = {}
        self.starting: list[Child] = []
        self.done: Counter[str] = Counter()

    def start(self) -> None:
        start_all([self.redis, self.practice, self.web], READY, lambda: False)
        start_all([*self.workers, *self.sweepers], READY, lambda: False)

    def stop(self) -> None:
        groups = [[*self.workers, *self.sweepers, self.web], [self.practice], [self.redis]]
        stop_all(groups, lambda: False, lambda text: None)

    def kill_worker(self) -> None:
        """One after the other; both its threads and what they hold are gone. One that a busy
        machine has not started yet is left alone: killed before it works, it would show nothing."""
        child = self.workers[self.done["workers killed"] % 2]
        if child not in self.starting:
            self.again(child)
            self.done["workers killed"] += 1

    def kill_sweeper(self) -> None:
        child = self.sweepers[self.done["sweepers killed"] % 2]
        if child not in self.starting:
            self.again(child)
            self.done["sweepers killed"] += 1

    def flush_redis(self) -> None:
        Redis(unix_socket_path=str(settings.REDIS_SOCKET)).flushall()
        self.done["Redis flushed"] += 1

    def lose_redis(self) -> None:
        """Killed, and started again without anything that it held."""
        self.redis.signal_group(signal.SIGKILL)
        self.redis.process.wait()
        shutil.rmtree(settings.REDIS_SOCKET.parent / "appendonlydir", ignore_errors=True)
        self.redis.start()
        self.done["Redis restarted empty"] += 1

    def revive(self) -> None:
        """What has ended by itself is started again, as its supervisor would."""
        self.starting = [child for child in self.starting if not child.answers(child)]
        for child in (*self.workers, *self.sweepers, self.web, self.redis):
            if not child.alive():
                child.start()
                self.done[f"{child.name} ended by itself"] += 1

    def again(self, child: Child) -> None:
        child.signal_group(signal.SIGKILL)
        child.process.wait()
        child.start()
        self.starting.append(child)

    def control(self, name: str, change: dict | None = None) -> dict:
        """The practice tenant's control routes."""
        data = None if change is None else json.dumps(change).encode()
        url = f"http://127.0.0.1:{settings.PRACTICE_PORT}/control/{name}"
        asked = urllib.request.Request(url, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.load(answer)


def has_a_heartbeat(kind: str, child: Child) -> bool:
    rows = Heartbeat.objects.filter(kind=kind, process__endswith=f":{child.process.pid}")
    return rows.exists()


def entry(name: str, kind: str, environ: dict[str, str]) -> Child:
    def answers(child: Child) -> bool:
        return (" ready." in child.output()) if kind == "worker" else has_a_heartbeat(kind, child)

    words = ["-m", "tests.chaos.crippled", kind]
    return children.python(name, *words, answers=answers, orphaned=signal.SIGKILL, environ=environ)
