import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.models import Journey, Tenant
from journeys.spec import document as doc
from tests.people import started

pytestmark = pytest.mark.one_database


def test_it_exports_the_document_in_its_order(as_maya: Client, journey: Journey):
    answer = as_maya.get(f"/journeys/{journey.pk}/export/")
    assert doc.dumps(doc.loads(answer.content)) == journey.head.body
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == 'attachment; filename="welcome-series.json"'


def test_it_exports_an_older_revision(as_maya: Client, journey: Journey, maya: User):
    older = journey.head.body
    journey.apply("edit journey", {"members": {"name": "New"}}, based_on=1, author=maya)
    answer = as_maya.get(f"/journeys/{journey.pk}/export/?revision=1")
    assert doc.dumps(doc.loads(answer.content)) == older


def test_it_gives_files_safe_names(as_maya: Client, tenant: Tenant, maya: User):
    journey = started({"key": "../../etc/“passwd”\r\nX: y", "name": ""}, tenant, maya)
    answer = as_maya.get(f"/journeys/{journey.pk}/export/")
    assert answer["Content-Disposition"] == 'attachment; filename="etcpasswd-x-y.json"'
