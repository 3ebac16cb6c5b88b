"""The audit: who sees what, in words, narrowed, as a file, and complete."""

import ast
import csv
import io
import json
import logging
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
from django.urls import get_resolver
from django.utils import timezone

from journeys.admin import audit_filter
from journeys.models import AuditEntry, Journey, Tenant
from journeys.models.audit import MOST_REFUSALS, Unchangeable, record
from journeys.models.audit_words import ACTIONS, KINDS, sentence
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


def test_it_keeps_what_was_refused_but_not_without_end(as_rob: Client, rob: User):
    for _time in range(MOST_REFUSALS + 5):
        assert as_rob.get("/journeys/new/").status_code == 403
    entries = AuditEntry.objects.filter(actor=rob, action="refused.permission")
    assert entries.count() == MOST_REFUSALS
    assert entries[0].data == {"method": "GET", "path": "/journeys/new/"}


def test_it_keeps_refused_decisions_once(browser_of, journey: Journey, maya: User, rob: User):
    review = journey.request_review(maya)
    maya.user_permissions.add(Permission.objects.get(codename="approve_review"))
    assert browser_of(maya).post(f"/admin/journeys/review/{review.pk}/approve/").status_code == 403
    entry = AuditEntry.objects.get(kind="refused")
    assert entry.action == "refused.decision" and "You wrote some" in entry.data["reason"]


def test_it_keeps_a_submission_that_the_gate_refused(as_maya: Client, journey: Journey):
    as_maya.post(f"/journeys/{journey.pk}/submit/")
    entry = AuditEntry.objects.get(kind="refused")
    assert (entry.action, entry.journey) == (
        "refused.submission",
        journey,
    ) and "not approved" in entry.data["reason"]


@pytest.mark.parametrize(
    ("page", "action"),
    [
        ("export/", "export.json"),
        ("export/?as=curl", "export.curl"),
        ("print/", "export.print"),
        ("picture.svg?download=1", "export.picture"),
    ],
)
def test_it_keeps_who_took_what_out(
    as_maya: Client, journey: Journey, maya: User, page: str, action: str
):
    as_maya.get(f"/journeys/{journey.pk}/{page}")
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.journey) == (maya, action, journey)


def test_it_keeps_old_and_new_values_of_a_tenant_but_no_secret(
    as_ada: Client, foreign_tenant: Tenant
):
    page = f"/admin/journeys/tenant/{foreign_tenant.pk}/change/"
    form = as_ada.get(page).context["adminform"].form
    rules = {
        f"house_rules-{name}": value
        for name, value in {"TOTAL_FORMS": 1, "INITIAL_FORMS": 0}.items()
    }
    sent = {name: form[name].value() or "" for name in form.fields} | rules
    sent |= {"name": "Renamed", "review_required": "on", "account_id": "77", "secret": "CANARY-1"}
    sent |= {"house_rules-0-most_steps": "30", "house_rules-0-tenant": foreign_tenant.pk}
    for name in ("naming", "entry_modes", "longest_wait", "most_steps", "goal", "quiet"):
        sent[f"house_rules-0-{name}_severity"] = "blocking"
    as_ada.post(page, sent)
    changes = AuditEntry.objects.get(action="tenant.changed").data["changes"]
    assert changes == {
        "name": ["Other unit", "Renamed"],
        "account_id": ["", "77"],
        "secret": "replaced",
    }
    rules = AuditEntry.objects.get(action="tenant.house-rules-changed").data["changes"]
    assert rules["most_steps"] == [None, 30]
    assert "CANARY" not in as_ada.get(LIST).content.decode()


def test_it_tells_the_log_as_well_what_was_kept(
    maya, journey, caplog, django_capture_on_commit_callbacks
):
    caplog.set_level(logging.INFO, "journeys.audit")
    with django_capture_on_commit_callbacks(execute=True):
        entry = record(
            maya, "journey.exported", journey=journey, note="with client_secret=abcdefghijkl"
        )
    told = [one.told for one in caplog.records if one.name == "journeys.audit"]
    about = {"journey": journey.pk, "tenant": journey.tenant_id, "data": entry.data}
    assert told == [{"entry": entry.pk, "action": "journey.exported", "person": maya.pk} | about]
    assert "abcdefghijkl" not in str(told)


