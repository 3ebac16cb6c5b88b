"""Columns that SQL set where no seal stood: proposed keys, numbers of places, what a second admin
reads."""

import pytest
from django.contrib.auth.models import User

from journeys.delivery.tenant_move import end_approvals
from journeys.models import (
    Countersignature,
    Journey,
    NotAllowed,
    Review,
    Submission,
    Tampered,
    Tenant,
    WrongState,
)
from journeys.models import countersignature as second
from journeys.models.key_use import must_be_asked_for, use_another_key
from tests.delivery.conftest import started, worked
from tests.delivery.tampering import sql
from tests.delivery.test_seals import reviewed, waiting  # noqa: F401
from tests.people import ada, approved, browser_of, maya, miles, people, rob  # noqa: F401

# Whether a key is asked for before the first send


def test_a_key_that_sql_calls_proposed_is_asked_for(practice, sent: Submission) -> None:
    """It made a second version of a journey that the tenant had already."""
    journey = started(sent.tenant, "known", key_proposed=False)
    sql("UPDATE journeys_journey SET key_proposed = %s WHERE key = 'known'", True)
    journey = Journey.objects.get(pk=journey.pk)
    assert must_be_asked_for(journey)
    row = journey.submit(None)
    assert row.ask_first
    worked(row)
    assert practice.control("requests", route="get", key="known")["count"] == 1


def test_the_seal_of_a_key_is_of_this_journey_key_and_tenant(tenant: Tenant) -> None:
    mine, known = started(tenant), started(tenant, "known", key_proposed=False)
    assert not must_be_asked_for(mine)
    columns = "key_proposed = (SELECT key_proposed FROM journeys_journey WHERE id = %s), "
    columns += "key_seal = (SELECT key_seal FROM journeys_journey WHERE id = %s)"
    sql(f"UPDATE journeys_journey SET {columns} WHERE key = 'known'", mine.pk, mine.pk)
    known = Journey.objects.get(pk=known.pk)
    assert known.key_proposed and must_be_asked_for(known)
    other = Tenant.objects.create(name="O", client_id="o", client_secret="o").sealed()
    sql("UPDATE journeys_journey SET tenant_id = %s WHERE id = %s", other.pk, mine.pk)
    assert must_be_asked_for(Journey.objects.get(pk=mine.pk))


def test_another_key_is_new_until_somebody_types_one(tenant: Tenant, maya: User) -> None:  # noqa: F811
    journey = started(tenant, "known", key_proposed=False)
    use_another_key(journey, maya)
    assert not must_be_asked_for(Journey.objects.get(pk=journey.pk))
    journey.apply("edit journey", {"members": {"key": "typed"}}, based_on=2, author=maya)
    assert must_be_asked_for(Journey.objects.get(pk=journey.pk))


# An approval of a place that was left


def test_no_place_of_a_tenant_comes_again(reviewed: Journey, people: dict[str, User]) -> None:  # noqa: F811
    """SQL names other places for its reviews while an admin saves it, and puts everything back: the
    first one came again, with its approval."""
    tenant = Tenant.objects.get()
    places = [tenant.place]
    end_approvals(tenant)
    journey = Journey.objects.get(pk=reviewed.pk)
    again = approved(journey, people["maya"], people["rob"])
    places.append(Tenant.objects.get().place)
    was = Review.objects.latest("pk").place
    sql("UPDATE journeys_review SET place = '0-x'")
    sql("UPDATE journeys_tenant SET moves = 77")
    tenant = Tenant.objects.get()
    assert tenant.why_altered()
    end_approvals(tenant, altered=True)
    assert Tenant.objects.get().place not in places
    last = "WHERE id = (SELECT max(id) FROM journeys_review)"
    sql(f"UPDATE journeys_review SET place = %s, ended_at = NULL {last}", was)
    sql("UPDATE journeys_journey SET state = 'approved'")
    assert Journey.objects.get(pk=again.pk).approval() is None
    with pytest.raises(WrongState, match="another place"):
        Journey.objects.get(pk=again.pk).submit(people["maya"])


def test_the_number_of_a_place_is_beyond_all_that_something_was_approved_for(
    reviewed: Journey,  # noqa: F811
) -> None:
    """Also of a machine whose clock had gone wrong."""
    far = 10**17
    Tenant.objects.update(moves=far)
    Tenant.objects.get().sealed()
    approval = Review.objects.get()
    approval.place = Tenant.objects.get().place
    approval.sealed()
    approval.save()
    sql("UPDATE journeys_tenant SET moves = 3")
    end_approvals(Tenant.objects.get(), altered=True)
    assert Tenant.objects.get().moves == far + 1
    end_approvals(Tenant.objects.get())
    assert Tenant.objects.get().moves == far + 2


# What a second admin reads


@pytest.fixture
def asked(ada: User) -> Countersignature:  # noqa: F811
    return second.ask(ada, what="lift-review", of="tenant 1", told="Training", reason="A trial.")


WORDS = {
    "told": "Something harmless",
    "reason": "All agreed",
    "what": "administer",
    "of": "tenant 2",
    "seal": "",
}


@pytest.mark.parametrize("column", WORDS)
def test_nobody_confirms_what_sql_put_into_other_words(
    asked: Countersignature,
    column: str,
    browser_of,  # noqa: F811
) -> None:
    ben = User.objects.create_superuser("ben")
    sql(f"UPDATE journeys_countersignature SET {column} = %s", WORDS[column])
    browser = browser_of(ben)
    page = browser.get(f"/admin/journeys/countersignature/{asked.pk}/change/").content.decode()
    assert "not asked for here in these words" in page and 'id="confirm"' not in page
    browser.post(f"/admin/journeys/countersignature/{asked.pk}/confirm/")
    with pytest.raises(Tampered, match="Do not confirm"):
        asked.confirm(ben)
    asked.refresh_from_db()
    assert asked.confirmed_at is None


def test_nobody_confirms_a_row_that_sql_added(asked: Countersignature) -> None:
    ben = User.objects.create_superuser("ben")
    names = "what, of, told, reason, asked_by_id, asked_at, seal, alone"
    copied = names.replace("alone", "%s").replace("told", "'Something harmless'", 1)
    sql(
        f"INSERT INTO journeys_countersignature ({names}) SELECT {copied} FROM"
        " journeys_countersignature",
        True,
    )
    row = Countersignature.objects.latest("pk")
    with pytest.raises((Tampered, NotAllowed)):
        row.confirm(ben)
    assert not Countersignature.objects.exclude(confirmed_at=None).exists()


def test_words_that_sql_changed_after_the_confirmation_are_not_confirmed(
    asked: Countersignature,
    ada: User,  # noqa: F811
) -> None:
    asked.confirm(User.objects.create_superuser("ben"))
    sql("UPDATE journeys_countersignature SET told = 'Another tenant'")
    with pytest.raises(second.NeedsSecond):
        second.countersigned(ada, what="lift-review", of="tenant 1", told="Training")


def test_what_waits_is_asked_for_anew_where_sql_changed_it(
    asked: Countersignature,
    ada: User,  # noqa: F811
) -> None:
    sql("UPDATE journeys_countersignature SET told = 'Something harmless'")
    anew = second.ask(ada, what="lift-review", of="tenant 1", told="Training", reason="A trial.")
    assert anew.pk != asked.pk and not anew.why_altered
