import time
from collections.abc import Callable, Iterator

import pytest

from journeys import submit, tasks
from journeys.models import Journey, Submission, Tenant
from journeys.practice import PracticeServer
from journeys.spec import document as doc

SECRET = "s3cret-of-the-package"
SETTLE, TIMEOUT, LEASE = 0.6, 0.5, 2.0  # seconds
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


@pytest.fixture(autouse=True)
def quick(settings) -> None:
    """Real times, but short ones."""
    settings.SUBMIT_SETTLE_SECONDS, settings.SUBMIT_TIMEOUT_SECONDS = SETTLE, TIMEOUT
    settings.SUBMIT_CONNECT_SECONDS, settings.SUBMIT_LEASE_SECONDS = 0.2, LEASE
    submit.client_for.cache_clear()
    tasks.quiet_until = 0.0


@pytest.fixture
def practice(tmp_path) -> Iterator[PracticeServer]:
    with PracticeServer(state_path=tmp_path / "practice.sqlite3") as server:
        yield server


@pytest.fixture
def tenant(db: None) -> Tenant:
    """Takes journeys without a review; nobody answers at its address."""
    values = {"client_id": "package", "client_secret": SECRET, "practice_url": "http://127.0.0.1:9"}
    return Tenant.objects.create(name="Practice", review_required=False, **values)


@pytest.fixture
def submission(tenant: Tenant) -> Submission:
    return submitted(tenant)


@pytest.fixture
def sent(practice: PracticeServer, tenant: Tenant, submission: Submission) -> Submission:
    """A submission to the practice tenant, which runs."""
    Tenant.objects.filter(pk=tenant.pk).update(practice_url=practice.url)
    return submission


def started(tenant: Tenant, key: str = "greeting", *, key_proposed: bool = True, **members: object) -> Journey:
    document = {**DOCUMENT, "key": key, **members}
    more = {"owner": None, "operation": "new", "summary": "Started", "key_proposed": key_proposed}
    return Journey.objects.start(document, tenant=tenant, **more)


def submitted(tenant: Tenant, key: str = "greeting", **options: object) -> Submission:
    return started(tenant, key, **options).submit(None)


def change(row: Submission, **values: object) -> Submission:
    """Writes past all rules, as time or a crash would."""
    Submission.objects.filter(pk=row.pk).update(**values)
    row.refresh_from_db()
    return row


def until(row: Submission, true: Callable[[Submission], bool], seconds: float = 8) -> Submission:
    """Rings again and again, as the sweeper does."""
    deadline = time.monotonic() + seconds
    while True:
        submit.work(row.pk)
        row.refresh_from_db()
        if true(row):
            return row
        assert time.monotonic() < deadline, f"still {row.state}: {row.text}"
        time.sleep(0.01)


def until_final(row: Submission, seconds: float = 8) -> Submission:
    return until(row, lambda row: not row.is_open, seconds)


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
