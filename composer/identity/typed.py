"""Which forms may be shown again with what was typed into them: those that are named here, by their
addresses, and of them the fields that are named. A form of a secret is not here; of one that holds
a secret beside other things, the secret is not."""

from fnmatch import fnmatchcase

from django.http import QueryDict
from django.urls import Resolver404, resolve

JOURNEY = ("name", "description", "tenant", "key", "spec_version")
SAVED = ("_save", "_continue", "next")
PERSON = ("username", "first_name", "last_name", "email", "groups", "tenants", "is_active", *SAVED)
GROUP = ("name", "second_factor", "rights", *SAVED)
TENANT = (
    "name",
    "review_required",
    "reason",
    "rate",
    "subdomain",
    "account_id",
    "client_id",
    "allowed_domain",
    "ends",
)
TENANT += ("secret_typed", "house_rules-*", *SAVED)
DECISION = ("comment", "sha256")

SHOWN: dict[str, tuple[str, ...]] = {
    "new-journey": JOURNEY,
    "from-template": (*JOURNEY, "ask-*"),
    "from-team-template": (*JOURNEY, "ask-*"),
    "save-template": ("name", "description"),
    "delete-template": (),
    "import": (
        "tenant",
        "text",
        "repair",
        "kept_name",
        "kept_text",
        "kept_note",
        "choice-*",
        "repair-*",
        "asked-*",
    ),
    "convert": ("based_on",),
    "submit": ("sha256", "key_known"),
    "restore": (),
    "revert": ("page",),
    "request-review": ("reply",),
    "another-key": (),
    "cancel-submission": (),
    "try-again": (),
    "take-over": (),
    "let-through": (),
    "admin:journeys_review_approve": DECISION,
    "admin:journeys_review_send-back": DECISION,
    "admin:journeys_countersignature_ask": ("reason",),
    "admin:journeys_countersignature_confirm": (),
    "admin:journeys_countersignature_withdraw": (),
    "admin:auth_user_add": PERSON,
    "admin:auth_user_change": PERSON,
    "admin:auth_user_end-sessions": (),
    "admin:auth_user_take-factors-away": (),
    "admin:auth_group_add": GROUP,
    "admin:auth_group_change": GROUP,
    "admin:auth_group_delete": ("post",),
    "admin:journeys_tenant_add": TENANT,
    "admin:journeys_tenant_change": TENANT,
}


def name_of(path: str) -> str:
    """The name of the address, with its namespace; "" where there is none."""
    try:
        return resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return ""


def fields_of(posted: QueryDict) -> list[tuple[str, str]]:
    """All that was typed, secret or not."""
    fields = [(name, value) for name, values in posted.lists() for value in values]
    return [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"]


def shown(path: str, fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those that may be seen again."""
    patterns = SHOWN.get(name_of(path), ())
    return [
        (name, value) for name, value in fields if any(fnmatchcase(name, one) for one in patterns)
    ]


def is_whole(path: str, fields: list[tuple[str, str]]) -> bool:
    """Whether all of it may be seen again, so that it can be sent again as it was."""
    return name_of(path) in SHOWN and len(shown(path, [one for one in fields if one[1]])) == sum(
        bool(value) for _name, value in fields
    )


def long_texts(fields: list[tuple[str, str]]) -> list[str]:
    """What people may want to copy: more than a word."""
    return [value for _name, value in fields if len(value.split()) > 1]
