"""A person who cancels at the very moment at which it is sent."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from journeys.delivery import submit
from journeys.models import Submission, Tenant, WrongState
from journeys.practice import PracticeServer
from tests.delivery.conftest import posts, submitted, until_final

ROUNDS = 25


@pytest.mark.django_db(transaction=True)
def test_what_is_called_cancelled_was_never_sent(practice: PracticeServer, tenant: Tenant) -> None:
    Tenant.objects.update(practice_url=practice.url)
    ends = set()
    for number in range(ROUNDS):
        row, together = submitted(tenant, f"raced-{number}"), Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(run, [(submit.work, together, row.pk), (cancel, together, row.pk)]))
        row = until_final(Submission.objects.get(pk=row.pk))
        ends.add((row.state, posts(practice, row.key)))
    assert ends <= {("cancelled", 0), ("succeeded", 1)}


def run(given: tuple) -> None:
    deed, together, pk = given
    try:
        together.wait()
        deed(pk)
    finally:
        connection.close()


def cancel(pk: object) -> None:
    try:
        Submission.objects.get(pk=pk).cancel(None)
    except WrongState:
        return
