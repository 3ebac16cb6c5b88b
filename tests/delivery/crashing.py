"""A process that dies at a chosen point, a tenant at the wire, and time that passes by itself.

A *point* is each moment before and after a commit, and before and after an exchange. What is
between two points cannot be told apart by anybody afterwards.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection
from django.db.models import F

from journeys.delivery import submit
from journeys.lifecycle.results import Result
from journeys.models import Submission, Tenant, TenantStatus, witness
from journeys.models.clock import now
from journeys.models.submission import OPEN_STATES
from journeys.tenant import Answer, Fault
from tests.people import seal_state

SAME_KEY = ("refuse", "new_version", "overwrite", "second_journey")
WRITES = ("INSERT", "UPDATE", "DELETE")
MOMENTS = {
    Submission: [
        "not_before",
        "lease_until",
        "free_at",
        "first_send_at",
        "last_send_at",
        "deadline_at",
    ],
    Tenant: ["token_expires_at", "token_lease_until"],
    TenantStatus: [
        "opened_at",
        "open_until",
        "asked_until",
        "paused_until",
        "next_call_at",
        "window_at",
    ],
}


class Killed(BaseException):
    """The process is gone: nothing in it runs any more."""


class Points:
    """Counts the points, and dies at number `fatal` (from 1)."""

    def __init__(self, fatal: int = 0) -> None:
        self.fatal, self.passed, self.is_watching, self.base = fatal, 0, False, 0
        self.names: list[str] = []

    @contextmanager
    def watched(self) -> Iterator[None]:
        """While this process runs; nested calls of other processes are not counted."""
        self.is_watching, self.base = True, len(connection.savepoint_ids)
        try:
            with connection.execute_wrapper(self.statement):
                yield
        finally:
            self.is_watching = False

    def reach(self, name: str) -> None:
        if not self.is_watching:
            return
        self.passed += 1
        self.names.append(name)
        if self.passed == self.fatal:
            raise Killed

    def statement(self, execute: Callable, sql: str, *more: object) -> object:
        """What ends a transaction: the release of the outermost savepoint, or a write outside of
        any."""
        ends_block = sql.startswith("RELEASE SAVEPOINT")
        commits = len(connection.savepoint_ids) == self.base and (
            ends_block or sql.startswith(WRITES)
        )
        if not commits:
            return execute(sql, *more)
        try:
            self.reach("before a commit")
        except Killed:
            if ends_block:  # Django takes this for done: what was written goes with the process
                execute(sql.replace("RELEASE", "ROLLBACK TO", 1), *more)
            raise
        result = execute(sql, *more)
        self.reach("after a commit")
        return result


@dataclass
class Held:
    """A version of a journey at the tenant."""

    id: str
    version: int
    definition_id: str
    document: dict


@dataclass
class FakeTenant:
    """Stands where the network begins. The first POST meets `outcome`, the first look-up `look`;
    all others succeed."""

    outcome: str
    same_key: str
    points: Points
    look: str = "truth"
    meanwhile: Callable[[], object] = lambda: None
    now: float = 0.0
    held: list[Held] = field(default_factory=list)
    coming: list[tuple[float, dict]] = field(default_factory=list)
    posts: int = 0
    wrong: list[str] = field(default_factory=list)

    def exchange(self, request, seconds: float, cap: int) -> Answer | Fault:
        self.points.reach(f"before {request.method}")
        found = self.answer(request)
        watching, self.points.is_watching = self.points.is_watching, False
        self.meanwhile()
        self.points.is_watching = watching
        self.points.reach(f"after {request.method}")
        return found

    def answer(self, request) -> Answer | Fault:
        if request.url.endswith("/v2/token"):
            return answered(
                200, {"access_token": "t" * 40, "expires_in": 1000, "rest_instance_url": None}
            )
        if request.method == "GET":
            return self.looked_up(request)
        self.posts += 1
        if self.held or self.coming:
            self.wrong.append(f"POST {self.posts} although the earlier one has arrived or will")
        outcome, self.outcome = self.outcome, "created"
        return POSTS[outcome](self, json.loads(request.body))

    def looked_up(self, request) -> Answer | Fault:
        look, self.look = self.look, "truth"
        if look != "truth":
            return LOOKS[look]()
        found = [
            one for one in self.held if "versionNumber=1" not in request.url or one.version == 1
        ]
        return answered(200, shown(found[-1])) if found else absent()

    def store(self, document: dict) -> Answer:
        last = self.held[-1] if self.held else None
        if last and self.same_key == "refuse":
            return answered(
                400, {"errorcode": 30000, "message": "An interaction with this key already exists."}
            )
        if last and self.same_key == "overwrite":
            last.document = document
            return answered(200, shown(last))
        number = len(self.held) + 1
        if last and self.same_key == "new_version":
            made = Held(last.id, last.version + 1, f"definition-{number}", document)
        else:
            made = Held(f"journey-{number}", 1, f"journey-{number}", document)
        self.held.append(made)
        return answered(200, shown(made))

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        for document in [document for when, document in self.coming if when <= self.now]:
            self.store(document)
        self.coming = [(when, document) for when, document in self.coming if when > self.now]


def answered(status: int, value: object, **headers: str) -> Answer:
    return Answer(
        status, {"content-type": "application/json", **headers}, json.dumps(value).encode()
    )


def shown(held: Held) -> dict:
    ids = {
        "id": held.id,
        "definitionId": held.definition_id,
        "version": held.version,
        "status": "Draft",
    }
    return {**held.document, **ids}


def absent() -> Answer:
    return answered(404, {"errorcode": 30003, "message": "Interaction not found."})


def lost(tenant: FakeTenant, document: dict, found: Answer | Fault) -> Answer | Fault:
    """Carried out, and told wrongly."""
    tenant.store(document)
    return found


def late(
    tenant: FakeTenant, document: dict, found: Answer | Fault, seconds: float
) -> Answer | Fault:
    """Told wrongly now, carried out in so many seconds."""
    tenant.coming.append((tenant.now + seconds, document))
    return found


RESET, TIMEOUT = Fault(True, "reset"), Fault(True, "timeout")
PAGE = Answer(200, {"content-type": "text/html"}, b"<html>Sign in</html>")
BROKEN = answered(503, {"message": "An internal error occurred."})
POSTS: dict[str, Callable[[FakeTenant, dict], Answer | Fault]] = {
    "created": lambda tenant, document: tenant.store(document),
    "refused": lambda tenant, document: answered(
        400, {"errorcode": 10004, "message": "JSON Deserialization"}
    ),
    "the name is taken": lambda tenant, document: answered(
        400, {"errorcode": 30000, "message": "An interaction with this name already exists."}
    ),
    "busy": lambda tenant, document: answered(
        429, {"errorcode": 50100, "message": "Wait."}, **{"retry-after": "1"}
    ),
    "unauthorised": lambda tenant, document: answered(
        401, {"errorcode": 0, "message": "Not Authorized"}
    ),
    "not reached": lambda tenant, document: Fault(False, "refused"),
    "5xx": lambda tenant, document: BROKEN,
    "5xx after the commit": lambda tenant, document: lost(tenant, document, BROKEN),
    "reset": lambda tenant, document: RESET,
    "reset after the commit": lambda tenant, document: lost(tenant, document, RESET),
    "time-out": lambda tenant, document: TIMEOUT,
    "time-out after the commit": lambda tenant, document: lost(tenant, document, TIMEOUT),
    "page after the commit": lambda tenant, document: lost(tenant, document, PAGE),
    "no ids after the commit": lambda tenant, document: lost(
        tenant, document, answered(200, {"key": "greeting"})
    ),
    "late commit": lambda tenant, document: late(tenant, document, RESET, 140),
    "late commit after 5xx": lambda tenant, document: late(tenant, document, BROKEN, 60),
}
RESULTS = {  # what the sender learns
    "created": Result.CREATED,
    "refused": Result.REFUSED,
    "the name is taken": Result.EXISTS,
    "busy": Result.BUSY,
    "unauthorised": Result.UNAUTHORISED,
    "not reached": Result.NOT_SENT,
    **dict.fromkeys(("5xx", "5xx after the commit", "late commit after 5xx"), Result.UNCLEAR),
    **dict.fromkeys(("reset", "reset after the commit", "late commit"), Result.UNCLEAR),
    **dict.fromkeys(("time-out", "time-out after the commit"), Result.UNCLEAR),
    **dict.fromkeys(("page after the commit", "no ids after the commit"), Result.UNCLEAR),
}
LOOKS: dict[str, Callable[[], Answer | Fault]] = {
    "5xx": lambda: BROKEN,
    "reset": lambda: RESET,
    "page": lambda: Answer(404, {"content-type": "text/html"}, b"<html>Not found</html>"),
}


def pass_time(tenant: FakeTenant, seconds: float) -> None:
    """Everything that was written moves into the past; but what has ended stays, as nobody asks for
    its times again."""
    rows = {model: model.objects.all() for model in MOMENTS} | {
        Submission: Submission.objects.filter(state__in=OPEN_STATES)
    }
    whole = [row for row in rows[Submission] if row.is_as_written]
    for model, names in MOMENTS.items():
        rows[model].update(**{name: F(name) - timedelta(seconds=seconds) for name in names})
    for row in whole:
        seal_state(row)
    back = [
        (round(seconds * 1_000_000), f"{kind}:%")
        for kind in (witness.SENT, witness.MADE, witness.CLEARED)
    ]
    assert witness._write("UPDATE seen SET at = at - ? WHERE subject LIKE ?", back)
    tenant.pass_time(seconds)


def bring_to_an_end(pk: object, tenant: FakeTenant, points: Points) -> Submission:
    """What workers and sweepers do, as long as something is to be done; they die where `points`
    says."""
    for _step in range(60):
        row = Submission.objects.get(pk=pk)
        if not row.is_open:
            return row
        due = max(moment for moment in (row.not_before, row.lease_until) if moment)
        if row.state == Submission.State.SENDING:
            due = row.lease_until
        pass_time(tenant, max(0.0, (due - now()).total_seconds()) + 0.1)
        try:
            with points.watched():
                one_process(pk)
        except Killed:
            submit.work(pk)  # the message is delivered again, long before the lease ends
    raise AssertionError(f"it is {row.state} for ever")


def one_process(pk: object) -> None:
    row = Submission.objects.get(pk=pk)
    if row.state == Submission.State.SENDING:
        row.expire(submit.times())
    submit.work(pk)
