"""What the audit calls the members and values of its rows: as people say them, never as programs
spell them."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from journeys.blocks.journey import ENTRY_MODES
from journeys.models.right_names import RIGHTS

NAMES = {
    "address": _("address"),
    "altered": _("accepted as it stood in the database"),
    "approvals_ended": _("approvals ended"),
    "reviews_ended": _("reviews ended"),
    "by": _("by"),
    "changes": _("changed"),
    "comment": _("comment"),
    "differences": _("differences"),
    "fields": _("fields"),
    "file": _("file"),
    "filters": _("filters"),
    "groups": _("groups"),
    "method": _("how"),
    "name": _("name"),
    "open_submissions": _("open submissions"),
    "path": _("page"),
    "person": _("person"),
    "place": _("place"),
    "reason": _("reason"),
    "renewed": _("sealed anew"),
    "revision": _("revision"),
    "rows": _("rows"),
    "severity": _("severity"),
    "sha256": _("hash"),
    "submission": _("submission"),
    "tenants": _("tenants"),
    "username": _("user name"),
    "verb": _("what was asked"),
    "form": _("form"),
    "from": _("from"),
    "key": _("key"),
    "number": _("number"),
    "of": _("of what"),
    "person_id": _("person"),
    "problem": _("problem"),
    "template": _("template"),
    "text": _("what was found"),
    "unknown": _("unknown"),
    "was_admin": _("was an admin before"),
    "what": _("what"),
    "why": _("why"),
}


# Fields of the administration's forms, where neither the model nor the form's own words say it
# plainly.
FIELDS = {
    "account_id": _("MID"),
    "allowed_domain": _("allowed domain"),
    "client_id": _("client id"),
    "client_secret": _("client secret"),
    "email": _("email address"),
    "entry_modes": _("allowed entry modes"),
    "entry_modes_severity": _("allowed entry modes: severity"),
    "first_name": _("first name"),
    "goal_required": _("goal required"),
    "goal_severity": _("goal required: severity"),
    "is_active": _("may sign in"),
    "last_name": _("last name"),
    "longest_wait": _("longest wait in days"),
    "longest_wait_severity": _("longest wait: severity"),
    "most_steps": _("most steps"),
    "most_steps_severity": _("most steps: severity"),
    "naming_pattern": _("pattern of names"),
    "naming_severity": _("pattern of names: severity"),
    "quiet_from": _("quiet from"),
    "quiet_severity": _("quiet hours: severity"),
    "quiet_to": _("quiet until"),
    "rate": _("calls a second"),
    "review_required": _("review required"),
    "rights": _("rights"),
    "second_factor": _("second factor needed"),
    "secret": _("client secret"),
    "subdomain": _("sub-domain"),
}

# Values that programs spell. `what` is also what an administration's page changed of an account.
VALUES = {
    "GET": _("opening it"),
    "POST": _("sending a form"),
    "accept-own": _("accept a blocking problem of one’s own"),
    "administer": _("change people, groups or tenants while a review of one’s own is open"),
    "advice": _("advice"),
    "blocking": _("blocking"),
    "by an admin": _("by an admin"),
    "command": _("a command on the server"),
    "csv": "CSV",
    "decide": _("decide a review of somebody who has just changed one’s account"),
    "jsonl": _("JSON lines"),
    "lift-review": _("let a tenant go without reviews"),
    "link shown": _("the link was shown to the admin"),
    "mfa": _("second factor"),
    "password": _("password"),
    "provider": _("the organisation’s sign-in"),
    "recovery_codes": _("a recovery code"),
    "socialaccount": _("the organisation’s sign-in"),
    "totp": _("authenticator app"),
    "webauthn": _("passkey"),
    **dict(ENTRY_MODES),
}
SPELLED = {
    "changes",
    "entry_modes",
    "fields",
    "filters",
    "form",
    "method",
    "rights",
    "severity",
    "what",
    "why",
    "by",
}


ENDED = ("approvals_ended", "approvals_of", "reviews_ended", "reviews_of")


def ended(data: dict) -> list[tuple[str, str]]:
    """What ended when a tenant became another place, such as ("1 review ended", "Spring push"). Old
    rows name none."""
    words = {
        "approvals": lambda n: ngettext("%(n)s approval ended", "%(n)s approvals ended", n),
        "reviews": lambda n: ngettext("%(n)s review ended", "%(n)s reviews ended", n),
    }
    counts = {kind: data.get(f"{kind}_ended") or 0 for kind in words}
    return [
        (words[kind](n) % {"n": n}, plain(data.get(f"{kind}_of")))
        for kind, n in counts.items()
        if n
    ]


def field_label(name: str) -> str:
    return str(FIELDS.get(name) or NAMES.get(name) or name.replace("_", " "))


def field_words(name: str, value: Any) -> str:
    """A member's value. Only members that hold such spellings are looked up: a person may be called
    "password"."""
    if name == "fields":
        return (
            ", ".join(field_label(str(one)) for one in value)
            if isinstance(value, list)
            else plain(value)
        )
    if name not in SPELLED and not name.endswith("_severity"):
        return plain(value)
    if isinstance(value, list):
        return ", ".join(field_words(name, one) for one in value) or "–"
    if (
        name == "method" and isinstance(value, str) and " and " in value
    ):  # of a sign-in, one after the other
        return _t(" and ").join(field_words(name, one) for one in value.split(" and "))
    if isinstance(value, str):
        return str(VALUES.get(value) or RIGHTS.get(value) or FIELDS.get(value) or value)
    return plain(value)


def plain(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return _t("yes") if value else _t("no")
    if isinstance(value, list):
        return ", ".join(plain(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{field_label(str(name))}: {plain(one)}" for name, one in value.items())
    return moment(value) if isinstance(value, str) and len(value) > 18 else str(value)


def moment(text: str) -> str:
    """A moment as programs write it, as people do; any other text as it is."""
    try:
        return datetime.fromisoformat(text).strftime("%-d %b %Y, %H:%M")
    except ValueError:
        return text
