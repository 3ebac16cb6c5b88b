"""Tenants in the admin: checked addresses, and a secret that goes in and never comes out."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from journeys import tenant as rest
from journeys.delivery.tenant_move import would_end
from journeys.gallery.samples import samples
from journeys.models import AuditEntry, Journey, Review, Submission, Tenant, WrongState
from tests.markup import flat
from tests.people import approved, seal_state, started

PAGE = "/admin/journeys/tenant/"
FORM = {
    "name": "North",
    "subdomain": "mc-abc",
    "account_id": "510",
    "client_id": "client",
    "secret": "hush-hush",
}
FORM |= {"house_rules-TOTAL_FORMS": "0", "house_rules-INITIAL_FORMS": "0"}
FORM |= {"allowed_domain": "marketingcloudapis.com", "review_required": "on"}


@pytest.fixture
def north(db: None) -> Tenant:
    kept = {
        name: value
        for name, value in FORM.items()
        if "-" not in name and name not in ("secret", "review_required")
    }
    return Tenant.objects.create(**kept, client_secret="hush-hush").sealed()


def change(client: Client, tenant: Tenant, **changes: str):
    """With the tick that as many approvals end as there are, which counts for nothing where none
    would."""
    ends = {"ends": str(would_end(tenant).count())}
    return client.post(f"{PAGE}{tenant.pk}/change/", FORM | {"secret": ""} | ends | changes)


def test_it_adds_a_tenant(as_ada: Client, maya: User):
    answer = as_ada.post(
        f"{PAGE}add/", FORM | {"subdomain": "MC-abc", "members": [maya.pk]}
    )  # of people, not of tenants
    assert answer.status_code == 302
    tenant = Tenant.objects.get()
    assert tenant.credentials() == rest.Credentials(
        "mc-abc", "client", "hush-hush", account_id="510"
    )
    assert not tenant.members.exists()
    assert AuditEntry.objects.get().action == "tenant.added"


@pytest.mark.parametrize("subdomain", ["", "evil.example/", "a@b", "127.0.0.1:6379", "a" * 64])
def test_it_refuses_bad_subdomains(as_ada: Client, subdomain: str):
    answer = as_ada.post(f"{PAGE}add/", FORM | {"subdomain": subdomain})
    assert "subdomain" in answer.context["adminform"].form.errors
    assert not Tenant.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"), [("allowed_domain", "evil"), ("client_id", ""), ("secret", "")]
)
def test_it_refuses_half_a_package(as_ada: Client, name: str, value: str):
    answer = as_ada.post(f"{PAGE}add/", FORM | {name: value})
    assert list(answer.context["adminform"].form.errors) == [name]
    assert not Tenant.objects.exists()


def test_it_never_shows_the_secret(as_ada: Client, north: Tenant):
    pages = [
        as_ada.get(f"{PAGE}{north.pk}/change/"),
        as_ada.get(PAGE),
        change(as_ada, north, name="", secret="typed-now"),
    ]
    assert [page.status_code for page in pages] == [200] * 3
    assert not any(
        "hush-hush" in page.content.decode() or "typed-now" in page.content.decode()
        for page in pages
    )


def test_it_keeps_the_secret_when_none_is_typed(as_ada: Client, north: Tenant):
    assert change(as_ada, north, name="North again").status_code == 302
    north.refresh_from_db()
    assert (north.name, north.client_secret) == ("North again", "hush-hush")


def test_it_replaces_the_secret_and_drops_the_token(as_ada: Client, north: Tenant):
    north.keep_token(
        rest.Token("token", 3600, "https://mc-abc.rest.marketingcloudapis.com"), timezone.now()
    )
    change(as_ada, north, secret="newer")
    north.refresh_from_db()
    assert (north.client_secret, north.token, north.token_expires_at) == ("newer", "", None)
    assert "newer" not in str(AuditEntry.objects.get().data)


def test_it_keeps_the_token_when_only_the_name_changes(as_ada: Client, north: Tenant):
    north.keep_token(
        rest.Token("token", 3600, "https://mc-abc.rest.marketingcloudapis.com"), timezone.now()
    )
    change(as_ada, north, name="North again")
    north.refresh_from_db()
    assert north.token == "token"


@pytest.mark.parametrize(
    "moved", [{"subdomain": "elsewhere"}, {"allowed_domain": "eu.marketingcloudapis.com"}]
)
def test_it_asks_for_the_secret_again_at_another_address(
    as_ada: Client, north: Tenant, moved: dict
):
    answer = change(as_ada, north, **moved)
    assert list(answer.context["adminform"].form.errors) == ["secret"]
    assert change(as_ada, north, **moved, secret="known").status_code == 302


MOVED = [
    {"subdomain": "elsewhere"},
    {"allowed_domain": "eu.marketingcloudapis.com"},
    {"account_id": "511"},
]


@pytest.mark.parametrize("moved", MOVED)
@pytest.mark.parametrize(
    ("state", "ambiguous"),
    [("waiting", 0), ("sending", 1), ("unclear", 1), ("needs-person", 1), ("needs-person", 0)],
)
def test_it_stays_where_it_is_while_something_may_still_be_sent_there(
    as_ada: Client, north: Tenant, maya: User, moved: dict, state: str, ambiguous: int
):
    started(samples()[0], north, maya).submit(maya, without_review=True)
    Submission.objects.update(state=state, ambiguous=bool(ambiguous))
    answer = change(as_ada, north, **moved, secret="known")
    (name,) = moved
    errors = answer.context["adminform"].form.errors
    assert list(errors) == [name] and "may still be sent or have arrived: 1" in errors[name][0]
    assert Tenant.objects.filter(pk=north.pk, **{name: FORM[name]}).exists()
    assert change(as_ada, north, client_id="newer", secret="newer").status_code == 302


@pytest.mark.parametrize("state", ["succeeded", "refused", "conflict", "cancelled"])
def test_it_moves_when_all_has_ended(as_ada: Client, north: Tenant, maya: User, state: str):
    started(samples()[0], north, maya).submit(maya, without_review=True)
    ids = dict.fromkeys(("remote_id", "remote_definition_id", "remote_status"), "1")
    Submission.objects.update(state=state, **ids)
    assert change(as_ada, north, account_id="511").status_code == 302


def test_it_moves_in_spite_of_what_has_been_submitted_anew_since(
    as_ada: Client, north: Tenant, maya: User
):
    journey = started(samples()[0], north, maya)
    journey.submit(maya, without_review=True)
    Submission.objects.update(state="needs-person")
    seal_state(Submission.objects.get())
    journey.submit(maya, without_review=True)
    ids = dict.fromkeys(("remote_id", "remote_definition_id", "remote_status"), "1")
    Submission.objects.filter(state="waiting").update(state="succeeded", **ids)
    assert change(as_ada, north, account_id="511").status_code == 302


@pytest.mark.parametrize("moved", [*MOVED, {"client_id": "newer"}, {}])
def test_approvals_of_the_old_place_end(
    as_ada: Client, north: Tenant, maya: User, rob: User, moved: dict
):
    journey = approved(started(samples()[0], north, maya), maya, rob)
    change(as_ada, north, name="North again", secret="hush-hush")  # the same secret
    assert Journey.objects.get(pk=journey.pk).approval()
    answer = change(as_ada, north, **moved, secret="known")
    journey = Journey.objects.get(pk=journey.pk)
    assert (answer.status_code, journey.approval(), journey.state) == (302, None, "draft")
    assert AuditEntry.objects.filter(action="tenant.changed").first().data["approvals_ended"] == 1
    assert (
        "1 approval ended: Welcome series. What ended was for the old place"
        in as_ada.get(PAGE).content.decode()
    )
    with pytest.raises(WrongState, match="not approved yet"):
        journey.submit(maya)
    assert journey.request_review(maya).state == "requested"


@pytest.mark.parametrize(
    "moved", [{"account_id": "511"}, {"client_id": "newer"}, {"secret": "newer"}]
)
def test_it_says_which_approvals_a_change_of_the_place_ends_before_it_is_saved(
    as_ada: Client, north: Tenant, maya: User, rob: User, moved: dict
):
    journey = approved(started(samples()[0], north, maya), maya, rob)
    started(samples()[1] | {"name": "Cart’s end"}, north, maya).request_review(maya)
    page = as_ada.get(f"{PAGE}{north.pk}/change/").content.decode()
    told = "End 1 approval and 1 open review: Cart’s end, Welcome series"
    assert told in page and "makes it another place" in page
    for tick in ({"ends": ""}, {"ends": "1"}):  # none, and one from before the second was asked for
        answer = change(as_ada, north, **moved, **tick)
        assert list(answer.context["adminform"].form.errors) == ["ends"]
        assert Journey.objects.get(pk=journey.pk).approval()
    assert change(as_ada, north, **moved).status_code == 302
    assert Journey.objects.get(pk=journey.pk).approval() is None
    assert "ends" not in str(
        AuditEntry.objects.filter(action="tenant.changed").first().data["fields"]
    )


def test_it_asks_for_no_tick_where_nothing_ends(
    as_ada: Client, north: Tenant, maya: User, rob: User
):
    assert "makes it another place" not in as_ada.get(f"{PAGE}{north.pk}/change/").content.decode()
    approved(started(samples()[0], north, maya), maya, rob)
    assert change(as_ada, north, name="North again", ends="").status_code == 302


def test_no_approval_comes_back_with_the_old_place(
    as_ada: Client, north: Tenant, maya: User, rob: User
):
    journey = approved(started(samples()[0], north, maya), maya, rob)
    change(as_ada, north, account_id="511")
    change(as_ada, north)
    Review.objects.update(ended_at=None)
    assert (Tenant.objects.get().account_id, Journey.objects.get(pk=journey.pk).approval()) == (
        "510",
        None,
    )


@pytest.mark.parametrize("decide", ["approve", "send_back"])
def test_a_page_from_before_the_move_decides_nothing(
    as_ada: Client, north: Tenant, maya: User, rob: User, decide: str
):
    review = started(samples()[0], north, maya).request_review(maya)
    change(as_ada, north, account_id="511")
    Review.objects.update(ended_at=None)  # as if it had slipped through
    with pytest.raises(WrongState, match="stands for another place"):
        getattr(review, decide)(rob, "No.")


@pytest.mark.parametrize(
    "domain", ["evil.example", "marketingcloudapis.com.evil.example", "10.0.0.1", "localhost"]
)
def test_it_takes_domains_of_marketing_cloud_only(as_ada: Client, north: Tenant, domain: str):
    answer = change(as_ada, north, allowed_domain=domain, secret="known")
    assert list(answer.context["adminform"].form.errors) == ["allowed_domain"]


def test_it_takes_a_domain_that_the_installation_allows(as_ada: Client, north: Tenant, settings):
    settings.TENANT_DOMAINS = ["proxy.example.org"]
    assert (
        change(as_ada, north, allowed_domain="proxy.example.org", secret="known").status_code == 302
    )


def test_it_does_not_change_the_practice_address(as_ada: Client, tenant: Tenant):
    before = tenant.practice_url
    answer = change(
        as_ada, tenant, name="Practice", subdomain="", practice_url="http://127.0.0.1:9"
    )
    tenant.refresh_from_db()
    assert (answer.status_code, tenant.name, tenant.practice_url) == (302, "Practice", before)


def test_it_deletes_no_tenant(as_ada: Client, north: Tenant):
    assert as_ada.post(f"{PAGE}{north.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("person", ["as_maya", "as_rob"])
def test_it_is_closed_to_others(request: pytest.FixtureRequest, north: Tenant, person: str):
    client = request.getfixturevalue(person)
    assert [client.get(PAGE).status_code, change(client, north).status_code] == [403, 403]


def test_its_changes_name_what_changed_and_no_tick_or_reason(
    as_ada: Client, north: Tenant, maya: User, rob: User
):
    approved(started(samples()[0], north, maya), maya, rob)
    change(as_ada, north, name="North again", ends="", reason="None needed.")
    change(as_ada, north, name="North again", secret="newer")
    told = [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")]
    assert told == ["Changed Name.", "Changed Client secret."]
    page = as_ada.get(f"{PAGE}{north.pk}/history/").text
    assert page.index("Changed Client secret.") < page.index("Changed Name.")


def test_the_audit_names_the_reviews_that_a_move_ended(as_ada: Client, north: Tenant, maya: User):
    started(samples()[0] | {"name": "Spring push"}, north, maya).request_review(maya)
    answer = as_ada.get(change(as_ada, north, account_id="511").url)
    assert "1 review ended: Spring push." in answer.text and "approval" not in answer.text
    page = flat(as_ada.get("/admin/journeys/auditentry/").text)
    assert "<dt>1 review ended:</dt> <dd>Spring push</dd>" in page and "approvals ended" not in page


def test_it_loses_no_secret_that_was_typed_on_the_way(
    as_ada: Client, north: Tenant, maya: User, rob: User
):
    """Whatever is refused meanwhile, and also where the stored one would do."""
    approved(started(samples()[0], north, maya), maya, rob)
    for moved in ({"account_id": "511"}, {}):
        refused = change(as_ada, north, **moved, secret="newer", ends="")
        assert 'name="secret_typed" value="on"' in refused.text and "newer" not in refused.text
        again = change(as_ada, north, **moved, secret_typed="on")
        assert list(again.context["adminform"].form.errors) == ["secret"]
        assert (
            'name="secret_typed" value="on"' in again.text and "Leave this empty" not in again.text
        )
    assert Tenant.objects.get().client_secret == "hush-hush"
    assert (
        change(as_ada, north, account_id="511", secret_typed="on", secret="newer").status_code
        == 302
    )
    assert Tenant.objects.get().client_secret == "newer"
