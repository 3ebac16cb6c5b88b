"""The audit: who sees what, in words, narrowed, and as a file."""

import csv
import io
import json
import re
import unicodedata
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from journeys.admin import audit_filter
from journeys.models import AuditEntry, Journey, Tenant
from journeys.models.audit import Unchangeable, record
from tests.people import approved

LIST = "/admin/journeys/auditentry/"
CHECKOUT = Path(__file__).parents[2]


def shown(client: Client, **asked: object) -> list[str]:
    return [row[0].action for row in client.get(LIST, asked).context["rows"]]


@pytest.fixture
def as_auditor(browser_of, tenant: Tenant) -> Client:
    """Sees the audit of the tenant that she belongs to, and looks after none."""
    person = User.objects.create_user("iris", is_staff=True)
    person.user_permissions.add(
        *Permission.objects.filter(codename__in=["view_auditentry", "view_journey"])
    )
    tenant.members.add(person)
    return browser_of(person)


def test_it_shows_what_belongs_to_no_tenant_to_who_looks_after_all(
    as_ada: Client, as_auditor: Client, tenant: Tenant
):
    record(None, "database.restored", open_submissions=2)
    record(None, "tenant.let-through", tenant=tenant)
    assert shown(as_ada) == ["tenant.let-through", "database.restored"]
    assert shown(as_auditor) == ["tenant.let-through"]


def test_it_shows_nothing_of_other_tenants(
    as_auditor: Client, foreign_tenant: Tenant, foreign_journey: Journey
):
    entry = record(None, "tenant.added", tenant=foreign_tenant)
    record(None, "export.json", journey=foreign_journey, revision=1)
    assert shown(as_auditor) == [] == shown(as_auditor, journey=foreign_journey.key)
    pages = [f"{LIST}{entry.pk}/{page}/" for page in ("change", "history")]
    assert [as_auditor.get(page).status_code for page in pages] == [404, 404]
    assert b"Other unit" not in b"".join(as_auditor.get(f"{LIST}export/"))


def test_it_says_what_happened_in_words(as_ada: Client, journey: Journey, maya: User, rob: User):
    approved(journey, maya, rob)
    text = as_ada.get(LIST).content.decode()
    assert "Approved revision 1" in text and "Asked for a review of revision 1" in text


def test_it_narrows_by_days_person_tenant_kind_key_and_words(
    as_ada: Client, journey: Journey, rob: User, tenant: Tenant
):
    record(rob, "export.json", journey=journey, revision=7)
    record(None, "tenant.let-through", tenant=tenant)
    record(rob, "refused.permission", method="GET", path="/Größe/")
    today, day = timezone.localdate(), timedelta(days=1)
    assert shown(as_ada, person="ROB") == ["refused.permission", "export.json"]
    assert (
        shown(as_ada, person="rob reviewer")
        == shown(as_ada, person="Reviewer")
        == shown(as_ada, person="rob")
    )
    assert shown(as_ada, tenant=tenant.pk) == ["tenant.let-through", "export.json"]
    assert shown(as_ada, what="export") == shown(as_ada, what="export.json") == ["export.json"]
    assert shown(as_ada, journey=journey.key) == ["export.json"]
    assert shown(as_ada, q="größe") == shown(as_ada, q="permission") == ["refused.permission"]
    assert len(shown(as_ada, since=today, until=today)) == 3
    assert shown(as_ada, since=today + day) == shown(as_ada, until=today - day) == []
    assert (
        "less than or equal to 2999" in as_ada.get(LIST, {"until": "9999-12-31"}).content.decode()
    )
    assert as_ada.get(f"{LIST}export/", {"since": "0001-01-01"}).status_code == 422
    assert "nobody of this name" in as_ada.get(LIST, {"person": "none"}).content.decode()
    assert "at most 10 words" in as_ada.get(LIST, {"q": "a " * 15}).content.decode()