def test_it_hides_secrets_in_what_it_keeps(tenant: Tenant):
    entry = record(
        None,
        "refused.submission",
        tenant=tenant,
        reason="client_secret=CANARY&x",
        deep={"a": ["Bearer CANARY1"]},
    )
    assert "CANARY" not in json.dumps(entry.data)


# Completeness


def written_actions() -> set[str]:
    """Every text in the code that is spelled like an action."""
    found = set()
    for file in [*CHECKOUT.glob("journeys/**/*.py"), *CHECKOUT.glob("composer/**/*.py")]:
        if file.name == "audit_words.py":
            continue
        tree = ast.parse(file.read_text())
        texts = {
            n.value
            for n in ast.walk(tree)
            if isinstance(n, ast.Constant) and isinstance(n.value, str)
        }
        found |= {
            one for one in texts if re.fullmatch(rf"(?:{'|'.join(KINDS)})\.[a-z-]+|sign-out", one)
        }
    return found | {f"export.{form}" for form in ("json", "curl")}


def test_it_has_words_for_every_action_that_is_written():
    written = written_actions()
    assert len(written) > 25
    assert written - set(ACTIONS) == set()
    assert {action.partition(".")[0] for action in ACTIONS} == set(KINDS)
    assert all(sentence(action, {})[0] != action for action in ACTIONS)


HISTORY = "an edit of the draft, which stands in its history with its author"
SHOWS = "only shows"
NO_ROW = {
    **dict.fromkeys(
        "save-block save-block-text name-journey add-block remove-block move-step replace-step"
        " paste-steps duplicate-steps move-steps remove-steps lead-to add-path remove-path"
        " move-path rename-path repair save-document undo redo convert restore new-journey"
        " from-template from-team-template".split(),
        HISTORY,
    ),
    **dict.fromkeys(
        "outline journeys pictures import-report composer panel event-fields look-up places"
        " step-menu step-types copy-steps path-gaps path-targets search-journey problems document"
        " check-document history revision key templates submissions submission progress overview"
        " tenant-overview healthz healthz-worker healthz-sweeper metrics security-txt".split(),
        SHOWS,
    ),
}
ROW = {
    "import": "journey.imported",
    "accept-problem": "problem.accepted",
    "withdraw-acceptance": "problem.acceptance-withdrawn",
    "export": "export.json",
    "picture": "export.picture",
    "print": "export.print",
    "request-review": "review.requested",
    "another-key": "journey.another-key",
    "submit": "submission.created",
    "save-template": "template.saved",
    "delete-template": "template.deleted",
    "cancel-submission": "submission.cancelled",
    "take-over": "submission.taken-over",
    "try-again": "submission.tried-again",
    "submission-answer": "export.answer",
    "let-through": "tenant.let-through",
}
COMMANDS = {
    "add_tenant": "tenant.added",
    "check_tenant": "tenant.checked-with-drafts",
    "import_journey": "journey.imported",
    "export_journey": "export.json",
    "submit_journey": "submission.created",
    "restored": "database.restored",
    "renew_seals": "database.seals-renewed",
    "check_journey": SHOWS,
    "submission_status": SHOWS,
    "reencrypt": "changes how secrets are kept, by whoever runs the server",
    "makemessages": "changes files of the checkout only",
    "load_demo": "made-up people and journeys, in the demo only",
    "practice_tenant": "serves a stand-in",
    "createsuperuser": "makes the first account, by whoever runs the server",
    "migrate": "changes the shape of the database, by whoever runs the server",
    "serve": "starts processes",
    "sweep": "goes on with what people asked for",
}


def test_it_has_an_action_or_a_reason_for_every_address_and_command():
    names = {pattern.name for pattern in get_resolver("journeys.urls").url_patterns}
    assert names == {*NO_ROW, *ROW} and not {*NO_ROW} & {*ROW}
    folder = CHECKOUT / "journeys" / "management" / "commands"
    assert {file.stem for file in folder.glob("[a-z]*.py")} == set(COMMANDS)
    told = {value for value in [*ROW.values(), *COMMANDS.values()] if "." in value}
    assert told <= written_actions()


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
