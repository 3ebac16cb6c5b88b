"""No page and no fragment makes an element or an attribute of data, whoever looks and whatever is
sent.

All addresses are found in the project itself; one whose parameters nobody can fill, or that nobody
can open, fails.
"""

import json
import re
from collections.abc import Iterator

import pytest
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from journeys import checks
from journeys.delivery import pick_lists
from journeys.models import (
    Acceptance,
    Attempt,
    AuditEntry,
    Countersignature,
    Journey,
    JourneyTemplate,
    Review,
    Submission,
    Tenant,
)
from journeys.spec.document import blocks as blocks_of
from journeys.tenant.lookups import Choice, Found
from tests.depth import has_turn
from tests.injection.markup import ALL_AT_ONCE, evil_journey, from_data
from tests.people import started

HTMX = {"HX-Request": "true"}
LIBRARIES = tuple(
    f"admin:{name}_" for name in ("axes", "account", "mfa", "usersessions", "socialaccount")
)
CLOSED = {
    "admin:autocomplete",
    "admin:logout",
    "admin:view_on_site",
    "healthz-sweeper",
    "healthz-worker",
    "metrics",
}
CLOSED |= {
    "oidc-sign-in",
    "oidc-callback",
    "oidc-confirm",
    "oidc-link",
}  # no provider is set up here
CLOSED |= {
    "security-txt",
    "account_set_password",
}  # nobody set a contact; passwords are set by links
CLOSED |= {
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_view_recovery_codes",
}  # for who
CLOSED |= {"mfa_edit_webauthn", "mfa_remove_webauthn"}  # has them
OF_REVIEWERS = {"accept-problem", "withdraw-acceptance", "let-through"}


