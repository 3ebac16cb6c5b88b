"""What went wrong with a call to a tenant, in one sentence or two."""

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys.tenant.errors import (
    Absent,
    BadAddress,
    Busy,
    NotSent,
    Refused,
    TenantError,
    TokenRefused,
    Unauthorized,
)

ADDRESSES = {
    "subdomain-missing": _(
        "The sub-domain is missing. It is the part before .rest.marketingcloudapis.com."
    ),
    "subdomain-long": _("The sub-domain is too long. It has up to 63 characters."),
    "subdomain-characters": _(
        "The sub-domain may hold only letters, digits and hyphens. Enter just the part before"
        " .rest.marketingcloudapis.com, without https://, dots or slashes."
    ),
    "subdomain-hyphens": _(
        "The sub-domain may not have two hyphens in third place: such names stand for other"
        " letters."
    ),
    "domain-plain": _(
        "The allowed domain must be a plain domain name such as marketingcloudapis.com."
    ),
    "domain-permitted": _(
        "The allowed domain must be one of Marketing Cloud, such as marketingcloudapis.com. "
        "Another one has to be permitted for the whole installation first, in TENANT_DOMAINS."
    ),
    "practice-url": _(
        "A practice URL must be http:// on this machine, with a port and without a path, "
        "such as http://127.0.0.1:8025."
    ),
    "not-built": _("The address of the tenant could not be built from its sub-domain."),
}

UNSENT = {
    "dns": _("The address of the tenant was not found. Check the sub-domain. Nothing was sent."),
    "refused": _("The tenant's server refused the connection. Nothing was sent."),
    "tls": _(
        "No secure connection could be made: the server's certificate is not the right one, or not"
        " valid. Nothing was sent."
    ),
    "connect": _("The tenant's server did not accept the connection in time. Nothing was sent."),
    "timeout": _("The tenant's server did not accept the connection in time. Nothing was sent."),
}

# By the flaw, else by the reason.
UNCLEAR = {
    "oversize": _(
        "Marketing Cloud sent far more than a journey can hold, so its answer was not read to the"
        " end."
    ),
    "truncated": _("The answer of Marketing Cloud broke off before its end."),
    "unframed": _(
        "The answer of Marketing Cloud does not say how long it is, so nobody can tell whether all"
        " of it came."
    ),
    "timeout": _("Marketing Cloud did not answer in time."),
    "reset": _("The connection was cut before an answer came."),
    "server": _("Marketing Cloud is in trouble (it answered %(status)s)."),
    "status": _("Marketing Cloud answered %(status)s."),
    "unexpected-status": _("Marketing Cloud answered with an unexpected status, %(status)s."),
    "not-absent": _("Marketing Cloud answered 404, but not that the journey is missing."),
    "redirect": _(
        "The tenant's address answers that it has moved (%(status)s). It was not followed."
    ),
    "compressed": _("The answer came compressed although that was declined, and was not read."),
    "web-page": _("A web page came instead of an answer (status %(status)s)."),
    "no-json": _("The answer is not what Marketing Cloud's API writes (status %(status)s)."),
    "no-soap": _("The answer to the look-up is not what Marketing Cloud writes."),
    "no-token": _("The answer holds no token."),
    "no-journeys": _("The answer to the look-up holds no list of journeys."),
    "no-list": _("The answer to the look-up holds no list."),
    "not-a-journey": _("The answer of Marketing Cloud is not a journey."),
    "lacks": _("The answer of Marketing Cloud lacks %(members)s."),
    "no-key": _("The answer of Marketing Cloud does not say which key its journey has."),
    "another-key": _(
        "The answer of Marketing Cloud is about another journey, with the key “%(key)s”."
    ),
    "there-again": _("It is there again after it was deleted."),
}


def sentence(error: TenantError) -> str:
    """An error of our own, which says itself why the tenant was not called, is told by its text."""
    if hasattr(error, "text"):
        return error.text
    if isinstance(error, BadAddress):
        return str(ADDRESSES[error.flaw])
    if isinstance(error, NotSent):
        other = _("No connection to the tenant's server could be made. Nothing was sent.")
        return str(UNSENT.get(error.reason, other))
    if isinstance(error, TokenRefused):
        return _t("Marketing Cloud gives no token: %(message)s") % {"message": error.message}
    if isinstance(error, Unauthorized):
        return _t("Marketing Cloud did not accept the token.")
    if isinstance(error, Busy):
        return _t("Marketing Cloud takes no more calls at the moment. Nothing was done.")
    if isinstance(error, Absent):
        return _t("Marketing Cloud holds no journey with this key.")
    if isinstance(error, Refused):
        message = error.message or _t("no reason given")
        return _t("Marketing Cloud refused: %(message)s") % {"message": message}
    return _of_unclear(error)


def _of_unclear(error: TenantError) -> str:
    if error.status == 304:
        text = _t("Marketing Cloud answered that nothing has changed, which makes no sense here.")
    else:
        other = _("The connection failed before an answer came.")
        text = UNCLEAR.get(error.flaw or error.reason, other) % _values(error)
    maybe = _t("The journey may have been created.")
    return f"{text} {maybe}" if error.phase == "create" else str(text)


def _values(error: TenantError) -> dict[str, object]:
    values = {"status": error.status, **error.values}
    if "members" in values:
        values["members"] = _t(" and ").join(values["members"])
    return values
