"""Every attempt is found in the log by the id of the click that made the submission."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest

from composer import correlation
from composer.logs import AddCorrelation, JsonLine
from journeys.delivery import submit
from journeys.models import Submission
from journeys.practice import PracticeServer
from tests.delivery.conftest import Tenant, submitted


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict]]]:
    """What the application logs from here on, as the objects of its JSON lines."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(AddCorrelation())
    handler.setFormatter(JsonLine())
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)


@pytest.mark.django_db(transaction=True)
def test_every_attempt_is_logged_under_the_id_of_the_click(
    tenant: Tenant, practice: PracticeServer, lines: Callable[[], list[dict]]
) -> None:
    Tenant.objects.filter(pk=tenant.pk).update(practice_url=practice.url)
    with correlation.following("the-click-of-somebody"):
        sent = submitted(tenant)
    assert sent.correlation_id == "the-click-of-somebody"
    submit.work(sent.pk)
    assert Submission.objects.get(pk=sent.pk).state == Submission.State.SUCCEEDED
    told = [line for line in lines() if line.get("submission") == str(sent.pk)]
    assert [(line["message"], line["correlation_id"]) for line in told] == [
        ("send: created", "the-click-of-somebody")
    ]
    assert (
        told[0]["state"] == "succeeded" and told[0]["http_status"] == 200 and told[0]["seconds"] > 0
    )
