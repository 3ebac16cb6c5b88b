"""What waits, as people say it: of which journey, review, tenant or person it is, what was typed by
the names of its fields, and what the button does. Only what the reader may see is named."""

from collections.abc import Callable

from django.contrib.auth.models import Group, User
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from composer.identity import typed

# by the names of addresses
DO_IT = {
    "new-journey": _("Create it now"),
    "from-template": _("Create it now"),
    "from-team-template": _("Create it now"),
    "save-template": _("Save it now"),
    "delete-template": _("Delete it now"),
    "import": _("Import it now"),
    "convert": _("Convert it now"),
    "submit": _("Submit it now"),
    "restore": _("Restore it now"),
    "revert": _("Revert it now"),
    "request-review": _("Request the review now"),
    "another-key": _("Give it another key now"),
    "cancel-submission": _("Cancel it now"),
    "try-again": _("Let it go on now"),
    "take-over": _("Take it over now"),
    "let-through": _("Let calls through now"),
    "admin:journeys_review_approve": _("Approve it now"),
    "admin:journeys_review_send-back": _("Send it back now"),
    "admin:journeys_countersignature_ask": _("Ask for it now"),
    "admin:journeys_countersignature_confirm": _("Confirm it now"),
    "admin:journeys_countersignature_withdraw": _("Withdraw it now"),
    "admin:auth_group_delete": _("Delete it now"),
}
# Where the audit's words for fields do not fit a form; "" is for programs.
LABELS = {
    "description": _("Description"),
    "text": _("Pasted JSON"),
    "kept_name": _("Name of a file"),
    "kept_text": _("What was in it"),
    "tenant": _("Tenant"),
    "spec_version": _("Spec version"),
    "reason": _("Why"),
    **dict.fromkeys(
        ("sha256", "next", "_save", "_continue", "ends", "secret_typed", "based_on", "key_known"),
        "",
    ),
    **dict.fromkeys(("kept_note", "post", "repair", "rights"), ""),
}
FOR_PROGRAMS = ("choice-", "repair-")


def button(path: str) -> str:
    return str(
        DO_IT.get(typed.name_of(path))
        or (_("Save it now") if path.startswith("/admin/") else _("Do it now"))
    )


def told(user: User, path: str, fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """(label, value) of what may be seen again."""
    pairs = [
        (label(name), said(user, name, value)) for name, value in typed.shown(path, fields) if value
    ]
    return [(name, value) for name, value in pairs if name and value]


def label(name: str) -> str:
    from journeys.models.audit_names import field_label

    if name.startswith(FOR_PROGRAMS) or name.endswith(("_FORMS", "-id")):
        return ""
    if name.startswith(("ask-", "asked-")):
        return _t("Asked by the template")
    own = name.rpartition("-")[2]
    words = str(LABELS.get(own, field_label(own)))
    return words[:1].upper() + words[1:]


def said(user: User, name: str, value: str) -> str:
    from journeys.models import Tenant

    if name in ("tenant", "tenants"):
        return named(Tenant.objects.visible_to(user), value)
    if name == "groups":
        return named(
            Group.objects.all() if user.has_perm("auth.view_group") else Group.objects.none(), value
        )
    return _t("yes") if value == "on" else value


def named(rows: object, value: str) -> str:
    return str(rows.filter(pk=value).first() or "") if value.isdecimal() and len(value) < 19 else ""


def about(user: User, path: str) -> str:
    """Such as "“Spring push”, revision 4, for the tenant North"; "" where it is about nothing that
    the reader sees."""
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return ""
    key = match.kwargs.get("pk") or match.kwargs.get("object_id")
    for beginning, find in FINDERS.items():
        if key and match.view_name.startswith(beginning):
            return find(user, str(key), match)
    return ""


def of_review(user: User, key: str, match) -> str:
    from journeys.models import Review

    rows = (
        Review.objects.visible_to(user)
        .select_related("journey", "tenant", "revision")
        .defer("revision__packed")
    )
    row = rows.filter(pk=key).first()
    return words(row.journey, row.revision.number, row.tenant) if row else ""


def of_journey(user: User, key: str, match) -> str:
    from journeys.models import Journey

    row = (
        Journey.objects.visible_to(user)
        .select_related("tenant", "head")
        .defer("head__packed")
        .filter(pk=key)
        .first()
    )
    number = match.kwargs.get("number") or (row and row.head and row.head.number)
    return words(row, number, row.tenant) if row else ""


def of_submission(user: User, key: str, match) -> str:
    from journeys.models import Submission

    rows = Submission.objects.visible_to(user).select_related("journey", "tenant", "revision")
    row = rows.defer("payload", "revision__packed").filter(pk=key).first()
    return words(row.journey, row.revision.number, row.tenant) if row else ""


def of_tenant(user: User, key: str, match) -> str:
    from journeys.models import Tenant

    return named(Tenant.objects.visible_to(user), key)


def of_template(user: User, key: str, match) -> str:
    from journeys.models import JourneyTemplate

    row = JourneyTemplate.objects.visible_to(user).only("name").filter(pk=key).first()
    return row.name if row else ""


def of_person(user: User, key: str, match) -> str:
    row = (
        User.objects.filter(pk=key).first()
        if key.isdecimal() and user.has_perm("auth.view_user")
        else None
    )
    return (row.get_full_name() or row.get_username()) if row else ""


def of_group(user: User, key: str, match) -> str:
    return named(Group.objects.all(), key) if user.has_perm("auth.view_group") else ""


def words(journey: object, number: int, tenant: object) -> str:
    parts = {"journey": journey, "number": number, "tenant": tenant}
    return _t("“%(journey)s”, revision %(number)s, for the tenant %(tenant)s") % parts


FINDERS: dict[str, Callable] = {
    "admin:journeys_review_": of_review,
    "admin:journeys_tenant_": of_tenant,
    "admin:auth_user_": of_person,
    "admin:auth_group_": of_group,
    "cancel-submission": of_submission,
    "try-again": of_submission,
    "take-over": of_submission,
    "let-through": of_tenant,
    "delete-template": of_template,
    "from-team-template": of_template,
    **dict.fromkeys(
        (
            "save-template",
            "convert",
            "submit",
            "restore",
            "revert",
            "request-review",
            "another-key",
        ),
        of_journey,
    ),
}
