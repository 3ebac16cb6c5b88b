"""Signing in through the organisation's provider, which runs in a process of its own."""

import time

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group, User
from django.test import Client

from journeys.models import AuditEntry
from tests.oidc.conftest import Provider, go
from tests.oidc.provider import PERSON

MARKETER, REVIEWER = ["cn=marketers,o=x"], ["reviewers"]


def nora(groups: object, **more: object) -> dict:
    return {**PERSON, "groups": groups, **more}


def groups_of(name: str) -> list[str]:
    return sorted(User.objects.get(username=name).groups.values_list("name", flat=True))


def why(answer) -> str:
    return answer.context["why"]


def test_it_lets_in_who_has_a_mapped_group(client: Client, provider: Provider):
    provider.does(person=nora(MARKETER))
    answer = go(client, "/sign-in/provider/?next=/templates/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/templates/")
    assert client.get("/").status_code == 200
    person = User.objects.get(username="nora")
    assert (groups_of("nora"), person.first_name, person.has_usable_password()) == (
        ["Marketer"],
        "Nora",
        False,
    )
    assert person.email == ""  # the provider does not say that it is verified
    assert AuditEntry.objects.get(action="sign-in.succeeded").data["method"] == "socialaccount"


def test_it_asks_as_the_specification_wants(client: Client, provider: Provider):
    provider.does(person=nora(MARKETER))
    go(client, "/sign-in/provider/?auth_params=prompt%3Dnone&scope=everything")
    asked = provider.asked("/authorize")[0]
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert (
        sorted(asked["scope"].split()) == ["email", "openid", "profile"] and "prompt" not in asked
    )
    assert len(asked["nonce"]) > 40 and len(asked["state"]) >= 16
    assert asked["redirect_uri"] == "http://testserver/sign-in/provider/back/"


@pytest.mark.parametrize("groups", [[], ["another"], None, {"marketers": 1}, 7, "unknown"])
def test_it_makes_no_account_for_who_has_no_mapped_group(
    client: Client, provider: Provider, groups: object
):
    before = User.objects.count()
    provider.does(person=nora(groups))
    answer = go(client)
    assert (answer.status_code, why(answer)) == (403, "no_group")
    assert "in no group that may use" in answer.content.decode()
    assert (User.objects.count(), client.get("/").status_code) == (before, 302)


def test_it_refreshes_groups_at_each_sign_in(client: Client, provider: Provider):
    provider.does(person=nora(MARKETER))
    go(client)
    User.objects.get(username="nora").groups.add(Group.objects.create(name="Kept here"))
    provider.does(person=nora(REVIEWER))
    go(client)
    assert groups_of("nora") == ["Kept here", "Reviewer"]
    changed = AuditEntry.objects.filter(action="person.changed").latest("id")
    assert changed.data["changes"]["groups"] == [
        ["Kept here", "Marketer"],
        ["Kept here", "Reviewer"],
    ]
    provider.does(person=nora([]))
    assert why(go(client)) == "no_group"
    assert groups_of("nora") == ["Kept here"]


def test_it_reads_groups_that_only_the_persons_data_tell(client: Client, provider: Provider):
    provider.does("hides groups", person=nora(MARKETER))
    assert go(client).status_code == 302 and groups_of("nora") == ["Marketer"]
    provider.does("hides groups", person=nora(REVIEWER), userinfo_sub="somebody-else")
    assert why(go(Client())) == "bad" and groups_of("nora") == ["Marketer"]


def test_it_knows_people_by_issuer_and_subject_alone(client: Client, provider: Provider, settings):
    provider.does(person=nora(MARKETER))
    go(client)
    provider.does(person=nora(MARKETER, preferred_username="renamed", email="other@people.example"))
    assert go(client).status_code == 302 and not User.objects.filter(username="renamed").exists()
    SocialAccount.objects.update(provider="https://another.example")
    provider.does(person=nora(MARKETER))
    assert why(go(Client())) == "taken"


@pytest.mark.parametrize(
    "claims",
    [{"preferred_username": "MAYA"}, {"preferred_username": "x", "email": "Maya@x.example"}],
)
def test_it_gives_nobody_an_account_that_is_there(
    client: Client, provider: Provider, maya: User, claims: dict
):
    User.objects.filter(pk=maya.pk).update(email="maya@x.example")
    provider.does(person=nora(MARKETER, email_verified=True, **claims))
    before = User.objects.count()
    assert (why(go(client)), User.objects.count()) == ("taken", before)
    assert not SocialAccount.objects.exists()


def test_it_keeps_out_who_is_inactive_here(client: Client, provider: Provider):
    provider.does(person=nora(MARKETER))
    go(client)
    User.objects.filter(username="nora").update(is_active=False)
    fresh = Client()
    assert why(go(fresh)) == "inactive" and fresh.get("/").status_code == 302


BAD = [
    "wrong nonce",
    "wrong audience",
    "expired",
    "other issuer in the token",
    "wrong signature",
    "unsigned",
]


@pytest.mark.parametrize("does", [*BAD, "signed with the secret", "unknown key"])
def test_it_believes_no_bad_token(client: Client, provider: Provider, does: str):
    provider.does(does, person=nora(MARKETER))
    answer = go(client)
    assert (answer.status_code, why(answer), client.get("/").status_code) == (403, "bad", 302)
    assert not User.objects.filter(username="nora").exists()


@pytest.mark.parametrize("does", ["other issuer", "elsewhere", "too much", "slow", "drips"])
def test_it_waits_for_no_provider_and_follows_it_nowhere(
    client: Client, provider: Provider, does: str
):
    provider.does(does)
    begun = time.monotonic()
    answer = client.get("/sign-in/provider/")
    assert (answer.status_code, why(answer), answer.headers["Retry-After"]) == (503, "away", "30")
    assert time.monotonic() - begun < 4


def test_it_takes_each_answer_once_and_only_where_it_was_asked(client: Client, provider: Provider):
    provider.does(person=nora(MARKETER))
    leaving = client.get("/sign-in/provider/").headers["Location"]
    address = (
        requests.get(leaving, allow_redirects=False, timeout=5)
        .headers["Location"]
        .removeprefix("http://testserver")
    )
    assert why(Client().get(address)) == "stale"
    assert client.get(address).status_code == 302
    assert why(client.get(address)) == "stale"


def test_it_says_when_somebody_stopped_there(client: Client, provider: Provider):
    provider.does("cancels")
    answer = go(client)
    assert (answer.status_code, why(answer)) == (200, "cancelled")


def test_it_is_not_there_where_no_provider_is_set(client: Client, db: None):
    assert [client.get(f"/sign-in/provider/{more}").status_code for more in ("", "back/")] == [
        404,
        404,
    ]
    assert (
        "provider"
        not in client.get("/sign-in/").content.decode().partition("<form")[0].partition("<h1>")[2]
    )
