import hashlib
import json
import zlib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from journeys.models import Journey, KeyTaken, Revision, Tenant
from journeys.spec import document as doc
from tests.models.conftest import days, document
from tests.people import started


def fresh(journey: Journey) -> Journey:
    return Journey.objects.get(pk=journey.pk)


def test_it_starts_with_one_revision(journey: Journey, maya: User) -> None:
    (revision,) = journey.revisions.all()
    assert (fresh(journey).head, revision.number, revision.author) == (revision, 1, maya)
    assert (revision.operation, revision.summary, revision.based_on) == ("new", "Started", None)


def test_it_keeps_the_bytes_with_their_hash_and_size(tenant: Tenant) -> None:
    odd = document(
        name="Grüße & co 🎉", z=1, a=[1.0, 1, "1", None, 1e30], metaData={"b": {}, "a": ""}
    )
    revision = started(odd, tenant, None).head
    body = json.dumps(odd, ensure_ascii=False, separators=(",", ":")).encode()
    stored = Revision.objects.get(pk=revision.pk)
    assert (stored.body, stored.size, stored.sha256) == (
        body,
        len(body),
        hashlib.sha256(body).hexdigest(),
    )
    assert zlib.decompress(stored.packed) == body
    assert list(stored.document().items()) == list(odd.items())


def test_it_copies_what_lists_ask_for_from_the_newest_document(
    journey: Journey, maya: User
) -> None:
    newer = document(key="other", name="Other", description="Told.", workflowApiVersion=0.5)
    journey.replace(newer, based_on=1, author=maya, operation="import")
    found = fresh(journey)
    assert (found.key, found.name, found.description) == ("other", "Other", "Told.")
    assert (found.workflow_api_version, found.key_proposed, found.head.number) == ("0.5", False, 2)


def test_it_appends_and_leaves_older_revisions_alone(journey: Journey, lasting) -> None:
    before = Revision.objects.filter(number=1).values().get()
    second = lasting("ONE", 3)
    assert Revision.objects.filter(number=1).values().get() == before
    assert (second.number, second.based_on, second.operation, days(journey)) == (
        2,
        1,
        "edit block",
        [3, 1, 1],
    )
    assert second.summary == "Wait 1 day → Wait 3 days"


def test_it_writes_nothing_when_nothing_changes(journey: Journey, maya: User, lasting) -> None:
    before = (Revision.objects.count(), fresh(journey).changed_at)
    assert lasting("ONE", 1).number == 1
    assert journey.replace(document(), based_on=1, author=maya, operation="import").number == 1
    assert journey.restore(journey.head, maya).number == 1
    assert (Revision.objects.count(), fresh(journey).changed_at) == before


def test_it_takes_a_change_that_only_the_bytes_show(journey: Journey, maya: User) -> None:
    journey.replace(document(workflowApiVersion=1), based_on=1, author=maya, operation="import")
    assert journey.head.number == 2


def test_it_leaves_out_what_the_server_assigned_at_the_top_level_only(tenant: Tenant) -> None:
    served = document(
        **dict.fromkeys(doc.SERVER_ASSIGNED, "x"), metaData={"id": "kept", "status": "kept"}
    )
    assert started(served, tenant, None).head.document() == document(
        metaData={"id": "kept", "status": "kept"}
    )


@pytest.mark.parametrize("bad", [{"key": ""}, {"key": "k" * 201}, {"activities": {}}, {"name": 5}])
def test_it_refuses_a_document_without_shape_and_writes_nothing(
    journey: Journey, maya: User, bad: dict
) -> None:
    with pytest.raises(doc.DocumentError):
        journey.replace(document(**bad), based_on=1, author=maya, operation="import")
    assert (Revision.objects.count(), fresh(journey).key) == (1, "greeting")


def test_it_refuses_a_document_larger_than_the_endpoint_takes(journey: Journey, maya: User) -> None:
    with pytest.raises(doc.DocumentError, match="larger than 4 MB"):
        journey.replace(
            document(description="x" * doc.MAX_BYTES), based_on=1, author=maya, operation="import"
        )
    assert Revision.objects.count() == 1


def test_it_refuses_a_key_that_the_tenant_has(
    journey: Journey, tenant: Tenant, foreign_tenant: Tenant, maya: User
) -> None:
    with pytest.raises(KeyTaken):
        started(document(), tenant, maya)
    other = started(document(key="other"), tenant, maya)
    with pytest.raises(KeyTaken):
        other.replace(document(), based_on=1, author=maya, operation="import")
    assert (Revision.objects.count(), fresh(other).key) == (2, "other")
    assert started(document(), foreign_tenant, None).key == "greeting"


def test_it_restores_an_older_document_as_a_new_revision(
    journey: Journey, maya: User, lasting
) -> None:
    lasting("ONE", 3)
    restored = journey.restore(journey.revisions.get(number=1), maya)
    assert (restored.number, restored.summary, restored.body) == (
        3,
        "Restored revision 1",
        doc.dumps(document()),
    )


def test_it_refuses_a_number_twice(journey: Journey) -> None:
    columns = {"packed": b"", "size": 0, "sha256": "", "operation": "", "summary": ""}
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.create(journey=journey, number=1, **columns)


def test_it_loads_no_bodies_for_lists(journey: Journey, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert [row.summary for row in journey.revisions.rows()] == ["Started"]
    assert "packed" in journey.revisions.rows().get().get_deferred_fields()


@pytest.mark.django_db(transaction=True)
def test_it_numbers_revisions_without_a_gap_when_many_save_at_once(
    journey: Journey, lasting
) -> None:
    together = Barrier(6)

    def save(number: int) -> None:
        try:
            mine = fresh(journey)
            together.wait()
            mine.apply(
                "edit journey", {"members": {f"member-{number}": 1}}, based_on=1, author=None
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(save, range(6)))
    assert sorted(journey.revisions.values_list("number", flat=True)) == list(range(1, 8))
    assert {f"member-{number}" for number in range(6)} <= set(fresh(journey).head.document())