def addresses(patterns: list, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """(name, route) of every address, the administration's with their model in the name."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name or ''}", route


ALL = sorted(set(addresses(get_resolver().url_patterns)))


@pytest.fixture
def world(tenant: Tenant, people: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> dict:
    """A journey, its history and everything else, with the markup wherever somebody or something
    can write a text."""
    markup = ALL_AT_ONCE
    offered = Choice(
        markup, markup, folder=markup, detail=markup, more={markup: markup, "name": markup}
    )
    monkeypatch.setattr(
        pick_lists, "_kept", lambda _tenant, about, _call, _anew: listed(about, offered)
    )
    monkeypatch.setattr(pick_lists, "ZONES", [offered])
    journey = written(tenant, people, markup)
    review = reviewed(journey, people, markup)
    sent = submitted(journey, review, markup)
    rename(people, tenant, markup)
    document = evil_journey(markup, f"{{{{{{{markup}}}}}}}")
    template = JourneyTemplate.objects.keep(
        document, tenant=tenant, name=markup[:120], description=markup, by=None
    )
    tried = {"username": markup[:200], "user_agent": markup[:200], "path_info": markup[:200]}
    failed = AccessAttempt.objects.create(**tried, failures_since_start=1)
    elsewhere = UserSession.objects.create(
        user=people["maya"], ip="127.0.0.1", user_agent=markup, session_key="1"
    )
    about = {
        "of": markup,
        "told": markup[:300],
        "reason": markup[:500],
        "tenant": tenant,
        "journey": journey,
    }
    second = Countersignature.objects.create(what="lift-review", asked_by=people["ada"], **about)
    things = {
        "second": second,
        "elsewhere": elsewhere,
        "journey": journey,
        "review": review,
        "submission": sent,
        "template": template,
        "failed": failed,
    }
    return things | {"document": journey.head.document()}


def listed(about: tuple, offered: Choice) -> object:
    kind = pick_lists.KINDS[about[0]]
    return Found([offered], count=1) if kind.searched else [offered]


def written(tenant: Tenant, people: dict, markup: str) -> Journey:
    journey = started(evil_journey(markup, f"first {markup}"[:190]), tenant, people["maya"])
    document = evil_journey(markup + " more", f"first {markup}"[:190])
    journey.append(
        document, author=people["maya"], operation="paste steps", summary=markup[:200], based_on=1
    )
    found = checks.check(document)
    for problem in found[:: max(1, len(found) // 20)]:
        row = Acceptance.of(journey, problem, document, people["rob"], markup)
        row.save()
        row.sealed().save()
    journey.refresh_from_db()
    return journey


def reviewed(journey: Journey, people: dict, markup: str) -> Review:
    first, second = journey.revisions.order_by("number")
    asked = {"journey": journey, "tenant": journey.tenant, "asked_by": people["maya"]}
    decided = {
        "decision": Review.Decision.APPROVED,
        "ended_at": timezone.now(),
        "decided_by": people["rob"],
        "decided_at": timezone.now(),
    }
    Review.objects.create(**asked, **decided, revision=first, sha256=first.sha256, comment=markup)
    return Review.objects.create(**asked, revision=second, sha256=second.sha256)


def submitted(journey: Journey, review: Review, markup: str) -> Submission:
    part = {"title": markup, "text": markup, "todo": markup, "quoted": markup}
    part["places"] = [
        ["activity", journey.head.document()["activities"][0]["key"], markup],
        ["goal", markup, markup],
    ]
    sent = Submission.objects.create(
        journey=journey,
        revision=journey.head,
        review=review,
        tenant=journey.tenant,
        key=journey.key,
        payload=b"{}",
        sha256="0" * 64,
        deadline_at=timezone.now(),
        state=Submission.State.REFUSED,
        text=markup,
        explanation={
            "title": markup,
            "text": markup,
            "todo": markup,
            "parts": [part, part],
            "places": part["places"],
        },
        answer=json.dumps(
            {"message": markup, "errors": [{"message": markup, "errorcode": markup}]}
        ).encode(),
        remote_id=markup[:100],
        remote_definition_id=markup[:100],
        remote_status=markup[:100],
    )
    told = {
        "started_at": timezone.now(),
        "seconds": 1,
        "result": "refused",
        "text": markup,
        "answer": markup,
    }
    Attempt.objects.create(submission=sent, fence=1, phase="send", http_status=400, **told)
    return sent


def rename(people: dict, tenant: Tenant, markup: str) -> None:
    for person in people.values():
        User.objects.filter(pk=person.pk).update(first_name=markup[:150], last_name=markup[:150])
    Tenant.objects.filter(pk=tenant.pk).update(name=markup[:80], subdomain=markup[:60])
    Group.objects.create(name=markup[:150])
    for entry in AuditEntry.objects.all()[:3]:
        AuditEntry.objects.create(
            tenant=tenant, journey=entry.journey, action=markup[:60], data={markup: markup}
        )


def filled(name: str, route: str, world: dict) -> str:
    """The address with the world's own things in it."""
    journey, sent = world["journey"], world["submission"]
    owners = {"auth_group": Group, "journeys_auditentry": AuditEntry}
    of_model = re.match(r"admin/(\w+)/(\w+)/", route)
    model = "_".join(of_model.groups()) if of_model else ""
    owner = {
        "journeys_review": world["review"],
        "journeys_submission": sent,
        "journeys_attempt": sent.attempts.get(),
        "auth_user": User.objects.get(username="miles"),
        "journeys_revision": journey.head,
        "journeys_tenant": journey.tenant,
        "journeys_countersignature": world["second"],
        "axes_accessattempt": world["failed"],
    }.get(model) or (owners[model].objects.last() if model in owners else journey)
    owner = world["elsewhere"] if name == "end-session" else owner
    owner = (
        journey.tenant
        if "overview" in route
        else world["template"]
        if "templates/team" in route
        else owner
    )
    values = {
        "<int:number>": "2",
        "<slug:kind>": "email",
        "<slug:slug>": "welcome-series",
        "<slug:token>": "no",
        "<uuid:pk>": str(sent.pk),
    }
    values |= dict.fromkeys(("<path:object_id>", "<int:pk>", "<id>"), str(owner.pk))
    values |= {
        "<path:content_type_id>": "1",
        "(?P<url>.*)": "nowhere",
        "(?P<uidb36>[0-9A-Za-z]+)": "1",
    }
    values |= {"(?P<key>[-\\w]+)": "set-password"}
    for parameter, value in values.items():
        route = route.replace(parameter, value)
    route = re.sub(r"\(\?P<app_label>[^)]*\)", "journeys", route)
    address = "/" + re.sub(r"[\^$]", "", route)
    assert not re.search(r"[<>()]", address), (
        f"say in `filled` what stands for the parameters of {address} ({name})"
    )
    return address


def queries(name: str, world: dict, markup: str) -> list[dict]:
    """What is asked for: nothing, nonsense, and each block where an address shows one."""
    asked = [
        {},
        {
            "q": markup,
            "kind": markup,
            "key": markup,
            "page": markup,
            "state": markup,
            "next": markup,
            "e": "1",
        },
    ]
    asked += [{"view": view} for view in ("list", "path", "json") if name == "composer"]
    if name == "pictures":
        asked += [{"of": world["journey"].pk}]
    if name == "panel":
        asked += [
            {"kind": kind, "key": str(block["key"])} for kind, block in blocks_of(world["document"])
        ]
    return asked


def posts(world: dict, markup: str) -> list[dict]:
    """Every field that any view reads, with the markup in it; and with a block and a revision that
    are there."""
    fields = (
        "name description tenant key text q kind slug after outcome target to label comment reason"
        " problem field "
    )
    fields += (
        "path keys steps first_name last_name username password password1 password2 old_password"
        " login repair "
    )
    fields += (
        "subdomain mid client_id secret allowed_domain rate answers code email view based_on keep"
        " action reply mark newer"
    )
    evil = dict.fromkeys(fields.split(), markup) | {f"ask-{number}": markup for number in range(9)}
    told = {"kind": "activity", "key": world["document"]["activities"][0]["key"], "based_on": "2"}
    named = {"tenant": str(world["journey"].tenant_id)}
    return [evil | told | named | {"files": SimpleUploadedFile(markup, markup.encode())}]


def answers(
    client: Client, who: str, name: str, world: dict, address: str
) -> Iterator[HttpResponse]:
    """Maya asks for and sends everything; the others what they alone may, and all else once."""
    is_theirs = who == "maya" or name.startswith("admin:") or name in OF_REVIEWERS
    for query in queries(name, world, ALL_AT_ONCE) if is_theirs else [{}]:
        yield client.get(
            address, query, headers=HTMX if "kind" in query or name == "progress" else {}
        )
    for sent in posts(world, ALL_AT_ONCE) if is_theirs else []:
        cookies = client.cookies.copy()
        with transaction.atomic():
            yield client.post(address, sent, headers=HTMX)
            transaction.set_rollback(True)
        client.cookies = cookies  # whoever was signed out by it comes back


def is_asked(who: str, name: str) -> bool:
    """What Rob sees Ada sees as well, so he is asked at every other address: tomorrow at the
    others."""
    return who != "rob" or name in OF_REVIEWERS or has_turn(name, 2)


def is_closed(name: str) -> bool:
    """The administration only shows what nobody makes or deletes there, and what belongs to
    libraries not at all."""
    return name in CLOSED or name.startswith(LIBRARIES) or name.endswith(("_add", "_delete"))


def shown(answer: HttpResponse) -> str:
    kind = answer.headers.get("Content-Type", "")
    return answer.content.decode() if kind.startswith(("text/html", "image/svg")) else ""


def is_open(answer: HttpResponse) -> bool:
    asks_who = answer.status_code == 302 and answer.url.startswith("/sign-in/")
    return answer.status_code not in (401, 403, 404, 405, 503) and not asks_who


@pytest.mark.one_database
def test_it_makes_no_markup_of_data_on_any_page(world: dict, people: dict[str, User], browser_of):
    opened, wrong = set(), []
    for who in ("maya", "rob", "ada"):
        client = browser_of(people[who], raise_request_exception=False)
        for name, route in ((name, route) for name, route in ALL if is_asked(who, name)):
            for answer in answers(client, who, name, world, filled(name, route, world)):
                opened |= {name} if is_open(answer) else set()
                wrong += [
                    f"{who} {name} {answer.status_code}: {found}"
                    for found in from_data(shown(answer))
                ]
                broke = answer.status_code >= 500 and not name.startswith("healthz")
                wrong += [f"{who} {name}: {answer.status_code}"] if broke else []
    assert wrong == []
    missing = {name for name, _route in ALL if not is_closed(name)} - opened
    assert not missing, "\n" + "\n".join(sorted(missing))
