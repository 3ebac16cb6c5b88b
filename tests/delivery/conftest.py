import json
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction

from journeys.delivery import claims, notify, submit
from journeys.delivery.worker import Worker
from journeys.lifecycle.submission_states import Event, Times
from journeys.models import Journey, Submission, Tenant, WrongState
from journeys.models.clock import now
from journeys.practice import PracticeServer
from journeys.spec import document as doc
from tests.people import seal_state

SECRET = "s3cret-of-the-package"
SETTLE, TIMEOUT, LEASE = 1.5, 0.8, 6.0  # seconds; the lease has room for a busy machine
DOCUMENT = {
    "key": "greeting",
    "name": "Greeting",
    "workflowApiVersion": 1.0,
    "triggers": [],
    "activities": [
        {
            "key": "WAIT-1",
            "type": "WAIT",
            "configurationArguments": {"waitDuration": 1, "waitUnit": "DAYS"},
            "outcomes": [{"key": "out-1"}],
        }
    ],
}

REMOTE = ["remote_id", "remote_status", "remote_definition_id", "remote_version"]


@pytest.fixture(autouse=True)
def quick(settings, tmp_path) -> None:
    """Real times, but short ones; and no memory of another test's database."""
    settings.DATA_DIR = tmp_path
    settings.SUBMIT_SETTLE_SECONDS, settings.SUBMIT_TIMEOUT_SECONDS = SETTLE, TIMEOUT
    settings.SUBMIT_CONNECT_SECONDS, settings.SUBMIT_LEASE_SECONDS = 0.2, LEASE
    settings.TENANT_RATE = 10_000
    submit.client_for.cache_clear()
    notify.quiet_until = 0.0


@pytest.fixture
def practice(tmp_path) -> Iterator[PracticeServer]:
    with PracticeServer(state_path=tmp_path / "practice.sqlite3") as server:
        yield server


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker(8)
    yield made
    made.pool.shutdown(wait=True)


@pytest.fixture
def tenant(db: None) -> Tenant:
    """Takes journeys without a review; nobody answers at its address."""
    values = {"client_id": "package", "client_secret": SECRET, "practice_url": "http://127.0.0.1:9"}
    return Tenant.objects.create(name="Practice", review_required=False, **values).sealed()


@pytest.fixture
def committed(request: pytest.FixtureRequest) -> Callable:
    """Runs what follows a commit, as it does outside of tests."""
    fixture = "django_capture_on_commit_callbacks"
    return lambda: request.getfixturevalue(fixture)(execute=True)


@pytest.fixture
def refused():
    """What a refusal says to the user."""

    def call(function, *arguments: object) -> str:
        with pytest.raises(WrongState) as caught:
            function(*arguments)
        return str(caught.value.text)

    return call


@pytest.fixture
def submission(tenant: Tenant) -> Submission:
    return submitted(tenant)


@pytest.fixture
def sent(practice: PracticeServer, tenant: Tenant, submission: Submission) -> Submission:
    """A submission to the practice tenant, which runs."""
    Tenant.objects.filter(pk=tenant.pk).update(practice_url=practice.url)
    return submission


def started(
    tenant: Tenant, key: str = "greeting", *, key_proposed: bool = True, **members: object
) -> Journey:
    document = {**DOCUMENT, "key": key, **members}
    more = {"owner": None, "operation": "new", "summary": "Started", "key_proposed": key_proposed}
    return Journey.objects.start(document, tenant=tenant, **more)


def submitted(tenant: Tenant, key: str = "greeting", **options: object) -> Submission:
    return started(tenant, key, **options).submit(None)


def change(row: Submission, **values: object) -> Submission:
    """Writes past all rules, as time or a crash would. Its state is sealed as before; all else is
    not."""
    row.refresh_from_db()
    was_as_written = row.is_as_written
    Submission.objects.filter(pk=row.pk).update(**values)
    row.refresh_from_db()
    return seal_state(row) if was_as_written else row


def claim(row: Submission, times: Times) -> bool:
    """As `take` does, for one row; afterwards the object is as the row."""
    with transaction.atomic():
        claimed = claims.claim([row.pk], now(), times)
    row.refresh_from_db()
    return bool(claimed)


