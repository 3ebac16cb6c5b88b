import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group
from django.test import Client

from composer.identity.demo import PEOPLE
from journeys.models import Journey, Tenant

pytestmark = pytest.mark.django_db


def test_it_loads_people_tenant_and_journeys(run, settings):
    ran = run("load_demo", "--json")
    assert ran.json == {
        "tenant": "Practice tenant",
        "people": ["maya", "miles", "rob", "ada"],
        "journeys": ["welcome-series", "cart-reminder", "birthday-greeting"],
    }
    tenant = Tenant.objects.get()
    assert (tenant.address, tenant.review_required) == (
        f"http://127.0.0.1:{settings.PRACTICE_PORT}",
        True,
    )
    assert tenant.members.count() == 4


def test_it_makes_sign_ins_that_work(run):
    run("load_demo")
    assert [
        authenticate(username=one.username, password=one.password).username for one in PEOPLE
    ] == [
        "maya",
        "miles",
        "rob",
        "ada",
    ]


def test_it_changes_nothing_the_second_time(run, settings):
    run("load_demo")
    Journey.objects.filter(key="cart-reminder").update(name="Renamed")
    settings.PRACTICE_PORT = 4711
    assert run("load_demo").out == "Added: nothing, all is there.\n"
    assert Journey.objects.filter(name="Renamed").count() == 1
    assert Tenant.objects.get().address == "http://127.0.0.1:4711"


def test_it_is_refused_outside_the_demo(run, settings):
    settings.DEMO = False
    assert run("load_demo").code == 1
    assert not Tenant.objects.exists()


def test_it_tells_the_sign_ins_on_the_page(client: Client):
    page = client.get("/sign-in/").content.decode()
    assert all(f"<code>{one.username}</code>" in page for one in PEOPLE)


def test_it_gives_each_group_its_rights():
    rights = {
        group.name: set(group.permissions.values_list("codename", flat=True))
        for group in Group.objects.all()
    }
    compose = {"view_journey", "add_journey", "change_journey", "submit_journey"}
    assert rights == {
        "Marketer": compose,
        "Reviewer": {"view_journey", "approve_review", "accept_problem"},
        "Admin": compose
        | {"approve_review", "accept_problem", "submit_unreviewed"}
        | {"add_tenant", "change_tenant", "view_tenant"}
        | {"view_revision", "view_submission", "view_attempt", "view_auditentry", "view_review"}
        | {"view_user", "add_user", "change_user", "view_group", "add_group", "change_group"},
    }