def test_it_pages_by_id_without_counting(
    as_ada: Client, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(audit_filter, "PAGE", 3)
    monkeypatch.setattr(audit_filter, "WINDOW", 4)
    for number in range(8):
        record(None, "tenant.let-through", tenant=tenant, number=number)
    seen, asked = [], "?"
    with CaptureQueriesContext(
        connection,
    ) as queries:
        while asked:
            context = as_ada.get(LIST + asked).context
            seen += [row[0].data["number"] for row in context["rows"]]
            asked = context["older"]
    assert seen == [7, 6, 5, 4, 3, 2, 1, 0]
    told = [query["sql"] for query in queries if "audit" in query["sql"]]
    assert told and not any("COUNT(" in sql or "OFFSET" in sql for sql in told)
    found = as_ada.get(LIST + "?q=number").context
    assert len(found["rows"]) <= 4 and found["older"]


HIDDEN_FORMULAS = [
    "\ufeff=1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff20x",
    "\ufe661",
    "\u22121",
    "\u200b=1",
    "\u00a0=1",
]
HIDDEN_FORMULAS += ["\u2028=1", " \ufeff \t1"]


def test_it_gives_a_file_that_no_spreadsheet_carries_out(
    as_ada: Client, journey: Journey, ada: User
):
    for start in ("=1+1", "+1", "-1", "@x", "\tx", "\rx", " =1", *HIDDEN_FORMULAS):
        record(None, "problem.accepted", journey=journey, problem=start, reason="r")
        AuditEntry.objects.create(action=f"{start}.x", journey=journey, tenant=journey.tenant)
    answer = as_ada.get(f"{LIST}export/?as=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert len(rows) == 15 + 2 * len(HIDDEN_FORMULAS) and rows[0]["action"] == "export.audit"
    cells = [value for row in rows for value in row.values()]
    plain = [
        re.sub(r"\A[ \u00a0\ufeff\u200b\u2028]+", "", unicodedata.normalize("NFKC", value))
        for value in cells
    ]
    assert not [
        value for value in plain if value.startswith(("=", "+", "-", "\u2212", "@", "\t", "\r"))
    ]


def test_it_gives_json_lines_once_a_minute(as_ada: Client, tenant: Tenant, ada: User):
    record(None, "tenant.let-through", tenant=tenant)
    answer = as_ada.get(f"{LIST}export/?as=jsonl&what=tenant")
    told = [json.loads(line) for line in b"".join(answer).splitlines()]
    assert [line["action"] for line in told] == ["tenant.let-through"]
    again = as_ada.get(f"{LIST}export/?as=jsonl")
    assert again.status_code == 429 and "Wait a minute" in again.content.decode()
    entry = AuditEntry.objects.get(action="export.audit")
    assert (entry.actor, entry.data) == (ada, {"form": "jsonl", "filters": {"what": "tenant"}})


def test_nothing_is_spelled_as_programs_spell_it(
    as_ada: Client, tenant: Tenant, ada: User, journey: Journey
):
    changes = {
        "review_required": [True, False],
        "entry_modes": [["OnceAndDone"], []],
        "rights": [[], ["auth.view_user"]],
    }
    entry = record(
        ada,
        "tenant.changed",
        tenant=tenant,
        fields=["review_required"],
        changes=changes,
        person_id=7,
    )
    record(ada, "sign-in.succeeded", method="password and recovery_codes")
    record(ada, "refused.permission", method="POST", path="/x/")
    record(ada, "countersignature.used", id=3, what="lift-review", of="North", reason="A trial.")
    AuditEntry.objects.create(
        action="review.approved",
        journey=journey,
        data={"revision": 1, "until": "2026-03-01T09:05:00"},
    )
    texts = [read(as_ada.get(address)) for address in (LIST, f"{LIST}{entry.pk}/change/")]
    for told in (
        "review required: yes → no",
        "allowed entry modes: No re-entry → –",
        "rights: – → See people",
    ):
        assert [told in text for text in texts] == [True, True]
    for told in (
        "how: password and a recovery code",
        "let a tenant go without reviews",
        "how: sending a form",
        "1 Mar 2026, 09:05",
    ):
        assert told in texts[0]
    spelled = (
        r"review_required|OnceAndDone|auth\.view_user|recovery_codes|lift-review"
        r"|tenant\.changed|person_id|[{}]|POST"
    )
    assert [re.findall(spelled, text) for text in texts] == [[], []]


def read(answer) -> str:
    """What people read on the page."""
    page = answer.content.decode()
    plain = unescape(re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")]))
    return " ".join(plain.split()).replace(" :", ":")


def test_its_filter_names_what_happened_in_words(as_ada: Client, tenant: Tenant):
    page = as_ada.get(LIST).content.decode()
    offered = re.findall(r'<option value="[\w.-]*"[^>]*>([^<]+)</option>', page)
    assert "Approved a revision" in offered and "Changed the tenant" in offered
    assert not [name for name in offered if re.fullmatch(r"[a-z-]+\.[a-z-]+", name)]


def test_its_file_has_the_columns_of_the_page(
    as_ada: Client, journey: Journey, maya: User, rob: User
):
    approved(journey, maya, rob)
    rows = list(
        csv.DictReader(
            io.StringIO(
                b"".join(as_ada.get(f"{LIST}export/?as=csv&what=review")).decode("utf-8-sig")
            )
        )
    )
    first = {name: rows[0][name] for name in ("who", "about", "what", "journey", "tenant")}
    assert first == {
        "who": "rob",
        "about": "Reviews",
        "what": "Approved revision 1",
        "journey": "Welcome series",
        "tenant": str(journey.tenant),
    }
    assert "comment: Good to go." in rows[0]["details"] and "{" not in "".join(rows[0].values())


def test_it_cannot_be_changed(tenant: Tenant):
    entry = record(None, "tenant.added", tenant=tenant)
    for change in (lambda: AuditEntry.objects.update(action="x"), AuditEntry.objects.all().delete):
        with pytest.raises(Unchangeable):
            change()
    with pytest.raises(Unchangeable):
        entry.delete()
    entry.action = "x"
    with pytest.raises(Unchangeable):
        entry.save()
    assert AuditEntry.objects.get().action == "tenant.added"


# What is not there for others


@pytest.mark.parametrize("page", ["change", "history"])
def test_it_knows_nothing_that_is_not_there(as_ada: Client, page: str):
    models = [
        model for model in admin.site._registry if model._meta.app_label in ("journeys", "auth")
    ]
    assert len(models) > 6
    for model in models:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/99999/{page}/"
        assert as_ada.get(address).status_code in (403, 404), address


def test_a_member_without_a_group_sees_nothing(
    browser_of, journey: Journey, tenant: Tenant, maya: User, rob: User
):
    submission = approved(journey, maya, rob).submit(maya)
    person = User.objects.create_user("nora")
    tenant.members.add(person)
    client = browser_of(person)
    of_journey = [
        "",
        "history/",
        "history/1/",
        "export/",
        "print/",
        "picture.svg",
        "panel/",
        "problems/",
        "document/",
    ]
    pages = [f"/journeys/{journey.pk}/{page}" for page in of_journey]
    pages += [f"/submissions/{submission.pk}/{page}" for page in ("", "answer/")]
    pages += [f"/submissions/overview/{tenant.pk}/"]
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 404)
    for page in ("/", "/submissions/", "/submissions/overview/"):
        text = client.get(page).content.decode()
        assert journey.key not in text and str(tenant) not in text and str(journey) not in text
    assert client.get("/templates/").status_code == 403
    for model in (Journey, type(submission), type(journey.reviews.get()), Tenant, AuditEntry):
        assert not model.objects.visible_to(person).exists()
    person.groups.add(Group.objects.get(name="Reviewer"))
    assert browser_of(User.objects.get(pk=person.pk)).get(pages[0]).status_code == 200