def intend(row: Submission, times: Times) -> bool:
    return bool(claims.intend([row], now(), times))


def settle(row: Submission, event: Event, times: Times) -> bool:
    outcome = claims.Outcome(row, event)
    claims.settle([outcome], times)
    return outcome.is_held


def until(row: Submission, true: Callable[[Submission], bool], seconds: float = 30) -> Submission:
    """Has it worked on again and again, as the sweeper does."""
    deadline = time.monotonic() + seconds
    while True:
        submit.work(row.pk)
        row.refresh_from_db()
        if true(row):
            return row
        assert time.monotonic() < deadline, f"still {row.state}: {row.text}"
        time.sleep(0.01)


def until_final(row: Submission, seconds: float = 30) -> Submission:
    return until(row, lambda row: not row.is_open, seconds)


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Submission.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def with_token(tenant: Tenant) -> None:
    """As after its first submission."""
    client = submit.client_for(tenant.credentials())
    tenant.keep_token(client.fetch_token(), now())


def run_and_close(worker: Worker) -> None:
    try:
        worker.run()
    finally:
        connection.close()


def posts(practice: PracticeServer, key: str = "greeting") -> int:
    return practice.control("requests", route="create", key=key)["count"]


def looks(practice: PracticeServer, key: str = "greeting") -> int:
    return practice.control("requests", route="get", key=key)["count"]


def stored(practice: PracticeServer, key: str = "greeting") -> list[dict]:
    return practice.control("journeys", key=key)["journeys"]


def fault(practice: PracticeServer, *faults: dict) -> None:
    practice.control("faults", {"faults": list(faults)})


def body_of(row: Submission) -> bytes:
    return doc.dumps(row.revision.document())


def worked(submission: Submission) -> Submission:
    submit.work(submission.pk)
    submission.refresh_from_db()
    return submission


def ids_there(practice: PracticeServer) -> list:
    (row,) = stored(practice)
    return [row["id"], row["status"], row["definition_id"], row["version"]]


def ids_here(submission: Submission) -> list:
    return [getattr(submission, name) for name in REMOTE]


def attempts(submission: Submission) -> list[tuple[str, str]]:
    return list(submission.attempts.values_list("phase", "result"))


def token_calls(practice: PracticeServer) -> int:
    return practice.control("requests", route="token")["count"]


def error(status: int, code: int, message: str, **more: object) -> dict:
    body = {"message": message, "errorcode": code, "documentation": "", **more}
    return {"fault": "status", "route": "create", "status": status, "body": body}


def put_there(practice: PracticeServer, sent: Submission, key: str, **members: object) -> None:
    """As somebody else would."""
    client = submit.client_for(Tenant.objects.get(pk=sent.tenant_id).credentials())
    body = json.dumps({**json.loads(bytes(sent.payload)), "key": key, **members}).encode()
    client.create_interaction(body, client.fetch_token())


def fail_after(kind: str, **more: object) -> dict:
    return {"fault": kind, "route": "create", "when": "after", **more}


ARRIVED = {
    "5xx after the commit": fail_after("status", status=500),
    "page after the commit": fail_after("html", status=200),
    "login page after the commit": fail_after("html", status=401),
    "redirect after the commit": fail_after("redirect"),
    "reset after the commit": fail_after("reset"),
    "hang after the commit": fail_after("hang", seconds=2),
    "cut answer": {"fault": "truncate", "route": "create"},
    "cut answer of unknown length": {"fault": "truncate", "route": "create", "length": False},
    "dripping answer": {"fault": "drip", "route": "create", "every": 0.1},
    "no definitionId": {"fault": "drop", "route": "create", "fields": ["definitionId"]},
    "another key": {"fault": "change", "route": "create", "set": {"key": "other"}},
    "an empty id": {"fault": "change", "route": "create", "set": {"id": ""}},
    "an id that is a number": {"fault": "change", "route": "create", "set": {"id": 5}},
}

NOT_ARRIVED = {
    "5xx": {"fault": "status", "route": "create", "status": 503},
    "page": {"fault": "html", "route": "create", "status": 503},
    "reset": {"fault": "reset", "route": "create"},
    "hang": {"fault": "hang", "route": "create", "seconds": 2},
}
